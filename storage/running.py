"""Deadlines of open tasks in parts of the tree: how many stand how, and one page after another. Knows no calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, false, literal_column, not_, or_, select, true

from storage.deadlines import DAY_IS_OVER, KEY, RUNS, stands_still
from storage.organisations import organisations
from storage.paging import Listing, sizes
from storage.rows import DeadlineRow
from storage.search import holding
from storage.tables import cases, deadlines, tasks

LATE, SUSPENDED, NEAR = "late", "suspended", "near"
STANDINGS: Final = (LATE, SUSPENDED, NEAR)
"""How a deadline stands that must be looked after; the first that is true. The others have time."""
FEW: Final = 30
"""Organisations that are looked up one by one; of more of them the first that is due is found soon."""

_WITH_CASE = deadlines.join(cases)
_OWN = and_(tasks.c.case_id == deadlines.c.case_id, tasks.c.number == deadlines.c.number)
_COLUMNS = (
    deadlines, cases.c.number.label("case_number"), cases.c.title, cases.c.organisation_name.label("place"),
    cases.c.organisation_path, cases.c.digest,
    tasks.c.name_zh, tasks.c.name_en, tasks.c.organisation_name, tasks.c.claimed_name,
)  # fmt: skip


class ListedDeadline(DeadlineRow):
    """A running deadline with what a list says of case and task; ``place``: the organisation of the case."""

    case_number: str
    title: str
    place: str
    organisation_path: str
    digest: str
    name_zh: str
    name_en: str
    organisation_name: str
    claimed_name: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty text filters nothing. ``paths``: what the reader may see, none for nothing."""

    paths: Sequence[str]
    words: Sequence[str] = ()
    numbers: Sequence[str] = ()  # only cases with one of these
    key: str = ""
    path: str = ""
    claimed_by: int | None = None  # whoever has claimed the task
    but: Sequence[int] = ()  # ids of cases of which nobody may hear that he takes part


def listings(connection: Connection, asked: Asked, now: datetime) -> dict[str, Listing[ListedDeadline]]:
    """The lists of each standing, and of all under an empty one, the one due first first."""
    of_cases = _of_cases(connection, asked)
    codes = list(connection.execute(_codes(asked)).scalars())
    if len(codes) <= FEW and asked.claimed_by is None:
        places: list[ColumnElement[bool]] = [deadlines.c.organisation_code == code for code in codes]
    else:  # not by the column itself: only then does SQLite go by the order of the list
        places = [deadlines.c.organisation_code.op("||")(literal_column("''")).in_(_codes(asked))]
    standings: dict[str, ColumnElement[bool]] = {"": true(), **_standings(connection, now)}
    source = _WITH_CASE.join(tasks, _OWN)
    counted = source if asked.claimed_by is not None else _WITH_CASE if of_cases else deadlines
    return {
        name: Listing(
            ListedDeadline, _COLUMNS, source, [and_(place, RUNS, standing, *of_cases) for place in places], KEY,
            counted=counted,
        )
        for name, standing in standings.items()
    }  # fmt: skip


def of_units(
    connection: Connection, paths: Sequence[str], units: Sequence[str], now: datetime, most: int
) -> list[dict[str, int]]:
    """Of each subtree of ``units`` how many are late and how many near, as the lists of these tell; one statement."""
    standings = {name: one for name, one in _standings(connection, now).items() if name in (LATE, NEAR)}
    lists = [
        Listing(DeadlineRow, (), deadlines, [and_(RUNS, standing, deadlines.c.organisation_code.in_(codes))], KEY)
        for codes in (_codes(Asked(paths, path=unit)) for unit in units)
        for standing in standings.values()
    ]
    counts = iter(sizes(connection, lists, most))
    return [{name: next(counts) for name in standings} for _ in units]


def count_late(connection: Connection, paths: Sequence[str], now: datetime, most: int) -> int:
    """How many are past; one more than ``most`` when there are more than that. By an index of each organisation."""
    late = and_(RUNS, deadlines.c.due_at <= now - DAY_IS_OVER, deadlines.c.organisation_code.in_(_codes(Asked(paths))))
    return Listing(DeadlineRow, (), deadlines, [late], KEY).count(connection, most)


def _standings(connection: Connection, now: datetime) -> dict[str, ColumnElement[bool]]:
    """``warn_at`` is the beginning of the day from which on no more working days are left than warn."""
    late, still, near = (
        deadlines.c.due_at <= now - DAY_IS_OVER,
        stands_still(connection, now),
        deadlines.c.warn_at <= now,
    )
    # The opposite of being late is said by the column itself: an index is not looked up by a negation.
    later = deadlines.c.due_at > now - DAY_IS_OVER
    return {
        LATE: late,
        SUSPENDED: and_(later, still),
        NEAR: and_(later, not_(still), near),
    }


def _of_cases(connection: Connection, asked: Asked) -> list[ColumnElement[bool]]:
    where = holding(connection, asked.words)
    if asked.numbers:
        where.append(cases.c.number.in_(list(asked.numbers)))
    if asked.key:
        where.append(cases.c.key == asked.key)
    if asked.claimed_by is not None:
        where += [tasks.c.claimed_by == asked.claimed_by, tasks.c.status == literal_column("'open'")]
        where += [cases.c.id.not_in(list(asked.but))] if asked.but else []
    return where


def _codes(asked: Asked) -> Any:
    """The organisations whose deadlines are asked for."""
    path = organisations.c.path
    where = [or_(false(), *(path.startswith(one, autoescape=True) for one in asked.paths))]
    if asked.path:
        where.append(path.startswith(asked.path, autoescape=True))
    return select(organisations.c.code).where(*where)
