"""A clock that is set back, by hours or days, and forward again: the order of what happened is the events' own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.calendar.deadlines import Grounds
from engine.cases import base
from engine.desks.successors import Successor
from engine.jobs import scheduler
from engine.model import Thrown
from storage import events, jobs, schedule
from storage.database import utc_text
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "deadlines"
HOLDER, ASKER = "shijiazhuang", "changan"
BACK = (timedelta(hours=5), timedelta(days=3))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    base._told_of.cache_clear()
    made = build_house(tmp_path, FOLDER)
    yield made
    made.application.database.close()


def times(house: House, case_id: str) -> list[Any]:
    with house.application.database.read() as connection:
        return [event["at"] for event in events.of_case(connection, int(case_id))]


def set_back(house: House) -> bool:
    """Whether the operator's page warns of the clock, and what machines ask tells the same."""
    found = house.application.operator.standing(house.actor("operator")).schedule.set_back
    assert house.application.clock_standing() == ("set_back" if found else "ok")
    return found > 0


@pytest.mark.parametrize("back", BACK, ids=str)
def test_no_event_is_earlier_than_the_one_before_whatever_is_done(
    house: House, back: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    cases = house.application.cases
    case_id = house.start(ASKER, "answer_in_time", "130102", {}).case_id
    other = house.start(ASKER, "answer_in_time", "130102", {}).case_id
    house.clock.at -= back
    holder, asker, task = house.actor(HOLDER), house.actor(ASKER), house.task_of(HOLDER, case_id)
    cases.acting.comment(asker, case_id, "请尽快")
    cases.acting.attach(asker, case_id, "清单.txt", b"x")
    cases.claims.claim(holder, task)
    cases.deadlines.extend(holder, task, 1, Grounds("案情复杂"))
    cases.deadlines.suspend(holder, task, date(2026, 12, 1), Grounds("等待材料"))
    cases.deadlines.resume(holder, task, Grounds("材料已到"))
    house.application.accounts.lock(house.actor("administrator"), holder.user_id, Successor(nobody=True))
    with house.application.database.write() as connection:
        cases.endings.terminate(connection, house.actor("operator"), int(other), "重复")
    house.application.accounts.unlock(house.actor("administrator"), holder.user_id)
    cases.acting.complete(house.actor(HOLDER), task, {}, "answered")
    for one in (case_id, other):
        found = times(house, one)
        assert found == sorted(found) and house.proof(one) == []
    told = [line for line in caplog.messages if line.startswith("the clock is behind")]
    assert len(told) == 1


@pytest.mark.parametrize("back", BACK, ids=str)
def test_what_is_due_is_done_once_though_the_clock_goes_back_and_forward_again(
    house: House, back: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    case_id = house.start(ASKER, "answer_in_time", "130102", {}).case_id
    application = house.application
    application.scheduler.tick()
    house.at(12, 8, 10)  # late: the holder was reminded, and it was told upwards
    application.scheduler.tick()
    before = times(house, case_id)
    caplog.set_level(logging.WARNING, scheduler.__name__)
    house.clock.at -= back
    application.scheduler.tick()
    assert [line for line in caplog.messages if line.startswith("the clock was set back by")]
    assert set_back(house)
    house.clock.at += 2 * back
    for _ in range(2):
        application.scheduler.tick()
    assert times(house, case_id) == before and house.proof(case_id) == []
    assert not set_back(house)
    with application.database.read() as connection:
        assert schedule.counts(connection).get("waiting", 0) == 0


def test_a_program_that_starts_with_an_earlier_clock_goes_on_with_what_falls_due(house: House) -> None:
    case_id = house.start(ASKER, "answer_in_time", "130102", {}).case_id
    house.application.scheduler.tick()
    house.clock.at -= timedelta(days=3)
    again = type(house.application.scheduler)(
        house.application.database, house.application.worker, house.clock, house.clock
    )
    again.tick()
    house.at(12, 8, 10)
    again.tick()
    with house.application.database.read() as connection:
        names = [event["name"] for event in events.of_case(connection, int(case_id))]
    assert names.count("deadline_passed") == 1 and house.proof(case_id) == []


def test_what_follows_at_once_waits_for_no_clock_and_a_next_try_for_no_longer_than_any_pause(house: House) -> None:
    now, database = house.clock.now(), house.application.database
    thrown = asdict(Thrown("signal", "nobody hears", None, None))
    with database.write() as connection:
        for ahead, again in ((365, None), (0, 365), (0, timedelta(seconds=30) / timedelta(days=1))):
            jobs.add(connection, {"kind": "throw", "payload": thrown, "run_at": now + timedelta(days=ahead)})
            if again is not None:
                connection.execute(
                    text("UPDATE jobs SET retry_at = :at WHERE id = (SELECT max(id) FROM jobs)"),
                    {"at": utc_text(now + timedelta(days=again))},
                )
    house.application.worker.run_due()
    with database.read() as connection:
        found = connection.execute(text("SELECT status FROM jobs WHERE kind = 'throw' ORDER BY id")).scalars().all()
    assert found == ["done", "done", "waiting"]
