"""A notice comes in force while others act on what it moves: nothing is written over, nothing stays by the old days."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.deadlines import Grounds
from engine.cases.acting import opening
from engine.cases.recording import record
from engine.desks.calendar import ACCEPT
from storage import deadlines, events, waits
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDERS = (ROOT / "tests" / "data" / "periods", ROOT / "tests" / "data" / "deadlines")
CITY, PROVINCE, ASKER = "shijiazhuang", "province", "changan"
A_MOMENT = 0.5
"""Seconds in which an act is done that nobody keeps waiting."""


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    made = build_house(tmp_path, *FOLDERS, server=server)
    yield made
    made.application.database.close()


def closure(house: House) -> int:
    days = (date(2026, 11, 30), date(2026, 12, 1))
    return house.application.calendar.propose_closure(house.actor("operator"), "130102", *days, "办公楼检修")


def in_force(house: House, proposal: int) -> None:
    house.application.calendar.decide(house.actor_once(PROVINCE), proposal, ACCEPT)


def due_days(house: House, case_id: str) -> list[str]:
    with house.application.database.read() as connection:
        rows = deadlines.of_case(connection, int(case_id))
    return [row["due_at"].astimezone(LEGAL_ZONE).date().isoformat() for row in rows]


def beside(act: Callable[[], object]) -> threading.Thread:
    """Begin an act on a thread of its own, and give it the time that it takes when nobody keeps it waiting."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join(A_MOMENT)
    return thread


def while_reading(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, act: Callable[[], object]) -> list[Any]:
    """Let ``act`` begin when the follower has read what it will write."""
    read, begun = getattr(place, name), []

    def also(*words: Any) -> Any:
        found = read(*words)
        begun.append(beside(act))
        return found

    monkeypatch.setattr(place, name, also)
    return begun


def test_days_that_are_granted_while_a_notice_comes_in_force_are_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, proposal = house.start(ASKER, "answer_in_time", "130102", {}).case_id, closure(house)
    city, task = house.actor_once(CITY), house.task_of(CITY, case_id)
    house.actor_once(PROVINCE)
    grounds = Grounds("案情复杂")
    granted = while_reading(
        monkeypatch, deadlines, "running", lambda: house.application.cases.deadlines.extend(city, task, 2, grounds)
    )
    in_force(house, proposal)
    granted[0].join()
    assert due_days(house, case_id) == ["2026-12-11"] and house.proof(case_id) == []


def test_a_task_that_is_done_while_a_notice_comes_in_force_stays_done(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id, proposal = house.start(ASKER, "answer_in_time", "130102", {}).case_id, closure(house)
    city, task = house.actor_once(CITY), house.task_of(CITY, case_id)
    house.actor_once(PROVINCE)
    done = while_reading(
        monkeypatch, deadlines, "running", lambda: house.application.cases.acting.complete(city, task, {}, "answered")
    )
    in_force(house, proposal)
    done[0].join()
    with house.application.database.read() as connection:
        assert [row["status"] for row in deadlines.of_case(connection, int(case_id))] == ["met"]
    assert house.proof(case_id) == []


def test_a_case_that_ends_while_a_notice_comes_in_force_waits_for_nothing_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = house.start(ASKER, "shared_period", "130102", {}).case_id
    for login in (CITY, PROVINCE, CITY):
        house.complete(login, case_id, "done")
    proposal, operator = closure(house), house.actor("operator")
    house.actor_once(PROVINCE)

    def terminate() -> None:
        with house.application.database.write() as connection:
            house.application.cases.endings.terminate(connection, operator, int(case_id), "不办了")

    ended = while_reading(monkeypatch, waits, "counted", terminate)
    in_force(house, proposal)
    ended[0].join()
    with house.application.database.read() as connection:
        assert waits.of_case(connection, int(case_id)) == []
    assert house.application.operator.standing(operator).incidents == () and house.proof(case_id) == []


def test_a_case_that_begins_while_a_notice_comes_in_force_counts_by_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, writes = closure(house), record.write_result
    asker, computed, go_on = house.actor_once(ASKER), threading.Event(), threading.Event()
    house.actor_once(PROVINCE)

    def later(*words: Any, **named: Any) -> None:
        computed.set()
        assert go_on.wait(60)
        writes(*words, **named)

    monkeypatch.setattr(opening, "write_result", later)
    begins = threading.Thread(
        target=lambda: house.application.cases.acting.start(asker, "answer_in_time", "130102", {})
    )
    begins.start()
    assert computed.wait(60)
    follows = beside(lambda: in_force(house, proposal))
    go_on.set()
    begins.join()
    follows.join()
    with house.application.database.read() as connection:
        (case_id,) = {row["case_id"] for row in deadlines.running(connection)}
        names = [event["name"] for event in events.of_case(connection, case_id)]
    assert due_days(house, str(case_id)) == ["2026-12-09"] and names == ["case_started", "deadline_recomputed"]
    assert house.proof(str(case_id)) == []
