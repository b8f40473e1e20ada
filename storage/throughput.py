"""What was done when, by people and in organisations, for the start page. Knows no list, no role and no calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, Connection, and_, distinct, false, func, literal_column, or_, select

from storage.database import rows_of
from storage.deadlines import DAY_IS_OVER, RUNS
from storage.tables import cases, deadlines, tasks

_OPEN = tasks.c.status == literal_column("'open'")


class Took(TypedDict):
    """When a task came and when it was completed."""

    opened_at: datetime
    completed_at: datetime


class ByPerson(TypedDict):
    """How many of something somebody has."""

    user_id: int
    count: int


class ByOrganisation(TypedDict):
    """How many cases of an organisation."""

    code: str
    path: str
    count: int


def took(connection: Connection, user_id: int, since: datetime, most: int) -> list[Took]:
    """Of the tasks that somebody has completed since then, the newest, how long each took."""
    own = and_(tasks.c.completed_by == user_id, tasks.c.completed_at >= since)
    found = select(tasks.c.opened_at, tasks.c.completed_at).where(own)
    return rows_of(connection, found.order_by(tasks.c.completed_at.desc()).limit(most), Took)


def ended(connection: Connection, paths: Sequence[str], since: datetime) -> list[ByOrganisation]:
    """How many cases have ended since then, of each organisation inside the subtrees, by its place in the tree."""
    found = select(
        cases.c.organisation_code.label("code"), cases.c.organisation_path.label("path"), func.count().label("count")
    ).where(cases.c.ended_at >= since, _within(paths))
    return rows_of(connection, found.group_by(cases.c.organisation_code, cases.c.organisation_path), ByOrganisation)


def held(connection: Connection, paths: Sequence[str], people: Sequence[int]) -> dict[int, int]:
    """In how many cases inside the subtrees each of these people has claimed a task."""
    own = and_(tasks.c.claimed_by.in_(list(people)), _OPEN, _within(paths))
    return _by_person(connection, tasks.c.claimed_by, own)


def done(connection: Connection, paths: Sequence[str], people: Sequence[int], since: datetime) -> dict[int, int]:
    """In how many cases inside the subtrees each of these people has completed a task since then."""
    own = and_(tasks.c.completed_by.in_(list(people)), tasks.c.completed_at >= since, _within(paths))
    return _by_person(connection, tasks.c.completed_by, own)


def late(connection: Connection, paths: Sequence[str], people: Sequence[int], now: datetime) -> dict[int, int]:
    """How many tasks inside the subtrees that each of these people has claimed are past their deadline."""
    same = and_(deadlines.c.case_id == tasks.c.case_id, deadlines.c.number == tasks.c.number)
    own = and_(tasks.c.claimed_by.in_(list(people)), _OPEN, _within(paths))
    found = select(tasks.c.claimed_by.label("user_id"), func.count().label("count"))
    found = found.select_from(tasks.join(deadlines, same).join(cases, cases.c.id == tasks.c.case_id))
    found = found.where(own, RUNS, deadlines.c.due_at <= now - DAY_IS_OVER).group_by(tasks.c.claimed_by)
    return {row["user_id"]: row["count"] for row in rows_of(connection, found, ByPerson)}


def _by_person(connection: Connection, who: ColumnElement[int], where: ColumnElement[bool]) -> dict[int, int]:
    found = select(who.label("user_id"), func.count(distinct(cases.c.id)).label("count"))
    found = found.select_from(tasks.join(cases)).where(where).group_by(who)
    return {row["user_id"]: row["count"] for row in rows_of(connection, found, ByPerson)}


def _within(paths: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *(cases.c.organisation_path.startswith(path, autoescape=True) for path in paths))
