"""Lists of records in force: filtered, sorted by any field, one key set after another. Knows no schema.

A page begins after the last row of the page before, as in ``storage.paging``; here the key is a field of any kind, of
which a record may have none, and the number of the record.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    nulls_last,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage import names
from storage import words as index
from storage.columns import valid_json
from storage.database import rows_of
from storage.equality import is_equal
from storage.organisations import organisations
from storage.paging import AT_ONCE, every, size
from storage.records import field, standing_at
from storage.rows import RecordRow
from storage.spelling import says
from storage.tables import records

About: TypeAlias = Sequence[tuple[str, Sequence[str]]]
"""Fields, and values in any of which one of them must be."""


class ListedRecord(RecordRow):
    """A record with its place in the list, as text; none where it has no such value."""

    place: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for inside the subtrees ``paths``: records that hold every word and every value, told as text in
    ``equals``, and as FEEL compares it in ``same``, and no value of ``unless``.

    ``about``: only those that hold one of the values in one of the fields. ``sort``: a field, with "-" for descending;
    ``number``: it holds numbers. ``numbers_only``: words are looked for in the number of a record alone. ``at``: as
    they stood at a moment. ``named_in``: fields with the code of an organisation; where it is one of the subtrees, the
    record counts as inside. ``within``: only those whose version in force now is in this list, too.
    """

    paths: Sequence[str]
    words: Sequence[str] = ()
    equals: Mapping[str, str] | None = None
    about: About | None = None
    sort: str = ""
    number: bool = False
    numbers_only: bool = False
    at: datetime | None = None
    named_in: Sequence[str] = ()
    same: Mapping[str, Any] | None = None
    within: Asked | None = None
    unless: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RecordList:
    """The list that is asked for of a register: its pages, its count and all its rows."""

    register: str
    asked: Asked

    def page(self, connection: Connection, after: str, limit: int) -> list[ListedRecord]:
        """The rows behind a mark; one more than the limit tells that there is a next page."""
        number, value = records.c.number, self._value(connection)
        falling = self.asked.sort.startswith("-")
        # A number is never empty; its index knows no other order.
        order = [] if value is None else [nulls_last(value.desc() if falling else value.asc())]
        last = number.desc() if value is None and falling else number.asc()
        place = literal(None, String) if value is None else _told(connection, value, self.asked.number)
        query = select(records, place.label("place")).where(*self._where(connection))
        begin = _read(after)
        if begin is not None:
            query = query.where(self._behind(connection, value, *begin))
        return rows_of(connection, query.order_by(*order, last).limit(limit + 1), ListedRecord)

    def count(self, connection: Connection, most: int | None = None) -> int:
        """How many rows all pages have together; one more than ``most`` when there are more than that."""
        one: ColumnElement[int] = literal_column("1").label("one")
        found: Select[Any] = select(one).select_from(records).where(*self._where(connection))
        if most is not None:
            found = found.limit(most + 1)
        return size(connection, found)

    def every(self, connection: Connection) -> Iterator[ListedRecord]:
        """All rows in their order, some at a time."""
        return every(lambda after: self.page(connection, after, AT_ONCE), mark)

    def _value(self, connection: Connection) -> ColumnElement[Any] | None:
        name = self.asked.sort.removeprefix("-")
        return order_of(connection, name, self.asked.number) if name else None

    def _behind(
        self, connection: Connection, value: ColumnElement[Any] | None, place: str | None, number: str
    ) -> ColumnElement[bool]:
        falling, later = self.asked.sort.startswith("-"), records.c.number > number
        if value is None:
            return records.c.number < number if falling else later
        if place is None:
            return and_(value.is_(None), later)
        at = typed(connection, place) if self.asked.number else literal(place, String)
        return or_(value < at if falling else value > at, and_(value == at, later), value.is_(None))

    def _where(self, connection: Connection) -> list[ColumnElement[bool]]:
        asked = self.asked
        where = [
            records.c.register == self.register,
            standing_at(asked.at),
            self._inside(connection),
            *self._holding(connection),
            *(field(connection, name) == value for name, value in (asked.equals or {}).items()),
            *(is_equal(connection, name, value) for name, value in (asked.same or {}).items()),
            *(_other(field(connection, name), value) for name, value in (asked.unless or {}).items()),
        ]
        if asked.about is not None:
            where.append(or_(False, *(field(connection, name).in_(values) for name, values in asked.about)))
        if asked.within is not None:
            now = RecordList(self.register, asked.within)
            found = select(records.c.number).where(*now._where(connection)).correlate(None)
            where.append(records.c.number.in_(found))
        return where

    def _inside(self, connection: Connection) -> ColumnElement[bool]:
        own = [records.c.organisation_path.startswith(path, autoescape=True) for path in self.asked.paths]
        if not own or not self.asked.named_in:
            return or_(False, *own)
        near = or_(*(organisations.c.path.startswith(path, autoescape=True) for path in self.asked.paths))
        codes = select(organisations.c.code).where(near)
        return or_(*own, *(field(connection, name).in_(codes) for name in self.asked.named_in))

    def _holding(self, connection: Connection) -> list[ColumnElement[bool]]:
        """Each word is in the record, or in a name, old or new, of a renamed organisation that it names."""
        if self.asked.numbers_only:
            return [records.c.number.icontains(word, autoescape=True) for word in self.asked.words]
        if self.asked.at is not None:  # the index of words knows the versions in force now alone
            return [says(connection, records.c.search, word) for word in self.asked.words]
        renamed = {word: names.codes_of(connection, word) for word in self.asked.words}
        found = index.subjects(connection, index.RECORD, [word for word in renamed if not renamed[word]])
        if found is None:
            return [_says(connection, word, codes) for word, codes in renamed.items()]
        own = f"{self.register}/"
        numbers = [one.removeprefix(own) for one in found if one.startswith(own)]
        left = [_says(connection, word, codes) for word, codes in renamed.items() if codes]
        return [index.among(connection, records.c.number, numbers), *left]


def _other(value: ColumnElement[Any], left_out: str) -> ColumnElement[bool]:
    return or_(value.is_(None), value != left_out)


def mark(row: ListedRecord) -> str:
    """Where the next page begins after this row."""
    return base64.urlsafe_b64encode(orjson.dumps([row["place"], row["number"]])).decode().rstrip("=")


def _read(after: str) -> tuple[str | None, str] | None:
    """The key of a mark; a mark that is none begins at the first page."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        return None
    if not isinstance(parts, list) or len(parts) != 2 or not isinstance(parts[1], str):
        return None
    place, number = parts
    fits = (place is None or isinstance(place, str)) and "\0" not in f"{place}{number}"
    return (place, number) if fits else None


def _told(connection: Connection, value: ColumnElement[Any], number: bool) -> ColumnElement[str | None]:
    """A value as text from which it can be read again; SQLite would cut a number off."""
    if number and connection.dialect.name == "sqlite":
        whole = func.typeof(value) == "real"
        return case((whole, func.printf("%!.17g", value)), else_=cast(value, String))
    return cast(value, String)


def typed(connection: Connection, place: str) -> ColumnElement[Any]:
    """A number as the list compares it; what is none is behind every number."""
    try:
        float(place)
    except ValueError:
        place = "0"
    if connection.dialect.name == "postgresql":
        return cast(literal(place, Text), JSONB)
    return func.json_extract(place, literal_column("'$'"))


def order_of(connection: Connection, name: str, number: bool) -> ColumnElement[Any]:
    """By what the records of a list are sorted: a number as a number, what is none of them last."""
    if not number:
        return field(connection, name)
    data = valid_json(connection, records.c.data)
    if connection.dialect.name == "postgresql":
        value = cast(data, JSONB)[name]
        return case((func.jsonb_typeof(value) == "number", value))
    path: ColumnElement[Any] = literal_column(f"'$.\"{name}\"'")
    stored = func.json_type(data, path).in_(["integer", "real"])
    return case((stored, func.json_extract(data, path)))


def _says(connection: Connection, word: str, renamed: Sequence[str]) -> ColumnElement[bool]:
    """Whether a record holds a word, or names one of these organisations."""
    subject = records.c.register + literal("/") + records.c.number
    said = index.says(connection, index.RECORD, subject, word)
    data = cast(records.c.data, Text)
    return or_(said, *(data.contains(f'"{code}"', autoescape=True) for code in renamed))
