"""Deadlines of open tasks in parts of the tree: how many stand how, and one page after another. Knows no calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
)

from storage import paging
from storage.database import rows_of
from storage.deadlines import DAY_IS_OVER, RUNS, stands_still
from storage.rows import DeadlineRow
from storage.search import holds
from storage.tables import cases, deadlines, tasks

LATE, SUSPENDED, NEAR, OPEN = "late", "suspended", "near", "open"
STANDINGS: Final = (LATE, SUSPENDED, NEAR, OPEN)
"""How a deadline stands; the first that is true."""

_KEY = (deadlines.c.due_at, deadlines.c.case_id, deadlines.c.number)


class ListedDeadline(DeadlineRow):
    """A running deadline with what a list says of case and task; ``place``: the organisation of the case."""

    case_number: str
    title: str
    place: str
    organisation_path: str
    name_zh: str
    name_en: str
    organisation_name: str
    claimed_name: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty text filters nothing. ``paths``: what the reader may see, none for nothing."""

    paths: Sequence[str]
    standing: str = ""
    words: Sequence[str] = ()
    numbers: Sequence[str] = ()  # only cases with one of these
    key: str = ""
    path: str = ""
    after: str = ""
    limit: int = 50


def page(connection: Connection, asked: Asked, now: datetime) -> list[ListedDeadline]:
    """The one due first first, with what a list says of case and task; one row more than the limit if there is one."""
    columns = (
        deadlines, cases.c.number.label("case_number"), cases.c.title, cases.c.organisation_name.label("place"),
        cases.c.organisation_path,
        tasks.c.name_zh, tasks.c.name_en, tasks.c.organisation_name, tasks.c.claimed_name,
    )  # fmt: skip
    own = and_(tasks.c.case_id == deadlines.c.case_id, tasks.c.number == deadlines.c.number)
    joined = deadlines.join(cases).join(tasks, own)
    query = _filtered(connection, select(*columns).select_from(joined), asked)
    if asked.standing in STANDINGS:
        query = query.where(_standings(connection, now)[asked.standing])
    found = paging.page(query, _KEY, asked.after, asked.limit)
    return rows_of(connection, found, ListedDeadline)


def counts(connection: Connection, asked: Asked, now: datetime) -> dict[str, int]:
    """How many stand how, whatever standing is asked for; every one is counted."""
    standings = _standings(connection, now)
    told: list[Any] = [func.count(case((standings[name], 1))).label(name) for name in STANDINGS]
    query: Select[Any] = select(*told).select_from(deadlines.join(cases))
    row = connection.execute(_filtered(connection, query, asked)).mappings().one()
    return {name: int(row[name]) for name in STANDINGS}


def count_late(connection: Connection, paths: Sequence[str], now: datetime) -> int:
    """How many are past."""
    query = select(func.count()).select_from(deadlines.join(cases))
    late = _standings(connection, now)[LATE]
    return int(connection.execute(_filtered(connection, query, Asked(paths)).where(late)).scalar_one())


def mark(row: ListedDeadline) -> str:
    """Where the next page begins after this row."""
    return paging.mark([row["due_at"], row["case_id"], row["number"]])


def _standings(connection: Connection, now: datetime) -> dict[str, ColumnElement[bool]]:
    """``warn_at`` is the beginning of the day from which on no more working days are left than warn."""
    late, still, near = (
        deadlines.c.due_at <= now - DAY_IS_OVER,
        stands_still(connection, now),
        deadlines.c.warn_at <= now,
    )
    return {
        LATE: late,
        SUSPENDED: and_(not_(late), still),
        NEAR: and_(not_(late), not_(still), near),
        OPEN: and_(not_(late), not_(still), not_(near)),
    }


def _filtered(connection: Connection, query: Select[Any], asked: Asked) -> Select[Any]:
    where: list[Any] = [RUNS, or_(false(), *(_inside(path) for path in asked.paths))]
    where += [holds(connection, word) for word in asked.words]
    if asked.numbers:
        where.append(cases.c.number.in_(list(asked.numbers)))
    if asked.key:
        where.append(cases.c.key == asked.key)
    if asked.path:
        where.append(_inside(asked.path))
    return query.where(*where)


def _inside(path: str) -> ColumnElement[bool]:
    return cases.c.organisation_path.startswith(path, autoescape=True)
