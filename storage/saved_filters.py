"""What people have kept to look for again on a list (常用筛选). Knows no list and no rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    or_,
    select,
    update,
)

from storage.columns import Flag
from storage.database import Json, UtcTime, metadata, row_of, rows_of

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("list", String(20), nullable=False),  # which list: inbox, cases
    Column("name", String(60), nullable=False),
    Column("asked", Json, nullable=False),  # words of the list's address
    Column("first", Flag, nullable=False),  # the list opens with it
    Column("organisation_code", ForeignKey("organisations.code")),  # whose people may use it, too; null: nobody else
    Column("saved_at", UtcTime, nullable=False),
    UniqueConstraint("user_id", "list", "name"),
    Index("ix_saved_filters_organisation_code", "organisation_code"),
)
_s = saved_filters.c


class NewFilter(TypedDict):
    """A filter before it has its id."""

    user_id: int
    list: str
    name: str
    asked: dict[str, str]
    first: bool
    organisation_code: str | None
    saved_at: datetime


class FilterRow(NewFilter):
    """A filter that somebody has kept."""

    id: int


def of_reader(connection: Connection, user_id: int, codes: Sequence[str], name: str) -> list[FilterRow]:
    """Those of a list: a person's own first, then what is shared within these organisations, each by name."""
    mine = or_(_s.user_id == user_id, _s.organisation_code.in_(list(codes)))
    found = select(saved_filters).where(_s.list == name, mine).order_by(_s.user_id != user_id, _s.name, _s.id)
    return rows_of(connection, found, FilterRow)


def first(connection: Connection, user_id: int, name: str) -> FilterRow | None:
    """With which a list opens for a person."""
    found = select(saved_filters).where(_s.user_id == user_id, _s.list == name, _s.first)
    return row_of(connection, found.limit(1), FilterRow)


def get(connection: Connection, number: int) -> FilterRow | None:
    """One of them."""
    return row_of(connection, select(saved_filters).where(_s.id == number), FilterRow)


def put(connection: Connection, row: NewFilter) -> None:
    """Keep one, in the place of another one of the same name."""
    same = (_s.user_id == row["user_id"], _s.list == row["list"], _s.name == row["name"])
    if connection.execute(update(saved_filters).where(*same).values(**row)).rowcount == 0:
        connection.execute(saved_filters.insert().values(**row))


def make_first(connection: Connection, user_id: int, name: str, number: int | None) -> None:
    """Let a list open with this one of a person, or with none."""
    own = update(saved_filters).where(_s.user_id == user_id, _s.list == name)
    connection.execute(own.where(_s.first).values(first=False))
    if number is not None:
        connection.execute(own.where(_s.id == number).values(first=True))


def remove(connection: Connection, number: int) -> None:
    """Forget one."""
    connection.execute(delete(saved_filters).where(_s.id == number))
