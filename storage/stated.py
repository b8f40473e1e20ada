"""What stands in any table, row by row: its key, and a hash over its columns as they are stored. Knows no table.

Nothing is parsed: what cannot be read has a hash like all else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Integer, String, Table, func, select, text, tuple_, type_coerce

from storage.anchor_entries import SLICE
from storage.columns import Json, Unreadable, UtcTime
from storage.database import Database
from storage.migrate import all_tables

PATIENCE_SECONDS = 5


class StatedRow(NamedTuple):
    """A row: its key as JSON, the hash of all its columns but some, and its number if its key is one."""

    subject: str
    hash: str
    number: int
    person: int | None  # in the column that names whose it is


@cache
def table_of(name: str) -> Table:
    """The table of that name, whatever module describes it. Raises KeyError."""
    return all_tables().tables[name]


def is_numbered(name: str) -> bool:
    """Whether the rows of a table have an id that the database gives, in the order in which they are written."""
    keys = table_of(name).primary_key.columns
    return len(keys) == 1 and all(isinstance(one.type, Integer) and not one.foreign_keys for one in keys)


def stated(
    connection: Connection, name: str, but: Collection[str] = (), person: str = "", upto: int | None = None,
    whose: tuple[str, int | None] = ("", None),
) -> Iterator[list[StatedRow]]:  # fmt: skip
    """Every row of a table, slice by slice in the order of its key; ``upto``: rows up to this number.

    ``whose``: only those that have this number in this column, where both are given.
    """
    table = table_of(name)
    keys = [column.name for column in table.primary_key]
    columns = {column.name: _raw(column) for column in table.c if column.name not in but}
    query = select(*columns.values(), *([table.c[person].label("_whose")] if person else []))
    query = query.order_by(*table.primary_key)
    if upto is not None:
        query = query.where(table.c[keys[0]] <= upto)
    if whose[0] and whose[1] is not None:
        query = query.where(table.c[whose[0]] == whose[1])
    found = connection.execute(query.execution_options(yield_per=SLICE))
    places = [list(columns).index(key) for key in keys]
    for part in found.partitions():
        yield [_stated(name, list(columns), places, tuple(row), bool(person)) for row in part]


def as_stored(connection: Connection, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table by column, moments and JSON as the texts that are stored."""
    table = table_of(name)
    query = select(*map(_raw, table.c)).order_by(*table.primary_key)
    for row in connection.execute(query).mappings():
        yield {str(column): value for column, value in row.items()}


def present(connection: Connection, name: str, subjects: Sequence[str]) -> set[str]:
    """Which of these keys have a row; some hundreds of them at most."""
    table = table_of(name)
    keys = [type_coerce(one, String) if isinstance(one.type, UtcTime) else one for one in table.primary_key]
    wanted = [tuple(orjson.loads(one)) for one in subjects]
    query = select(*keys).where(tuple_(*keys).in_(wanted))
    return {subject_of(tuple(row)) for row in connection.execute(query)}


def subject_of(key: Sequence[object]) -> str:
    """A key as JSON."""
    return orjson.dumps(list(key), default=repr).decode()


def number_of(subject: str) -> int:
    """The number that is the key; 0 for a key that is none."""
    key = orjson.loads(subject)
    return key[0] if len(key) == 1 and isinstance(key[0], int) else 0


def ceilings(database: Database, names: Sequence[str]) -> dict[str, int]:
    """By table the number up to which no row can come any more that is not there. Raises Unavailable.

    On PostgreSQL a row may be written under a lower number than one that is there already: whoever does so now is
    waited for, table by table. SQLite's writers follow each other.
    """
    return {name: _ceiling(database, name) for name in names}


def _ceiling(database: Database, name: str) -> int:
    (key,) = table_of(name).primary_key.columns
    newest = select(func.max(key))
    if database.is_sqlite:
        with database.read() as connection:
            return int(connection.execute(newest).scalar() or 0)
    with database.write() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'"))
        # A case has its number as soon as its series is counted.
        connection.execute(text(f"LOCK TABLE {'sequences' if name == 'cases' else name} IN SHARE MODE"))
        return int(connection.execute(newest).scalar() or 0)


def _raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column with moments and JSON as the texts that are stored."""
    if not isinstance(column.type, UtcTime | Json):
        return column
    text_of: ColumnElement[Any] = type_coerce(column, String).label(column.key)
    return text_of


def _stated(name: str, columns: Sequence[str], places: Sequence[int], row: Sequence[object], named: bool) -> StatedRow:
    values, whose = (row[:-1], row[-1]) if named else (row, None)
    key = [values[place] for place in places]
    said = orjson.dumps([name, *zip(columns, values, strict=True)], default=_plain)
    person = whose if isinstance(whose, int) else None
    subject = subject_of(key)
    return StatedRow(subject, hashlib.sha256(said).hexdigest(), number_of(subject), person)


def _plain(value: object) -> str:
    return f"unreadable {value.stored!r}" if isinstance(value, Unreadable) else repr(value)
