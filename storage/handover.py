"""What stands in the name of an organisation or a person, and putting another in its place. Knows no reason for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from sqlalchemy import ColumnElement, Connection, and_, func, literal_column, or_, select, update

from storage import case_columns
from storage.accounts import HOLDS, memberships, users
from storage.database import rows_of
from storage.organisations import organisations
from storage.paging import Listing
from storage.rows import TaskRow
from storage.tables import cases, deadlines, records, tasks

OPEN = tasks.c.status == literal_column("'open'")  # a literal: only then is the index of open tasks used


_TOLD = (cases.c.number.label("case_number"), cases.c.title, cases.c.digest, cases.c.organisation_name.label("place"))


class HeldKey(TypedDict):
    """A role that an active person holds at an organisation in force."""

    user_id: int
    role: str
    organisation_code: str


class StrandedTask(TaskRow):
    """An open task with what tells its case; ``place``: the organisation of the case."""

    case_number: str
    title: str
    digest: str
    place: str


def running_of(connection: Connection, code: str) -> list[int]:
    """The running cases of an organisation."""
    found = select(cases.c.id).where(cases.c.organisation_code == code, cases.c.status == "running")
    return list(connection.execute(found.order_by(cases.c.id)).scalars())


def running_by(connection: Connection, user_id: int) -> list[int]:
    """The running cases that a person has started."""
    found = select(cases.c.id).where(cases.c.starter_id == user_id, cases.c.status == "running")
    return list(connection.execute(found.order_by(cases.c.id)).scalars())


def open_at(connection: Connection, code: str) -> list[TaskRow]:
    """The open tasks that some role at an organisation has."""
    return _open(connection, tasks.c.candidate.endswith(f"@{code}", autoescape=True))


def open_of(connection: Connection, candidates: Sequence[str]) -> list[TaskRow]:
    """The open tasks with one of these inbox keys."""
    return _open(connection, tasks.c.candidate.in_(candidates)) if candidates else []


def _open(connection: Connection, which: ColumnElement[bool]) -> list[TaskRow]:
    found = select(tasks).where(OPEN, which).order_by(tasks.c.case_id, tasks.c.number)
    return rows_of(connection, found, TaskRow)


def open_keys(connection: Connection) -> list[str]:
    """Every inbox key that an open task has, in order: one look into the index for each, however many tasks have it."""
    first = select(func.min(tasks.c.candidate).label("key")).where(OPEN).cte("keys", recursive=True)
    after = select(func.min(tasks.c.candidate)).where(OPEN, tasks.c.candidate > first.c.key).scalar_subquery()
    keys = first.union_all(select(after).where(first.c.key.is_not(None)))
    return list(connection.execute(select(keys.c.key).where(keys.c.key.is_not(None))).scalars())


def held_keys(connection: Connection) -> list[HeldKey]:
    """Who holds which role where, of active people and organisations in force."""
    m = memberships.c
    found = (
        select(m.user_id, m.role, m.organisation_code)
        .join_from(memberships, users)
        .join(organisations, m.organisation_code == organisations.c.code)
        .where(users.c.active, organisations.c.valid, HOLDS)
    )
    return rows_of(connection, found, HeldKey)


def stranded(candidates: Sequence[str], paths: Sequence[str]) -> Listing[StrandedTask]:
    """Open tasks with one of these keys of cases inside the subtrees, by case and number."""
    columns, where = (tasks, *_TOLD), and_(OPEN, *_inside(candidates, paths))
    key = [("case_id", tasks.c.case_id), ("number", tasks.c.number)]
    return Listing(StrandedTask, columns, tasks.join(cases), [where], key)


def running_digests(connection: Connection) -> list[str]:
    """The definitions by which cases run."""
    return list(connection.execute(select(cases.c.digest).distinct().where(cases.c.status == "running")).scalars())


def waiting(
    connection: Connection, candidates: Sequence[str], places: Sequence[tuple[str, str]], paths: Sequence[str],
    limit: int,
) -> list[StrandedTask]:  # fmt: skip
    """Open tasks with one of these keys at one of these places (definition, element), by case and number."""
    at = or_(False, *(and_(cases.c.digest == digest, tasks.c.element == element) for digest, element in places))
    found = (
        select(tasks, *_TOLD)
        .join_from(tasks, cases)
        .where(OPEN, at, *_inside(candidates, paths))
        .order_by(tasks.c.case_id, tasks.c.number)
    )
    return rows_of(connection, found.limit(limit), StrandedTask)


def _inside(candidates: Sequence[str], paths: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    under = or_(False, *(cases.c.organisation_path.startswith(path, autoescape=True) for path in paths))
    return tasks.c.candidate.in_(candidates), under


def give(connection: Connection, case_id: int, number: int, candidate: str, organisation_name: str) -> None:
    """Put a task into another inbox, claimed by nobody."""
    which = update(tasks).where(tasks.c.case_id == case_id, tasks.c.number == number)
    blank = {"claimed_by": None, "claimed_name": None}
    connection.execute(which.values(candidate=candidate, organisation_name=organisation_name, **blank))
    case_columns.place_all(connection, case_id)


def put(connection: Connection, case_id: int, values: Mapping[str, object]) -> None:
    """Write whose case it is now."""
    connection.execute(update(cases).where(cases.c.id == case_id).values(**values))
    if "organisation_code" in values:
        moved = update(deadlines).where(deadlines.c.case_id == case_id)
        connection.execute(moved.values(organisation_code=values["organisation_code"]))


def cases_with_records(connection: Connection, register: str, numbers: Sequence[str]) -> dict[str, int]:
    """The case that wrote the version in force of each of these records, by number."""
    found = select(records.c.number, records.c.case_id).where(
        records.c.register == register, records.c.valid_to.is_(None), records.c.number.in_(numbers)
    )
    return {row.number: row.case_id for row in connection.execute(found)}
