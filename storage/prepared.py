"""Statements of the step path, written once and handed to the driver directly. Knows no table.

For every execution SQLAlchemy looks the compiled text up, picks processors, builds a result and its rows; for
statements as small as ours that takes longer than the database does (docs/profile.md). Here all that is done once for a
statement and a dialect; what is stored is the same, to the byte. Everything else goes through SQLAlchemy as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]
Processor = Callable[[Any], Any] | None
_CURSOR = "prepared"


@dataclass(frozen=True, slots=True)
class _Way:
    """How a statement is said to one driver, and how its answer is read."""

    text: str
    binds: tuple[tuple[str, Processor], ...]
    columns: tuple[tuple[str, Processor], ...]
    by_position: bool

    def parameters(self, given: Row) -> Any:
        if self.by_position:
            return [given[name] if into is None else into(given[name]) for name, into in self.binds]
        return {name: given[name] if into is None else into(given[name]) for name, into in self.binds}

    def row(self, found: tuple[Any, ...]) -> dict[str, Any]:
        pairs = zip(self.columns, found, strict=True)
        return {name: value if out is None else out(value) for (name, out), value in pairs}


class Prepared:
    """One statement of SQLAlchemy Core; all its values are named ``bindparam``. Runs inside a transaction only."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._ways: dict[str, _Way] = {}

    def change(self, connection: Connection, values: Row) -> int:
        """Run it; how many rows it changed."""
        return int(self._run(connection, values)[1].rowcount)

    def value(self, connection: Connection, values: Row) -> Any:
        """The first column of the first row, or None."""
        found = self.one(connection, values)
        return None if found is None else next(iter(found.values()))

    def one(self, connection: Connection, values: Row) -> dict[str, Any] | None:
        """The first row by column name, or None."""
        return next(iter(self.all(connection, values)), None)

    def all(self, connection: Connection, values: Row) -> list[dict[str, Any]]:
        """Every row by column name."""
        way, cursor = self._run(connection, values)
        return [way.row(found) for found in cursor.fetchall()]

    def _run(self, connection: Connection, values: Row) -> tuple[_Way, Any]:
        way = self._ways.get(connection.dialect.name) or self._written(connection)
        cursor = connection.info.get(_CURSOR)
        if cursor is None:  # one a connection: psycopg takes a third of a statement's time to make it
            driver: Any = connection.connection.driver_connection
            cursor = connection.info[_CURSOR] = driver.cursor()
        cursor.execute(way.text, way.parameters(values))
        return way, cursor

    def _written(self, connection: Connection) -> _Way:
        dialect = connection.dialect
        compiled = self._statement.compile(dialect=dialect)
        names = compiled.positiontup if compiled.positional else list(compiled.binds)
        way = _Way(
            str(compiled),
            tuple((name, _bound(compiled.binds[name].type, dialect)) for name in names or ()),
            tuple((column.key or "", _read(column.type, dialect)) for column in self._statement.exported_columns),
            compiled.positional,
        )
        return self._ways.setdefault(dialect.name, way)


def _bound(kind: TypeEngine[Any], dialect: Any) -> Processor:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _read(kind: TypeEngine[Any], dialect: Any) -> Processor:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
