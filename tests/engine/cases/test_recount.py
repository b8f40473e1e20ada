"""Deadlines follow every kind of change of the calendar, once: what is computed again by the same days moves nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.desks.calendar import ACCEPT
from engine.desks.proofs import prove
from tests.applications import filled_application
from tests.house import House, build_house

CLOSED = (date(2026, 11, 24), date(2026, 11, 25), "办公楼检修")


@pytest.fixture
def house(tmp_path: Path):
    made = build_house(tmp_path)
    yield made
    made.application.database.close()


def recomputed(house: House, case_id: str) -> list[str]:
    view = house.application.cases.reading.case(house.actor("province"), case_id)
    return [line.event for line in view.history if line.event == "deadline_recomputed"]


def due(house: House, case_id: str) -> date:
    deadline = house.application.cases.reading.case(house.actor("province"), case_id).tasks[0].deadline
    assert deadline
    return deadline.due_at.astimezone(LEGAL_ZONE).date()


def decide(house: House, proposal_id: int) -> None:
    house.application.calendar.decide(house.actor("province"), proposal_id, ACCEPT)


def test_a_closure_and_its_end_move_a_deadline_there_and_back_by_one_event_each(house: House) -> None:
    desk, operator = house.application.calendar, house.actor("operator")
    here = house.start("changan", "post_approval", "130102", filled_application()).case_id
    before = due(house, here)
    closure = desk.propose_closure(operator, "130102", *CLOSED)
    assert desk.change(house.actor("province"), closure).expected == 1
    decide(house, closure)
    assert due(house, here) > before and len(recomputed(house, here)) == 1
    decide(house, desk.propose_reopening(operator, closure, "检修完毕"))
    assert due(house, here) == before and len(recomputed(house, here)) == 2
    assert prove(house.application.database, house.application.catalog, here).differences == ()


def test_a_closure_elsewhere_and_computing_again_move_nothing(house: House) -> None:
    desk = house.application.calendar
    here = house.start("changan", "post_approval", "130102", filled_application()).case_id
    before = due(house, here)
    decide(house, desk.propose_closure(house.actor("operator"), "130200", *CLOSED))
    desk.recount()
    desk.recount()
    assert due(house, here) == before and recomputed(house, here) == []
