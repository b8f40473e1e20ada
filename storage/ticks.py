"""Who looked for due jobs and when, and where the demo's clock was put. Knows no job.

A row of ``ticks`` is a stretch: one worker's looks, one right after the other. Where no stretch reaches, nobody looked.
Its times are the machine's own, never the demo's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, Integer, String, Table, func, insert, literal_column, select, update

from storage.database import UtcTime, metadata, new_id, rows_of

ticks = Table(
    "ticks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("worker", String(120), nullable=False),  # machine and process
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("ahead", Integer, nullable=False),  # seconds that the demo's clock was ahead when the stretch began
    Column("skew", Integer, nullable=False),  # milliseconds that the database's clock was ahead of the worker's
    Column("running", Integer, nullable=False),  # 1 while it is at a job, for it runs one at a time
    Column("done", Integer, nullable=False),  # tries of this worker since it was started
    Column("failed", Integer, nullable=False),
)

clock_moves = Table(
    "clock_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),  # the machine's time
    Column("ahead", Integer, nullable=False),  # seconds from then on; the newest row counts
    Column("user_id", Integer, nullable=False),
)


class TickRow(TypedDict):
    """A stretch of looks."""

    id: int
    worker: str
    first_at: datetime
    last_at: datetime
    ahead: int
    skew: int
    running: int
    done: int
    failed: int


class ClockMoveRow(TypedDict):
    """Where the demo's clock was put."""

    id: int
    at: datetime
    ahead: int
    user_id: int


_NOW = {
    "sqlite": func.strftime("%Y-%m-%dT%H:%M:%fZ", "now"),
    "postgresql": literal_column("to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
}


def begin(connection: Connection, row: Mapping[str, object]) -> int:
    """A new stretch; its id."""
    return new_id(connection, ticks, row)


def go_on(connection: Connection, stretch: int, values: Mapping[str, object]) -> None:
    """The stretch reaches further."""
    connection.execute(update(ticks).where(ticks.c.id == stretch).values(**values))


def newest(connection: Connection, limit: int) -> list[TickRow]:
    """The newest stretches, the last first."""
    query = select(ticks).order_by(ticks.c.id.desc()).limit(limit)
    return rows_of(connection, query, TickRow)


def database_now(connection: Connection) -> datetime:
    """What the clock of the database says."""
    return datetime.fromisoformat(str(connection.execute(select(_NOW[connection.dialect.name])).scalar_one()))


def ahead(connection: Connection) -> int:
    """Seconds that the demo's clock is ahead of the machine's."""
    query = select(clock_moves.c.ahead).order_by(clock_moves.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or 0


def move(connection: Connection, row: Mapping[str, object]) -> None:
    """Put the demo's clock somewhere else."""
    connection.execute(insert(clock_moves), dict(row))
