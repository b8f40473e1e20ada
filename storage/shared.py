"""What the statements of one thread share: a snapshot for all its readings, a transaction for all its writings; or that
nothing is written at all, because what is done is only foreseen.

Knows no table, and nothing of how a database is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection

from storage import prepared

Opening = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction, which ends with the context."""


class Snapshot:
    """The snapshot that the readings of one thread share: opened by the first of them."""

    def __init__(self, owner: object, opening: Opening, stack: ExitStack) -> None:
        self.owner = owner
        self._opening = opening
        self._stack = stack
        self._connection: Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One reading in it."""
        if self._connection is None:
            self._connection = self._stack.enter_context(self._opening())
            prepared.remember(self._connection)
        try:
            yield self._connection
        except BaseException:
            self.forget()  # a statement may have failed, and PostgreSQL answers nothing more in such a one
            raise

    def forget(self) -> None:
        """Let the next reading begin a new one."""
        self._connection = None
        self._stack.close()


class Whole:
    """The transaction that the writings of one thread share: begun by the first, which ``first`` is told.

    A writing that fails takes back what it wrote, and nothing that was written before it.
    """

    def __init__(self, owner: object, opening: Opening, first: Callable[[Connection], None], stack: ExitStack) -> None:
        self.owner = owner
        self.connection: Connection | None = None
        self._opening = opening
        self._first = first
        self._stack = stack

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """One writing."""
        if self.connection is not None:
            with self._further(self.connection) as connection:
                yield connection
            return
        with ExitStack() as begun:
            connection = begun.enter_context(self._opening())
            self._first(connection)
            yield connection
            prepared.send(connection)  # what fails, fails here and not for whoever comes after
            self._stack.push(begun.pop_all())
        self.connection = connection

    @contextmanager
    def _further(self, connection: Connection) -> Iterator[Connection]:
        prepared.send(connection)
        with connection.begin_nested():
            try:
                yield connection
                prepared.send(connection)
            except BaseException:
                prepared.forget(connection)
                prepared.begin(connection)
                raise


snapshot: ContextVar[Snapshot | None] = ContextVar("snapshot", default=None)
whole: ContextVar[Whole | None] = ContextVar("whole", default=None)
foreseen: ContextVar[object | None] = ContextVar("foreseen", default=None)
"""The database of which this thread only foresees what would be written."""
