"""A transaction whose loss to another one is a fact that a person can read. Knows no table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import Conflict
from storage.database import Connection, Database, LostRace


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """One transaction. Raises Conflict when another was first and nothing of this one was kept."""
    try:
        with database.write() as connection:
            yield connection
    except LostRace as lost:
        raise Conflict() from lost
