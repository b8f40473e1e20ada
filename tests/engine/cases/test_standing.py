"""How a running deadline stands: the same on the inbox, the task, the case and the list of all that run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from engine.calendar.deadlines import Grounds
from engine.errors import NotAllowed
from engine.views import InboxFilters
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "deadlines"
HOLDER, ASKER, ABOVE = "shijiazhuang", "changan", "province"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def asked(house: House) -> str:
    """The task of a case whose answer is due in ten working days; on Monday, 23 November 2026, by 7 December."""
    return house.task_of(HOLDER, house.start(ASKER, "answer_in_time", "130102", {}).case_id)


def suspend(house: House, task: str, until: date) -> None:
    house.application.cases.deadlines.suspend(house.actor(HOLDER), task, until, Grounds("补充材料"))


def standings(house: House, task: str) -> set[tuple[int, bool, bool]]:
    """(days left, late, suspended) as every reading tells them; all alike give one."""
    cases, holder = house.application.cases, house.actor(HOLDER)
    (row,) = cases.inbox.page(holder).rows
    (line,) = cases.ledgers.of_case(holder, row.case_id)
    (open_task,) = cases.reading.case(holder, row.case_id).tasks
    (running,) = cases.ledgers.running(house.actor(ABOVE)).rows
    views = (row.deadline, cases.reading.task(holder, task).deadline, open_task.deadline)
    told = {(one.days_left, one.late, one.suspended) for one in views if one is not None}
    return told | {
        (line.days_left, line.days_left < 0, line.suspended),
        (running.days_left, running.late, running.suspended),
    }


def found(house: House, due: str) -> list[str | None]:
    page = house.application.cases.inbox.page(house.actor(HOLDER), "todo", InboxFilters(due=due))
    assert page.total == len(page.rows)
    return [row.task_id for row in page.rows]


def test_days_of_a_suspension_are_left_out_wherever_the_days_are_counted(house: House) -> None:
    task = asked(house)
    house.at(11, 26)
    assert standings(house, task) == {(7, False, False)}
    suspend(house, task, date(2026, 12, 2))
    assert standings(house, task) == {(8, False, True)}  # the day on which it was suspended is given back, too
    house.at(12, 3)
    assert standings(house, task) == {(7, False, False)}


def test_a_deadline_that_stands_still_is_neither_near_nor_in_plenty_of_time(house: House) -> None:
    still, near, fresh = asked(house), asked(house), None
    house.at(12, 3)
    suspend(house, still, date(2026, 12, 7))
    fresh = asked(house)
    assert found(house, "soon") == [near]
    assert found(house, "suspended") == [still]
    assert found(house, "later") == [fresh]
    assert found(house, "late") == []
    house.application.cases.deadlines.resume(house.actor(HOLDER), still, Grounds("材料已齐"))
    assert found(house, "soon") == [near, still] and found(house, "suspended") == []


def test_what_is_late_is_not_suspended_any_more_and_stays_late(house: House) -> None:
    task = asked(house)
    house.at(12, 9)
    with pytest.raises(NotAllowed, match="stays late"):
        suspend(house, task, date(2026, 12, 11))
    assert standings(house, task) == {(-2, True, False)}
    assert found(house, "late") == [task] and found(house, "suspended") == []


def test_a_page_of_the_inbox_asks_for_its_deadlines_at_once(house: House) -> None:
    asked(house)
    with statements(house) as few:
        house.application.cases.inbox.page(house.actor_once(HOLDER))
    for _ in range(4):
        asked(house)
    with statements(house) as many:
        assert len(house.application.cases.inbox.page(house.actor_once(HOLDER)).rows) == 5
    assert len(many) == len(few)


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    said: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    house.actor_once(HOLDER)
    event.listen(house.application.database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(house.application.database.engine, "before_cursor_execute", hear)
