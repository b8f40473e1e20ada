"""Figures over the queue of jobs: what is due when, what is late, what was done. Reads only; knows no kind of job."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, literal_column, select

from storage import exact
from storage.database import rows_of
from storage.events import events, payloads
from storage.paging import size
from storage.rows import JobRow
from storage.tables import cases, jobs

_WAITING = jobs.c.status == "waiting"
_DONE = jobs.c.status.concat("") == "done"  # looked up by when they were, not by their status
_AGAIN = [jobs.c.status.concat("") == "waiting", jobs.c.retry_at.is_not(None)]
"""Few jobs wait so: they are looked up by when, not by their status."""
STATES: Final = ("waiting", "done", "failed", "abandoned")
MOST: Final = 10_000
"""So far jobs are counted; one more stands for more than that."""


class DueJob(JobRow):
    """A job with the number of its case."""

    case_number: str | None


def _count(connection: Connection, query: Select[Any]) -> int:
    few = query.with_only_columns(literal_column("1", Integer).label("one")).order_by(None).limit(MOST + 1)
    return size(connection, few)


def counts(connection: Connection) -> dict[str, int]:
    """How many jobs stand in each status."""
    found = {status: _count(connection, select(jobs.c.id).where(jobs.c.status == status)) for status in STATES}
    return {status: count for status, count in found.items() if count}


def waiting_between(connection: Connection, after: datetime, until: datetime) -> int:
    """How many waiting jobs are due after ``after``, at ``until`` at the latest."""
    return _count(connection, select(jobs.c.id).where(_WAITING, jobs.c.run_at > after, jobs.c.run_at <= until))


def late(connection: Connection, until: datetime) -> tuple[int, datetime | None]:
    """How many jobs should have run by then and were not tried yet, and since when the oldest should have."""
    found = select(jobs.c.id).where(_WAITING, jobs.c.run_at <= until, jobs.c.retry_at.is_(None))
    oldest = connection.execute(found.with_only_columns(jobs.c.run_at).order_by(jobs.c.run_at).limit(1)).scalar()
    return (_count(connection, found), oldest) if isinstance(oldest, datetime) else (0, None)


def retrying(connection: Connection) -> int:
    """How many jobs wait for another try."""
    return _count(connection, select(jobs.c.id).where(*_AGAIN))


def next_due(connection: Connection) -> datetime | None:
    """When the next waiting job is to be run, which for one that failed is its next try; None when none waits."""
    first = select(jobs.c.run_at).where(_WAITING, jobs.c.retry_at.is_(None)).order_by(jobs.c.run_at).limit(1)
    again = select(jobs.c.retry_at).where(*_AGAIN).order_by(jobs.c.retry_at).limit(1)
    found = (connection.execute(query).scalar() for query in (first, again))
    return min((at for at in found if isinstance(at, datetime)), default=None)


def done_since(connection: Connection, since: datetime, until: datetime) -> int:
    """How many jobs were done in that time."""
    found = select(jobs.c.id).where(_DONE, jobs.c.finished_at > since, jobs.c.finished_at <= until)
    return _count(connection, found)


def _due_between(after: datetime, until: datetime) -> Select[Any]:
    states = jobs.c.status.in_(STATES)  # all: the index begins with it
    return select(jobs).where(states, jobs.c.run_at > after, jobs.c.run_at <= until)


def count_due_between(connection: Connection, after: datetime, until: datetime) -> int:
    """How many jobs of any state fell due in that time."""
    return _count(connection, _due_between(after, until))


def due_between(connection: Connection, after: datetime, until: datetime, limit: int) -> list[DueJob]:
    """The jobs that fell due in that time, with the number of the case, the earliest first."""
    found = _due_between(after, until).join(cases, cases.c.id == jobs.c.case_id, isouter=True)
    query = found.add_columns(cases.c.number.label("case_number")).order_by(jobs.c.run_at, jobs.c.id).limit(limit)
    return rows_of(connection, query, DueJob)


def told_since(
    connection: Connection, case_ids: Iterable[int], name: str, fact: str, since: datetime
) -> list[tuple[int, dict[str, Any]]]:
    """What these cases' events of that name tell from then on, each with its case, where they tell ``fact``."""
    both = (payloads.c.case_id == events.c.case_id) & (payloads.c.seq == events.c.seq)
    found = select(events.c.case_id, payloads.c.data).join(payloads, both).where(
        events.c.case_id.in_(list(case_ids)), events.c.name == name, events.c.at >= since,
        payloads.c.data.contains(fact),
    )  # fmt: skip
    rows = [(row.case_id, exact.loads(row.data)) for row in connection.execute(found)]
    return [(case_id, told) for case_id, told in rows if fact in told]
