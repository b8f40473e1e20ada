"""A case that has grown long is read by pages: together they tell what the whole log tells, and no page reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.cases.reading import grown
from engine.cases.reading.history import history_lines, submissions_of
from engine.views import CaseView, HistoryAsked
from storage import events, exact
from tests.applications import filled_application
from tests.house import House, build_house
from tests.postgres import Server

ROUNDS, LINES, HANDED = 6, 5, 3


@pytest.fixture
def house(tmp_path: Path, server: Server | None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(grown, "LINES", LINES)
    monkeypatch.setattr(grown, "HANDED", HANDED)
    made = build_house(tmp_path, server=server)
    yield made
    made.application.database.close()


def played(house: House, rounds: int = ROUNDS) -> str:
    """A case that was returned and handed in again, each time with another text."""
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    for number in range(rounds):
        again(house, case_id, number)
    return case_id


def again(house: House, case_id: str, number: int) -> None:
    house.complete("shijiazhuang", case_id, "return", opinion=f"第{number}次退回")
    task = house.application.cases.reading.task(house.actor_once("changan"), house.task_of("changan", case_id))
    assert task.form is not None
    house.complete(
        "changan", case_id, "resubmit", **{**task.form.values, "need": f"第{number}次补充后的需求：任务重。"}
    )


def view(house: House, case_id: str, asked: HistoryAsked | None = None) -> CaseView:
    return house.application.cases.reading.case(house.actor_once("changan"), case_id, asked)


def whole(house: House, case_id: str) -> tuple[Any, Any]:
    """The lines and submissions as the whole log gives them."""
    with house.application.database.read() as connection:
        log = events.of_case(connection, int(case_id))
        definition = house.application.catalog.current(connection, "post_approval")
        return history_lines(definition, log), submissions_of(definition, log)


def test_the_pages_of_a_history_are_its_lines_each_once_with_what_was_changed(house: House) -> None:
    case_id = played(house)
    found: tuple[Any, ...] = ()
    before = 0
    while True:
        page = view(house, case_id, HistoryAsked(before))
        assert 0 < len(page.history) <= LINES
        found, before = page.history + found, page.earlier
        if not before:
            break
    lines, _ = whole(house, case_id)
    assert found == lines
    assert sum(bool(line.changes) for line in found) == ROUNDS


def test_what_was_handed_in_comes_by_pages_too(house: House) -> None:
    case_id = played(house)
    found: list[int] = []
    before = 0
    while True:
        page = view(house, case_id, HistoryAsked(before))
        found, before = [one.sequence for one in page.submissions] + found, page.handed_earlier
        if not before:
            break
    assert found == [one.sequence for one in whole(house, case_id)[1]]


def test_a_task_shows_the_last_of_each_step_however_long_ago(house: House) -> None:
    case_id = played(house)
    latest = {one.element_id: one.sequence for one in whole(house, case_id)[1]}
    page = view(house, case_id, HistoryAsked(standing=True))
    assert {one.element_id: one.sequence for one in page.submissions} == latest
    assert latest.keys() > {one.element_id for one in view(house, case_id).submissions}


def test_some_names_leave_the_lines_of_those(house: House) -> None:
    case_id = played(house, 2)
    names = frozenset({"case_started"})
    assert [line.event for line in view(house, case_id, HistoryAsked(names=names)).history] == ["case_started"]
    others = view(house, case_id, HistoryAsked(without=names)).history
    assert others and all(line.event != "case_started" for line in others)


def test_a_page_reads_no_more_events_of_a_case_that_has_grown(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = played(house)
    load, loaded = exact.loads, []

    def counted(text: str) -> Any:
        loaded.append(text)
        return load(text)

    monkeypatch.setattr(exact, "loads", counted)
    view(house, case_id, HistoryAsked(standing=True))
    few, rest = len(loaded), ROUNDS
    for number in range(rest):
        again(house, case_id, number)
    loaded.clear()
    view(house, case_id, HistoryAsked(standing=True))
    assert 0 < len(loaded) <= few
