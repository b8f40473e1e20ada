"""The log of looks: who saw what of people, took it along, or was refused. Knows no page; what is one: the pages.

A look is written before what is seen is sent. Whoever is first writes for all who wait: one short transaction, in
which no case has a part. Whoever cannot be written down sees nothing personal (``LookNotWritten``).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, field

from engine.database import Unavailable, hurried
from engine.errors import Refusal
from engine.model import Clock
from engine.words import say
from storage import access_log as rows
from storage.access_log import Look
from storage.database import Database

logger = logging.getLogger(__name__)

SEEN, DOWNLOADED, EXPORTED, REFUSED = "seen", "downloaded", "exported", "refused"


class LookNotWritten(Refusal):
    """What is personal stays hidden: that somebody looks at it could not be written down."""

    sentence = say("查看记录暂时无法写入，个人信息暂不显示。请稍后再试；如持续出现，请联系系统管理员。")


@dataclass(slots=True)
class _Waiting:
    look: Look
    done: bool = False
    failed: bool = field(default=False)


class Looks:
    """Writes looks. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._prepared = False

    def write(self, user_id: int | None, address: str, kind: str, what: str, subject: str) -> None:
        """Write one look; it is kept when this returns. Raises LookNotWritten."""
        look: Look = {
            "at": self._clock.now(), "user_id": user_id, "address": address[:45],
            "kind": kind, "what": what, "subject": subject[:200],
        }  # fmt: skip
        mine = _Waiting(look)
        with self._lock:
            self._waiting.append(mine)
        if not self._writing.acquire(timeout=rows.PATIENCE_SECONDS):
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
            raise LookNotWritten
        try:
            if not mine.done:
                self._write_all()
        finally:
            self._writing.release()
        if mine.failed:
            raise LookNotWritten

    def seen(self, what: str, subjects: Collection[str], *, but: int | None, by: Collection[int] | None = None) -> bool:
        """Whether somebody but one person has looked at one of these; ``by``: one of these people."""
        with self.database.read() as connection:
            return rows.exists(connection) and rows.looked_at(connection, what, subjects, but, by)

    def _write_all(self) -> None:
        """A batch of all who wait."""
        with self._lock:
            together, self._waiting = self._waiting, []
        try:
            with hurried(rows.PATIENCE_SECONDS), self.database.write() as connection:
                if not self._prepared:
                    rows.prepare(connection)
                rows.append(connection, self._clock.now(), [one.look for one in together])
            self._prepared = True
        except Exception as error:
            if not isinstance(error, Unavailable):  # of that the database itself tells the log, once
                logger.exception("looks could not be written")
            for one in together:
                one.failed = True
        for one in together:
            one.done = True
