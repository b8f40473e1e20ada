"""How much strangers may ask for, and what they were just told, kept for a moment. Knows no page.

Nothing is written and nothing is asked of the database here: a flood costs no more than saying no. Each process of a
server counts for itself.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock
from typing import Final, Generic, TypeVar

from engine.directory.delays import of_address

T = TypeVar("T")
A_SECOND: Final = 2.0
"""Requests that one source may send again and again."""
AT_ONCE: Final = 60
"""Requests that it may send in one go, after a pause."""
SOURCES: Final = 10_000
"""Sources that are remembered; beyond them the one heard of longest ago is forgotten."""
ROOMS: Final = 3
"""Pages that are made for strangers at once: the other threads are there for who is signed in."""
FRESH: Final = timedelta(seconds=30)
"""How long a page that was made is handed out again. A page that ends stands as long beyond its end, at most."""
KEPT: Final = 300
"""Pages that are kept."""


class Visitors:
    """Counts what each source asks for: a bucket of tokens that fills by and by."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, address: str, now: datetime) -> int:
        """Seconds until this source may ask again; 0: it may, and this request is counted."""
        source = of_address(address).name
        with self._lock:
            left, at = self._left.pop(source, (float(AT_ONCE), now))
            left = min(float(AT_ONCE), left + max(0.0, (now - at).total_seconds()) * A_SECOND)
            admitted = left >= 1
            self._left[source] = (left - 1 if admitted else left, now)
            if len(self._left) > SOURCES:
                self._left.popitem(last=False)
        return 0 if admitted else max(1, math.ceil((1 - left) / A_SECOND))


class Rooms:
    """Lets only so many pages be made at once."""

    def __init__(self) -> None:
        self._free = BoundedSemaphore(ROOMS)

    def enter(self) -> AbstractContextManager[object] | None:
        """A room, to be left again; None when all are taken."""
        return _Room(self._free) if self._free.acquire(blocking=False) else None


class _Room(nullcontext[None]):
    """One that is taken."""

    def __init__(self, free: BoundedSemaphore) -> None:
        super().__init__()
        self._free = free

    def __exit__(self, *_: object) -> None:
        self._free.release()


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    made_at: datetime
    what: T


class Recent(Generic[T]):
    """What was made a moment ago."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, now: datetime) -> T | None:
        """What is still fresh; of a clock that was set back nothing is."""
        with self._lock:
            found = self._kept.get(key)
        return found.what if found is not None and timedelta(0) <= now - found.made_at < FRESH else None

    def keep(self, key: Hashable, now: datetime, what: T) -> None:
        """Keep it, in the place of what is oldest when there is too much."""
        with self._lock:
            self._kept[key] = _Kept(now, what)
            self._kept.move_to_end(key)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
