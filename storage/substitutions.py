"""Who stands in for whom while he is away, from when to when. Knows no rule and no account (``storage.standing``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Label, String, Table, func, or_, select, text

from storage.database import Json, UtcTime, metadata, row_of

substitutions = Table(
    "substitutions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("absent_id", ForeignKey("users.id"), nullable=False),
    Column("substitute_id", ForeignKey("users.id"), nullable=False),
    Column("from_at", UtcTime, nullable=False),
    Column("until_at", UtcTime, nullable=False),  # the moment after the last day
    Column("kinds", Json, nullable=False),  # keys of processes; none: all
    Column("reason", String(200), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Integer),
    Column("ended_at", UtcTime),  # when somebody ended it before its time
    Column("ended_by", Integer),
    Index(
        "ix_substitutions_substitute",
        "substitute_id",
        "until_at",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_substitutions_absent", "absent_id", "until_at"),
)
s = substitutions.c


class SubstitutionRow(TypedDict):
    """That one person stands in for another."""

    id: int
    absent_id: int
    substitute_id: int
    from_at: datetime
    until_at: datetime
    kinds: list[str]
    reason: str
    made_at: datetime
    made_by: int | None
    ended_at: datetime | None
    ended_by: int | None


def stands_until(user_id: Column[int]) -> Label[datetime | None]:
    """Until when at most an account stands in for anybody, as a column of another statement."""
    found = select(func.max(s.until_at)).where(s.substitute_id == user_id, s.ended_at.is_(None))
    return found.scalar_subquery().label("stands_until")


def add(connection: Connection, values: Mapping[str, object]) -> int:
    """Insert one; its id."""
    return int(connection.execute(substitutions.insert().values(**values).returning(s.id)).scalar_one())


def get(connection: Connection, number: int, lock: bool = False) -> SubstitutionRow | None:
    """One of them; ``lock`` holds the row until the transaction ends."""
    query = select(substitutions).where(s.id == number)
    return row_of(connection, query.with_for_update() if lock else query, SubstitutionRow)


def lock_all(connection: Connection) -> None:
    """Let nobody else name one until the transaction ends, and see all that were named before.

    SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE substitutions IN SHARE ROW EXCLUSIVE MODE")


def end(connection: Connection, number: int, at: datetime, by: int | None) -> None:
    """End one before its time, for good."""
    connection.execute(substitutions.update().where(s.id == number).values(ended_at=at, ended_by=by))


def ids_of(connection: Connection, user_id: int, after: datetime) -> list[int]:
    """Those given or taken by a person that nobody has ended and that go beyond ``after``."""
    mine = or_(s.absent_id == user_id, s.substitute_id == user_id)
    found = select(s.id).where(mine, s.ended_at.is_(None), s.until_at > after).order_by(s.id)
    return list(connection.execute(found).scalars())
