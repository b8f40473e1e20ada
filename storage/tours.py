"""Who has ended the tour of the pages, or does not want it; nobody is offered it twice. Knows no page."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, ForeignKey, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import UtcTime, metadata

tours = Table(
    "tours",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("ended_at", UtcTime, nullable=False),
)


class TourRow(TypedDict):
    """That a person has ended the tour."""

    user_id: int
    ended_at: datetime


def ended(connection: Connection, user_id: int) -> bool:
    """Whether a person has ended it."""
    return connection.execute(select(tours.c.user_id).where(tours.c.user_id == user_id)).first() is not None


def end(connection: Connection, row: TourRow) -> None:
    """Note that a person has ended it; the first time counts."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(kind.insert(tours).values(**row).on_conflict_do_nothing())
