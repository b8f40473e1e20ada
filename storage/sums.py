"""Counting and adding up records and cases in the database, exactly: no number goes through a binary fraction.

The database groups by the values as they are written and counts how often each stands there; only what is left, a row
for each different value of a group, is added up here. Knows no schema: fields are said by the caller, who knows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Text, cast, false, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from storage import exact
from storage.case_columns import case_columns
from storage.columns import valid_json
from storage.equality import is_equal
from storage.record_lists import order_of, typed
from storage.records import standing_at
from storage.tables import cases, records

MOST_DIGITS: Final = 100
"""Of a sum; no number that is stored has more than 34."""
LARGEST: Final = 10_000
"""Digits before or behind the point; no number that is stored has so many."""
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,5})?")
_TRUTHS: Final = ("true", "false")


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
    """Which records: in subtrees, with one of these values (None: with none) in each of these fields, and between two
    in others.

    ``between``: a field with the least and the greatest that it may be, None for no bound, and whether it is a number.
    """

    register: str
    paths: Sequence[str]
    equals: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    between: Mapping[str, tuple[str | None, str | None, bool]] = field(default_factory=dict)
    at: datetime | None = None


def of_records(
    connection: Connection, chosen: Chosen, by: Sequence[str], of: str | None, number: bool
) -> dict[tuple[str | None, ...], Total]:
    """The totals of the field ``of`` (None: only how many) by the values of the fields ``by``."""
    groups = [_written(connection, name).label(f"f{index}") for index, name in enumerate(by)]
    written = literal_column("NULL") if of is None else _written(connection, of)
    query = select(*groups, written.label("value"), func.count().label("n")).where(*_where(connection, chosen))
    query = query.group_by(*groups, *([written] if of is not None else []))
    rows = connection.execute(query).all()
    return _added([(*map(_text, group), value if number else _text(value), n) for *group, value, n in rows], number)


def of_children(
    connection: Connection, case_id: int, key: str, by: Sequence[str], of: str | None,
    equals: Mapping[str, Sequence[str | None]],
) -> dict[tuple[str | None, ...], Total]:  # fmt: skip
    """The same of the cases of one kind that a case has opened, by their status, organisation or columns of lists."""
    source: Any = cases
    seen: dict[str, ColumnElement[Any]] = {"status": cases.c.status, "organisation": cases.c.organisation_code}
    for name in dict.fromkeys([*by, *equals, *([of] if of is not None else [])]):
        if name not in seen:
            own = case_columns.alias(f"c{len(seen)}")
            source = source.outerjoin(own, (own.c.case_id == cases.c.id) & (own.c.field == f"{key}.{name}"))
            seen[name] = func.nullif(own.c.shown, literal_column("''"))  # there is none, as where no row stands
    groups = [seen[name].label(f"f{index}") for index, name in enumerate(by)]
    value = literal_column("NULL") if of is None else seen[of]
    where = [cases.c.parent_id == case_id, cases.c.key == key]
    where += [or_(seen[name].in_(_said(values)), _lacks(seen[name], values)) for name, values in equals.items()]
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
    """A number as JSON writes it; what only looks like one is none: NaN, 1_000, full-width digits."""
    value = Decimal(text) if text is not None and _NUMBER.fullmatch(text) else None
    return value if value is not None and abs(value.adjusted()) < LARGEST else None


def _text(written: str | None) -> str | None:
    """A value as it is written in JSON, as text that is the same on every database: no idle zero, no exponent."""
    value = None if written is None else exact.read(written)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _TRUTHS[not value]
    if isinstance(value, int | float | Decimal):
        digits = format(_number(written) or Decimal(0), "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return exact.dumps(value).decode()


def _said(values: Sequence[str | None]) -> list[str]:
    return [one for one in values if one is not None]


def _lacks(value: ColumnElement[Any], values: Sequence[str | None]) -> ColumnElement[bool]:
    return value.is_(None) if None in values else false()


def _written(connection: Connection, name: str) -> ColumnElement[Any]:
    """A field as it is written in the JSON, so that a number keeps all its digits, and what is none is no number."""
    data = valid_json(connection, records.c.data)
    if connection.dialect.name == "postgresql":
        return cast(cast(data, JSONB)[name], Text)
    text: ColumnElement[Any] = data.op("->")(_path(name))
    return text


def _path(name: str) -> ColumnElement[Any]:
    return literal_column(f"'$.\"{name}\"'", Text)


def _where(connection: Connection, chosen: Chosen) -> list[ColumnElement[bool]]:
    where = [
        records.c.register == chosen.register,
        standing_at(chosen.at),
        or_(False, *(records.c.organisation_path.startswith(path, autoescape=True) for path in chosen.paths)),
        *(or_(False, *(is_equal(connection, name, one) for one in values)) for name, values in chosen.equals.items()),
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
