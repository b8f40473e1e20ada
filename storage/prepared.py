"""Statements of the step path, written once and handed to the driver directly. Knows no table.

For every execution SQLAlchemy looks the compiled text up, picks processors, builds a result and its rows; for
statements as small as ours that takes longer than the database does (docs/profile.md). Here all that is done once for a
statement and a dialect; what is stored is the same, to the byte. Everything else goes through SQLAlchemy as usual.

On PostgreSQL a way to the server and back costs as much as a statement. Writes of which no answer is wanted wait there
for the next statement, or for the end of the transaction, and go as one: ``WITH w0 AS (…), w1 AS (…) …``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.types import TypeEngine

Row = Mapping[str, object]
Processor = Callable[[Any], Any] | None
_CURSOR, _WAITING = "cursor", "waiting"
_NUMBERED = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""PostgreSQL's own placeholders, ``$1``: psycopg need not look for others."""
_PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How a statement is said to one driver, and how its answer is read."""

    text: str
    binds: tuple[tuple[str, Processor], ...]
    columns: tuple[tuple[str, Processor], ...]

    def values(self, given: Row) -> list[Any]:
        return [given[name] if into is None else into(given[name]) for name, into in self.binds]

    def row(self, found: tuple[Any, ...]) -> dict[str, Any]:
        pairs = zip(self.columns, found, strict=True)
        return {name: value if out is None else out(value) for (name, out), value in pairs}


@dataclass(slots=True)
class _Waiting:
    """Writes of one transaction that the server has not heard of yet."""

    ways: list[_Way] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    tables: set[Any] = field(default_factory=set)

    def clear(self) -> None:
        for part in (self.ways, self.values, self.tables):
            part.clear()


class Prepared:
    """One statement of SQLAlchemy Core, run inside a transaction; each value is a named ``sqlalchemy.bindparam``."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._ways: dict[str, _Way] = {}

    def write(self, connection: Connection, values: Row) -> None:
        """Run it, at the latest before anything else is asked: its failure may show only then."""
        way = self._way(connection)
        waiting = self._joined(connection)
        if waiting is None:
            _say(connection, way, way.values(values))
            return
        waiting.ways.append(way)
        waiting.values += way.values(values)
        waiting.tables.add(getattr(self._statement, "table", None))

    def change(self, connection: Connection, values: Row) -> int:
        """Run it, together with what waits; how many rows it changed."""
        way = self._way(connection)
        waiting = self._joined(connection)
        if waiting is None or not waiting.ways:
            return int(_say(connection, way, way.values(values)).rowcount)
        before, said = (*waiting.ways, way), [*waiting.values, *way.values(values)]
        waiting.clear()
        return int(_say(connection, _together(before), said).rowcount)

    def _joined(self, connection: Connection) -> _Waiting | None:
        """What waits, if this statement may go with it: parts of one do not see each other's rows, so what changes
        or removes a row must not go with what makes it."""
        waiting: _Waiting | None = connection.info.get(_WAITING)
        adds = isinstance(self._statement, Insert)
        if waiting and not adds and getattr(self._statement, "table", None) in waiting.tables:
            send(connection)
        return waiting

    def value(self, connection: Connection, values: Row) -> Any:
        """The first column of the first row, or None."""
        found = self.one(connection, values)
        return None if found is None else next(iter(found.values()))

    def one(self, connection: Connection, values: Row) -> dict[str, Any] | None:
        """The first row by column name, or None."""
        return next(iter(self.all(connection, values)), None)

    def all(self, connection: Connection, values: Row) -> list[dict[str, Any]]:
        """Every row by column name."""
        send(connection)
        way = self._way(connection)
        return [way.row(found) for found in _say(connection, way, way.values(values)).fetchall()]

    def _way(self, connection: Connection) -> _Way:
        name = connection.dialect.name
        way = self._ways.get(name)
        if way is None:
            dialect = _NUMBERED if name == "postgresql" else connection.dialect
            compiled = self._statement.compile(dialect=dialect)
            way = self._ways[name] = _Way(
                str(compiled),
                tuple((bind, _bound(compiled.binds[bind].type, dialect)) for bind in compiled.positiontup or ()),
                tuple((column.key or "", _read(column.type, dialect)) for column in self._statement.exported_columns),
            )
        return way


def begin(connection: Connection) -> None:
    """Let writes wait from here on, where that pays."""
    if connection.dialect.name == "postgresql" and not connection.invalidated:
        connection.info[_WAITING] = _Waiting()


def forget(connection: Connection) -> None:
    """Let nothing wait any more: the transaction is rolled back. One that was cut off has nothing that waits."""
    if not connection.invalidated:
        connection.info.pop(_WAITING, None)


def send(connection: Connection) -> None:
    """Run what waits, in one statement."""
    waiting = connection.info.get(_WAITING)
    if waiting is None or not waiting.ways:
        return
    way, values = _together(tuple(waiting.ways)), list(waiting.values)
    waiting.clear()
    _say(connection, way, values)


@lru_cache
def _together(ways: tuple[_Way, ...]) -> _Way:
    """Several statements as one, which answers as the last would; their places are numbered through."""
    parts: list[str] = []
    shift = 0
    for way in ways:
        parts.append(_PLACE.sub(partial(_shifted, shift), way.text))
        shift += len(way.binds)
    before = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(parts[:-1]))
    return _Way(f"WITH {before} {parts[-1]}" if before else parts[-1], (), ())


def _shifted(by: int, place: re.Match[str]) -> str:
    return f"${int(place[1]) + by}"


def _say(connection: Connection, way: _Way, values: list[Any]) -> Any:
    cursor = connection.info.get(_CURSOR)
    if cursor is None:  # one a connection: psycopg takes a third of a statement's time to make it
        driver: Any = connection.connection.driver_connection
        cursor = RawCursor(driver) if connection.dialect.name == "postgresql" else driver.cursor()
        connection.info[_CURSOR] = cursor
    try:
        cursor.execute(way.text, values)
    except Exception as error:  # SQLAlchemy, which sees nothing of this, would give a dead connection to the next
        if getattr(cursor.connection, "closed", False):
            connection.invalidate(error)
        raise
    return cursor


def _bound(kind: TypeEngine[Any], dialect: Any) -> Processor:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _read(kind: TypeEngine[Any], dialect: Any) -> Processor:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
