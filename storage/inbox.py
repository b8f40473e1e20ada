"""Lists of tasks and cases: filtered, sorted (``storage.paging``). Opens no state and knows no role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from storage.database import row_of, rows_of, utc_text
from storage.deadlines import DAY_IS_OVER, stands_still
from storage.involvements import open_for
from storage.messages import messages
from storage.paging import Listing
from storage.prepared import Prepared
from storage.rows import TaskRow
from storage.search import holding
from storage.tables import cases, deadlines, tasks

_BOTH = tasks.join(cases)
_TASK = (("case_id", tasks.c.case_id), ("number", tasks.c.number))
_CASE = [
    *(cases.c[name] for name in ("id", "key", "digest", "title", "summary", "end_element")),
    *(cases.c[name] for name in ("organisation_code", "organisation_path")),
    *(cases.c[name].label(f"case_{name}") for name in ("number", "status", "opened_at", "organisation_name")),
]


class OfCase(TypedDict):
    """What a list says of a case, whatever the view."""

    id: int
    key: str
    digest: str
    title: str
    summary: str
    end_element: str | None
    organisation_code: str
    organisation_path: str
    case_number: str
    case_status: str
    case_opened_at: datetime
    case_organisation_name: str


class FoundTask(TaskRow, OfCase):
    """A task with its case."""


class FoundCase(OfCase):
    """A case by itself."""

    case_id: int


class ToldCase(FoundCase):
    """A case of which a person was told; ``read_key`` is empty while something is unread."""

    arrived_at: datetime
    read_key: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. Times are aware UTC; empty text and None filter nothing."""

    words: Sequence[str] = ()
    numbers: Sequence[str] = ()  # only cases with one of these
    key: str = ""
    path: str = ""
    status: str = ""
    arrived_from: datetime | None = None
    arrived_before: datetime | None = None
    due: str = ""  # late, suspended, soon, later
    sort: str = "due"


_TASK_COLUMNS = (tasks, *_CASE)
_CASE_COLUMNS = (*_CASE, cases.c.id.label("case_id"))
_SORTS: dict[str, tuple[str, ColumnElement[Any], bool]] = {
    "due": ("due_key", tasks.c.due_key, False), "arrived": ("opened_at", tasks.c.opened_at, False),
    "-arrived": ("opened_at", tasks.c.opened_at, True), "number": ("case_number", cases.c.number, False),
}  # fmt: skip
"""Of each order: the name of its first column, the column, and whether the last comes first."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What somebody reaches by an inbox key: what nobody has claimed, and what this person has.

    ``kinds``: keys of processes, none for all.
    """

    candidate: str
    user_id: int
    kinds: frozenset[str] = frozenset()


def todo(
    connection: Connection, reached: Sequence[Reached], asked: Asked, now: datetime, answers: int = 0
) -> Listing[FoundTask]:
    """Open tasks that a person may take by one of his inbox keys, or in the place of somebody who is away.

    ``answers``: also those at which it is the turn of this person to answer.
    """
    where = (*_of_cases(connection, asked), *_arrived(asked, tasks.c.opened_at), *_due(connection, asked.due, now))
    name, first, descending = _SORTS.get(asked.sort, _SORTS["due"])
    ways: dict[str, list[Reached]] = {}
    for one in reached:
        ways.setdefault(one.candidate, []).append(one)
    mine = [_mine(candidate, by) for candidate, by in ways.items()]
    parts = [and_(one, *where) for one in mine]
    if answers:
        parts.append(and_(open_for(answers), tasks.c.status == literal_column("'open'"), *map(not_, mine), *where))
    key = [(name, first), *_TASK]
    return Listing(FoundTask, _TASK_COLUMNS, _BOTH, parts, key, descending, None if _looks_at_cases(asked) else tasks)


def done(connection: Connection, user_id: int, asked: Asked) -> Listing[FoundTask]:
    """Tasks that the person has completed, the latest first."""
    where = (*_of_cases(connection, asked), *_arrived(asked, tasks.c.completed_at))
    key = [("completed_at", tasks.c.completed_at), *_TASK]
    counted = None if _looks_at_cases(asked) else tasks
    return Listing(FoundTask, _TASK_COLUMNS, _BOTH, [and_(tasks.c.completed_by == user_id, *where)], key, True, counted)


def mine(connection: Connection, user_id: int, asked: Asked) -> Listing[FoundCase]:
    """Cases that the person has started, the latest first."""
    where = (*_of_cases(connection, asked), *_arrived(asked, cases.c.opened_at))
    key = [("case_opened_at", cases.c.opened_at), ("case_id", cases.c.id)]
    return Listing(FoundCase, _CASE_COLUMNS, cases, [and_(cases.c.starter_id == user_id, *where)], key, True)


def copied(connection: Connection, user_id: int, asked: Asked) -> Listing[ToldCase]:
    """Cases about which the system has told the person something, the latest first."""
    told = (
        select(
            messages.c.case_id,
            func.max(messages.c.sent_at).label("sent_at"),
            func.min(func.coalesce(type_coerce(messages.c.read_at, String), "")).label("read_key"),
        )
        .where(messages.c.user_id == user_id, messages.c.opens)
        .group_by(messages.c.case_id)
        .subquery()
    )
    columns = (*_CASE_COLUMNS, told.c.sent_at.label("arrived_at"), told.c.read_key)
    where = and_(true(), *_of_cases(connection, asked), *_arrived(asked, told.c.sent_at))
    key = [("arrived_at", told.c.sent_at), ("case_id", cases.c.id)]
    both = told.join(cases, told.c.case_id == cases.c.id)
    return Listing(ToldCase, columns, both, [where], key, True, None if _looks_at_cases(asked) else told)


def found(connection: Connection, task: TaskRow) -> FoundTask | None:
    """A task as a list of tasks would hold it."""
    query = select(tasks, *_CASE).select_from(_BOTH)
    query = query.where(tasks.c.case_id == task["case_id"], tasks.c.number == task["number"])
    return row_of(connection, query, FoundTask)


def open_steps(connection: Connection, case_ids: Sequence[int]) -> dict[int, TaskRow]:
    """The first open task of each of these cases."""
    query = select(tasks).where(tasks.c.case_id.in_(list(case_ids)), tasks.c.status == "open")
    found: dict[int, TaskRow] = {}
    for row in rows_of(connection, query.order_by(tasks.c.number), TaskRow):
        found.setdefault(row["case_id"], row)
    return found


_FIRST = Prepared(
    select(tasks.c.due_key, tasks.c.case_id, tasks.c.number)
    .where(
        tasks.c.candidate == bindparam("candidate"),
        tasks.c.status == literal_column("'open'"),
        or_(tasks.c.claimed_by.is_(None), tasks.c.claimed_by == bindparam("user_id")),
    )
    .order_by(tasks.c.due_key, tasks.c.case_id, tasks.c.number)
    .limit(literal_column("1"))
    .offset(literal_column("0"))  # SQLite would be given a parameter of its own for it
)


def most_urgent(connection: Connection, reached: Sequence[Reached]) -> tuple[int, int] | None:
    """Case and number of the task with which ``todo`` begins, but for what is of some kinds alone.

    None when nothing waits. A part of the step path.
    """
    every = [{"candidate": one.candidate, "user_id": one.user_id} for one in reached if not one.kinds]
    found = [_FIRST.one(connection, one) for one in every]
    first = min((tuple(row.values()) for row in found if row is not None), default=None)
    return None if first is None else (first[1], first[2])


def _mine(candidate: str, by: Sequence[Reached]) -> ColumnElement[bool]:
    # A literal, not a parameter: only then does SQLite answer from the partial index alone.
    return and_(tasks.c.candidate == candidate, tasks.c.status == literal_column("'open'"), or_(*map(_way, by)))


def _way(one: Reached) -> ColumnElement[bool]:
    free = or_(tasks.c.claimed_by.is_(None), tasks.c.claimed_by == one.user_id)
    if not one.kinds:
        return free
    of_kind = exists().where(cases.c.id == tasks.c.case_id, cases.c.key.in_(sorted(one.kinds))).correlate(tasks)
    return and_(free, of_kind)


def _due(connection: Connection, due: str, now: datetime) -> list[ColumnElement[bool]]:
    """Late goes over all else; what stands still is neither near nor in plenty of time."""
    late, far = tasks.c.due_key <= utc_text(now - DAY_IS_OVER), or_(tasks.c.warn_at.is_(None), tasks.c.warn_at > now)
    own = and_(deadlines.c.case_id == tasks.c.case_id, deadlines.c.number == tasks.c.number)
    still = exists().where(own, stands_still(connection, now)).correlate(tasks)
    choices: dict[str, list[ColumnElement[bool]]] = {
        "late": [late],
        "suspended": [~late, still],
        "soon": [~late, tasks.c.warn_at <= now, ~still],
        "later": [~late, far, ~still],
    }
    return choices.get(due, [])


def _looks_at_cases(asked: Asked) -> bool:
    return bool(asked.numbers or asked.words or asked.key or asked.path or asked.status)


def _of_cases(connection: Connection, asked: Asked) -> list[ColumnElement[bool]]:
    where = holding(connection, asked.words)
    if asked.numbers:
        where.append(cases.c.number.in_(list(asked.numbers)))
    if asked.key:
        where.append(cases.c.key == asked.key)
    if asked.path:
        where.append(cases.c.organisation_path.startswith(asked.path, autoescape=True))
    if asked.status:
        where.append(cases.c.status == asked.status)
    return where


def _arrived(asked: Asked, at: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    where = []
    if asked.arrived_from:
        where.append(at >= asked.arrived_from)
    if asked.arrived_before:
        where.append(at < asked.arrived_before)
    return where
