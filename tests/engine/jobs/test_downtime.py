"""Downtime: what fell due runs once and late, and the report says what should have happened when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.calendar import timers
from engine.errors import NotFound
from engine.jobs import report, scheduler
from tests.engine.jobs.sleepers import PERSON, all_jobs, fired_events, start


def test_after_ten_hours_of_downtime_an_hourly_cycle_fires_once_and_late_and_the_report_says_so(house):
    began = house.clock.now()
    case_id = start(house, "hourly")
    house.application.scheduler.tick()
    house.clock.move(hours=10, minutes=30)
    house.application.scheduler.tick()
    (event,) = fired_events(house, case_id)
    assert event["data"]["due_at"] == (began + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    (waiting,) = all_jobs(house, case_id=case_id, status="waiting")
    assert waiting["run_at"] == began + timedelta(hours=11)
    with house.application.database.read() as connection:
        (gap,) = report.downtimes(connection, 10)
        same, held = report.caught_up(connection, gap.id)
        with pytest.raises(NotFound):
            report.caught_up(connection, gap.id + 1)
    assert (gap.start, gap.end, gap.held_up) == (began, house.clock.now(), 1)
    assert same == gap
    (one,) = held
    assert (one.due_at, one.done_at, one.late_by) == (began + timedelta(hours=1), house.clock.now(), 9.5 * 3600)
    assert one.missed == timers.Missed(9, began + timedelta(hours=2), began + timedelta(hours=10))
    line = house.application.cases.reading.case(house.actor(PERSON), str(case_id)).history[-1]
    told = (line.event, line.late_by, line.facts["missed"])
    assert told == ("timer_fired", 9.5 * 3600, 9)  # the history of the case says so, too
    house.clock.move(minutes=30)
    house.application.scheduler.tick()
    first, second = fired_events(house, case_id)
    assert first["data"]["missed"]["rounds"] == 9 and "missed" not in second["data"]
    assert house.proof(str(case_id)) == []


def test_a_cycle_whose_last_rounds_fell_into_a_downtime_tells_them_and_ends(sqlite_house):
    house, began = sqlite_house, sqlite_house.clock.now()
    case_id = start(house, "thrice")
    house.clock.move(hours=10)
    house.application.scheduler.tick()
    (event,) = fired_events(house, case_id)
    assert timers.read_missed(event["data"]["missed"]) == timers.Missed(
        2, began + timedelta(hours=2), began + timedelta(hours=3)
    )
    assert all_jobs(house, case_id=case_id, status="waiting") == []
    assert house.proof(str(case_id)) == []


def test_a_cycle_that_ends_its_task_has_missed_no_round(sqlite_house):
    """It interrupts, so its first round is its only one."""
    house = sqlite_house
    case_id = start(house, "once")
    house.clock.move(hours=10)
    house.application.scheduler.tick()
    (event,) = fired_events(house, case_id)
    assert "missed" not in event["data"]


def test_looks_without_a_gap_are_no_downtime_and_two_workers_cover_for_each_other(sqlite_house):
    house = sqlite_house
    application = house.application
    other = scheduler.Scheduler(application.database, application.worker, application.clock, application.machine)
    application.scheduler.tick()
    for _ in range(10):
        other.tick()
        house.clock.move(seconds=50)
    application.scheduler.tick()
    with application.database.read() as connection:
        assert report.downtimes(connection, 10) == []
