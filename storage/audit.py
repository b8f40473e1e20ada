"""What of a case stands in the auditor's list: its number and how its log ends. Reads no title, no form, no state."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Connection, String, func, select, type_coerce

from storage.database import rows_of, utc_time
from storage.search import of_number
from storage.tables import cases

_OPENED = type_coerce(cases.c.opened_at, String).label("opened_at")
_LINE = select(cases.c.id, cases.c.number, cases.c.status, _OPENED, cases.c.revision, cases.c.head)


class CaseEnd(TypedDict):
    """A case as an auditor finds it."""

    id: int
    number: str
    status: str
    opened_at: datetime | None  # None: cannot be read
    revision: int
    head: str


def case_lines(connection: Connection, word: str, after: int, limit: int) -> list[CaseEnd]:
    """Cases whose number holds the word, in the order of their ids, after one id."""
    query = _LINE.where(cases.c.id > after).order_by(cases.c.id).limit(limit)
    found = query.where(*of_number(connection, word.lower())) if word else query
    rows = rows_of(connection, found, CaseEnd)
    return [{**row, "opened_at": utc_time(str(row["opened_at"]))} for row in rows]


def count_cases(connection: Connection, word: str) -> int:
    """How many cases ``case_lines`` finds in all."""
    query = select(func.count()).select_from(cases)
    found = query.where(*of_number(connection, word.lower())) if word else query
    return int(connection.execute(found).scalar_one())
