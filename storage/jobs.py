"""Work that follows a commit: jobs with their tries, incidents, and messages to people. Knows no kind of job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.tables import cases, incidents, jobs, messages

Row = Mapping[str, Any]


def add(connection: Connection, row: Row) -> None:
    """Queue a job in the transaction of the act that causes it."""
    connection.execute(insert(jobs), {"attempts": 0, "status": "waiting", **row})


def due(connection: Connection, now: datetime, limit: int = 100) -> list[int]:
    """Ids of jobs whose time has come, the oldest first."""
    query = select(jobs.c.id).where(jobs.c.status == "waiting", jobs.c.run_at <= now)
    return list(connection.execute(query.order_by(jobs.c.run_at, jobs.c.id).limit(limit)).scalars())


def take(connection: Connection, job_id: int) -> Row | None:
    """The job, locked, if it still waits; a job that another worker holds is left to it."""
    query = select(jobs).where(jobs.c.id == job_id, jobs.c.status == "waiting").with_for_update(skip_locked=True)
    row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def settle(connection: Connection, job_id: int, **values: Any) -> None:
    """Write how a try ended."""
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs stand in each status."""
    rows = connection.execute(select(jobs.c.status, func.count()).group_by(jobs.c.status))
    return {status: int(count) for status, count in rows}


def add_incident(connection: Connection, row: Row) -> None:
    """Open an incident for an operator."""
    connection.execute(insert(incidents), dict(row))


def open_incidents(connection: Connection) -> list[Row]:
    """Incidents that nobody has settled, oldest first."""
    query = select(incidents).where(incidents.c.settled_at.is_(None)).order_by(incidents.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def send(connection: Connection, row: Row) -> None:
    """Put a message into a person's box; the same job delivers only once."""
    try:
        with connection.begin_nested():
            connection.execute(insert(messages), dict(row))
    except IntegrityError:  # this job has delivered before and died before it could say so
        return


def messages_to(connection: Connection, user_id: int, limit: int) -> list[Row]:
    """A person's newest messages, with the number of the case they are about."""
    query = (
        select(messages, cases.c.number)
        .join(cases, cases.c.id == messages.c.case_id, isouter=True)
        .where(messages.c.user_id == user_id)
        .order_by(messages.c.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def unread(connection: Connection, user_id: int) -> int:
    """How many messages a person has not read."""
    query = (
        select(func.count()).select_from(messages).where(messages.c.user_id == user_id, messages.c.read_at.is_(None))
    )
    return int(connection.execute(query).scalar_one())


def read_all(connection: Connection, user_id: int, at: datetime) -> None:
    """Mark everything in a person's box as read."""
    query = update(messages).where(messages.c.user_id == user_id, messages.c.read_at.is_(None))
    connection.execute(query.values(read_at=at))
