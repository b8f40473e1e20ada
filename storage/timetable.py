"""How the routines of the timetable went: one row for each, whichever program ran it. Knows no routine.

Its times are the machine's own, never the demo's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, Integer, String, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Json, UtcTime, metadata, rows_of

timetable = Table(
    "timetable",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("worker", String(120), nullable=False),  # who ran it last: machine and process
    Column("last_at", UtcTime, nullable=False),
    Column("outcome", String(20), nullable=False),  # of the last time: executed, failed, missed
    Column("error", String(100), nullable=False),  # its class; empty: none
    Column("told", Json, nullable=False),  # what the last run counted, by name
    Column("next_at", UtcTime),
    Column("executed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
)


class RoutineRow(TypedDict):
    """How one routine went."""

    name: str
    worker: str
    last_at: datetime
    outcome: str
    error: str
    told: dict[str, int]
    next_at: datetime | None
    executed: int
    failed: int
    missed: int


OUTCOMES = ("executed", "failed", "missed")
_t = timetable.c


def add(connection: Connection, name: str, last: Mapping[str, object], more: Mapping[str, int]) -> None:
    """Say how a routine went last, and by how much each outcome's count grows."""
    grown = {outcome: _t[outcome] + more.get(outcome, 0) for outcome in OUTCOMES}
    change = update(timetable).where(_t.name == name).values({**last, **grown})
    if connection.execute(change).rowcount:
        return
    first = {outcome: more.get(outcome, 0) for outcome in OUTCOMES}
    try:
        with connection.begin_nested():
            connection.execute(insert(timetable), {"name": name, **last, **first})
    except IntegrityError:  # another worker's first time was a moment earlier
        connection.execute(change)


def read(connection: Connection) -> list[RoutineRow]:
    """Every routine that ever came up, by name."""
    return rows_of(connection, select(timetable).order_by(_t.name), RoutineRow)
