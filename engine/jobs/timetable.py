"""When routines are run: APScheduler's triggers, threads and events. Knows no routine and no database.

No routine runs twice at once, and however often its time came meanwhile, it is made up for once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.calendar.days import LEGAL_ZONE

# What it has to say comes by its events; a look that is still under way a second later is no news.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)

EXECUTED, FAILED, MISSED = "executed", "failed", "missed"
_OUTCOMES = {EVENT_JOB_EXECUTED: EXECUTED, EVENT_JOB_ERROR: FAILED, EVENT_JOB_MISSED: MISSED}
_LONG_AGO = timedelta(days=365)

Told = Mapping[str, int]
"""What a run counted, by name."""


@dataclass(frozen=True, slots=True)
class Routine:
    """Something to do again and again, first when the program starts. ``trigger``: when, on the machine's clock.

    ``grace``: seconds after which a time that has passed is left out; None: late is better than never. ``often``: it
    comes up all the time, and that it went well is told now and then.
    """

    name: str
    act: Callable[[], Told | None]
    trigger: BaseTrigger
    grace: int | None = None
    often: bool = False


@dataclass(frozen=True, slots=True)
class RoutineRun:
    """How a routine went. ``error``: why it failed. ``next_at``: when it comes up again, on the machine's clock."""

    name: str
    outcome: str
    next_at: datetime | None
    error: BaseException | None
    told: Told


def now() -> datetime:
    """By the clock of the triggers, which is the machine's whatever clock the installation was given."""
    return datetime.now(UTC)


def every(seconds: float) -> BaseTrigger:
    """Again and again, so many seconds apart; programs that start at different moments keep out of step."""
    return IntervalTrigger(seconds=seconds, start_date=now() - _LONG_AGO, timezone=UTC)


def daily(hour: int, minute: int = 0) -> BaseTrigger:
    """Every day at this time in Shanghai."""
    return CronTrigger(hour=hour, minute=minute, timezone=LEGAL_ZONE)


class Timetable:
    """Runs routines on threads of this process from ``start`` to ``shutdown``. ``heard`` hears how each run went."""

    def __init__(self, routines: Sequence[Routine], heard: Callable[[RoutineRun], None]) -> None:
        self._triggers = {one.name: one.trigger for one in routines}
        self._heard = heard
        self._scheduler = BackgroundScheduler(
            jobstores={"default": _Jobs()},
            executors={"default": ThreadPoolExecutor(len(routines))},
            job_defaults={"coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        self._scheduler.add_listener(self._hear, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        for one in routines:
            times = {"misfire_grace_time": one.grace, "next_run_time": now()}
            self._scheduler.add_job(one.act, one.trigger, id=one.name, **times)

    def start(self) -> None:
        """Run every routine now, and then at its times."""
        self._scheduler.start()

    def shutdown(self) -> None:
        """Begin nothing more; returns when what is under way has ended."""
        self._scheduler.shutdown()

    def _hear(self, event: JobExecutionEvent) -> None:
        # The trigger and not the job is asked: who shuts down holds the lock of the jobs and waits for this thread.
        at = event.scheduled_run_time
        next_at = self._triggers[event.job_id].get_next_fire_time(at, at)
        outcome = _OUTCOMES[event.code]
        self._heard(RoutineRun(event.job_id, outcome, next_at, event.exception, event.retval or {}))


class _Jobs(MemoryJobStore):  # type: ignore[misc]  # APScheduler has no types
    """APScheduler's jobs. A clock that is set back keeps none of them waiting for a time that it has seen before."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = datetime.min.replace(tzinfo=UTC)

    def get_due_jobs(self, now: datetime) -> list[Job]:
        """The jobs whose time has come."""
        if now < self._seen:
            for job in self.get_all_jobs():
                job.reschedule(job.trigger)
        self._seen = now
        return list(super().get_due_jobs(now))
