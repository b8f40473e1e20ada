"""Whose turn it is to write: one writer after the other within a process, in the order in which they came.

SQLite has one writer and no queue: who finds another one there sleeps and asks again, longer and longer, while the
database stands idle. So the threads of a process queue here, and only processes ask each other. Knows no table.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache


class TooLong(sqlite3.OperationalError):
    """Others have written all the time that one was ready to wait: told as SQLite tells it of other processes."""

    sqlite_errorcode = sqlite3.SQLITE_BUSY

    def __init__(self) -> None:
        super().__init__("database is locked")


class Turns:
    """One turn after another; who came first is first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self.waiting: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for the turn and have it inside. Raises TooLong when it does not come in time."""
        if not self._take(seconds):
            raise TooLong
        try:
            yield
        finally:
            self._give()

    def _take(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self.waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine not in self.waiting:  # it came at the last moment
                return True
            self.waiting.remove(mine)
            return False

    def _give(self) -> None:
        with self._guard:
            if self.waiting:
                self.waiting.popleft().release()  # taken it remains: nobody comes between
            else:
                self._taken = False


@lru_cache(maxsize=64)
def turns_at(file: str) -> Turns:
    """The turns at one file, whoever has opened it in this process."""
    return Turns()
