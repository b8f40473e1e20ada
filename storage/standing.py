"""Substitutions with the people they are about: in force at a moment, or within a period. Knows no rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, or_, select

from storage.accounts import users
from storage.database import UtcTime, rows_of
from storage.prepared import Prepared
from storage.substitutions import SubstitutionRow, s, substitutions

absent, substitute = users.alias("absent"), users.alias("substitute")
_open = s.ended_at.is_(None)


class NamedSubstitution(SubstitutionRow):
    """With the names of both, and whether their accounts are open."""

    absent_name: str
    absent_active: bool
    substitute_name: str
    substitute_active: bool


def _named() -> Select[Any]:
    people = (
        absent.c.name.label("absent_name"), absent.c.active.label("absent_active"),
        substitute.c.name.label("substitute_name"), substitute.c.active.label("substitute_active"),
    )  # fmt: skip
    both = substitutions.join(absent, absent.c.id == s.absent_id).join(substitute, substitute.c.id == s.substitute_id)
    return select(substitutions, *people).select_from(both).order_by(s.from_at, s.id)


def _at(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return s.from_at <= now, s.until_at > now, _open, absent.c.active, substitute.c.active


@cache
def _in_place_of(count: int) -> Prepared:
    """As many as are told of a task. Every step comes here."""
    ids: list[BindParameter[int]] = [bindparam(f"id{index}") for index in range(count)]
    return Prepared(_named().where(s.absent_id.in_(ids), *_at(bindparam("moment", type_=UtcTime))))


def of_substitutes(connection: Connection, ids: Iterable[int], now: datetime) -> list[NamedSubstitution]:
    """Those in force by which these people stand in for somebody."""
    return rows_of(connection, _named().where(s.substitute_id.in_(set(ids)), *_at(now)), NamedSubstitution)


def of_absent(connection: Connection, ids: Iterable[int], now: datetime) -> list[NamedSubstitution]:
    """Those in force by which somebody stands in for these people."""
    said = {f"id{index}": one for index, one in enumerate(sorted(set(ids)))}
    return cast(list[NamedSubstitution], _in_place_of(len(said)).all(connection, {**said, "moment": now}))


def within(connection: Connection, begin: datetime, end: datetime) -> list[NamedSubstitution]:
    """All that nobody has ended and that hold at some moment of a period."""
    where = (s.from_at < end, s.until_at > begin, _open, absent.c.active, substitute.c.active)
    return rows_of(connection, _named().where(*where), NamedSubstitution)


def named(connection: Connection, number: int) -> NamedSubstitution | None:
    """One of them."""
    return next(iter(rows_of(connection, _named().where(s.id == number), NamedSubstitution)), None)


def about(connection: Connection, ids: Sequence[int], limit: int) -> list[NamedSubstitution]:
    """The newest given or taken by these people, ended or not."""
    mine = or_(s.absent_id.in_(ids), s.substitute_id.in_(ids))
    query = _named().where(mine).order_by(None).order_by(s.id.desc()).limit(limit)
    return rows_of(connection, query, NamedSubstitution)


def hold(connection: Connection, numbers: Sequence[int]) -> None:
    """Keep these as they are until the transaction ends (SQLite has one writer anyway)."""
    connection.execute(select(s.id).where(s.id.in_(numbers)).with_for_update(read=True)).all()
