"""How SQLAlchemy opens a database of ours, and what each new connection is told. Knows no table and no transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from storage import exact, prepared

WAIT_SECONDS, PATIENT_SECONDS = 4, 30  # that a writer waits for others; the second where nobody waits for him


def engine_options(url: str) -> dict[str, Any]:
    """How SQLAlchemy is to open this database: connections that are alive, and enough of them for every thread."""
    if make_url(url).get_backend_name() != "sqlite":
        given = {"connect_timeout": 3} if "connect_timeout" not in make_url(url).query else {}
        return {"pool_pre_ping": True, "pool_timeout": WAIT_SECONDS, "connect_args": given}
    waits = {"timeout": PATIENT_SECONDS, "check_same_thread": False}
    return {"poolclass": QueuePool, "pool_size": 16, "max_overflow": 16, "connect_args": waits}


def send_first(connection: Connection, *_: Any) -> None:
    """What was prepared and waits comes before whatever SQLAlchemy is about to say."""
    prepared.send(connection)


def prepare_postgresql(connection: Any, _record: Any) -> None:
    """What every new connection to PostgreSQL is told."""
    connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
    connection.commit()


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """What every new connection to SQLite is told."""
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={PATIENT_SECONDS * 1000}")
    cursor.close()
    connection.create_function("same_json", 2, exact.same, deterministic=True)
