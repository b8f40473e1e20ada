"""Work that follows a commit: jobs with their tries, and incidents. Knows no kind of job.

``run_at`` is when a job is due and is never moved; a try that failed puts ``retry_at`` beside it. So how late a job
was can always be said: ``finished_at`` less ``run_at``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NotRequired, TypedDict, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    bindparam,
    insert,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)

from storage.database import row_of, rows_of
from storage.paging import Listing
from storage.prepared import Prepared
from storage.rows import IncidentRow, JobRow
from storage.tables import AT_ONCE, cases, incidents, jobs

InQueue = tuple[datetime, int]
"""Where a job stands in the queue: when it is due, and its id."""

OPEN: Final = "open"
"""The kind of job by which a case is opened: by a signal, by another case, or because a time was due."""
PUBLISH: Final = "publish"
"""The kind of job by which a case puts a definition in force that was proposed."""
LONGEST_PAUSE: Final = timedelta(minutes=10)
"""No try waits so long for the next one."""
_OF_ID = jobs.c.id == bindparam("job_id")
_GLANCE = Prepared(select(jobs).where(_OF_ID))
_TAKE = Prepared(select(jobs).where(_OF_ID, jobs.c.status == bindparam("waiting")).with_for_update(skip_locked=True))
_LOCK_CASE = Prepared(select(cases.c.id).where(cases.c.id == bindparam("case_id")).with_for_update(skip_locked=True))
_SETTLED = ("status", "attempts", "retry_at", "finished_at", "error")
_SETTLE = Prepared(
    update(jobs).where(jobs.c.id == bindparam("b_id")).values({name: bindparam(name) for name in _SETTLED})
)

_FRESH: Final = {
    "case_id": None, "number": None, "element": None, "event_seq": None, "attempts": 0, "status": "waiting",
}  # fmt: skip
_ADDED = ("kind", "payload", "run_at", *_FRESH)
_ADD = Prepared(insert(jobs).values({name: bindparam(name) for name in _ADDED}))


class ToldIncident(IncidentRow):
    """An incident with how its case and its job stand."""

    case_number: str | None
    case_status: str | None
    job_status: str | None


class IncidentFacts(TypedDict):
    """What failed, for an operator."""

    case_id: int | None
    act: str
    code: str
    message_zh: str
    message_en: str
    opened_at: datetime


class MessagePayload(TypedDict):
    """What a message tells a person, as a job of an older program carries it. It opens its case unless ``shows_case``
    says no."""

    user: int
    title: str
    text: str
    shows_case: NotRequired[bool]


class Place(TypedDict):
    """Of which case, and by which of its events."""

    case_id: int
    event_seq: int


def add(connection: Connection, row: Mapping[str, object]) -> None:
    """Queue a job in the transaction of the act that causes it."""
    _ADD.write(connection, {**_FRESH, **row})


def thrown_by(connection: Connection, case_id: int, event_seq: int) -> bool:
    """Whether an event of a case has sent something to other cases, or put a definition in force."""
    sent = (jobs.c.case_id == case_id, jobs.c.event_seq == event_seq, jobs.c.kind.in_(["throw", OPEN, PUBLISH]))
    return connection.execute(select(jobs.c.id).where(*sent).limit(1)).first() is not None


def due(connection: Connection, now: datetime, after: InQueue | None = None, limit: int = 100) -> list[InQueue]:
    """The next jobs whose time has come, behind ``after``, in the order in which they were due."""
    again = _again(now)
    query = select(jobs.c.run_at, jobs.c.id).where(jobs.c.status == "waiting", jobs.c.run_at <= now, again)
    if after is not None:
        run_at = bindparam("after", after[0], jobs.c.run_at.type)
        query = query.where(tuple_(jobs.c.run_at, jobs.c.id) > tuple_(run_at, after[1]))
    rows = connection.execute(query.order_by(jobs.c.run_at, jobs.c.id).limit(limit))
    return [(row.run_at, row.id) for row in rows]


def _again(now: datetime) -> ColumnElement[bool]:
    """Whether a next try may be made; what lies further off than any pause is of a clock that was set back since."""
    at = jobs.c.retry_at
    return or_(at.is_(None), at <= now, at > now + LONGEST_PAUSE, _beyond(at))


def overdue_by_no_clock(connection: Connection, now: datetime) -> list[InQueue]:
    """Jobs that follow at once, with a time to come: the clock was set back since, or their case is ahead of it."""
    query = select(jobs.c.run_at, jobs.c.id).where(text(AT_ONCE), jobs.c.run_at > now, _again(now))
    rows = connection.execute(query.order_by(jobs.c.run_at, jobs.c.id).limit(100))
    return [(row.run_at, row.id) for row in rows]


def due_never(connection: Connection) -> list[InQueue]:
    """Waiting jobs of which nobody can say when they are due, and which would wait forever."""
    rows = connection.execute(
        select(jobs.c.run_at, jobs.c.id).where(jobs.c.status == "waiting", _beyond(jobs.c.run_at)).limit(100)
    )
    return [(row.run_at, row.id) for row in rows]


def _beyond(time: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether what stands where a time belongs sorts behind all times: they begin with a digit."""
    return type_coerce(time, String) >= ":"


def lock_case(connection: Connection, case_id: int) -> bool:
    """Lock the case of a job; False when somebody acts on it at this very moment, for whom nobody waits here."""
    return _LOCK_CASE.one(connection, {"case_id": case_id}) is not None


def take(connection: Connection, job_id: int) -> JobRow | None:
    """The job, locked, if it still waits; a job that another worker holds is left to it."""
    return cast("JobRow | None", _TAKE.one(connection, {"job_id": job_id, "waiting": "waiting"}))


def glance(connection: Connection, job_id: int) -> JobRow | None:
    """The job as it stands, without a lock: to lock its case first, as an act of a person does."""
    return cast("JobRow | None", _GLANCE.one(connection, {"job_id": job_id}))


def settle(connection: Connection, job: JobRow, **values: Any) -> None:
    """Write how a try of a job that was taken ended."""
    _SETTLE.change(connection, {**job, **values, "b_id": job["id"]})


def add_incident(connection: Connection, row: Mapping[str, object]) -> None:
    """Open an incident for an operator."""
    connection.execute(insert(incidents), dict(row))


def open_once(connection: Connection, row: IncidentFacts) -> None:
    """The same unless nobody has settled one yet that says the same of the same case."""
    same = (incidents.c.act == row["act"], incidents.c.message_zh == row["message_zh"])
    case = incidents.c.case_id.is_not_distinct_from(row["case_id"])
    known = select(incidents.c.id).where(*same, case, incidents.c.settled_at.is_(None)).limit(1)
    if connection.execute(known).first() is None:
        add_incident(connection, row)


_BESIDE = (
    cases.c.number.label("case_number"),
    cases.c.status.label("case_status"),
    jobs.c.status.label("job_status"),
)
_INCIDENTS = incidents.outerjoin(cases, cases.c.id == incidents.c.case_id).outerjoin(
    jobs, jobs.c.id == incidents.c.job_id
)
_WITH_CASE = select(incidents, *_BESIDE).select_from(_INCIDENTS)


def incident_list() -> Listing[ToldIncident]:
    """Incidents that nobody has settled, oldest first, with the number of the case and how case and job stand."""
    where = incidents.c.settled_at.is_(None)
    return Listing(
        ToldIncident, (incidents, *_BESIDE), _INCIDENTS, [where], [("id", incidents.c.id)], counted=incidents
    )


def settled_incidents(connection: Connection, limit: int) -> list[ToldIncident]:
    """What was settled last, the newest first."""
    query = _WITH_CASE.where(incidents.c.settled_at.is_not(None))
    newest = query.order_by(incidents.c.settled_at.desc(), incidents.c.id.desc()).limit(limit)
    return rows_of(connection, newest, ToldIncident)


def incident(connection: Connection, incident_id: int) -> ToldIncident | None:
    """One incident, with the number of the case and how case and job stand."""
    return row_of(connection, _WITH_CASE.where(incidents.c.id == incident_id), ToldIncident)


def close_incident(connection: Connection, incident_id: int, at: datetime, by: int, words: str) -> bool:
    """Write who settled it, when and how; False when somebody already has."""
    query = update(incidents).where(incidents.c.id == incident_id, incidents.c.settled_at.is_(None))
    return connection.execute(query.values(settled_at=at, settled_by=by, settlement=words)).rowcount == 1


def answer_failed(connection: Connection, job_id: int, **values: Any) -> bool:
    """Change a job that has failed for good; False when it no longer stands so."""
    query = update(jobs).where(jobs.c.id == job_id, jobs.c.status == "failed")
    return connection.execute(query.values(**values)).rowcount == 1
