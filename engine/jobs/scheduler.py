"""Looks for due jobs, and notes that somebody looked and how every routine of the timetable went. Knows no kind of job.

On threads of the server or alone (``gangwei worker``): the same looks. A database that is away ends nothing; it is
asked again, less and less often, and everything due then runs once, in order, marked with when it was due.
"""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from engine.damage import Reporting, listening
from engine.jobs.bulks import BulkRunner
from engine.jobs.timetable import EXECUTED, Routine, RoutineRun, Timetable, every
from engine.jobs.worker import Worker
from engine.model import Clock
from storage import ticks, timetable
from storage.database import Database, Unavailable

logger = logging.getLogger(__name__)

LOOK, BULK = "look", "bulk"
OFTEN = frozenset({LOOK, BULK})
"""Routines that run every second: that one went well is told only now and then."""
POLL_SECONDS = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two looks at a database that is away."""
NOTE_EVERY = timedelta(seconds=10)
LONGEST_GAP = timedelta(minutes=1)
"""A longer time without a look is told as downtime."""
LEAST_SET_BACK = timedelta(seconds=2)
MOST_SKEW = 2**31 - 1
"""As many milliseconds as a column holds."""


class StillAway(Exception):
    """The database was away a moment ago, and it is too early to ask it again."""


class Scheduler:
    """Looks for due jobs, one look after the other, and runs other ``routines`` beside.

    ``machine``: the clock that no demo moves.
    """

    def __init__(
        self,
        database: Database,
        worker: Worker,
        clock: Clock,
        machine: Clock,
        routines: Sequence[Routine] = (),
        damage: Reporting | None = None,
        bulks: BulkRunner | None = None,
    ) -> None:
        """``damage``: who is told of what a look cannot read. ``bulks``: what goes on with many tasks in one go."""
        self._database = database
        self._worker = worker
        self._clock = clock
        self._machine = machine
        self._routines = routines
        self._damage = damage
        self._bulks = bulks
        self._name = f"{platform.node()[:80]}:{os.getpid()}"
        self._stretch: int | None = None
        self._looked_at = self._noted_at = machine.now()
        self._often = {*OFTEN, *(one.name for one in routines if one.often)}
        self._told_at: dict[str, datetime] = {}
        self._busy = False
        self._away = 0
        self._asks_again_at = 0.0
        self._counting = threading.Lock()
        self._counts: dict[str, Counter[str]] = {}
        self._stopped = threading.Event()
        self._timetable: Timetable | None = None

    def tick(self, stop: Callable[[], bool] = lambda: False) -> int:
        """One look: runs what is due now, and notes that it looked. How many jobs were tried.

        Raises what the database does when it is away.
        """
        now = self._machine.now()
        if self._looked_at - now > LEAST_SET_BACK:
            logger.warning("the clock was set back by %s; what was due is not done twice", self._looked_at - now)
        if self._stretch is None or not timedelta() <= now - self._looked_at <= LONGEST_GAP:
            self._begin(now)
        with listening() as met:
            tried = self._worker.run_due(stop, lambda: self._note(busy=True))
        if self._damage is not None:
            self._damage.report(met)
        self._looked_at = self._machine.now()
        self._note(busy=False, again=tried > 0)
        return tried

    def run_forever(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Look until ``stop`` says so: again and again while something was done, else every second."""
        self.in_background()
        try:
            while not stop():
                self._stopped.wait(POLL_SECONDS)
        finally:
            self.shutdown()

    def in_background(self) -> None:
        """The same on threads of this process, until ``shutdown``."""
        often = [Routine(LOOK, self._look, every(POLL_SECONDS))]
        if self._bulks is not None:  # beside the look: what falls due meanwhile does not wait for five hundred tasks
            often.append(Routine(BULK, self._go_on, every(POLL_SECONDS)))
        self._timetable = Timetable([*often, *self._routines], self._hear)
        self._timetable.start()

    def shutdown(self) -> None:
        """Look no longer; the job under way is finished first."""
        self._stopped.set()
        if self._timetable is not None:
            self._timetable.shutdown()

    def _look(self) -> None:
        """Look until nothing is due. Fails while the database is away; the log hears when that begins and ends."""
        if time.monotonic() < self._asks_again_at:
            raise StillAway
        try:
            while not self._stopped.is_set() and self.tick(self._stopped.is_set):
                pass
        except Exception as error:
            if not self._away and not isinstance(error, Unavailable):  # of that the log has heard
                logger.exception("no jobs can be run, most likely because the database does not answer; trying again")
            self._away += 1
            pause = min(POLL_SECONDS * 2.0 ** min(self._away, 10), LONGEST_PAUSE)
            self._asks_again_at = time.monotonic() + pause
            raise
        if self._away:
            logger.warning("jobs are run again after %s failed looks", self._away)
        self._away = 0

    def _go_on(self) -> None:
        """Go on with what people have asked for many tasks in one go."""
        assert self._bulks is not None
        with listening() as met:
            self._bulks.run(self._stopped.is_set)
        if self._damage is not None:
            self._damage.report(met)

    def _hear(self, run: RoutineRun) -> None:
        """Keep for the operator how a routine went: at once, or now and then if one that comes up often went well."""
        heard = run.name == LOOK or isinstance(run.error, Unavailable)
        if run.error is not None and not heard:
            logger.getChild(run.name).error("this routine failed", exc_info=run.error)
        with self._counting:
            now, counts = self._machine.now(), self._counts.setdefault(run.name, Counter())
            counts[run.outcome] += 1
            if run.name in self._often and run.outcome == EXECUTED and not self._is_news(run.name, now):
                return
            try:
                self._tell(run, now, counts)
            except Exception:  # it stays counted, and is told with the next one
                unheard = not self._away and self._database.outage.why is None
                if unheard and run.error is None:  # of an error the log has heard, and this is the same one
                    logger.exception("how the routine %s went could not be kept", run.name)
                return
            counts.clear()

    def _is_news(self, name: str, now: datetime) -> bool:
        told_at = self._told_at.get(name)
        return told_at is None or abs(now - told_at) >= NOTE_EVERY

    def _tell(self, run: RoutineRun, now: datetime, counts: Counter[str]) -> None:
        last = {"worker": self._name, "last_at": now, "outcome": run.outcome, "next_at": run.next_at}
        last |= {"error": type(run.error).__name__ if run.error else "", "told": dict(run.told)}
        with self._database.write() as connection:
            timetable.add(connection, run.name, last, counts)
        if run.name in self._often:
            self._told_at[run.name] = now

    def _begin(self, now: datetime) -> None:
        ahead = round((self._clock.now() - now).total_seconds())
        with self._database.write() as connection:
            skew = self._skew(ticks.database_now(connection))
            row = {"worker": self._name, "first_at": now, "last_at": now, "ahead": ahead, "skew": skew, "running": 0}
            self._stretch = ticks.begin(connection, {**row, "done": self._worker.done, "failed": self._worker.failed})
        self._noted_at = self._looked_at = now
        self._busy = False

    def _note(self, *, busy: bool, again: bool = False) -> None:
        """Note that this worker is at a job, or at none: when that changes, else now and then, or when it is ``again``.

        One write for many short jobs, and a worker at many long ones is not taken for one that has died.
        """
        assert self._stretch is not None
        now = self._machine.now()
        if not again and busy == self._busy and now - self._noted_at < NOTE_EVERY:
            return
        with self._database.write() as connection:
            values = {"last_at": now, "skew": self._skew(ticks.database_now(connection)), "running": int(busy)}
            ticks.go_on(connection, self._stretch, values | {"done": self._worker.done, "failed": self._worker.failed})
        self._busy, self._noted_at = busy, now

    def _skew(self, told: datetime) -> int:
        return max(-MOST_SKEW, min(MOST_SKEW, round((told - self._machine.now()).total_seconds() * 1000)))
