"""Records by what they refer to, in force now or at a moment. Knows no schema: which field refers is the caller's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from storage.database import rows_of
from storage.records import field, standing_at
from storage.rows import RecordRow
from storage.tables import records

AT_ONCE: Final = 500
"""Numbers in one statement: a database takes only so many parameters."""


def numbered(
    connection: Connection, register: str, numbers: Collection[str], at: datetime | None = None
) -> dict[str, RecordRow]:
    """The records of these numbers that are in force, by number."""
    found, ordered = dict[str, RecordRow](), sorted(set(numbers))
    for start in range(0, len(ordered), AT_ONCE):
        query = select(records).where(
            records.c.register == register, records.c.number.in_(ordered[start : start + AT_ONCE]), standing_at(at)
        )
        found |= {row["number"]: row for row in rows_of(connection, query, RecordRow)}
    return found


def referring(
    connection: Connection, register: str, name: str, numbers: Collection[str], at: datetime | None = None
) -> list[RecordRow]:
    """The records of a register in force that name one of these numbers in a field, alone or in a list."""
    found, ordered = list[RecordRow](), sorted(set(numbers))
    for start in range(0, len(ordered), AT_ONCE):
        refers = _refers(connection, name, ordered[start : start + AT_ONCE])
        query = select(records).where(records.c.register == register, standing_at(at), refers)
        found += rows_of(connection, query.order_by(records.c.number), RecordRow)
    return list({row["number"]: row for row in found}.values())


def count_referring(
    connection: Connection, register: str, name: str, number: str, paths: Sequence[str], limit: int,
    at: datetime | None = None,
) -> tuple[list[RecordRow], int]:  # fmt: skip
    """The first of those that refer to one number and lie in these subtrees, then and now, and how many there are."""
    inside = or_(False, *(records.c.organisation_path.startswith(path, autoescape=True) for path in paths))
    where = [records.c.register == register, standing_at(at), _refers(connection, name, [number]), inside]
    if at is not None:
        now = select(records.c.number).where(records.c.register == register, standing_at(None), inside)
        where.append(records.c.number.in_(now.correlate(None)))
    rows = rows_of(connection, select(records).where(*where).order_by(records.c.number).limit(limit), RecordRow)
    total = connection.execute(select(func.count()).select_from(records).where(*where)).scalar()
    return rows, int(total or 0)


def _refers(connection: Connection, name: str, numbers: Sequence[str]) -> ColumnElement[bool]:
    """A list stands there as JSON text: each number in it in quotation marks."""
    value = field(connection, name)
    if len(numbers) == 1:
        return or_(value == numbers[0], value.contains(f'"{numbers[0]}"', autoescape=True))
    listed = value.startswith("[", autoescape=True)
    return or_(value.in_(numbers), listed)
