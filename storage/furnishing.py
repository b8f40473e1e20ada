"""A database in memory with what of an installation is nobody's secret: organisations, calendar, definitions, articles.

No account, case or record is ever in it. It travels as the bytes of a database of SQLite. Knows no file on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Table, insert, select

from storage import migrate
from storage.calendars import calendar_decisions, calendar_followed, calendar_proposals
from storage.database import Database
from storage.names import organisation_names
from storage.organisations import organisations
from storage.regulation import regulation_articles
from storage.tables import definitions

COPIED: Final[tuple[Table, ...]] = (
    organisations, organisation_names, calendar_proposals, calendar_decisions, calendar_followed, regulation_articles,
    definitions,
)  # fmt: skip
PEOPLE: Final = {"published_by": None, "proposed_by": None, "decided_by": 0}
"""Columns that name a person, and what stands there instead."""
Rows = dict[str, list[dict[str, Any]]]


def standing(connection: Connection) -> Rows:
    """All of it by table, with nobody's number; of definitions those that are current."""
    found: Rows = {}
    for table in COPIED:
        query = select(table).where(table.c.current) if table is definitions else select(table)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        found[table.name] = [{**row, **{name: PEOPLE[name] for name in PEOPLE.keys() & row.keys()}} for row in rows]
    return found


def image(rows: Rows) -> bytes:
    """A database of the newest schema with these rows."""
    with memory(empty()) as (database, keeper):
        with database.write() as connection:
            for table in COPIED:
                if rows[table.name]:
                    connection.execute(insert(table), rows[table.name])
        database.close()
        return bytes_of(keeper)


@cache
def empty() -> bytes:
    """A database with the newest schema alone."""
    with _fresh() as (database, keeper):
        migrate.upgrade(database)
        database.close()
        return bytes_of(keeper)


@contextmanager
def memory(content: bytes) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """A database in this process's memory with that content; it is there as long as its keeper."""
    with _fresh() as (database, keeper):
        put_back(keeper, content)
        yield database, keeper


@contextmanager
def _fresh() -> Iterator[tuple[Database, sqlite3.Connection]]:
    place = f"file:/{uuid4().hex}?vfs=memdb"
    with closing(sqlite3.connect(place, uri=True, check_same_thread=False)) as keeper:
        yield Database(f"sqlite:///{place}&uri=true"), keeper


def bytes_of(keeper: sqlite3.Connection) -> bytes:
    """All that stands in it now."""
    with closing(sqlite3.connect(":memory:")) as copy:
        keeper.backup(copy)
        return copy.serialize()


def put_back(keeper: sqlite3.Connection, content: bytes) -> None:
    """Let it stand as it stood then; no other connection may be at work."""
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(content)
        copy.backup(keeper)
