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
    func,
    select,
    true,
    type_coerce,
)

from storage.case_columns import Wanted, fits
from storage.database import row_of
from storage.messages import messages
from storage.paging import Listing
from storage.rows import TaskRow
from storage.search import Told, holding
from storage.tables import cases, tasks

BOTH = tasks.join(cases)
TASK_KEY = (("case_id", tasks.c.case_id), ("number", tasks.c.number))
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
    told: Told | None = None  # in what of cases the words are looked for, where it is not all
    numbers: Sequence[str] = ()  # only cases with one of these
    key: str = ""
    path: str = ""
    status: str = ""
    arrived_from: datetime | None = None
    arrived_before: datetime | None = None
    due: str = ""  # late, suspended, soon, later, until
    due_before: datetime | None = None  # of ``until``
    sort: str = "due"
    columns: Sequence[Wanted] = ()  # of the process ``key``
    by: str = ""  # a field of it by which the list is in order
    last_first: bool = False


TASK_COLUMNS = (tasks, *_CASE)
_CASE_COLUMNS = (*_CASE, cases.c.id.label("case_id"))


def done(connection: Connection, user_id: int, asked: Asked) -> Listing[FoundTask]:
    """Tasks that the person has completed, the latest first."""
    where = (*of_cases(connection, asked), *arrived(asked, tasks.c.completed_at))
    key = [("completed_at", tasks.c.completed_at), *TASK_KEY]
    counted = None if looks_at_cases(asked) else tasks
    return Listing(FoundTask, TASK_COLUMNS, BOTH, [and_(tasks.c.completed_by == user_id, *where)], key, True, counted)


def mine(connection: Connection, user_id: int, asked: Asked) -> Listing[FoundCase]:
    """Cases that the person has started, the latest first."""
    where = (*of_cases(connection, asked), *arrived(asked, cases.c.opened_at))
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
    where = and_(true(), *of_cases(connection, asked), *arrived(asked, told.c.sent_at))
    key = [("arrived_at", told.c.sent_at), ("case_id", cases.c.id)]
    both = told.join(cases, told.c.case_id == cases.c.id)
    return Listing(ToldCase, columns, both, [where], key, True, None if looks_at_cases(asked) else told)


def found(connection: Connection, task: TaskRow) -> FoundTask | None:
    """A task as a list of tasks would hold it."""
    query = select(tasks, *_CASE).select_from(BOTH)
    query = query.where(tasks.c.case_id == task["case_id"], tasks.c.number == task["number"])
    return row_of(connection, query, FoundTask)


def looks_at_cases(asked: Asked) -> bool:
    """Whether what is asked for is told by the rows of cases."""
    return bool(asked.columns or asked.numbers or asked.words or asked.key or asked.path or asked.status)


def of_cases(connection: Connection, asked: Asked) -> list[ColumnElement[bool]]:
    """What is asked for of cases."""
    where = holding(connection, asked.words, asked.told)
    if asked.numbers:
        where.append(cases.c.number.in_(list(asked.numbers)))
    if asked.key:
        where.append(cases.c.key == asked.key)
    if asked.path:
        where.append(cases.c.organisation_path.startswith(asked.path, autoescape=True))
    if asked.status:
        where.append(cases.c.status == asked.status)
    return [*where, *(fits(connection, cases.c.id, one) for one in asked.columns)]


def arrived(asked: Asked, at: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """What is asked for of the moment when a row came."""
    where = []
    if asked.arrived_from:
        where.append(at >= asked.arrived_from)
    if asked.arrived_before:
        where.append(at < asked.arrived_before)
    return where
