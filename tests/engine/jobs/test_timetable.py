"""The timetable: routines at their times, never twice at once, each heard of however it ends. Nobody waits for a clock."""

from __future__ import annotations

import threading
from datetime import UTC, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from engine.jobs import timetable
from engine.jobs.timetable import EXECUTED, FAILED, MISSED, Routine, RoutineRun, Timetable, daily, every, now

A_DAY = 86_400
LONGEST_WAIT = 30


class Ears:
    """Hears of runs, until as many as are waited for."""

    def __init__(self, wanted: int) -> None:
        self.heard: list[RoutineRun] = []
        self._wanted, self._all = wanted, threading.Event()

    def __call__(self, run: RoutineRun) -> None:
        self.heard.append(run)
        if len(self.heard) == self._wanted:
            self._all.set()

    def wait(self) -> None:
        assert self._all.wait(LONGEST_WAIT)


def run(ears: Ears, *routines: Routine) -> list[RoutineRun]:
    """Run them until enough was heard."""
    table = Timetable(routines, ears)
    table.start()
    ears.wait()
    table.shutdown()
    return sorted(ears.heard, key=lambda one: one.name)


def fails() -> None:
    raise ValueError("for once")


def test_every_routine_is_run_at_the_start_and_heard_of_however_it_ends():
    good = Routine("good", lambda: {"rows": 3}, every(A_DAY))
    bad, good_run = run(Ears(2), good, Routine("bad", fails, daily(hour=3)))
    assert (good_run.outcome, good_run.told, good_run.error) == (EXECUTED, {"rows": 3}, None)
    assert (bad.outcome, bad.told, type(bad.error)) == (FAILED, {}, ValueError)


def test_the_next_time_of_a_daily_routine_is_by_the_clock_of_shanghai():
    (heard,) = run(Ears(1), Routine("night", dict, daily(hour=3, minute=10)))
    assert heard.next_at is not None and heard.next_at > now()
    assert (heard.next_at.astimezone(UTC).hour, heard.next_at.minute) == (19, 10)


def test_a_time_that_has_passed_is_made_up_for_once_or_left_out_as_the_routine_wants(monkeypatch):
    done: list[str] = []
    ears = Ears(2)
    yesterday = now() - timedelta(days=1)
    monkeypatch.setattr(timetable, "now", lambda: yesterday)
    table = Timetable(
        [
            Routine("late", lambda: done.append("late"), every(3600 * 5)),
            Routine("never", lambda: done.append("never"), every(3600 * 5), grace=1),
        ],
        ears,
    )
    monkeypatch.undo()
    table.start()
    ears.wait()
    table.shutdown()
    assert done == ["late"]
    assert {one.name: one.outcome for one in ears.heard} == {"late": EXECUTED, "never": MISSED}


def test_a_routine_that_takes_long_is_not_begun_again_and_keeps_no_other_waiting():
    begun: list[int] = []
    often_enough = threading.Event()

    def long() -> None:
        begun.append(1)
        assert often_enough.wait(LONGEST_WAIT)

    ears = Ears(5)
    table = Timetable([Routine("long", long, every(0.01)), Routine("short", dict, every(0.01))], ears)
    table.start()
    ears.wait()
    assert {one.name for one in ears.heard[:5]} == {"short"} and len(begun) == 1
    often_enough.set()
    table.shutdown()


def test_a_shutdown_waits_for_what_is_under_way_and_for_what_is_told_of_it():
    under_way, may_end, ended = threading.Event(), threading.Event(), threading.Event()
    heard: list[RoutineRun] = []

    def act() -> None:
        under_way.set()
        assert may_end.wait(LONGEST_WAIT)

    table = Timetable([Routine("act", act, every(A_DAY))], heard.append)
    table.start()
    assert under_way.wait(LONGEST_WAIT)

    def close() -> None:
        table.shutdown()
        ended.set()

    closing = threading.Thread(target=close)
    closing.start()
    assert not ended.wait(0.05)
    may_end.set()
    closing.join(LONGEST_WAIT)
    assert [one.outcome for one in heard] == [EXECUTED]


@pytest.mark.parametrize("trigger", [every(1), daily(hour=3)])
def test_a_clock_that_is_set_back_keeps_no_routine_waiting_for_a_time_it_has_seen(trigger):
    jobs = timetable._Jobs()
    scheduler = BackgroundScheduler(jobstores={"default": jobs}, timezone=UTC)
    here = now()
    ahead = here + timedelta(days=30)
    scheduler.add_job(dict, trigger, next_run_time=ahead + timedelta(seconds=1))
    scheduler.start(paused=True)
    jobs.get_due_jobs(ahead)
    jobs.get_due_jobs(here)
    (job,) = jobs.get_all_jobs()
    assert job.next_run_time == trigger.get_next_fire_time(None, here)
    scheduler.shutdown()
