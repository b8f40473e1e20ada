"""What is new for whoever is looking, kept in memory: a browser that asks costs no statement.

One reader of each process looks every few seconds, while anybody asks: which of the sessions that ask are open, whose
roles have changed, and whom the lines of ``storage.news`` concern. Only for these it counts again. What it has not yet
seen it says nothing about: nobody signed out, or whose role is gone, learns anything a look later.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.cases import Cases
from engine.directory import actors
from engine.errors import NotFound
from engine.messages.box import MessageBox
from engine.model import Clock
from storage import news, watched
from storage.database import Connection, Database

logger = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
WATCHED_SECONDS = 150.0
"""Whoever has not asked for so long is not looked at any more; a hidden page asks every minute."""
LATE_SECONDS = 30.0
"""A transaction may commit so long after it took the number of its line."""
BUDGET_SECONDS = 0.1
"""So long one look counts; whom it has not reached, the next one does."""


@dataclass(frozen=True, slots=True)
class News:
    """What waits for a person. ``version`` changes when any of it does."""

    unread: int
    waiting: int
    newest: int = 0

    @property
    def version(self) -> str:
        """Short text that is the same for the same news."""
        return f"{self.newest}-{self.unread}-{self.waiting}"


@dataclass(slots=True)
class _Person:
    roles: tuple[tuple[str, str], ...]
    keys: frozenset[str]  # of his inbox


class NotSeenYet(Exception):
    """Nobody has looked since this session asked first."""


class Live:
    """The news of one process. ``lasts``: how long a session may last, on the machine's clock."""

    def __init__(
        self, database: Database, cases: Cases, box: MessageBox, machine: Clock, lasts: timedelta,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._database, self._cases, self._box, self._machine = database, cases, box, machine
        self._lasts, self._timer = lasts, timer
        self._asked: dict[str, float] = {}
        self._open: dict[str, tuple[int, datetime]] = {}
        self._refused: frozenset[str] = frozenset()
        self._people: dict[int, _Person] = {}
        self._told: dict[int, News] = {}
        self._due: dict[int, None] = {}  # who is to be counted, the one longest due first
        self._heard: dict[int, float] = {}  # lines that were read, and when
        self._floor: int | None = None
        self._stopped = threading.Event()

    def ask(self, session_id: str) -> News | None:
        """What is new for whoever has this session; None when it is over. Asks no database. Raises NotSeenYet."""
        self._asked[session_id] = self._timer()
        found = self._open.get(session_id)
        if found is not None:
            user_id, started_at = found
            if self._machine.now() - started_at > self._lasts:
                return None
            told = self._told.get(user_id)
            if told is not None:
                return told
        elif session_id in self._refused:
            return None
        raise NotSeenYet

    def run(self) -> None:
        """Look again and again, until ``stop``."""
        failing = False
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.look()
                failing = False
            except Exception:
                if not failing:
                    logger.exception("nobody could be told what is new; trying again")
                failing = True

    def stop(self) -> None:
        """Look no longer."""
        self._stopped.set()

    def look(self) -> None:
        """See what has changed. Asks nothing while nobody is watching."""
        since = self._timer() - WATCHED_SECONDS
        asked = {session: at for session, at in list(self._asked.items()) if at > since}
        for session in self._asked.keys() - asked.keys():
            self._asked.pop(session, None)
        if not asked:
            self._floor, self._open, self._people, self._told = None, {}, {}, {}
            return
        with self._database.read() as connection:
            touched = self._read_news(connection)
            found = {row["id"]: (row["user_id"], row["started_at"]) for row in self._sessions(connection, asked)}
            self._know(connection, {user for user, _ in found.values()}, touched)
            self._count(connection)
        self._refused = frozenset(asked.keys() - found.keys())
        self._open = found

    def _sessions(self, connection: Connection, asked: Iterable[str]) -> list[watched.OpenSession]:
        found = watched.open_sessions(connection, list(asked))
        return [row for row in found if isinstance(row["started_at"], datetime)]

    def _read_news(self, connection: Connection) -> set[str]:
        """For whom there were lines since the last look, those of slow transactions among them."""
        now = self._timer()
        if self._floor is None:
            self._floor, self._heard = news.last(connection), {}
            return set()
        lines = news.since(connection, self._floor)
        fresh = {subject for number, subject in lines if number not in self._heard}
        self._heard |= {number: now for number, _ in lines if number not in self._heard}
        old = [number for number, at in self._heard.items() if at < now - LATE_SECONDS]
        self._floor = max([self._floor, *old])
        for number in old:
            del self._heard[number]
        return fresh

    def _know(self, connection: Connection, users: set[int], touched: set[str]) -> None:
        """Who is watching, with which keys; whoever is new, has other roles, or is concerned is to be counted."""
        now = self._machine.now()
        roles = watched.roles_of(connection, sorted(users))
        for gone in self._people.keys() - users:
            del self._people[gone]
            self._told.pop(gone, None)
            self._due.pop(gone, None)
        for user in users:
            known, held = self._people.get(user), roles.get(user, ())
            if known is None or known.roles != held:
                self._told.pop(user, None)  # until he is counted again nothing is said of his former roles
                self._people[user] = known = _Person(held, self._keys(connection, user, now))
                self._due.setdefault(user)
            elif known.keys & touched:
                self._due.setdefault(user)

    def _keys(self, connection: Connection, user: int, now: datetime) -> frozenset[str]:
        own = actors.personal(user)
        try:
            return frozenset({own, *actors.actor(connection, user, now).candidates})
        except NotFound:
            return frozenset({own})

    def _count(self, connection: Connection) -> None:
        ends = self._timer() + BUDGET_SECONDS
        now = self._machine.now()
        while self._due:
            user = next(iter(self._due))
            try:
                actor = actors.actor(connection, user, now)
            except NotFound:
                self._told.pop(user, None)
            else:
                self._people[user].keys = frozenset({actors.personal(user), *actor.candidates})
                unread, newest = self._box.standing(connection, actor)
                self._told[user] = News(unread, self._cases.inbox.waiting(connection, actor), newest)
            self._due.pop(user)
            if self._timer() > ends:
                return
