"""Statements of the step path, written once and handed to the driver directly. Knows no table.

For every execution SQLAlchemy looks the compiled text up, picks processors, builds a result and its rows; for
statements as small as ours that takes longer than the database does (docs/profile.md). Here all that is done once for a
statement and a dialect; what is stored is the same, to the byte. Everything else goes through SQLAlchemy as usual.

On PostgreSQL a way to the server and back costs as much as a statement. Writes of which no answer is wanted wait there
for the next statement, or for the end of the transaction, and go as one: ``WITH w0 AS (…), w1 AS (…) …``.

What is only foreseen (``foreseeing``) reads without holding anything and ends at its first writing.

In a snapshot (``remember``) the same question has the same answer: it is asked once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, Delete, Insert, Select, Update, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.types import TypeEngine

Row = Mapping[str, object]
Processor = Callable[[Any], Any]
_DRIVER = "driver"
_NUMBERED = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""PostgreSQL's own placeholders, ``$1``: psycopg need not look for others."""
_PLACE = re.compile(r"\$(\d+)")
_HOLDS = re.compile(r"\s+FOR (UPDATE|SHARE)( OF \w+)?( SKIP LOCKED)?\s*$")
_REMEMBERED = 100
"""Questions, and rows of an answer, at most: a page asks some sixty, a long list is read once."""
_WRITES_NOTHING = re.compile(r"\s*(SELECT|WITH|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)


class WouldWrite(BaseException):
    """What is only foreseen has come to its first writing. No failure, so nobody who goes on after one catches it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """How a statement is said to one driver, and how its answer is read."""

    text: str
    binds: tuple[str, ...] = ()
    into: tuple[tuple[int, Processor], ...] = ()  # of the values that the driver cannot take as they are
    columns: tuple[str, ...] = ()
    out_of: tuple[tuple[str, Processor], ...] = ()  # of the columns whose values come otherwise from the driver

    def values(self, given: Row) -> list[Any]:
        said = [given[name] for name in self.binds]
        for at, into in self.into:
            said[at] = into(said[at])
        return said

    def row(self, found: tuple[Any, ...]) -> dict[str, object]:
        known: dict[str, object] = dict(zip(self.columns, found, strict=True))
        for name, out_of in self.out_of:
            known[name] = out_of(known[name])
        return known


@dataclass(slots=True)
class _Waiting:
    """Writes of one transaction that the server has not heard of yet."""

    ways: list[_Way] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    tables: set[Any] = field(default_factory=set)

    def clear(self) -> None:
        for part in (self.ways, self.values, self.tables):
            part.clear()


@dataclass(slots=True)
class _Driver:
    """What is kept beside a connection of the driver: one cursor, and what waits in the transaction under way."""

    cursor: Any
    waiting: _Waiting | None = None
    foreseen: bool = False  # what would write ends, and nothing is held
    answers: dict[tuple[Any, ...], list[tuple[Any, ...]]] | None = None  # those of one snapshot


class Prepared:
    """One statement of SQLAlchemy Core, run inside a transaction; each value is a named ``sqlalchemy.bindparam``."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._ways: dict[str, _Way] = {}

    def write(self, connection: Connection, values: Row) -> None:
        """Run it, at the latest before anything else is asked: its failure may show only then."""
        way, driver = self._way(connection), _driver(connection)
        if driver.foreseen:
            raise WouldWrite
        waiting = self._joined(connection, driver)
        if waiting is None:
            _say(connection, driver, way, way.values(values))
            return
        waiting.ways.append(way)
        waiting.values += way.values(values)
        waiting.tables.add(getattr(self._statement, "table", None))

    def change(self, connection: Connection, values: Row) -> int:
        """Run it, together with what waits; how many rows it changed."""
        way, driver = self._way(connection), _driver(connection)
        if driver.foreseen:
            raise WouldWrite
        waiting, said = self._joined(connection, driver), way.values(values)
        if waiting is not None and waiting.ways:
            way, said = _together((*waiting.ways, way)), [*waiting.values, *said]
            waiting.clear()
        _say(connection, driver, way, said)
        return int(driver.cursor.rowcount)

    def _joined(self, connection: Connection, driver: _Driver) -> _Waiting | None:
        """What waits, if this statement may go with it: parts of one do not see each other's rows, so what changes
        or removes a row must not go with what makes it."""
        waiting = driver.waiting
        adds = isinstance(self._statement, Insert)
        if waiting and not adds and getattr(self._statement, "table", None) in waiting.tables:
            _send(connection, driver)
        return waiting

    def value(self, connection: Connection, values: Row) -> Any:
        """The first column of the first row, or None."""
        found = self.one(connection, values)
        return None if found is None else next(iter(found.values()))

    def one(self, connection: Connection, values: Row) -> dict[str, object] | None:
        """The first row by column name, or None."""
        return next(iter(self.all(connection, values)), None)

    def all(self, connection: Connection, values: Row) -> list[dict[str, object]]:
        """Every row by column name."""
        way, driver = self._way(connection), _driver(connection)
        if driver.foreseen:
            if not isinstance(self._statement, Select):
                raise WouldWrite
            way = _unheld(way)
        if driver.waiting is not None:
            _send(connection, driver)
        return [way.row(found) for found in _answer(connection, driver, way, way.values(values))]

    def _way(self, connection: Connection) -> _Way:
        name = connection.dialect.name
        way = self._ways.get(name)
        if way is None:
            dialect = _NUMBERED if name == "postgresql" else connection.dialect
            compiled = self._statement.compile(dialect=dialect)
            binds = tuple(compiled.positiontup or ())
            into = ((at, _bound(compiled.binds[bind].type, dialect)) for at, bind in enumerate(binds))
            columns = {column.key or "": _read(column.type, dialect) for column in self._statement.exported_columns}
            way = self._ways[name] = _Way(
                str(compiled),
                binds,
                tuple((at, one) for at, one in into if one is not None),
                tuple(columns),
                tuple((column, one) for column, one in columns.items() if one is not None),
            )
        return way


def begin(connection: Connection) -> None:
    """Let writes wait from here on, where that pays."""
    if connection.dialect.name == "postgresql" and not connection.invalidated:
        _driver(connection).waiting = _Waiting()


def remember(connection: Connection) -> None:
    """Let what is answered be the answer until the transaction, a snapshot that is only read, ends."""
    _driver(connection).answers = {}


def forget(connection: Connection) -> None:
    """Let nothing wait or be remembered: the transaction is rolled back. One that was cut off has nothing of both."""
    driver = None if connection.invalidated else connection.info.get(_DRIVER)
    if driver is not None:
        driver.waiting = driver.answers = None


def send(connection: Connection) -> None:
    """Run what waits, in one statement."""
    driver = connection.info.get(_DRIVER)
    if driver is not None:
        _send(connection, driver)


@contextmanager
def foreseeing(connection: Connection) -> Iterator[None]:
    """Let whatever would write inside raise WouldWrite, and what is read there be held by nobody."""
    driver = _driver(connection)
    if driver.foreseen:
        yield
        return
    driver.foreseen = True
    event.listen(connection, "before_cursor_execute", _only_reads, retval=True)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", _only_reads)
        driver.foreseen = False


def is_foreseen(connection: Connection) -> bool:
    """Whether what is done there is only foreseen."""
    driver: _Driver | None = connection.info.get(_DRIVER)
    return driver is not None and driver.foreseen


def _only_reads(_connection: Connection, _cursor: Any, text: str, values: Any, said: Any, _: Any) -> tuple[str, Any]:
    """The statement without what it would hold. Raises WouldWrite."""
    if said.isinsert or said.isupdate or said.isdelete or not _WRITES_NOTHING.match(text):
        raise WouldWrite
    return _HOLDS.sub("", text), values


@lru_cache(maxsize=256)
def _unheld(way: _Way) -> _Way:
    return replace(way, text=_HOLDS.sub("", way.text))


def _send(connection: Connection, driver: _Driver) -> None:
    waiting = driver.waiting
    if waiting is None or not waiting.ways:
        return
    way, values = _together(tuple(waiting.ways)), list(waiting.values)
    waiting.clear()
    _say(connection, driver, way, values)


@lru_cache
def _together(ways: tuple[_Way, ...]) -> _Way:
    """Several statements as one, which answers as the last would; their places are numbered through."""
    parts: list[str] = []
    shift = 0
    for way in ways:
        parts.append(_PLACE.sub(partial(_shifted, shift), way.text))
        shift += len(way.binds)
    before = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(parts[:-1]))
    return _Way(f"WITH {before} {parts[-1]}" if before else parts[-1])


def _shifted(by: int, place: re.Match[str]) -> str:
    return f"${int(place[1]) + by}"


def _driver(connection: Connection) -> _Driver:
    beside = connection.info
    found: _Driver | None = beside.get(_DRIVER)
    if found is None:  # one cursor a connection: psycopg takes a third of a statement's time to make it
        own: Any = connection.connection.driver_connection
        cursor = RawCursor(own) if connection.dialect.name == "postgresql" else own.cursor()
        found = beside[_DRIVER] = _Driver(cursor)
    return found


def _answer(connection: Connection, driver: _Driver, way: _Way, values: list[Any]) -> list[tuple[Any, ...]]:
    """The rows as the driver gives them; whoever asks makes values of his own of them."""
    question = (way, *values)
    known = driver.answers.get(question) if driver.answers is not None else None
    if known is not None:
        return known
    _say(connection, driver, way, values)
    rows: list[tuple[Any, ...]] = driver.cursor.fetchall()
    if driver.answers is not None and max(len(rows), len(driver.answers)) < _REMEMBERED:
        driver.answers[question] = rows
    return rows


def _say(connection: Connection, driver: _Driver, way: _Way, values: list[Any]) -> None:
    try:
        driver.cursor.execute(way.text, values)
    except Exception as error:  # SQLAlchemy, which sees nothing of this, would give a dead connection to the next
        if getattr(driver.cursor.connection, "closed", False):
            connection.invalidate(error)
        raise


def _bound(kind: TypeEngine[Any], dialect: Any) -> Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _read(kind: TypeEngine[Any], dialect: Any) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
