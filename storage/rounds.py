"""Cases that begin by the calendar: when each start event is due next, and for what a round has opened a case.

Knows no timer and no process. A round is the moment at which a start event was due, whenever it was looked at.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypedDict

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Text, and_, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import Flag
from storage.database import Json, UtcTime, metadata, row_of, rows_of
from storage.definitions import IS_CURRENT
from storage.tables import definitions

ROUND: Final = "round"
"""The kind of job by which a round comes."""

timed_starts = Table(
    "timed_starts",
    metadata,
    Column("key", String(100), primary_key=True),  # of the definition
    Column("element", String(200), primary_key=True),
    Column("text", Text, nullable=False),  # of the timer as the diagram has it: another one begins again
    Column("timer", Json, nullable=False),  # engine.calendar.timers.Record
    Column("due_at", UtcTime),  # of the next round; null: there is none left
    Column("last_at", UtcTime),  # when the last round was due
    Column("last_subjects", Integer, nullable=False),  # for how many a case was to be opened then
    Column("missed", Integer, nullable=False),  # rounds that were over before the last one came, and were left out
    Index("ix_timed_starts_due", "due_at"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("element", String(200), primary_key=True),
    Column("due_at", UtcTime, primary_key=True),
    Column("subject", String(160), primary_key=True),  # the number of a record, or the code of an organisation
    Column("case_id", Integer),  # null: none was opened so far, or it was not to be when its turn came
    Column("had_turn", Flag, nullable=False),
)


class TimedStartRow(TypedDict):
    """A start event with a timer, of the definition in force."""

    key: str
    element: str
    text: str
    timer: dict[str, Any]
    due_at: datetime | None
    last_at: datetime | None
    last_subjects: int
    missed: int


class NextRound(TimedStartRow):
    """The same with the names of its definition, and how many of the last round's cases there are."""

    name_zh: str
    name_en: str
    opened: int


class RoundRow(TypedDict):
    """That a round is for a subject: once, whoever comes to it how often."""

    key: str
    element: str
    due_at: datetime
    subject: str
    case_id: int | None
    had_turn: bool


class RoundPlace(TypedDict):
    """What tells one subject of a round from every other."""

    key: str
    element: str
    due_at: datetime
    subject: str


def locked(connection: Connection, key: str, element: str) -> TimedStartRow | None:
    """A start event, locked against every other writer."""
    query = select(timed_starts).where(timed_starts.c.key == key, timed_starts.c.element == element)
    return row_of(connection, query.with_for_update(), TimedStartRow)


def of_key(connection: Connection, key: str) -> list[TimedStartRow]:
    """All start events of a definition, locked, in order."""
    query = select(timed_starts).where(timed_starts.c.key == key).order_by(timed_starts.c.element)
    return rows_of(connection, query.with_for_update(), TimedStartRow)


def put(connection: Connection, row: TimedStartRow) -> None:
    """Write a start event, new or as it stands now."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {name: value for name, value in row.items() if name not in ("key", "element")}
    fresh = kind.insert(timed_starts).values(**row)
    connection.execute(fresh.on_conflict_do_update(index_elements=["key", "element"], set_=values))


def drop(connection: Connection, key: str, element: str) -> None:
    """Forget a start event that its definition has no longer."""
    connection.execute(delete(timed_starts).where(timed_starts.c.key == key, timed_starts.c.element == element))


def add(connection: Connection, place: RoundPlace) -> bool:
    """Note that a round is for a subject; False when that was noted before."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    fresh = kind.insert(rounds).values(**place, case_id=None, had_turn=False).on_conflict_do_nothing()
    return bool(connection.execute(fresh).rowcount)


def get(connection: Connection, place: RoundPlace) -> RoundRow | None:
    """What is known of a subject of a round, locked."""
    where = [rounds.c[name] == value for name, value in place.items()]
    return row_of(connection, select(rounds).where(*where).with_for_update(), RoundRow)


def settle(connection: Connection, place: RoundPlace, case_id: int | None) -> None:
    """Note that its turn has come, and which case was opened; None: none was to be."""
    where = [rounds.c[name] == value for name, value in place.items()]
    connection.execute(update(rounds).where(*where).values(case_id=case_id, had_turn=True))


def coming(connection: Connection, limit: int) -> list[NextRound]:
    """The start events, the one that is due next first; those without a further round last."""
    own = timed_starts.c
    opened = (
        select(text("count(*)"))
        .select_from(rounds)
        .where(rounds.c.key == own.key, rounds.c.element == own.element, rounds.c.due_at == own.last_at)
        .where(rounds.c.case_id.is_not(None))
        .scalar_subquery()
    )
    query = (
        select(timed_starts, definitions.c.name_zh, definitions.c.name_en, opened.label("opened"))
        .join(definitions, and_(definitions.c.key == own.key, IS_CURRENT))
        .order_by(own.due_at.is_(None), own.due_at, own.key, own.element)
    )
    return rows_of(connection, query.limit(limit), NextRound)
