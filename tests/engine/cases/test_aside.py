"""Tasks at which one must stand aside stand apart from what waits for one, and are not counted there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from engine.cases.acting import fills as acting
from engine.cases.acting.fills import RECUSALS
from engine.cases.recording.recusals import follow_case
from engine.views import InboxFilters
from storage import fills, recusals
from storage.rows import CaseRow
from tests.engine.cases.test_substitutes import COLLEAGUE, LEADER, REVIEWER, case_of, deputy_of_the_reviewer
from tests.house import ROOT, House, build_house
from tests.postgres import Server

DATA = ROOT / "tests" / "data"
FOLDERS = (DATA / "recusal", DATA / "substitutes", DATA / "instances")


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, *FOLDERS, server=server)
    yield made
    made.application.database.close()


def waits(house: House, login: str) -> tuple[int, int, int]:
    """How many tasks wait for somebody: on the page, counted, and as a page that stands open hears."""
    inbox = house.application.cases.inbox
    page = inbox.page(house.actor(login))
    with house.application.database.read() as connection:
        heard = inbox.waiting(connection, house.actor(login))
    assert page.total == page.counts["todo"] == inbox.counts(house.actor(login))["todo"]
    return len(page.rows), page.total, heard


def aside(house: House, login: str) -> list[tuple[str, tuple[str, ...]]]:
    """At which cases somebody must stand aside, and who else can act."""
    page = house.application.cases.inbox.page(house.actor(login), "aside")
    assert len(page.rows) == page.total == page.counts["aside"]
    return [(row.case_id, row.others) for row in page.rows]


def test_it_waits_for_the_colleague_and_stands_apart_for_who_must_not(house: House) -> None:
    case_id = house.start("changan", "stand_aside", "130102", {}).case_id
    assert waits(house, REVIEWER) == waits(house, COLLEAGUE) == (1, 1, 1)
    told = house.complete(REVIEWER, case_id, "recuse")
    assert waits(house, REVIEWER) == (0, 0, 0) and waits(house, COLLEAGUE) == (1, 1, 1)
    assert told.next_task is None
    assert aside(house, REVIEWER) == [(case_id, (house.actor(COLLEAGUE).name,))] and aside(house, COLLEAGUE) == []
    narrowed = house.application.cases.inbox.page(house.actor(REVIEWER), "aside", InboxFilters(key="two_halves"))
    assert narrowed.rows == () and house.proof(case_id) == []
    house.complete(COLLEAGUE, case_id, "done")
    assert aside(house, REVIEWER) == [] and house.proof(case_id) == []


def test_the_act_that_is_taken_back_keeps_nobody_any_more(house: House) -> None:
    case_id = house.start("changan", "stand_aside", "130102", {}).case_id
    house.complete(REVIEWER, case_id, "recuse")
    house.clock.move(minutes=1)
    house.application.taking_back.take_back(house.actor(REVIEWER), case_id, "点错了")
    assert waits(house, REVIEWER) == (1, 1, 1) and aside(house, REVIEWER) == []
    assert house.proof(case_id) == []


def test_a_substitute_stands_aside_for_whom_he_acts_and_for_himself(house: House) -> None:
    deputy_of_the_reviewer(house)
    case_id = case_of(house)
    assert waits(house, LEADER) == (1, 1, 1)
    house.complete(LEADER, case_id, "pass", opinion="同意")  # in the place of the reviewer; the leaders are asked next
    assert waits(house, LEADER) == (0, 0, 0) and waits(house, COLLEAGUE) == (1, 1, 1)
    assert aside(house, LEADER) == [(case_id, (house.actor(COLLEAGUE).name,))]
    assert house.proof(case_id) == []


def test_whoever_acts_later_in_the_other_case_is_kept_from_the_task_that_cites_it(house: House) -> None:
    other = house.start("changan", "earlier", "130102", {})
    person = {"name": "甲", "level": "city", "days": 1, "place": "130102", "earlier": other.number}
    case_id = house.start("changan", "visits", "130102", {"people": [person]}).case_id
    assert waits(house, REVIEWER) == (2, 2, 2)
    house.complete(REVIEWER, other.case_id, "done")
    assert waits(house, REVIEWER) == (0, 0, 0) and waits(house, COLLEAGUE) == (1, 1, 1)
    assert aside(house, REVIEWER) == [(case_id, (house.actor(COLLEAGUE).name,))]
    assert house.proof(case_id) == []


def test_what_was_there_before_is_filled_in_and_a_row_that_lacks_is_found(house: House) -> None:
    ids = [house.start("changan", "stand_aside", "130102", {}).case_id for _ in range(3)]
    for case_id in ids:
        house.complete(REVIEWER, case_id, "recuse")
    with house.application.database.write() as connection:
        connection.execute(delete(recusals.recusals))
    assert waits(house, REVIEWER) == (3, 3, 3)
    (difference,) = house.proof(ids[0])
    assert "stand aside" in str(difference)
    with house.application.database.write() as connection:
        fills.begin(connection, RECUSALS, house.clock.now())
    assert house.proof(ids[0]) == []  # it is not said before it is filled in
    while house.application.worker.run_due():
        pass
    assert waits(house, REVIEWER) == (0, 0, 0) and len(aside(house, REVIEWER)) == 3
    with house.application.database.read() as connection:
        assert fills.after(connection, RECUSALS) is None
    assert [house.proof(case_id) for case_id in ids] == [[], [], []]


def test_a_fill_goes_on_past_a_case_that_cannot_be_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [house.start("changan", "stand_aside", "130102", {}).case_id for _ in range(3)]
    for case_id in ids:
        house.complete(REVIEWER, case_id, "recuse")
    with house.application.database.write() as connection:
        connection.execute(delete(recusals.recusals))
        fills.begin(connection, RECUSALS, house.clock.now())

    def breaks(connection: Any, definition: Any, case: CaseRow) -> None:
        if str(case["id"]) == ids[1]:
            raise ValueError("it is broken")
        follow_case(connection, definition, case)

    monkeypatch.setattr(acting, "AT_ONCE", 1)
    monkeypatch.setattr(acting, "follow_case", breaks)
    while house.application.worker.run_due():
        pass
    assert sorted(case_id for case_id, _ in aside(house, REVIEWER)) == sorted((ids[0], ids[2]))
