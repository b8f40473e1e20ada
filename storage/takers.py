"""Who takes part in which case by which step, since a list must tell nobody of a confidential one. Knows no diagram."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, false, literal_column, or_, select

from storage.database import rows_of
from storage.rows import TaskRow
from storage.tables import cases, deadlines, definitions, tasks

_OPEN = tasks.c.status == literal_column("'open'")


@dataclass(frozen=True, slots=True)
class Takers:
    """``people``: who has or had tasks, with their ``personal`` inbox keys; ``candidates``: for what tasks wait now.

    ``since``: of those that are done none from before; None: all. ``due``: whoever has an open task with a deadline.
    """

    people: Sequence[int] = ()
    since: datetime | None = None
    personal: Sequence[str] = ()
    candidates: Sequence[str] = ()
    due: bool = False


def digests(connection: Connection, takers: Takers) -> Sequence[str]:
    """The definitions of the cases in which they take part, and perhaps of others that run.

    Where only open tasks are asked for, each definition is looked up once among the running cases: there may be very
    many tasks, and there are few definitions.
    """
    if not takers.people:
        d, running = definitions.c, cases.c.status == literal_column("'running'")
        runs = exists().where(running, cases.c.key == d.key, cases.c.digest == d.digest).correlate(definitions)
        return connection.execute(select(d.digest).where(runs)).scalars().all()
    found = select(cases.c.digest).join(tasks, tasks.c.case_id == cases.c.id).where(_of(takers))
    return connection.execute(found.distinct()).scalars().all()


def tasks_at(connection: Connection, takers: Takers, elements: Mapping[str, Collection[str]]) -> list[TaskRow]:
    """Their tasks at some elements of each of these definitions, by digest."""
    places = [and_(cases.c.digest == one, tasks.c.element.in_(sorted(names))) for one, names in elements.items()]
    query = select(tasks).join(cases, cases.c.id == tasks.c.case_id).where(_of(takers), or_(false(), *places))
    return rows_of(connection, query.order_by(tasks.c.case_id, tasks.c.number), TaskRow)


def _of(takers: Takers) -> ColumnElement[bool]:
    own: list[ColumnElement[bool]] = []
    if takers.people:
        people = list(takers.people)
        newer = [] if takers.since is None else [tasks.c.completed_at >= takers.since]
        own += [and_(_OPEN, tasks.c.claimed_by.in_(people)), and_(tasks.c.completed_by.in_(people), *newer)]
        own.append(and_(*([_OPEN] if newer else []), tasks.c.candidate.in_(list(takers.personal))))
    if takers.candidates:
        own.append(and_(_OPEN, tasks.c.candidate.in_(list(takers.candidates))))
    if takers.due:
        at = and_(deadlines.c.case_id == tasks.c.case_id, deadlines.c.number == tasks.c.number)
        own.append(and_(_OPEN, exists().where(at).correlate(tasks)))
    return or_(false(), *own)
