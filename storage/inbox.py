"""Pages of tasks and cases: filtered, sorted, one key set after another. Opens no state and knows no role.

A page begins after the last row of the page before (``after``), so that page 5,000 costs what page 1 costs.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
)

from storage.database import utc_text
from storage.deadlines import stands_still
from storage.tables import cases, deadlines, messages, tasks

Row = Mapping[str, Any]
COUNT_LIMIT = 10_000
"""A filtered count stops here; nobody reads further."""
LARGEST = 2**31  # an integer of PostgreSQL holds no more

_CASE = [
    *(cases.c[name] for name in ("id", "key", "digest", "title", "summary", "end_zh", "end_en")),
    *(cases.c[name] for name in ("organisation_code", "organisation_path")),
    *(cases.c[name].label(f"case_{name}") for name in ("number", "status", "opened_at", "organisation_name")),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. Times are aware UTC; empty text and None filter nothing."""

    words: Sequence[str] = ()
    key: str = ""
    path: str = ""
    status: str = ""
    arrived_from: datetime | None = None
    arrived_before: datetime | None = None
    due: str = ""  # late, suspended, soon, later
    sort: str = "due"
    after: str = ""
    limit: int = 20


def todo(connection: Connection, candidates: Sequence[str], user_id: int, asked: Asked, now: datetime) -> list[Row]:
    """Open tasks that one of the inbox keys may take and nobody else has claimed."""
    query = _filtered(select(tasks, *_CASE).join(cases, cases.c.id == tasks.c.case_id), asked, tasks.c.opened_at)
    query = query.where(_mine(candidates, user_id), *_due(connection, asked.due, now))
    keys: dict[str, tuple[list[Any], bool]] = {
        "due": ([tasks.c.due_key, tasks.c.case_id, tasks.c.number], False),
        "arrived": ([tasks.c.opened_at, tasks.c.case_id, tasks.c.number], False),
        "-arrived": ([tasks.c.opened_at, tasks.c.case_id, tasks.c.number], True),
        "number": ([cases.c.number, tasks.c.case_id, tasks.c.number], False),
    }
    return _page(connection, query, *keys.get(asked.sort, keys["due"]), asked)


def done(connection: Connection, user_id: int, asked: Asked) -> list[Row]:
    """Tasks that the person has completed, the latest first."""
    query = _filtered(select(tasks, *_CASE).join(cases, cases.c.id == tasks.c.case_id), asked, tasks.c.completed_at)
    query = query.where(tasks.c.completed_by == user_id)
    return _page(connection, query, [tasks.c.completed_at, tasks.c.case_id, tasks.c.number], True, asked)


def mine(connection: Connection, user_id: int, asked: Asked) -> list[Row]:
    """Cases that the person has started, the latest first."""
    query = _filtered(select(*_CASE, cases.c.id.label("case_id")), asked, cases.c.opened_at)
    return _page(connection, query.where(cases.c.starter_id == user_id), [cases.c.opened_at, cases.c.id], True, asked)


def copied(connection: Connection, user_id: int, asked: Asked) -> list[Row]:
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
    query = _filtered(select(*columns).join(told, told.c.case_id == cases.c.id), asked, told.c.sent_at)
    return _page(connection, query, [told.c.sent_at, cases.c.id], True, asked)


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
    whole = Asked(asked.words, asked.key, asked.path, asked.status, asked.arrived_from, asked.arrived_before, asked.due)
    if whole == Asked():
        return whole_view
    joined = select(tasks.c.number).join(cases, cases.c.id == tasks.c.case_id)
    if view == "todo":
        query = _filtered(joined, whole, tasks.c.opened_at).where(
            _mine(candidates, user_id), *_due(connection, whole.due, now)
        )
    elif view == "done":
        query = _filtered(joined, whole, tasks.c.completed_at).where(tasks.c.completed_by == user_id)
    elif view == "mine":
        query = _filtered(select(cases.c.id), whole, cases.c.opened_at).where(cases.c.starter_id == user_id)
    else:
        told = select(messages.c.case_id).where(messages.c.user_id == user_id)
        query = _filtered(select(cases.c.id), whole, cases.c.opened_at).where(cases.c.id.in_(told))
    return int(connection.execute(select(func.count()).select_from(query.limit(COUNT_LIMIT).subquery())).scalar_one())


def open_steps(connection: Connection, case_ids: Sequence[int]) -> dict[int, Row]:
    """The first open task of each of these cases."""
    query = select(tasks).where(tasks.c.case_id.in_(list(case_ids)), tasks.c.status == "open")
    found: dict[int, Row] = {}
    for row in connection.execute(query.order_by(tasks.c.number)).mappings():
        found.setdefault(row["case_id"], dict(row))
    return found


def cursor(row: Row, sort: str, view: str) -> str:
    """Where the next page begins after this row."""
    names = {"due": "due_key", "arrived": "opened_at", "-arrived": "opened_at", "number": "case_number"}
    first = {"done": "completed_at", "mine": "case_opened_at", "copied": "arrived_at"}.get(view) or names.get(
        sort, "due_key"
    )
    key = row[first]
    parts = [utc_text(key) if isinstance(key, datetime) else key, row["case_id"]]
    if view in ("todo", "done"):
        parts.append(row["number"])
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _mine(candidates: Sequence[str], user_id: int) -> ColumnElement[bool]:
    free = or_(tasks.c.claimed_by.is_(None), tasks.c.claimed_by == user_id)
    # A literal, not a parameter: only then does SQLite answer from the partial index alone.
    return and_(tasks.c.candidate.in_(list(candidates)), tasks.c.status == literal_column("'open'"), free)


def _due(connection: Connection, due: str, now: datetime) -> list[ColumnElement[bool]]:
    """Late goes over all else; what stands still is neither near nor in plenty of time."""
    late, near = tasks.c.due_at < now, and_(tasks.c.due_at >= now, tasks.c.warn_at <= now)
    far = or_(tasks.c.due_at.is_(None), tasks.c.warn_at > now)
    own = and_(deadlines.c.case_id == tasks.c.case_id, deadlines.c.number == tasks.c.number)
    still = exists().where(own, stands_still(connection, now)).correlate(tasks)
    choices: dict[str, list[ColumnElement[bool]]] = {
        "late": [late],
        "suspended": [tasks.c.due_at >= now, still],
        "soon": [near, ~still],
        "later": [far, ~still],
    }
    return choices.get(due, [])


def _filtered(query: Select[Any], asked: Asked, arrived: Any) -> Select[Any]:
    for word in asked.words:
        fields = (cases.c.number, cases.c.title, cases.c.summary, cases.c.organisation_name)
        query = query.where(or_(*(field.icontains(word, autoescape=True) for field in fields)))
    where: list[Any] = []
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


def _page(connection: Connection, query: Select[Any], key: list[Any], descending: bool, asked: Asked) -> list[Row]:
    """One row more than the limit tells that there is a next page."""
    after = _decoded(asked.after, len(key))
    if after is not None:
        left = tuple_(type_coerce(key[0], String), *key[1:])  # a moment is compared as the text that it is stored as
        right = tuple_(literal(after[0], String), *(literal(part, Integer) for part in after[1:]))
        query = query.where(left < right if descending else left > right)
    order = [column.desc() if descending else column.asc() for column in key]
    return [dict(row) for row in connection.execute(query.order_by(*order).limit(asked.limit + 1)).mappings()]


def _decoded(after: str, length: int) -> list[Any] | None:
    """The key of a cursor; a cursor that is none begins at the first page."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        return None
    whole = isinstance(parts, list) and len(parts) == length and isinstance(parts[0], str) and "\0" not in parts[0]
    return parts if whole and all(isinstance(part, int) and 0 <= part < LARGEST for part in parts[1:]) else None
