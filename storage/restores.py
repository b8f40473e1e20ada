"""That an installation was restored from a backup, and whether its outbox is still held. Knows no file.

While the outbox is held no job is run. How numbers go on: ``storage.numbering``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, Integer, String, Table, func, select, update

from storage.accounts import sessions, users
from storage.database import UtcTime, metadata, new_id, row_of, rows_of
from storage.prepared import Prepared
from storage.tables import jobs

restores = Table(
    "restores",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("backup", String(64), nullable=False),  # SHA-256 of its manifest
    Column("made_at", UtcTime, nullable=False),  # when the backup began
    Column("restored_at", UtcTime, nullable=False),
    Column("ahead", Integer, nullable=False),  # numbers that were left out at least, in each sequence
    Column("released_at", UtcTime),  # null: its outbox is held
    Column("released_by", Integer),  # null: at the console, or held
)


class NewRestore(TypedDict):
    """A restoring, before it has its number."""

    backup: str
    made_at: datetime
    restored_at: datetime
    ahead: int


class RestoreRow(NewRestore):
    """A restoring; ``released_at`` is None while its outbox is held."""

    id: int
    released_at: datetime | None
    released_by: int | None


class HeldJobs(TypedDict):
    """Jobs of one kind that wait: how many in all, how many of them are due by now, when the first was due."""

    kind: str
    count: int
    due: int
    first_at: datetime


_HELD = Prepared(select(restores.c.id).where(restores.c.released_at.is_(None)))


def is_held(connection: Connection) -> bool:
    """Whether the outbox waits for an operator. Asked before every look for due jobs."""
    return _HELD.one(connection, {}) is not None


def held(connection: Connection) -> RestoreRow | None:
    """The newest restoring whose outbox is held."""
    query = select(restores).where(restores.c.released_at.is_(None)).order_by(restores.c.id.desc()).limit(1)
    return row_of(connection, query, RestoreRow)


def newest(connection: Connection) -> RestoreRow | None:
    """The last restoring, released or not."""
    return row_of(connection, select(restores).order_by(restores.c.id.desc()).limit(1), RestoreRow)


def held_jobs(connection: Connection, now: datetime) -> list[HeldJobs]:
    """What waits in the outbox, by kind of job."""
    due = func.count().filter(jobs.c.run_at <= now)
    query = select(
        jobs.c.kind, func.count().label("count"), due.label("due"), func.min(jobs.c.run_at).label("first_at")
    )
    query = query.where(jobs.c.status == "waiting").group_by(jobs.c.kind).order_by(jobs.c.kind)
    return rows_of(connection, query, HeldJobs)


def release(connection: Connection, at: datetime, by: int | None) -> int:
    """Let the outbox go; how many restorings it had waited for."""
    waiting = update(restores).where(restores.c.released_at.is_(None))
    return connection.execute(waiting.values(released_at=at, released_by=by)).rowcount


def note(connection: Connection, row: NewRestore) -> int:
    """Keep that this installation was restored; from here on its outbox is held. Its number."""
    return new_id(connection, restores, row)


def end_sessions(connection: Connection, at: datetime) -> int:
    """End every session and know no device any longer; how many sessions there were."""
    connection.execute(update(users).values(devices_from=at))
    return connection.execute(update(sessions).where(sessions.c.ended_at.is_(None)).values(ended_at=at)).rowcount
