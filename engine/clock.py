"""The machine's clock, and the demo's, which can be moved forward. Knows no job and no page.

The demo's clock is kept in the database, so that every program on it sees the same time. An installation has one only
when it is opened as a demo (``engine.application``): production reads the machine's clock and nothing else.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from engine.model import Clock
from storage import ticks
from storage.database import Database

FRESH_SECONDS = 0.25


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)


class DemoClock:
    """The machine's clock, and what the demo has moved it forward by. Safe to share between threads."""

    def __init__(self, database: Database, machine: Clock) -> None:
        self._database = database
        self._machine = machine
        self._ahead = timedelta()
        self._read_at = -FRESH_SECONDS

    def now(self) -> datetime:
        """The present of the demo, aware, in UTC."""
        return self._machine.now() + self.ahead()

    def ahead(self) -> timedelta:
        """How far the demo is ahead; another program's move is seen within a quarter of a second."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            with self._database.read() as connection:
                self._ahead = timedelta(seconds=ticks.ahead(connection))
            self._read_at = time.monotonic()
        return self._ahead

    def put(self, moment: datetime | None, by: int) -> None:
        """Let it be ``moment`` from now on; None: the machine's time."""
        now = self._machine.now()
        ahead = timedelta() if moment is None else moment - now
        seconds = -(-ahead // timedelta(seconds=1))  # the whole second after: what is due then is due
        with self._database.write() as connection:
            ticks.move(connection, {"at": now, "ahead": seconds, "user_id": by})
        self._ahead, self._read_at = timedelta(seconds=seconds), time.monotonic()
