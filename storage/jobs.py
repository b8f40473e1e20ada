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


def glance(connection: Connection, job_id: int) -> Row | None:
    """The job as it stands, without a lock: to lock its case first, as an act of a person does."""
    row = connection.execute(select(jobs).where(jobs.c.id == job_id)).mappings().first()
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


_WITH_CASE = (
    select(incidents, cases.c.number.label("case_number"), jobs.c.status.label("job_status"))
    .join(cases, cases.c.id == incidents.c.case_id, isouter=True)
    .join(jobs, jobs.c.id == incidents.c.job_id, isouter=True)
)


def open_incidents(connection: Connection, limit: int | None = None) -> list[Row]:
    """Incidents that nobody has settled, oldest first, with the number of the case and how the job stands."""
    query = _WITH_CASE.where(incidents.c.settled_at.is_(None)).order_by(incidents.c.id).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def settled_incidents(connection: Connection, limit: int) -> list[Row]:
    """What was settled last, the newest first."""
    query = _WITH_CASE.where(incidents.c.settled_at.is_not(None))
    newest = query.order_by(incidents.c.settled_at.desc(), incidents.c.id.desc()).limit(limit)
    return [dict(row) for row in connection.execute(newest).mappings()]


def incident(connection: Connection, incident_id: int) -> Row | None:
    """One incident, with the number of the case and how the job stands."""
    row = connection.execute(_WITH_CASE.where(incidents.c.id == incident_id)).mappings().first()
    return None if row is None else dict(row)


def count_open_incidents(connection: Connection) -> int:
    """How many incidents nobody has settled."""
    query = select(func.count()).select_from(incidents).where(incidents.c.settled_at.is_(None))
    return int(connection.execute(query).scalar_one())


def close_incident(connection: Connection, incident_id: int, at: datetime, by: int, words: str) -> bool:
    """Write who settled it, when and how; False when somebody already has."""
    query = update(incidents).where(incidents.c.id == incident_id, incidents.c.settled_at.is_(None))
    return connection.execute(query.values(settled_at=at, settled_by=by, settlement=words)).rowcount == 1


def answer_failed(connection: Connection, job_id: int, **values: Any) -> bool:
    """Change a job that has failed for good; False when it no longer stands so."""
    query = update(jobs).where(jobs.c.id == job_id, jobs.c.status == "failed")
    return connection.execute(query.values(**values)).rowcount == 1


def next_due(connection: Connection) -> datetime | None:
    """When the next waiting job is due; None when none waits."""
    query = select(jobs.c.run_at).where(jobs.c.status == "waiting").order_by(jobs.c.run_at, jobs.c.id).limit(1)
    return connection.execute(query).scalar()


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


def unread(connection: Connection, user_id: int, case_id: int | None = None) -> int:
    """How many messages a person has not read, in all or about one case."""
    query = select(func.count()).select_from(messages)
    query = query.where(messages.c.user_id == user_id, messages.c.read_at.is_(None))
    if case_id is not None:
        query = query.where(messages.c.case_id == case_id)
    return int(connection.execute(query).scalar_one())


def read_all(connection: Connection, user_id: int, at: datetime, case_id: int | None = None) -> None:
    """Mark everything in a person's box as read, or what is there about one case."""
    query = update(messages).where(messages.c.user_id == user_id, messages.c.read_at.is_(None))
    if case_id is not None:
        query = query.where(messages.c.case_id == case_id)
    connection.execute(query.values(read_at=at))
