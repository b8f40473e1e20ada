"""The daily routines, and what an operator is told of every routine, looks included."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from engine.jobs.scheduler import LOOK, NOTE_EVERY, Scheduler, StillAway
from engine.jobs.timetable import EXECUTED, FAILED, MISSED, Routine, RoutineRun, daily
from engine.jobs.upkeep import CHECK_CALENDAR, CLEAN_UP, DRAFTS_KEPT, Upkeep
from storage import row_drafts
from storage.accounts import sessions
from storage.cases import save_draft
from storage.tables import drafts
from tests.house import House

OUT_OF_REACH = ConnectionError("the database is away")


def upkeep(house: House) -> Upkeep:
    opened = house.application
    return Upkeep(opened.database, opened.cases.calendars, opened.clock, opened.signin, opened.page_keys, opened.files)


def scheduler(house: House, *routines: Routine) -> Scheduler:
    opened = house.application
    return Scheduler(opened.database, opened.worker, opened.clock, opened.machine, routines)


def told(house: House) -> dict[str, Any]:
    return {one.name: one for one in house.application.operator.watched().schedule.routines}


@pytest.mark.parametrize(
    ("at", "missing"),
    [
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), ()),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), (2027,)),  # December has begun in Shanghai
        (datetime(2036, 11, 29, 1, 0, tzinfo=UTC), (2036,)),
        (datetime(2036, 12, 31, 1, 0, tzinfo=UTC), (2036, 2037)),
        (datetime(2100, 12, 31, 1, 0, tzinfo=UTC), (2100,)),  # the last year that can be computed
    ],
)
def test_a_year_whose_notice_is_not_there_in_december_is_told_to_the_log_and_the_operator(
    sqlite_house, caplog, at, missing
):
    sqlite_house.clock.at = at
    assert upkeep(sqlite_house).check_calendar() == {"years": len(missing)}
    assert [record.args[0] for record in caplog.records if record.name.endswith("upkeep")] == list(missing)
    assert sqlite_house.application.operator.watched().years == missing


def test_sessions_that_let_nobody_in_and_old_drafts_of_starts_are_removed_and_no_others(house):
    now = house.clock.now()
    hours = {"open": 11, "expired": 13, "ended": 1}
    with house.application.database.write() as connection:
        user = house.actor("changan").user_id
        for name, ago in hours.items():
            row = {"id": name, "user_id": user, "started_at": now - timedelta(hours=ago), "address": "", "agent": ""}
            connection.execute(sessions.insert(), row | {"ended_at": now if name == "ended" else None})
        for place, saved in (("start:a:1", 1), ("start:b:1", -1), ("task:7-1", -1)):
            save_draft(connection, user, place, {}, now - DRAFTS_KEPT + timedelta(seconds=saved))
        for place, saved in (("start:a:1:9", 1), ("start:a:1:9", -1), ("start:b:1:9", -1)):
            draft: row_drafts.SavedDraft = {
                "place": place, "sheet": "staff", "row": str(saved), "version": 1, "position": 0.0, "data": {},
                "removed": False, "user_id": user, "saved_at": now - DRAFTS_KEPT + timedelta(seconds=saved),
            }  # fmt: skip
            assert row_drafts.save(connection, draft)
    assert upkeep(house).clean_up() == {
        "sessions": 2,
        "drafts": 1,
        "news": 0,
        "bulks": 0,
        "page_keys": 0,
        "files": 0,
        "notifications": 0,
        "designs": 0,
    }
    assert upkeep(house).clean_up() == {
        "sessions": 0,
        "drafts": 0,
        "news": 0,
        "bulks": 0,
        "page_keys": 0,
        "files": 0,
        "notifications": 0,
        "designs": 0,
    }
    with house.application.database.read() as connection:
        assert connection.execute(select(sessions.c.id)).scalars().all() == ["open"]
        assert set(connection.execute(select(drafts.c.place)).scalars()) == {"start:a:1", "task:7-1"}
        assert [row_drafts.count(connection, place) for place in ("start:a:1:9", "start:b:1:9")] == [2, 0]


def test_the_routines_of_a_server_are_run_and_the_operator_sees_how_they_went(sqlite_house, caplog):
    all_told = threading.Event()

    def fails() -> None:
        raise OUT_OF_REACH

    made = scheduler(sqlite_house, *upkeep(sqlite_house).routines(), Routine("broken", fails, daily(hour=1)))
    real = made._hear

    def hear(run: RoutineRun) -> None:
        real(run)
        if {LOOK, CHECK_CALENDAR, CLEAN_UP, "broken"} <= told(sqlite_house).keys():
            all_told.set()

    made._hear = hear  # type: ignore[method-assign]
    made.in_background()
    assert all_told.wait(30)
    made.shutdown()
    found = told(sqlite_house)
    assert {name: one.outcome for name, one in found.items()} == {
        LOOK: EXECUTED, CHECK_CALENDAR: EXECUTED, CLEAN_UP: EXECUTED, "broken": FAILED,
    }  # fmt: skip
    assert (found["broken"].error, found["broken"].counts) == (
        "ConnectionError", {EXECUTED: 0, FAILED: 1, MISSED: 0},
    )  # fmt: skip
    assert (found[CLEAN_UP].told, found[CLEAN_UP].last_at) == (
        {
            "sessions": 0,
            "drafts": 0,
            "news": 0,
            "bulks": 0,
            "page_keys": 0,
            "files": 0,
            "notifications": 0,
            "designs": 0,
        },
        sqlite_house.clock.now(),
    )
    assert [record.name for record in caplog.records if record.exc_info] == ["engine.jobs.scheduler.broken"]


def test_a_look_that_goes_well_is_told_now_and_then_and_counted_each_time(sqlite_house):
    made, good = scheduler(sqlite_house), RoutineRun(LOOK, EXECUTED, None, None, {})
    made._hear(good)
    for _ in range(3):
        made._hear(good)
    assert told(sqlite_house)[LOOK].counts[EXECUTED] == 1
    sqlite_house.clock.at += NOTE_EVERY
    made._hear(good)
    assert told(sqlite_house)[LOOK].counts == {EXECUTED: 5, FAILED: 0, MISSED: 0}


def test_what_two_programs_run_is_counted_together(house):
    for outcome in (EXECUTED, FAILED, MISSED, MISSED):
        error = OUT_OF_REACH if outcome == FAILED else None
        scheduler(house)._hear(RoutineRun(CLEAN_UP, outcome, house.clock.now(), error, {}))
    found = told(house)[CLEAN_UP]
    assert (found.outcome, found.counts) == (MISSED, {EXECUTED: 1, FAILED: 1, MISSED: 2})


def test_what_cannot_be_told_while_the_database_is_away_is_told_with_the_next_run(sqlite_house, monkeypatch):
    made, database = scheduler(sqlite_house), sqlite_house.application.database

    def away() -> Any:
        raise OUT_OF_REACH

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", away)
        made._hear(RoutineRun(CLEAN_UP, MISSED, None, None, {}))
    made._hear(RoutineRun(CLEAN_UP, EXECUTED, None, None, {}))
    assert told(sqlite_house)[CLEAN_UP].counts == {EXECUTED: 1, FAILED: 0, MISSED: 1}


def test_a_database_that_is_away_is_asked_again_less_and_less_often(sqlite_house, monkeypatch):
    made, asked, now = scheduler(sqlite_house), [], 100.0

    def tick(*_: Any) -> int:
        asked.append(now)
        raise OUT_OF_REACH

    monkeypatch.setattr(made, "tick", tick)
    monkeypatch.setattr("engine.jobs.scheduler.time.monotonic", lambda: now)
    for _ in range(100):
        with pytest.raises((ConnectionError, StillAway)):
            made._look()
        now += 1.0
    assert [later - before for before, later in pairwise(asked)] == [2, 4, 8, 16, 30, 30]
