"""Families of cases: who was opened by whom. Knows nothing of why."""

from __future__ import annotations

from sqlalchemy import Connection, select

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
