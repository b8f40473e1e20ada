"""Phrases that people put into their opinions: a person's own, and those of an organisation. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    or_,
    select,
    update,
)

from storage.database import UtcTime, metadata, row_of, rows_of

phrases = Table(
    "phrases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id")),  # whose own; null: an organisation's
    Column("organisation_code", ForeignKey("organisations.code")),
    Column("text", String(200), nullable=False),
    Column("place", Integer),  # put there by hand; null: by use
    Column("uses", Integer, nullable=False),
    Column("used_at", UtcTime),
    Index("ix_phrases_user_id", "user_id"),
    Index("ix_phrases_organisation_code", "organisation_code"),
)
_p = phrases.c


class PhraseRow(TypedDict):
    """A phrase."""

    id: int
    user_id: int | None
    organisation_code: str | None
    text: str
    place: int | None
    uses: int
    used_at: datetime | None


class Whose(TypedDict):
    """Whose a phrase is: a person's or an organisation's."""

    user_id: int | None
    organisation_code: str | None


def _of(whose: Whose) -> ColumnElement[bool]:
    if whose["user_id"] is not None:
        return _p.user_id == whose["user_id"]
    return _p.organisation_code == whose["organisation_code"]


def listed(connection: Connection, whose: Whose) -> list[PhraseRow]:
    """Those of somebody: what was put in order by hand first, the rest the most used first."""
    order = (func.coalesce(_p.place, 1_000_000), _p.uses.desc(), _p.id)
    return rows_of(connection, select(phrases).where(_of(whose)).order_by(*order), PhraseRow)


def of_reader(connection: Connection, user_id: int, codes: Sequence[str]) -> list[PhraseRow]:
    """A person's own first, then those of these organisations, each in their order."""
    order = (_p.user_id.is_(None), func.coalesce(_p.place, 1_000_000), _p.uses.desc(), _p.id)
    mine = or_(_p.user_id == user_id, _p.organisation_code.in_(codes))
    return rows_of(connection, select(phrases).where(mine).order_by(*order), PhraseRow)


def get(connection: Connection, number: int) -> PhraseRow | None:
    """One of them."""
    return row_of(connection, select(phrases).where(_p.id == number), PhraseRow)


def add(connection: Connection, whose: Whose, text: str) -> None:
    """Insert one that nobody has used yet."""
    connection.execute(phrases.insert().values(**whose, text=text, uses=0))


def change(connection: Connection, number: int, text: str) -> None:
    """Write its words again."""
    connection.execute(update(phrases).where(_p.id == number).values(text=text))


def remove(connection: Connection, number: int) -> None:
    """Forget one."""
    connection.execute(delete(phrases).where(_p.id == number))


def put_in_order(connection: Connection, numbers: Sequence[int]) -> None:
    """Let these stand in this order."""
    for place, number in enumerate(numbers):
        connection.execute(update(phrases).where(_p.id == number).values(place=place))


def order_by_use(connection: Connection, whose: Whose) -> None:
    """Forget the order by hand."""
    connection.execute(update(phrases).where(_of(whose)).values(place=None))


def used(connection: Connection, number: int, at: datetime) -> None:
    """Somebody has put one into an opinion."""
    connection.execute(update(phrases).where(_p.id == number).values(uses=_p.uses + 1, used_at=at))
