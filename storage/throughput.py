"""What was done when, by people and in organisations, for the start page. Knows no list, no role and no calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, Connection, and_, distinct, false, func, literal_column, or_, select, tuple_

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


@dataclass(frozen=True, slots=True)
class People:
    """Of whom something is counted inside which subtrees; ``but``: (person, case) of which nobody may hear."""

    ids: Sequence[int]
    paths: Sequence[str]
    but: Sequence[tuple[int, int]] = ()


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


def held(connection: Connection, of: People) -> dict[int, int]:
    """In how many cases inside the subtrees each of these people has claimed a task."""
    own = and_(_OPEN, _of(tasks.c.claimed_by, of))
    return _by_person(connection, tasks.c.claimed_by, own)


def done(connection: Connection, of: People, since: datetime) -> dict[int, int]:
    """In how many cases inside the subtrees each of these people has completed a task since then."""
    own = and_(tasks.c.completed_at >= since, _of(tasks.c.completed_by, of))
    return _by_person(connection, tasks.c.completed_by, own)


def late(connection: Connection, of: People, now: datetime) -> dict[int, int]:
    """How many tasks inside the subtrees that each of these people has claimed are past their deadline."""
    same = and_(deadlines.c.case_id == tasks.c.case_id, deadlines.c.number == tasks.c.number)
    own = and_(_OPEN, _of(tasks.c.claimed_by, of))
    found = select(tasks.c.claimed_by.label("user_id"), func.count().label("count"))
    found = found.select_from(tasks.join(deadlines, same).join(cases, cases.c.id == tasks.c.case_id))
    found = found.where(own, RUNS, deadlines.c.due_at <= now - DAY_IS_OVER).group_by(tasks.c.claimed_by)
    return {row["user_id"]: row["count"] for row in rows_of(connection, found, ByPerson)}


def _by_person(connection: Connection, who: ColumnElement[int], where: ColumnElement[bool]) -> dict[int, int]:
    found = select(who.label("user_id"), func.count(distinct(cases.c.id)).label("count"))
    found = found.select_from(tasks.join(cases)).where(where).group_by(who)
    return {row["user_id"]: row["count"] for row in rows_of(connection, found, ByPerson)}


def _of(who: ColumnElement[int], of: People) -> ColumnElement[bool]:
    told = [tuple_(who, cases.c.id).not_in(list(of.but))] if of.but else []
    return and_(who.in_(list(of.ids)), _within(of.paths), *told)


def _within(paths: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *(cases.c.organisation_path.startswith(path, autoescape=True) for path in paths))
