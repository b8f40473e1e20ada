"""The one door to the database: an engine and a transaction. Knows no table."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Executable, MetaData, Table, create_engine, event, insert
from sqlalchemy.exc import DBAPIError

from storage import prepared, shared
from storage.columns import Json, UtcTime, utc_text, utc_time
from storage.connecting import PATIENT_SECONDS, engine_options, prepare_postgresql, prepare_sqlite, send_first
from storage.failing import BUSY, Outage, Seats, Unavailable, hurry, why
from storage.prepared import WouldWrite, is_foreseen
from storage.turns import turns_at

if TYPE_CHECKING:  # no step waits for the import of what only lists need
    from sqlalchemy.orm import Session

# Connection too: the engine passes it on.
__all__ = [
    "Connection", "Database", "Json", "LostRace", "Unavailable", "Unreachable", "UtcTime",
    "WouldWrite", "engine_options", "is_foreseen", "metadata", "row_of", "rows_of", "utc_text", "utc_time",
]  # fmt: skip
R = TypeVar("R")
Unreachable = (DBAPIError, Unavailable)
"""The database itself has failed: nothing can be said of what is in it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IN_MEMORY = "file:/"
"""So the name of a database begins that the connections of one process share in its memory (``storage.furnishing``)."""
SPARE = 1  # so many more threads may read than write
RACES = frozenset({"23505", "40001", "40P01"})
"""PostgreSQL's words for: a key was taken meanwhile, not serialisable, deadlock. SQLite's writers queue instead."""
WRITES_IN_READING = "25006"  # PostgreSQL's, also where all of it is read-only


class LostRace(Exception):
    """Another transaction was first; nothing of this one was kept, and the same again may succeed."""


def rows_of(connection: Connection, query: Executable, kind: type[R]) -> list[R]:
    """Every row that a query gives, as dicts of a TypedDict that the caller vouches for."""
    found = connection.execute(query)
    names = tuple(found.keys())
    return [cast(R, dict(zip(names, row, strict=True))) for row in found]


def new_id(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row; the id that the database has given it."""
    key = connection.execute(insert(table), dict(row)).inserted_primary_key
    assert key is not None
    (number,) = key
    return int(number)


def row_of(
    connection: Connection, query: Executable, kind: type[R], values: Mapping[str, Any] | None = None
) -> R | None:
    """The first row of a query in the same way, or None. ``values``: of each ``sqlalchemy.bindparam`` in it."""
    found = connection.execute(query, values)
    names, row = tuple(found.keys()), found.first()
    return None if row is None else cast(R, dict(zip(names, row, strict=True)))


class Database:
    """SQLAlchemy's engine with our rules for a transaction. Safe to share between threads.

    SQLite runs in WAL mode with ``synchronous=FULL``: what was acknowledged survives a power cut. A writer takes the
    write lock at once (``BEGIN IMMEDIATE``): two writers queue (``storage.turns``) instead of failing half-way.
    """

    def __init__(self, source: str | Engine) -> None:
        """``source``: a URL, or an engine that was made with ``engine_options`` and has connected to nothing yet."""
        self.engine = create_engine(source, **engine_options(source)) if isinstance(source, str) else source
        weakref.finalize(self, self.engine.dispose)  # one that is forgotten gives its connections back, too
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.outage, self.seats = Outage(), Seats()
        self._turn: Callable[[float], AbstractContextManager[None]] = lambda _: nullcontext()
        if not self.is_sqlite:
            event.listen(self.engine, "connect", prepare_postgresql)
            event.listen(self.engine, "before_cursor_execute", send_first)
            return
        event.listen(self.engine, "connect", prepare_sqlite)
        file = self.engine.url.database
        self._turn = turns_at(file or "").turn
        if file and file != ":memory:" and not file.startswith(IN_MEMORY):
            Path(file).parent.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, or a part of that of ``together``: commits at the end, rolls back on any exception.

        One that is only foreseen raises WouldWrite where it would begin to write. Raises LostRace, Unavailable.
        """
        if shared.foreseen.get() is self:
            with self.read() as connection, prepared.foreseeing(connection):
                yield connection
            return
        whole, part, began = shared.whole.get(), self.is_together, time.monotonic()
        with self._watched(), whole.part() if whole is not None and part else self._write() as connection:
            yield connection
        if not part:
            self.outage.done(began, wrote=True)

    @contextmanager
    def _watched(self, spare: int = 0, *, reads: bool = False) -> Iterator[None]:
        """Say of a failure what it means, and let the log hear when an outage begins.

        ``reads``: the transaction is for reading alone, so that a writing in it is a fault of the program's own.
        """
        with self.seats.one(spare) if hurry.get() is not None else nullcontext():
            try:
                yield
            except Unavailable:
                raise
            except Exception as error:
                state = getattr(getattr(error, "orig", error), "sqlstate", None)
                if state in RACES:
                    raise LostRace from error
                reason = why(error)
                if reason is None or (reads and state == WRITES_IN_READING):
                    raise
                self._failed(reason, error)
                raise Unavailable(reason, error) from error

    def _failed(self, reason: str, error: Exception) -> None:
        self.outage.failed(reason, error)
        one = hurry.get()
        if one is not None:
            one.seconds = 0

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        snapshot = shared.snapshot.get()
        if snapshot is not None and snapshot.owner is self:
            snapshot.forget()  # what is read after must see what was written
        one, began = hurry.get(), time.monotonic()
        seconds = PATIENT_SECONDS if one is None else one.seconds
        with self._turn(seconds), self.engine.connect() as connection:
            connection.begin()  # what is prepared goes past SQLAlchemy, which would not know of it
            self._wait(connection, max(0.0, seconds - (time.monotonic() - began)))
            prepared.begin(connection)
            try:
                yield connection
                prepared.send(connection)
            except BaseException:
                self._undo(connection)
                raise
            self._end(connection, "COMMIT")

    def _wait(self, connection: Connection, seconds: float) -> None:
        """Wait for who writes at this moment: SQLite's writers here, PostgreSQL's at the first row that two want."""
        if not self.is_sqlite:
            if not seconds:  # it has waited in vain a moment ago
                raise Unavailable(BUSY)
            return
        milliseconds = round(seconds, 1) * 1000
        if connection.info.get("waits", PATIENT_SECONDS * 1000) != milliseconds:
            _say(connection, f"PRAGMA busy_timeout={milliseconds:.0f}")
            connection.info["waits"] = milliseconds
        _say(connection, "BEGIN IMMEDIATE")

    @contextmanager
    def together(self, first: Callable[[Connection], None]) -> Iterator[shared.Whole]:
        """Let all that is written inside, in this thread, be one transaction; what is read after is read in it.

        ``first`` is called as soon as it begins, with the first writing. Commits at the end, rolls back on any
        exception that leaves it. Raises LostRace, Unavailable.
        """
        began = time.monotonic()
        with self._watched(), ExitStack() as stack:
            whole = shared.Whole(self, self._write, first, stack)
            token = shared.whole.set(whole)
            stack.callback(shared.whole.reset, token)
            yield whole
        if whole.connection is not None:
            self.outage.done(began, wrote=True)

    @contextmanager
    def foreseeing(self) -> Iterator[None]:
        """Let what is written inside, in this thread, only be foreseen: what would write ends there, nothing is held.

        Nobody waits for it. What comes of it is known when it is done in earnest on what has not changed meanwhile.
        """
        token = shared.foreseen.set(self)
        try:
            with suppress(prepared.WouldWrite):
                yield
        finally:
            shared.foreseen.reset(token)

    @property
    def is_together(self) -> bool:
        """Whether this thread writes ``together``: its transaction ends with that."""
        return getattr(shared.whole.get(), "owner", None) is self

    def _undo(self, connection: Connection) -> None:
        """Roll back. A connection that cannot even do that is given up; what is told is why all this began."""
        prepared.forget(connection)
        try:
            self._end(connection, "ROLLBACK")
        except Exception:
            connection.invalidate()

    def _end(self, connection: Connection, how: str) -> None:
        if self.is_sqlite:
            _say(connection, how)
        if how == "COMMIT":
            connection.commit()
        else:
            connection.rollback()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let every reading inside, in this thread, see one snapshot; a writing inside begins a new one."""
        with ExitStack() as stack:
            token = shared.snapshot.set(shared.Snapshot(self, self._read, stack))
            try:
                yield
            finally:
                shared.snapshot.reset(token)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent snapshot for reading, that of ``snapshot`` inside one; nothing written here is kept.

        What was written ``together`` is seen.
        """
        began = time.monotonic()
        with self._watched(SPARE, reads=True), self._shared() or self._read() as connection:
            yield connection
        self.outage.done(began, wrote=False)

    @contextmanager
    def autocommit(self) -> Iterator[Connection]:
        """Reading where each statement stands at a moment of its own; inside a ``snapshot``, that one."""
        began = time.monotonic()
        with self._watched(SPARE), self._shared() or self._autocommit() as connection:
            yield connection
        self.outage.done(began, wrote=False)

    def _shared(self) -> AbstractContextManager[Connection] | None:
        whole, snapshot = shared.whole.get(), shared.snapshot.get()
        if whole is not None and whole.owner is self and whole.connection is not None:
            return nullcontext(whole.connection)
        return snapshot.reading() if snapshot is not None and snapshot.owner is self else None

    @contextmanager
    def _autocommit(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:  # SQLite's driver begins nothing by itself (``storage.connecting``)
            if not self.is_sqlite:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            if not self.is_sqlite:  # PostgreSQL's usual level would show each statement another moment
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.begin()
            if self.is_sqlite:
                _say(connection, "BEGIN")
            try:
                yield connection
            finally:
                self._undo(connection)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A reading for objects instead of rows (``storage.mapped``)."""
        from sqlalchemy.orm import Session

        with self.read() as connection, Session(connection) as session:
            yield session

    def close(self) -> None:
        """Give every connection back to the system."""
        self.engine.dispose()


def _say(connection: Connection, words: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(words)
