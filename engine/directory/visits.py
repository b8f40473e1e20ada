"""What a person sees of his own sign-ins: open sessions, and attempts that succeeded or failed. Knows no password."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.damage import legible
from engine.words import Words, say
from storage.account_events import AccountEventRow
from storage.rows import SessionRow


@dataclass(frozen=True, slots=True)
class Session:
    """One open session of a person."""

    id: str
    started_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in that succeeded or failed."""

    at: datetime
    succeeded: bool
    address: str


def sessions_of(rows: Iterable[SessionRow]) -> tuple[Session, ...]:
    """The sessions of these rows."""
    return tuple(legible(rows, _session, lambda _: (say("一条登录记录"), None)))


def attempts_of(rows: Iterable[AccountEventRow], succeeded: str) -> tuple[Attempt, ...]:
    """The attempts of these account events; ``succeeded``: the kind of those that let somebody in."""
    found = legible(rows, lambda row: (row["at"], row["kind"], row["address"]), event_named)
    return tuple(Attempt(at, kind == succeeded, address) for at, kind, address in found)


def event_named(row: AccountEventRow) -> tuple[Words, None]:
    """What an account event is called that cannot be read."""
    return say("账号日志第{number}条", number=row["sequence"]), None


def _session(row: SessionRow) -> Session:
    return Session(row["id"], row["started_at"], row["address"], row["agent"])
