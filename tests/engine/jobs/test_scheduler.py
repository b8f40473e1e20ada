"""The scheduler: everything due runs once, in order, none early; nobody waits for who fails; downtime is told."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import Runaway
from engine.jobs import report, scheduler, worker
from storage import failing, jobs, ticks, waits
from storage.failing import Unavailable
from storage.tables import incidents
from tests.engine.jobs.sleepers import WORKFLOWS, all_jobs, fired, fired_events, put_to_sleep, start
from tests.house import House, build_house

pytestmark = pytest.mark.any_day

SLEEPERS, DUE = 10_000, 1_000


def test_of_ten_thousand_sleeping_timers_the_due_thousand_fire_once_and_none_early(house):
    now = house.clock.now()
    moments = [now + timedelta(seconds=second) for second in range(SLEEPERS)]
    Random(1).shuffle(moments)
    asleep = dict(zip(put_to_sleep(house, "late", moments), moments, strict=True))
    house.clock.move(seconds=DUE - 0.5)
    assert house.application.scheduler.tick() >= DUE  # and the message that the case of the sample has sent, if any
    due = {case_id for case_id, at in asleep.items() if at <= house.clock.now()}
    assert len(due) == DUE
    assert fired(house) == Counter(dict.fromkeys(due, 1))
    assert house.application.scheduler.tick() == 0
    for case_id in Random(2).sample(sorted(asleep), 10):
        assert house.proof(str(case_id)) == []


def test_jobs_run_in_the_order_in_which_they_were_due_beyond_one_batch(house, monkeypatch):
    ran: list[Any] = []
    monkeypatch.setitem(worker.HANDLERS, "message", lambda connection, job, *_: ran.append(job["run_at"]))
    now = house.clock.now()
    moments = [now - timedelta(seconds=Random(number).randrange(1_000)) for number in range(250)]
    with house.application.database.write() as connection:
        for at in [*moments, now + timedelta(seconds=1)]:
            jobs.add(connection, {"kind": "message", "payload": {}, "run_at": at})
    assert house.application.scheduler.tick() == 250
    assert ran == sorted(moments)


def test_a_poisoned_case_among_a_thousand_due_keeps_no_other_waiting(house):
    now = house.clock.now()
    poisoned = put_to_sleep(house, "poisoned", [now])
    good = put_to_sleep(house, "late", [now + timedelta(seconds=second) for second in range(DUE - 1)])
    house.clock.move(hours=1)
    house.application.scheduler.tick()
    assert fired(house) == Counter(dict.fromkeys(good, 1))
    (job,) = all_jobs(house, case_id=poisoned[0])
    assert (job["status"], job["attempts"], job["run_at"]) == ("waiting", 1, now)
    assert job["retry_at"] == house.clock.now() + worker.FIRST_PAUSE
    assert "ExpressionFailed" in job["error"] or "EngineFailed" in job["error"]
    assert house.proof(str(poisoned[0])) == []


def test_a_job_that_fails_is_tried_ever_later_and_then_shown_to_the_operator(sqlite_house):
    house = sqlite_house
    put_to_sleep(house, "poisoned", [house.clock.now()])
    pauses, tried = [], house.clock.now()
    for _ in range(worker.TRIES):
        assert house.application.worker.run_due() >= 1
        assert house.application.worker.run_due() == 0
        if (again := all_jobs(house, kind=waits.TIMER)[0]["retry_at"]) is None:
            break
        pauses.append((again - tried).total_seconds())
        tried = house.clock.at = again
    assert pauses == [10, 20, 40, 80]
    assert [job["status"] for job in all_jobs(house, kind=waits.TIMER)] == ["failed"]
    with house.application.database.read() as connection:
        (incident,) = connection.execute(select(incidents)).mappings().all()
    assert (incident["act"], incident["settled_at"]) == (waits.TIMER, None)


def test_a_run_that_passes_its_limits_is_not_tried_again_because_others_would_wait_for_it(sqlite_house, monkeypatch):
    def runs_on(*_: Any) -> None:
        raise Runaway(limit=("10秒", "10 seconds"))

    monkeypatch.setitem(worker.HANDLERS, waits.TIMER, runs_on)
    put_to_sleep(sqlite_house, "late", [sqlite_house.clock.now()])
    sqlite_house.application.worker.run_due()
    (job,) = all_jobs(sqlite_house, kind=waits.TIMER)
    assert (job["status"], job["attempts"]) == ("failed", 1)
    assert sqlite_house.application.operator.watched().incidents[0].code == "Runaway"


def test_the_event_of_a_timer_that_failed_first_still_tells_when_it_was_due(sqlite_house, monkeypatch):
    house, due = sqlite_house, sqlite_house.clock.now()
    (case_id,) = put_to_sleep(house, "late", [due])
    real = worker.HANDLERS[waits.TIMER]

    def fails(*_: Any) -> None:
        raise ValueError("for once")

    monkeypatch.setitem(worker.HANDLERS, waits.TIMER, fails)
    house.application.worker.run_due()
    monkeypatch.setitem(worker.HANDLERS, waits.TIMER, real)
    house.clock.move(minutes=1)
    house.application.worker.run_due()
    (event,) = fired_events(house, case_id)
    assert event["data"]["due_at"] == due.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert event["at"] == house.clock.now()
    (job,) = all_jobs(house, case_id=case_id)
    assert job["finished_at"] - job["run_at"] == timedelta(minutes=1)
    assert house.proof(str(case_id)) == []


def test_two_workers_at_once_fire_each_timer_once(house):
    asleep = put_to_sleep(house, "late", [house.clock.now()] * 200)
    crowd = [threading.Thread(target=house.application.worker.run_due) for _ in range(4)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    house.application.worker.run_due()  # what one left to another that was not quick enough
    assert fired(house) == Counter(dict.fromkeys(asleep, 1))


def test_nobody_waits_for_a_case_that_somebody_acts_on(tmp_path, postgresql):
    """On SQLite a writer has the whole database, so there is nothing to leave."""
    house = build_house(tmp_path, WORKFLOWS, server=postgresql)
    busy, free = put_to_sleep(house, "late", [house.clock.now()] * 2)
    with house.application.database.write() as connection:
        assert jobs.lock_case(connection, busy)
        house.application.scheduler.tick()
        assert fired(house) == Counter([free])
    house.application.scheduler.tick()
    assert fired(house) == Counter([free, busy])
    house.application.database.close()


def test_a_worker_outlives_a_database_that_is_away(tmp_path, postgresql, monkeypatch, caplog):
    monkeypatch.setattr(scheduler, "POLL_SECONDS", 0.01)
    house = build_house(tmp_path, WORKFLOWS, server=postgresql)
    application, name = house.application, postgresql.name_in(house.folder.database_url)
    (case_id,) = put_to_sleep(house, "late", [house.clock.now() + timedelta(hours=1)])
    application.scheduler.tick()
    postgresql.command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    postgresql.command(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    house.clock.move(hours=2)
    with pytest.raises(Unavailable):
        application.scheduler.tick()
    looks: list[int] = []

    def stop() -> bool:
        looks.append(1)
        if len(looks) == 20:
            postgresql.command(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        return len(looks) > 20 and fired(house) == Counter([case_id])

    application.scheduler.run_forever(stop)
    assert all_jobs(house, case_id=case_id)[0]["attempts"] == 0  # it was no fault of the job
    told = [record.message for record in caplog.records if record.name in (scheduler.__name__, failing.__name__)]
    begins = [" ".join(text.split()[:3]) for text in told]
    assert begins == ["the database is", "the database works", "jobs are run"]  # once when it began, and when it ended
    with application.database.read() as connection:
        assert report.downtimes(connection, 10)[0].held_up == 1
    application.database.close()


def test_the_scheduler_of_a_server_runs_what_is_due_until_it_is_shut_down(sqlite_house):
    house = sqlite_house
    asleep = put_to_sleep(house, "late", [house.clock.now()])
    done = threading.Event()
    real = house.application.scheduler.tick

    def tick(*given: Any) -> int:
        tried = real(*given)
        done.set()
        return tried

    house.application.scheduler.tick = tick
    house.application.scheduler.in_background()
    assert done.wait(30)
    house.application.scheduler.shutdown()
    assert fired(house) == Counter(asleep)


def add_messages(house: House, number: int) -> None:
    with house.application.database.write() as connection:
        for _ in range(number):
            jobs.add(connection, {"kind": "message", "payload": {}, "run_at": house.clock.now()})


def test_the_figures_say_how_many_jobs_are_under_way_one_for_each_worker_that_is_at_one(sqlite_house, monkeypatch):
    application, seen = sqlite_house.application, []
    now = sqlite_house.clock.now()
    one = {"first_at": now, "last_at": now, "ahead": 0, "skew": 0, "done": 0, "failed": 0}
    monkeypatch.setitem(
        worker.HANDLERS, "message", lambda *_: seen.append(application.operator.watched().schedule.running)
    )
    add_messages(sqlite_house, 2)
    application.scheduler.tick()
    assert seen == [1, 1]
    assert application.operator.watched().schedule.running == 0
    with application.database.write() as connection:
        ticks.begin(connection, one | {"worker": "elsewhere:1", "running": 1})
        ticks.begin(connection, one | {"worker": "elsewhere:2", "running": 0})
        ticks.begin(connection, one | {"worker": "dead:1", "running": 1, "last_at": now - timedelta(minutes=5)})
    add_messages(sqlite_house, 1)
    application.scheduler.tick()
    assert seen[2:] == [2]


def test_who_waits_for_the_database_gets_his_turn_between_jobs(sqlite_house, monkeypatch):
    house, under_way, done_before = sqlite_house, threading.Event(), []

    def holds_the_database(*_: Any) -> None:
        under_way.set()
        threading.Event().wait(0.05)

    def act() -> None:
        under_way.wait()
        start(house, "late")
        done_before.append(house.application.worker.done)

    monkeypatch.setitem(worker.HANDLERS, "message", holds_the_database)
    monkeypatch.setattr(worker, "TURN_SECONDS", 0.0)
    add_messages(house, 10)
    person = threading.Thread(target=act)
    person.start()
    house.application.scheduler.tick()
    person.join()
    assert done_before[0] < 10


def test_a_worker_at_many_long_jobs_is_alive_and_no_downtime(sqlite_house, monkeypatch):
    house, alive = sqlite_house, []

    def takes_long(*_: Any) -> None:
        alive.append(house.application.operator.watched().schedule.watched)
        house.clock.move(seconds=20)

    monkeypatch.setitem(worker.HANDLERS, "message", takes_long)
    add_messages(house, 10)
    house.application.scheduler.tick()
    assert alive == [True] * 10
    house.application.scheduler.tick()
    assert house.application.operator.watched().downtimes == ()


def test_the_figures_tell_what_is_due_when_late_and_done(house):
    now = house.clock.now()
    ahead = [timedelta(minutes=30), timedelta(hours=5), timedelta(days=3), timedelta(days=30), -timedelta(minutes=2)]
    put_to_sleep(house, "late", [now + by for by in ahead])
    with house.application.database.read() as connection:
        before = report.read(connection, house.application.clock, house.application.machine)
    assert before.due == {"hour": 1, "day": 2, "week": 3}
    assert (before.late, before.late_by, before.watched) == (1, 120, False)
    assert before.next_due == now - timedelta(minutes=2)
    house.application.scheduler.tick()
    with house.application.database.read() as connection:
        after = report.read(connection, house.application.clock, house.application.machine)
    assert (after.late, after.watched, after.running, after.last_look) == (0, True, 0, now)
    assert after.done["minute"] == after.jobs["done"] >= 1
    assert after.skewed  # the clock of this test is not the database's
