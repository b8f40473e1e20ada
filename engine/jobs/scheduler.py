"""When to look for due jobs, and the note that somebody looked. Knows no kind of job.

On a thread of the server or alone (``gangwei worker``): the same looks. A database that is away ends nothing; it is
asked again, less and less often, and everything due then runs once, in order, marked with when it was due.
"""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from engine.jobs.worker import Worker
from engine.model import Clock
from storage import ticks
from storage.database import Database

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two looks at a database that is away."""
NOTE_EVERY = timedelta(seconds=10)
LONGEST_GAP = timedelta(minutes=1)
"""A longer time without a look is told as downtime."""
MOST_SKEW = 2**31 - 1
"""As many milliseconds as a column holds."""


class Scheduler:
    """Looks for due jobs, one look after the other. ``machine``: the clock that no demo moves."""

    def __init__(self, database: Database, worker: Worker, clock: Clock, machine: Clock) -> None:
        self._database = database
        self._worker = worker
        self._clock = clock
        self._machine = machine
        self._name = f"{platform.node()[:80]}:{os.getpid()}"
        self._stretch: int | None = None
        self._looked_at = self._noted_at = machine.now()
        self._busy = False
        self._away = 0
        self._stopped = threading.Event()
        self._background: BackgroundScheduler | None = None

    def tick(self, stop: Callable[[], bool] = lambda: False) -> int:
        """One look: runs what is due now, and notes that it looked. How many jobs were tried.

        Raises what the database does when it is away.
        """
        now = self._machine.now()
        if self._stretch is None or not timedelta() <= now - self._looked_at <= LONGEST_GAP:
            self._begin(now)
        tried = self._worker.run_due(stop, lambda: self._note(busy=True))
        self._looked_at = self._machine.now()
        self._note(busy=False, anew=tried > 0)
        return tried

    def run_forever(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Look until ``stop`` says so: at once again when something was done, else a second later."""
        while not stop():
            if not self._look(stop):
                self._rest(stop)

    def in_background(self) -> None:
        """The same on a thread of this process, until ``shutdown``."""
        self._background = BackgroundScheduler(timezone="UTC")
        self._background.add_job(self.run_forever, args=[self._stopped.is_set], misfire_grace_time=None)
        self._background.start()

    def shutdown(self) -> None:
        """Look no more; the job under way is finished first."""
        self._stopped.set()
        if self._background is not None:
            self._background.shutdown()

    def _look(self, stop: Callable[[], bool]) -> int:
        """A look that survives whatever comes; the log hears of an outage when it begins and when it ends."""
        try:
            tried = self.tick(stop)
        except Exception:
            if not self._away:
                logger.exception("no jobs can be run, most likely because the database does not answer; trying again")
            self._away += 1
            return 0
        if self._away:
            logger.warning("jobs are run again after %s failed looks", self._away)
        self._away = 0
        return tried

    def _rest(self, stop: Callable[[], bool]) -> None:
        """A pause that ends early when ``stop`` says so; the longer, the longer the database has been away."""
        until = time.monotonic() + min(POLL_SECONDS * 2.0 ** min(self._away, 10), LONGEST_PAUSE)
        while not stop() and (left := until - time.monotonic()) > 0:
            self._stopped.wait(min(left, POLL_SECONDS))

    def _begin(self, now: datetime) -> None:
        ahead = round((self._clock.now() - now).total_seconds())
        with self._database.write() as connection:
            skew = self._skew(ticks.database_now(connection))
            row = {"worker": self._name, "first_at": now, "last_at": now, "ahead": ahead, "skew": skew, "running": 0}
            self._stretch = ticks.begin(connection, {**row, "done": self._worker.done, "failed": self._worker.failed})
        self._noted_at = self._looked_at = now
        self._busy = False

    def _note(self, *, busy: bool, anew: bool = False) -> None:
        """Note that this worker is at a job, or at none: when that changes, else now and then, or when it is ``anew``.

        One write for many short jobs, and a worker at many long ones is not taken for one that has died.
        """
        assert self._stretch is not None
        now = self._machine.now()
        if not anew and busy == self._busy and now - self._noted_at < NOTE_EVERY:
            return
        with self._database.write() as connection:
            values = {"last_at": now, "skew": self._skew(ticks.database_now(connection)), "running": int(busy)}
            ticks.go_on(connection, self._stretch, values | {"done": self._worker.done, "failed": self._worker.failed})
        self._busy, self._noted_at = busy, now

    def _skew(self, told: datetime) -> int:
        return max(-MOST_SKEW, min(MOST_SKEW, round((told - self._machine.now()).total_seconds() * 1000)))
