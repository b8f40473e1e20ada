"""Databases that programs before this one left, with their demo: one for each stored format that ever shipped.

``tests/data/databases`` holds them as the text that SQLite dumps, by the newest migration of that program. On
PostgreSQL the same rows are laid into tables that the migrations up to there have made.
"""

from __future__ import annotations

import lzma
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import ARRAY, Boolean, LargeBinary, MetaData, Table, insert

from engine.application import open_application
from storage import migrate
from storage.database import Database
from tests.house import Folder, House, TestClock
from tests.postgres import Server

_TOGETHER = {0xE000 + point: point for point in range(0x80)}
"""SQLite's grams of words back as they are where there are arrays (``storage.words``)."""
SAVED = Path(__file__).parent / "data" / "databases"
REVISIONS = ("first_tables", "calendars", "endings", "directory", "as_issued", "open_tasks", "state_pieces")
"""Programs by the migration at which they stood, the oldest first."""


def restored(folder: Path, revision: str, server: Server | None = None) -> str:
    """The address of a database as a program before left it."""
    path = folder / "gangwei.db"
    old = sqlite3.connect(path)
    old.executescript(lzma.decompress((SAVED / f"{revision}.sql.xz").read_bytes()).decode())
    try:
        return f"sqlite:///{path}" if server is None else _laid_into(server, old, revision)
    finally:
        old.close()


def house_of(folder: Path, url: str) -> House:
    """An open installation on such a database, some time after all that has happened in it."""
    where, clock = Folder(folder, url), TestClock()
    application = open_application(where, clock)
    with application.database.read() as connection:
        moments = "SELECT max(updated_at) FROM cases UNION SELECT max(valid_from) FROM memberships"
        newest = max(connection.exec_driver_sql(moments).scalars())
    clock.at = clock.at.fromisoformat(newest)
    clock.move(minutes=1)
    return House(application, clock, where)


def _laid_into(server: Server, old: sqlite3.Connection, revision: str) -> str:
    url = server.url(server.create())
    database = Database(url)
    migrate.upgrade(database, to=revision)
    with database.write() as connection:
        known = MetaData()
        known.reflect(connection)
        for table in known.sorted_tables:
            if table.name != "alembic_version":
                _lay(connection, old, table)
    database.close()
    return url


def _lay(connection: Any, old: sqlite3.Connection, table: Table) -> None:
    columns = list(table.c)
    names = ", ".join(f'"{column.name}"' for column in columns)
    found = old.execute(f"SELECT {names} FROM {table.name}").fetchall()
    rows = [{column.name: _value(column, value) for column, value in zip(columns, row, strict=True)} for row in found]
    if rows:
        connection.execute(insert(table), rows)
    if rows and "id" in table.c and table.c.id.type.python_type is int:  # numbers do not follow what was put there
        last = max(row["id"] for row in rows)
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})")


def _value(column: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, ARRAY):
        return [gram.translate(_TOGETHER) for gram in value.split(" ")]
    if isinstance(column.type, Boolean):
        return bool(value)
    return value.encode() if isinstance(column.type, LargeBinary) and isinstance(value, str) else value
