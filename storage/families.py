"""Families of cases: who was opened by whom. Knows nothing of why."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from storage.database import rows_of
from storage.rows import CaseRow
from storage.tables import cases

DEEPEST = 20
"""Generations of one family; an opening beyond them is refused, since it would go on without end."""


def ancestors(connection: Connection, case_id: int) -> list[CaseRow]:
    """The cases above one, the nearest first, as far as a family goes."""
    found: list[CaseRow] = []
    at: int | None = case_id
    while at is not None and len(found) <= DEEPEST:
        parent = connection.execute(select(cases.c.parent_id).where(cases.c.id == at)).scalar()
        row = rows_of(connection, select(cases).where(cases.c.id == parent), CaseRow) if parent is not None else []
        found += row
        at = parent if row else None
    return found


def children(connection: Connection, case_id: int, after: int, limit: int) -> list[CaseRow]:
    """The cases that one has opened, behind the id ``after``, the oldest first."""
    query = select(cases).where(cases.c.parent_id == case_id, cases.c.id > after)
    return rows_of(connection, query.order_by(cases.c.id).limit(limit), CaseRow)


def opened_by_events(
    connection: Connection, case_id: int, first: int, last: int, most: int
) -> list[tuple[int, int, str, int]]:
    """The ``most`` oldest cases that a case has opened by each of its events ``first`` to ``last``.

    Each: the event, id, number, and how many cases that event has opened.
    """
    by_event = cases.c.parent_seq
    place = func.row_number().over(partition_by=by_event, order_by=cases.c.id).label("place")
    many = func.count().over(partition_by=by_event).label("many")
    opened = select(by_event, cases.c.id, cases.c.number, place, many)
    told = opened.where(cases.c.parent_id == case_id, by_event.between(first, last)).subquery()
    query = select(told).where(told.c.place <= most).order_by(told.c.id)
    return [(row.parent_seq, row.id, row.number, row.many) for row in connection.execute(query)]


def count(connection: Connection, case_id: int) -> int:
    """How many cases one has opened."""
    return int(connection.execute(select(func.count()).where(cases.c.parent_id == case_id)).scalar_one())


def has_any(connection: Connection, case: CaseRow) -> bool:
    """Whether a case was opened by another one, or has opened one."""
    if case["parent_id"] is not None:
        return True
    return connection.execute(select(cases.c.id).where(cases.c.parent_id == case["id"]).limit(1)).first() is not None


def running(connection: Connection, case_id: int) -> list[tuple[int, str]]:
    """Id and number of the cases that one has opened and that run, the oldest first."""
    query = select(cases.c.id, cases.c.number).where(cases.c.parent_id == case_id, cases.c.status == "running")
    return [(row.id, row.number) for row in connection.execute(query.order_by(cases.c.id))]
