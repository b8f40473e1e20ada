"""Counting and adding up records and cases in the database, exactly: no number goes through a binary fraction.

The database groups by the values as they are written and counts how often each stands there; only what is left, a row
for each different value of a group, is added up here. Knows no schema: fields are said by the caller, who knows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, cast, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from storage.case_columns import case_columns
from storage.columns import valid_json
from storage.record_lists import order_of, typed
from storage.records import field as field_of
from storage.records import standing_at
from storage.tables import cases, records

MOST_DIGITS: Final = 100
"""Of a sum; no number that is stored has more than 34."""


@dataclass(slots=True)
class Total:
    """What one group comes to: how many, and of the numbers among the values the sum, the least and the greatest."""

    count: int = 0
    sum: Decimal = Decimal(0)
    least: Any = None
    greatest: Any = None

    def add(self, value: Any, count: int) -> None:
        """Take in a value that stands there so often; none of a record that has none."""
        self.count += count
        if value is None:
            return
        if isinstance(value, Decimal):
            self.sum += value * count
        self.least = value if self.least is None else min(self.least, value)
        self.greatest = value if self.greatest is None else max(self.greatest, value)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records: in subtrees, with one of these values in each of these fields, and between two in others.

    ``between``: a field with the least and the greatest that it may be, None for no bound, and whether it is a number.
    """

    register: str
    paths: Sequence[str]
    equals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    between: Mapping[str, tuple[str | None, str | None, bool]] = field(default_factory=dict)
    at: datetime | None = None


def of_records(
    connection: Connection, chosen: Chosen, by: Sequence[str], of: str | None, number: bool
) -> dict[tuple[str | None, ...], Total]:
    """The totals of the field ``of`` (None: only how many) by the values of the fields ``by``."""
    groups = [field_of(connection, name).label(f"f{index}") for index, name in enumerate(by)]
    written = literal_column("NULL") if of is None else _written(connection, of) if number else field_of(connection, of)
    query = select(*groups, written.label("value"), func.count().label("n")).where(*_where(connection, chosen))
    query = query.group_by(*groups, *([written] if of is not None else []))
    return _added(connection.execute(query).all(), number)


def of_children(
    connection: Connection, case_id: int, key: str, by: Sequence[str], of: str | None, equals: Mapping[str, str]
) -> dict[tuple[str | None, ...], Total]:
    """The same of the cases of one kind that a case has opened, by their status, organisation or columns of lists."""
    source: Any = cases
    seen: dict[str, ColumnElement[Any]] = {"status": cases.c.status, "organisation": cases.c.organisation_code}
    for name in dict.fromkeys([*by, *equals, *([of] if of is not None else [])]):
        if name not in seen:
            own = case_columns.alias(f"c{len(seen)}")
            source = source.outerjoin(own, (own.c.case_id == cases.c.id) & (own.c.field == f"{key}.{name}"))
            seen[name] = own.c.shown
    groups = [seen[name].label(f"f{index}") for index, name in enumerate(by)]
    value = literal_column("NULL") if of is None else seen[of]
    where = [cases.c.parent_id == case_id, cases.c.key == key, *(seen[name] == text for name, text in equals.items())]
    query = select(*groups, value.label("value"), func.count().label("n")).select_from(source).where(*where)
    query = query.group_by(*groups, *([value] if of is not None else []))
    return _added(connection.execute(query).all(), True)


def _added(rows: Sequence[Any], number: bool) -> dict[tuple[str | None, ...], Total]:
    found: dict[tuple[str | None, ...], Total] = {}
    with localcontext(prec=MOST_DIGITS):
        for *group, value, count in rows:
            found.setdefault(tuple(group), Total()).add(_number(value) if number else value, int(count))
    return found


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _written(connection: Connection, name: str) -> ColumnElement[Any]:
    """A field as it is written in the JSON, so that a number keeps all its digits."""
    data = valid_json(connection, records.c.data)
    if connection.dialect.name == "postgresql":
        own: ColumnElement[Any] = cast(data, JSONB)[name].astext
        return own
    text: ColumnElement[Any] = data.op("->")(literal_column(f"'$.\"{name}\"'", Text))
    return text


def _where(connection: Connection, chosen: Chosen) -> list[ColumnElement[bool]]:
    where = [
        records.c.register == chosen.register,
        standing_at(chosen.at),
        or_(False, *(records.c.organisation_path.startswith(path, autoescape=True) for path in chosen.paths)),
        *(field_of(connection, name).in_(values) for name, values in chosen.equals.items()),
    ]
    for name, (least, greatest, number) in chosen.between.items():
        value = order_of(connection, name, number)  # what is no number lies between none
        if least is not None:
            where.append(value >= _bound(connection, least, number))
        if greatest is not None:
            where.append(value <= _bound(connection, greatest, number))
    return where


def _bound(connection: Connection, text: str, number: bool) -> ColumnElement[Any]:
    return typed(connection, text) if number else literal(text, Text)
