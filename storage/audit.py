"""What of a case stands in the auditor's list: its number and how its log ends. Reads no title, no form, no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from storage.tables import cases

Row = Mapping[str, Any]
_LINE = select(cases.c.id, cases.c.number, cases.c.status, cases.c.opened_at, cases.c.revision, cases.c.head)


def case_lines(connection: Connection, word: str, after: int, limit: int) -> list[Row]:
    """Cases whose number holds the word, in the order of their ids, after one id."""
    query = _LINE.where(cases.c.id > after).order_by(cases.c.id).limit(limit)
    found = query.where(cases.c.number.contains(word, autoescape=True)) if word else query
    return [dict(row) for row in connection.execute(found).mappings()]


def count_cases(connection: Connection, word: str) -> int:
    """How many cases ``case_lines`` finds in all."""
    query = select(func.count()).select_from(cases)
    found = query.where(cases.c.number.contains(word, autoescape=True)) if word else query
    return int(connection.execute(found).scalar_one())
