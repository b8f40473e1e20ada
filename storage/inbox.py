"""Pages of tasks and cases: filtered, sorted, one key set after another. Opens no state and knows no role.

A page begins after the last row of the page before (``storage.paging``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)

from storage import paging
from storage.database import rows_of, utc_text
from storage.deadlines import DAY_IS_OVER, stands_still
from storage.prepared import Prepared
from storage.rows import TaskRow
from storage.search import holds
from storage.tables import cases, deadlines, messages, tasks

COUNT_LIMIT = 10_000
"""A filtered count stops here; nobody reads further."""

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
    after: str = ""
    limit: int = 20


def todo(
    connection: Connection, candidates: Sequence[str], user_id: int, asked: Asked, now: datetime
) -> list[FoundTask]:
    """Open tasks that one of the inbox keys may take and nobody else has claimed."""
    query = _filtered(connection, select(tasks, *_CASE).join(cases), asked, tasks.c.opened_at)
    query = query.where(*_due(connection, asked.due, now))
    keys: dict[str, tuple[str, bool]] = {
        "due": ("due_key", False), "arrived": ("opened_at", False), "-arrived": ("opened_at", True),
        "number": ("case_number", False),
    }  # fmt: skip
    name, descending = keys.get(asked.sort, keys["due"])
    first = cases.c.number if name == "case_number" else tasks.c[name]
    # A page of each inbox key by itself: an index holds the order of one key, not of several together.
    parts = [
        paging.page(
            query.where(_mine([one], user_id)), [first, tasks.c.case_id, tasks.c.number], asked.after, asked.limit,
            descending=descending,
        )
        for one in candidates
    ]  # fmt: skip
    if len(parts) < 2:
        return rows_of(connection, parts[0], FoundTask) if parts else []
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = [found.c[part] for part in (name, "case_id", "number")]
    page = paging.page(select(found), order, "", asked.limit, descending=descending)
    return rows_of(connection, page, FoundTask)


def done(connection: Connection, user_id: int, asked: Asked) -> list[FoundTask]:
    """Tasks that the person has completed, the latest first."""
    query = _filtered(connection, select(tasks, *_CASE).join(cases), asked, tasks.c.completed_at)
    query = query.where(tasks.c.completed_by == user_id)
    latest = _latest(query, [tasks.c.completed_at, tasks.c.case_id, tasks.c.number], asked)
    return rows_of(connection, latest, FoundTask)


def mine(connection: Connection, user_id: int, asked: Asked) -> list[FoundCase]:
    """Cases that the person has started, the latest first."""
    query = _filtered(connection, select(*_CASE, cases.c.id.label("case_id")), asked, cases.c.opened_at)
    latest = _latest(query.where(cases.c.starter_id == user_id), [cases.c.opened_at, cases.c.id], asked)
    return rows_of(connection, latest, FoundCase)


def copied(connection: Connection, user_id: int, asked: Asked) -> list[ToldCase]:
    """Cases about which the system has told the person something, the latest first."""
    told = (
        select(
            messages.c.case_id,
            func.max(messages.c.sent_at).label("sent_at"),
            func.min(func.coalesce(type_coerce(messages.c.read_at, String), "")).label("read_key"),
        )
        .where(messages.c.user_id == user_id, messages.c.case_id.is_not(None))
        .group_by(messages.c.case_id)
        .subquery()
    )
    columns = [*_CASE, cases.c.id.label("case_id"), told.c.sent_at.label("arrived_at"), told.c.read_key]
    query = _filtered(connection, select(*columns).join(told, told.c.case_id == cases.c.id), asked, told.c.sent_at)
    return rows_of(connection, _latest(query, [told.c.sent_at, cases.c.id], asked), ToldCase)


def counts(connection: Connection, candidates: Sequence[str], user_id: int) -> dict[str, int]:
    """How many rows each view has without filters."""
    told = select(func.count(messages.c.case_id.distinct())).where(messages.c.user_id == user_id)
    queries: dict[str, Select[Any]] = {
        "todo": select(func.count()).select_from(tasks).where(_mine(candidates, user_id)),
        "done": select(func.count()).select_from(tasks).where(tasks.c.completed_by == user_id),
        "mine": select(func.count()).select_from(cases).where(cases.c.starter_id == user_id),
        "copied": told,
    }
    return {name: int(connection.execute(query).scalar_one()) for name, query in queries.items()}


def total(
    connection: Connection,
    view: str,
    candidates: Sequence[str],
    user_id: int,
    asked: Asked,
    now: datetime,
    whole_view: int,
) -> int:
    """How many of the ``whole_view`` rows the filters leave, counted up to ``COUNT_LIMIT``."""
    plain = Asked()
    whole = replace(asked, sort=plain.sort, after=plain.after, limit=plain.limit)
    if whole == plain:
        return whole_view
    of_tasks = select(tasks.c.number).select_from(tasks.join(cases) if _looks_at_cases(asked) else tasks)
    if view == "todo":
        query = _filtered(connection, of_tasks, whole, tasks.c.opened_at)
        query = query.where(_mine(candidates, user_id), *_due(connection, whole.due, now))
    elif view == "done":
        query = _filtered(connection, of_tasks, whole, tasks.c.completed_at).where(tasks.c.completed_by == user_id)
    elif view == "mine":
        query = _filtered(connection, select(cases.c.id), whole, cases.c.opened_at)
        query = query.where(cases.c.starter_id == user_id)
    else:
        told = select(messages.c.case_id).where(messages.c.user_id == user_id)
        query = _filtered(connection, select(cases.c.id), whole, cases.c.opened_at).where(cases.c.id.in_(told))
    return int(connection.execute(select(func.count()).select_from(query.limit(COUNT_LIMIT).subquery())).scalar_one())


def open_steps(connection: Connection, case_ids: Sequence[int]) -> dict[int, TaskRow]:
    """The first open task of each of these cases."""
    query = select(tasks).where(tasks.c.case_id.in_(list(case_ids)), tasks.c.status == "open")
    found: dict[int, TaskRow] = {}
    for row in rows_of(connection, query.order_by(tasks.c.number), TaskRow):
        found.setdefault(row["case_id"], row)
    return found


def cursor(row: Mapping[str, object], sort: str, view: str) -> str:
    """Where the next page begins after this row."""
    names = {"due": "due_key", "arrived": "opened_at", "-arrived": "opened_at", "number": "case_number"}
    first = {"done": "completed_at", "mine": "case_opened_at", "copied": "arrived_at"}.get(view) or names.get(
        sort, "due_key"
    )
    return paging.mark([row[first], row["case_id"], *([row["number"]] if view in ("todo", "done") else [])])


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


def most_urgent(connection: Connection, candidates: Sequence[str], user_id: int) -> tuple[int, int] | None:
    """Case and number of the task with which ``todo`` begins; None when nothing waits. A part of the step path."""
    found = [_FIRST.one(connection, {"candidate": one, "user_id": user_id}) for one in candidates]
    first = min((tuple(row.values()) for row in found if row is not None), default=None)
    return None if first is None else (first[1], first[2])


def _mine(candidates: Sequence[str], user_id: int) -> ColumnElement[bool]:
    free = or_(tasks.c.claimed_by.is_(None), tasks.c.claimed_by == user_id)
    # A literal, not a parameter: only then does SQLite answer from the partial index alone.
    return and_(tasks.c.candidate.in_(list(candidates)), tasks.c.status == literal_column("'open'"), free)


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


def _filtered(connection: Connection, query: Select[Any], asked: Asked, arrived: Any) -> Select[Any]:
    where: list[Any] = [holds(connection, word) for word in asked.words]
    if asked.numbers:
        where.append(cases.c.number.in_(list(asked.numbers)))
    if asked.key:
        where.append(cases.c.key == asked.key)
    if asked.path:
        where.append(cases.c.organisation_path.startswith(asked.path, autoescape=True))
    if asked.status:
        where.append(cases.c.status == asked.status)
    if asked.arrived_from:
        where.append(arrived >= asked.arrived_from)
    if asked.arrived_before:
        where.append(arrived < asked.arrived_before)
    return query.where(*where)


def _latest(query: Select[Any], key: list[Any], asked: Asked) -> Select[Any]:
    return paging.page(query, key, asked.after, asked.limit, descending=True)
