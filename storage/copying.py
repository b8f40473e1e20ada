"""A database copied while others write to it, and what of a copy can be compared afterwards. Knows no file of a case.

SQLite by its online backup, step by step, in one reading: in WAL mode no writer waits for it, and no writer makes it
begin again. What PostgreSQL needs to have its own programs copy the same moment is told here, too.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypedDict

from sqlalchemy import Connection, inspect, text

from storage import migrate
from storage.database import Database

STEP_PAGES: Final = 256
"""Pages of one step of SQLite's online backup: a megabyte."""
MAGIC: Final = b"SQLite format 3\0"
_FUNCTIONS = "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"


_TOLD: Final = frozenset(
    {"host", "hostaddr", "port", "dbname", "user", "service", "sslmode", "sslrootcert", "sslcert", "sslkey"}
)
"""Words of a connection that every version of PostgreSQL's programs understands; the driver knows newer ones."""


class Facts(TypedDict):
    """What must be the same in a database and in its copy."""

    schema: str | None  # Alembic's revision
    counts: dict[str, int]  # rows by table
    accounts: list[Any]  # sequence and hash of the last account event
    cases: str  # SHA-256 over the head of every case


@dataclass(frozen=True, slots=True)
class Target:
    """Where PostgreSQL's own programs find a database, and what they may not be told on the command line."""

    conninfo: str
    password: str
    server: int  # its major version
    snapshot: str  # that they are to read; empty: any


def is_sqlite(file: Path) -> bool:
    """Whether a file is a database of SQLite."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def copy_sqlite(source: Path, target: Path, between: Callable[[], None], pages: int = STEP_PAGES) -> None:
    """Copy a database as it stands now into an empty file; ``between`` is called after every step. Raises OSError."""
    with closing(sqlite3.connect(source, timeout=30, isolation_level=None)) as opened:
        opened.execute("BEGIN")
        opened.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on one moment is seen
        with _told_as_os_error(target), closing(sqlite3.connect(target, isolation_level=None)) as copy:
            opened.backup(copy, pages=pages, progress=lambda *_: between())
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself


def what_is_wrong(file: Path) -> str:
    """What SQLite finds wrong in a database; empty when it is sound."""
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        try:
            found = str(opened.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)
    return "" if found == "ok" else found


@contextmanager
def _told_as_os_error(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(f"{target.name}: {error}") from error


def facts(connection: Connection) -> Facts:
    """What of this database its copy must have, too. Reads every table."""
    known = inspect(connection)
    tables = sorted(known.get_table_names())
    quote = connection.dialect.identifier_preparer.quote
    counts = {one: connection.execute(text(f"SELECT count(*) FROM {quote(one)}")).scalar_one() for one in tables}  # noqa: S608
    last: list[Any] = []
    if "account_events" in tables:
        found = connection.execute(text("SELECT sequence, hash FROM account_events ORDER BY sequence DESC LIMIT 1"))
        last = [list(row) for row in found][:1]
    heads = hashlib.sha256()
    if "cases" in tables:
        for row in connection.execute(text("SELECT id, revision, head FROM cases ORDER BY id")):
            heads.update(f"{row.id}:{row.revision}:{row.head}\n".encode())
    schema = migrate.current(connection)
    return {"schema": schema, "counts": counts, "accounts": last[0] if last else [], "cases": heads.hexdigest()}


def file_facts(file: Path) -> Facts:
    """The same of a file of SQLite."""
    database = Database(f"sqlite:///{file}")
    try:
        with database.read() as connection:
            return facts(connection)
    finally:
        database.close()


def named_files(connection: Connection) -> set[str]:
    """The digests of all files that rows name."""
    tables = inspect(connection).get_table_names()
    found: set[str] = set()
    for table in ("attachments", "papers"):
        if table in tables:
            found |= set(connection.execute(text(f"SELECT DISTINCT digest FROM {table}")).scalars())  # noqa: S608
    return found


def rows_that_matter(connection: Connection) -> dict[str, int]:
    """How many rows there are in what an installation begins with: nothing of it, and it is empty."""
    tables = inspect(connection).get_table_names()
    begins = ("organisations", "users", "definitions", "cases", "account_events")
    counts = {
        one: connection.execute(text(f"SELECT count(*) FROM {one}")).scalar_one()  # noqa: S608
        for one in begins
        if one in tables
    }
    return {one: count for one, count in counts.items() if count}


def target_of(connection: Connection, *, snapshot: bool) -> Target:
    """Where PostgreSQL's programs find this database. ``snapshot``: they are to read what this reading sees."""
    from psycopg.conninfo import make_conninfo

    driver: Any = connection.connection.driver_connection
    name = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()) if snapshot else ""
    told = make_conninfo("", **{name: one for name, one in driver.info.get_parameters().items() if name in _TOLD})
    return Target(told, driver.info.password, driver.info.server_version // 10000, name)


def drop_everything(database: Database) -> None:
    """Take every table and function of ours out of a PostgreSQL database, so that its own programs find it empty."""
    with database.write() as connection:
        for table in inspect(connection).get_table_names():
            name = connection.dialect.identifier_preparer.quote(table)
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name} CASCADE")
        for function in connection.exec_driver_sql(_FUNCTIONS).scalars().all():
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function} CASCADE")
