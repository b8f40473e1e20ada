"""A list: its pages, its count and all of its rows are of one query. Knows no table.

One page follows another by the key of the last row, so that page 5,000 costs what page 1 costs, and a row that comes or
goes meanwhile neither repeats another nor hides it. A key is made of whole numbers and, at its beginning, a text (or a
moment, which is stored as text).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, cast

import orjson
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Integer,
    Select,
    String,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from storage.columns import Unreadable, time_key
from storage.database import rows_of

R = TypeVar("R")
LARGEST: Final = 2**31  # beyond an integer of PostgreSQL
AT_ONCE: Final = 500
"""Rows that are read together when all are read."""


def size(connection: Connection, found: Select[Any] | CompoundSelect[Any]) -> int:
    """How many rows a query finds."""
    return int(connection.execute(select(func.count()).select_from(found.subquery())).scalar_one())


def every(page: Callable[[str], list[R]], mark: Callable[[R], str]) -> Iterator[R]:
    """All rows in order, ``AT_ONCE`` at a time. ``page``: the rows behind a mark, and one more if there are more."""
    after = ""
    while True:
        found = page(after)
        yield from found[:AT_ONCE]
        if len(found) <= AT_ONCE:
            return
        after = mark(found[AT_ONCE - 1])


def sizes(connection: Connection, listings: Sequence[Listing[Any]], most: int) -> list[int]:
    """How many rows each of these lists has, as ``Listing.count`` tells it; one statement for all."""
    found = [one.counting(most) for one in listings]
    asked = [select(func.count()).select_from(one.subquery()).scalar_subquery() for one in found if one is not None]
    counts = iter(connection.execute(select(*asked)).one() if asked else ())
    return [0 if one is None else int(next(counts)) for one in found]


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """What is in a list and in which order.

    ``parts``: a row is in the list when one of these conditions holds, and for no row do two. Each part is looked up by
    itself: an index holds the order of one inbox, not of several together. ``key``: names of columns under which a row
    carries its place, with what they are in the query. ``counted``: what of the source the conditions look at; None:
    all of it.
    """

    kind: type[R]
    columns: Sequence[Any]
    source: FromClause
    parts: Sequence[ColumnElement[bool]]
    key: Sequence[tuple[str, ColumnElement[Any]]]
    descending: bool = False
    counted: FromClause | None = None

    def page(self, connection: Connection, after: str, limit: int) -> list[R]:
        """The rows behind a mark; one more than the limit tells that there is a next page."""
        parts: list[Select[Any]] = [
            page(
                select(*self.columns).select_from(self.source).where(part), [column for _, column in self.key], after,
                limit, descending=self.descending,
            )
            for part in self.parts
        ]  # fmt: skip
        if len(parts) < 2:
            return rows_of(connection, parts[0], self.kind) if parts else []
        found = union_all(*(select(part.subquery()) for part in parts)).subquery()
        order = [found.c[name] for name, _ in self.key]
        return rows_of(connection, page(select(found), order, "", limit, descending=self.descending), self.kind)

    def count(self, connection: Connection, most: int) -> int:
        """How many rows all pages have together; one more than ``most`` when there are more than that."""
        found = self.counting(most)
        return 0 if found is None else size(connection, found)

    def counting(self, most: int) -> Select[Any] | CompoundSelect[Any] | None:
        """A row for each of its rows, and no more than one above ``most``; None when nothing can be in it."""
        source = self.source if self.counted is None else self.counted
        one: ColumnElement[int] = literal_column("1").label("one")
        parts = [select(one).select_from(source).where(part).limit(most + 1) for part in self.parts]
        if not parts:
            return None
        # Each part for itself, so that no more of it is read than is counted.
        return union_all(*(select(part.subquery()) for part in parts)).limit(most + 1) if len(parts) > 1 else parts[0]

    def every(self, connection: Connection) -> Iterator[R]:
        """All rows in their order, some at a time."""
        return every(lambda after: self.page(connection, after, AT_ONCE), self.mark)

    def piece(self, connection: Connection, after: str, limit: int) -> tuple[list[R], str]:
        """A page and the mark of the one that follows; an empty mark when there is none."""
        found = self.page(connection, after, limit)
        return found[:limit], self.mark(found[limit - 1]) if len(found) > limit else ""

    def mark(self, row: R) -> str:
        """Where the next page begins after this row."""
        carried = cast(Mapping[str, Any], row)
        return mark([carried[name] for name, _ in self.key])


def mark(key: Sequence[Any]) -> str:
    """Where the next page begins after the row with this key."""
    parts = [time_key(part) if isinstance(part, datetime | Unreadable) else part for part in key]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def page(query: Select[Any], key: Sequence[Any], after: str, limit: int, *, descending: bool = False) -> Select[Any]:
    """The rows after a mark in the order of their key. One row more than the limit tells that there is a next page."""
    kinds = [Integer() if isinstance(column.type, Integer) else String() for column in key]
    begin = _read(after, [isinstance(kind, Integer) for kind in kinds])
    if begin is not None:  # a moment is compared as the text that it is stored as
        left = tuple_(*(type_coerce(column, kind) for column, kind in zip(key, kinds, strict=True)))
        right = tuple_(*(literal(part, kind) for part, kind in zip(begin, kinds, strict=True)))
        query = query.where(left < right if descending else left > right)
    return query.order_by(*(part.desc() if descending else part.asc() for part in key)).limit(limit + 1)


def _read(after: str, numbers: Sequence[bool]) -> list[Any] | None:
    """The key of a mark; a mark that is none begins at the first page."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        return None
    whole = isinstance(parts, list) and len(parts) == len(numbers)
    return parts if whole and all(map(_fits, parts, numbers)) else None


def _fits(part: Any, number: bool) -> bool:
    if number:
        return type(part) is int and 0 <= part < LARGEST
    return isinstance(part, str) and "\0" not in part
