"""Definitions whose expressions took too long, and which of them are suspended. Knows nothing of what they say."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.database import UtcTime, metadata, row_of, rows_of
from storage.definitions import running_cases
from storage.tables import cases, definitions, jobs

suspensions = Table(
    "suspensions",
    metadata,
    Column("digest", String(64), ForeignKey("definitions.digest"), primary_key=True),
    Column("overruns", Integer, nullable=False),
    Column("overrun_at", UtcTime, nullable=False),  # the latest
    Column("message_zh", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    Column("suspended_at", UtcTime),
)
_s = suspensions.c


class SuspensionRow(TypedDict):
    """A definition that took too long."""

    digest: str
    overruns: int
    overrun_at: datetime
    message_zh: str
    message_en: str
    suspended_at: datetime | None


class ToldSuspension(SuspensionRow):
    """One that is suspended, with its names and the cases that wait."""

    key: str
    version: int
    name_zh: str
    name_en: str
    running: int


def get(connection: Connection, digest: str) -> SuspensionRow | None:
    """What is known of a definition; None when it never took too long, or was let go on."""
    return row_of(connection, select(suspensions).where(_s.digest == digest), SuspensionRow)


def put(connection: Connection, row: SuspensionRow) -> None:
    """Write what is known of a definition."""
    values = {name: value for name, value in row.items() if name != "digest"}
    if connection.execute(update(suspensions).where(_s.digest == row["digest"]).values(values)).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(suspensions), dict(row))
    except IntegrityError:  # another process has written the same meanwhile
        connection.execute(update(suspensions).where(_s.digest == row["digest"]).values(values))


def suspended(connection: Connection) -> frozenset[str]:
    """The digests of all that are suspended."""
    return frozenset(connection.execute(select(_s.digest).where(_s.suspended_at.is_not(None))).scalars())


def told(connection: Connection) -> list[ToldSuspension]:
    """All that are suspended, the oldest first."""
    running = running_cases(cases.c.key == definitions.c.key, cases.c.digest == definitions.c.digest)
    names = (definitions.c[name] for name in ("key", "version", "name_zh", "name_en"))
    query = select(suspensions, *names, running.label("running")).join(definitions, definitions.c.digest == _s.digest)
    return rows_of(connection, query.where(_s.suspended_at.is_not(None)).order_by(_s.suspended_at), ToldSuspension)


def resume(connection: Connection, digest: str, now: datetime) -> bool:
    """Let a definition go on, and its jobs that were put off at once; False when it was not suspended."""
    query = delete(suspensions).where(_s.digest == digest, _s.suspended_at.is_not(None))
    if not connection.execute(query).rowcount:
        return False
    own = select(cases.c.id).where(cases.c.digest == digest)
    waiting = (jobs.c.status == "waiting", jobs.c.retry_at > now, jobs.c.case_id.in_(own))
    connection.execute(update(jobs).where(*waiting).values(retry_at=now))
    return True
