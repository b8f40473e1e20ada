"""Why a database does not do now what it will do later, told once for each time that it does not. Knows no table."""

from __future__ import annotations

import errno
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import psycopg
from sqlalchemy.exc import TimeoutError as NoConnection

logger = logging.getLogger(__name__)

BUSY: Final = "busy"
"""Somebody else holds what is to be written, for longer than anybody waits."""
AWAY: Final = "away"
FULL: Final = "full"
READ_ONLY: Final = "read_only"
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: BUSY, sqlite3.SQLITE_LOCKED: BUSY, sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_IOERR: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY, sqlite3.SQLITE_CANTOPEN: AWAY,
}  # fmt: skip
_STATES: Final = {"55P03": BUSY, "53100": FULL, "53": BUSY, "25006": READ_ONLY, "08": AWAY, "57P": AWAY, "58": FULL}
"""PostgreSQL's, by how they begin, the longest first that fits."""
_FILES: Final = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EFBIG: FULL, errno.EROFS: READ_ONLY}
_SAID: Final = {
    BUSY: "nothing can be written: somebody else holds the database",
    AWAY: "the database is away",
    FULL: "nothing can be written: the disk is full or broken",
    READ_ONLY: "nothing can be written: the database or its folder is read-only",
}


class Unavailable(ConnectionError):
    """The database does not do now what it will do later. Nothing of the transaction was kept.

    ``why``: one of ``BUSY``, ``AWAY``, ``FULL``, ``READ_ONLY``.
    """

    def __init__(self, why: str, error: object = "") -> None:
        super().__init__(f"{_SAID[why]}{f': {error}' if error else ''}")
        self.why = why


def why(error: BaseException) -> str | None:
    """Why a statement or a file failed, if it is for one of these reasons."""
    found = getattr(error, "orig", None) or error
    if isinstance(found, Unavailable):
        return found.why
    if isinstance(found, sqlite3.Error):
        return _SQLITE.get(getattr(found, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(found, psycopg.Error):
        return _of_state(found)
    if isinstance(found, NoConnection):
        return BUSY
    return _FILES.get(found.errno or 0) if isinstance(found, OSError) else None


def _of_state(error: psycopg.Error) -> str | None:
    state = error.sqlstate
    if state is None:  # the server has said nothing
        return AWAY if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    return next((_STATES[state[:length]] for length in (5, 3, 2) if state[:length] in _STATES), None)


class Hurry:
    """How long whoever is asked for something waits for the database: ``seconds`` once, then not at all."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


hurry: ContextVar[Hurry | None] = ContextVar("hurry", default=None)
"""That of a request; None: nobody waits for an answer."""


class Outage:
    """What a database does not do at present. One line of the log when that begins, one when it ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused = 0
        self._failed_at = 0.0
        self.why: str | None = None

    def failed(self, reason: str, error: BaseException) -> None:
        """Something was refused for this reason."""
        with self._lock:
            begins, self.why, self._failed_at = self.why != reason, reason, time.monotonic()
            self._refused = 1 if begins else self._refused + 1
        if begins:
            logger.error("%s (%s)", _SAID[reason], " ".join(str(getattr(error, "orig", None) or error).split()))

    def done(self, began: float, *, wrote: bool) -> None:
        """Something was read or written; a reading says nothing of whether anything can be written.

        ``began``: by ``time.monotonic``; what had begun when something else failed says nothing of what is after.
        """
        if self.why is None or not (wrote or self.why == AWAY):
            return
        with self._lock:
            if began <= self._failed_at or self.why is None:
                return
            refused, self._refused, self.why = self._refused, 0, None
        logger.warning("the database works again, %s were refused meanwhile", refused)


class Seats:
    """How many threads may wait for the database at once, so that some are left for who need not wait.

    Who finds no seat within ``PATIENCE`` is refused, and so is everybody after him until somebody has come through.
    ``most``: None for any number.
    """

    PATIENCE = 2.0  # more than one writing takes, also where the machine does much else

    def __init__(self) -> None:
        self.most: int | None = None
        self._taken = 0
        self._stuck = False
        self._freed = threading.Condition()
        self._own = threading.local()

    @contextmanager
    def one(self, spare: int = 0) -> Iterator[None]:
        """A seat, or a part of the one that this thread has. ``spare``: so many more may have one.

        Raises Unavailable.
        """
        if self.most is None or getattr(self._own, "held", False):
            yield
            return
        self._take(self.most + spare)
        self._own.held, well = True, True
        try:
            yield
        except Unavailable:
            well = False
            raise
        finally:
            self._own.held = False
            with self._freed:
                self._taken -= 1
                self._stuck = self._stuck and not well
                self._freed.notify_all()

    def _take(self, most: int) -> None:
        with self._freed:
            if self._taken >= most and not self._waited(most):
                self._stuck = True
                raise Unavailable(BUSY, "too many wait already")
            self._taken += 1

    def _waited(self, most: int) -> bool:
        return not self._stuck and self._freed.wait_for(lambda: self._taken < most, self.PATIENCE)
