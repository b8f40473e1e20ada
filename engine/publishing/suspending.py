"""What took too long twice is suspended until an operator lets it go on: one bad process must not stop the others.

What takes long without being too long gets a share, so that others have their turn. Within a process of the machine all
of it is known at once; what is suspended, each other process learns by the table. Knows no case and no page.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from weakref import ref

from engine.database import writing
from engine.errors import Refusal, Resting, Suspended
from engine.feel import Allowance, allowance
from engine.words import Text, both
from storage import suspensions as rows
from storage.database import Connection, Database

MOST: Final = 2
"""So often a definition may take too long."""
FORGOTTEN: Final = timedelta(days=1)
"""After so long without another time the first one counts no longer."""
SHARE: Final = 0.1
"""Of one processor, that all definitions whose steps take long may have together as long as they go on like that."""
MOST_DEBT: Final = 2.0
"""Seconds of the processor that they may take at once."""
REMEMBERED: Final = 600.0
"""For so many seconds a definition that took long is one of them."""
LOOK_SECONDS: Final = 1.0
"""How old the knowledge of what is suspended may be."""


class NothingSlow(BaseException):
    """What was begun to be worked out ahead evaluates nothing that takes long. No failure."""


class Suspensions:
    """The suspended definitions of one database, by digest. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._suspended: frozenset[str] = frozenset()
        self._overruns: Counter[str] = Counter()
        self._to_write: list[tuple[str, Refusal]] = []
        self._looked_at = 0.0
        self._debt, self._owed_at = 0.0, 0.0  # seconds of the processor that definitions have taken beyond their share
        self._debtors: dict[str, float] = {}
        self._at_it: Callable[[], Allowance | None] = lambda: None  # the one step that takes long at this moment

    def holds(self, digest: str) -> bool:
        """Whether a definition is suspended; asks the database again when that was known some time ago."""
        if digest in self._suspended and time.monotonic() - self._looked_at > LOOK_SECONDS:
            self.look()
        return digest in self._suspended

    def too_slow(self, digest: str, why: Refusal) -> None:
        """Hear of a definition that took too long; the second time suspends it."""
        with self._lock:
            self._overruns[digest] += 1
            self._to_write.append((digest, why))
            if self._overruns[digest] >= MOST:
                self._suspended |= {digest}

    def took(self, digest: str, seconds: float, step: Allowance) -> bool:
        """Hear that a step has kept the processor for long; False when another one does so at this moment."""
        with self._lock:
            now = time.monotonic()
            self._debt = self._owed(now) + seconds
            self._owed_at = self._debtors[digest] = now
            other = self._at_it()
            if other is None or other.over:
                other, self._at_it = step, ref(step)
            return other is step

    def slow(self, digest: str | None = None) -> bool:
        """Whether a definition has lately taken long; None: any."""
        if not self._debtors:
            return False
        with self._lock:
            known = self._debtors.values() if digest is None else [self._debtors.get(digest, -REMEMBERED)]
            return time.monotonic() - max(known) <= REMEMBERED

    def rest(self, digest: str) -> int:
        """For how many seconds a definition must let others go first; none that does not take long ever must."""
        with self._lock:
            now = time.monotonic()
            if now - self._debtors.get(digest, -REMEMBERED) > REMEMBERED:
                return 0
            return max(0, ceil((self._owed(now) - MOST_DEBT) / SHARE))

    def _owed(self, now: float) -> float:
        return max(0.0, self._debt - (now - self._owed_at) * SHARE)

    def look(self) -> None:
        """Read what is suspended, as another process may have changed it. What is not written yet counts, too."""
        with self._database.read() as connection:
            found = rows.suspended(connection)
        with self._lock:
            waiting = {digest for digest, _ in self._to_write if self._overruns[digest] >= MOST}
            for digest in self._suspended - found - waiting:
                del self._overruns[digest]
            self._suspended = found | waiting
            self._looked_at = time.monotonic()

    def keep(self, now: datetime) -> None:
        """Write what was heard and is not written yet: outside of the transaction in which it happened."""
        with self._lock:
            heard, self._to_write = self._to_write, []
        if not heard:
            return
        try:
            with writing(self._database) as connection:
                for digest, why in heard:
                    _count(connection, digest, why, now)
        except BaseException:
            with self._lock:
                self._to_write = heard + self._to_write
            raise
        self.look()

    def resume(self, connection: Connection, digest: str, now: datetime) -> bool:
        """Let a definition go on, in the caller's transaction; False when it is not suspended."""
        done = rows.resume(connection, digest, now)
        with self._lock:
            self._suspended -= {digest}
            del self._overruns[digest]
        return done


def _count(connection: Connection, digest: str, why: Refusal, now: datetime) -> None:
    known = rows.get(connection, digest)
    before = known["overruns"] if known is not None and now - known["overrun_at"] < FORGOTTEN else 0
    since = known["suspended_at"] if known is not None else None
    zh, en = both(why.words)
    overruns = before + 1
    rows.put(
        connection,
        {
            "digest": digest, "overruns": overruns, "overrun_at": now, "message_zh": zh, "message_en": en,
            "suspended_at": since or (now if overruns >= MOST else None),
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watch:
    """The owner of a definition's expressions (``engine.feel.budget.Owner``)."""

    suspensions: Suspensions
    digest: str
    name: Text
    version: int

    def admit(self) -> None:
        """Raises Suspended."""
        if self.suspensions.holds(self.digest):
            raise Suspended(name=self.name, version=self.version)

    def begin(self) -> None:
        """Raises Suspended, and Resting when others must come first; NothingSlow when it is only to be worked out
        ahead what takes long, and this never does."""
        self.admit()
        given = allowance()
        if (
            given.known is not None
            and given.known.noting
            and not given.ahead
            and not self.suspensions.slow(self.digest)
        ):
            raise NothingSlow
        seconds = self.suspensions.rest(self.digest)
        if seconds:
            raise Resting(name=self.name, version=self.version, seconds=seconds)

    def too_slow(self, why: Refusal) -> None:
        """Count it."""
        self.suspensions.too_slow(self.digest, why)

    def took(self, seconds: float, step: Allowance) -> Resting | None:
        """Count it, too. One such step at a time: who comes to one is refused."""
        if self.suspensions.took(self.digest, seconds, step):
            return None
        return Resting(name=self.name, version=self.version, seconds=ceil(MOST_DEBT))
