"""What waits for a person (待办), and what would if he need not stand aside. Opens no state and knows no role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    exists,
    literal_column,
    not_,
    or_,
    select,
)

from storage.case_columns import at_hand, few_of, task_columns
from storage.database import utc_text
from storage.deadlines import DAY_IS_OVER, stands_still
from storage.inbox import BOTH, TASK_COLUMNS, TASK_KEY, Asked, FoundTask, arrived, looks_at_cases, of_cases
from storage.involvements import open_for
from storage.paging import Listing
from storage.prepared import Prepared
from storage.recusals import at_task, recusals, tasks_of
from storage.tables import cases, deadlines, tasks
from storage.words import among

_SORTS: dict[str, tuple[str, ColumnElement[Any], bool]] = {
    "due": ("due_key", tasks.c.due_key, False), "arrived": ("opened_at", tasks.c.opened_at, False),
    "-arrived": ("opened_at", tasks.c.opened_at, True), "number": ("case_number", cases.c.number, False),
}  # fmt: skip
"""Of each order: the name of its first column, the column, and whether the last comes first."""


_OPEN: ColumnElement[bool] = tasks.c.status == literal_column("'open'")
_by = task_columns.c
_BY_VALUE = _by.value.label("column_value")


@dataclass(frozen=True, slots=True)
class Reached:
    """What somebody reaches by an inbox key: what nobody has claimed, and what this person has.

    ``kinds``: keys of processes, none for all. ``beside``: who else takes part when somebody acts by it; where one of
    them, or the person himself, must stand aside, nobody acts by it. ``answers``: whether
    it is also where it is that person's turn to answer.
    """

    candidate: str
    user_id: int
    kinds: frozenset[str] = frozenset()
    beside: frozenset[int] = frozenset()
    answers: bool = False

    @property
    def people(self) -> frozenset[int]:
        """Everybody who would have acted."""
        return self.beside | {self.user_id}


def todo(
    connection: Connection,
    reached: Sequence[Reached],
    asked: Asked,
    now: datetime,
    answers: int = 0,
    *,
    aside: bool = False,
) -> Listing[FoundTask]:
    """Open tasks that a person may take by one of his inbox keys, or in the place of somebody who is away.

    ``answers``: also those at which it is the turn of this person to answer. ``aside``: instead, those that he reaches
    by no key but such by which he must stand aside.
    """
    where = (*of_cases(connection, asked), *arrived(asked, tasks.c.opened_at), *_due(connection, asked, now))
    few = few_of(connection, asked.columns)
    if few is not None:
        where = (*where, among(connection, tasks.c.case_id, few))
    name, first, descending = _SORTS.get(asked.sort, _SORTS["due"])
    key = [(name, first), *TASK_KEY]
    if aside:
        people = frozenset[int]().union(*(one.people for one in reached))
        found, own = tasks_of(people), not_(open_for(answers))
        at = and_(found.c.case_id == tasks.c.case_id, found.c.number == tasks.c.number)
        parts = [and_(_aside(candidate, by), own, *where) for candidate, by in _ways(reached).items()]
        return Listing(FoundTask, TASK_COLUMNS, BOTH.join(found, at), parts, key, descending)
    mine = reachable(reached, far=few is not None)
    there = _to_answer(reached, answers)
    if asked.by:
        at = and_(_by.case_id == tasks.c.case_id, _by.number == tasks.c.number)
        where = (*where, _by.field == asked.by)
        parts = [
            and_((_by.candidate if few is None else at_hand(_by.candidate)) == candidate, one, *where)
            for candidate, one in zip(_ways(reached), mine, strict=True)
        ]
        parts += [and_(one, *map(not_, mine), *where) for one in there]
        key = [(one.name, one) for one in (_BY_VALUE, _by.case_id, _by.number)]
        return Listing(FoundTask, (*TASK_COLUMNS, _BY_VALUE), BOTH.join(task_columns, at), parts, key, asked.last_first)
    parts = [and_(one, *where) for one in mine]
    parts += [and_(one, *map(not_, mine), *where) for one in there]
    return Listing(FoundTask, TASK_COLUMNS, BOTH, parts, key, descending, None if looks_at_cases(asked) else tasks)


def _to_answer(reached: Sequence[Reached], answers: int) -> list[ColumnElement[bool]]:
    """Of tasks: that it is this person's turn to answer, or that of each for whom he acts; none of them twice."""
    found = [and_(open_for(answers), _OPEN, not_(at_task({answers})))] if answers else []
    for one in reached:
        if one.answers:
            turn = and_(
                open_for(one.user_id, one.people - {one.user_id}), _OPEN, *_of_kinds(one), not_(at_task(one.people))
            )
            found.append(and_(turn, *map(not_, found)))
    return found


def reachable(reached: Sequence[Reached], *, far: bool = False) -> list[ColumnElement[bool]]:
    """Of open tasks: that somebody may take one, a condition for each inbox key. ``far``: few of them are looked at,
    found by their cases.
    """
    return [_mine(candidate, by, far=far) for candidate, by in _ways(reached).items()]


def _ways(reached: Sequence[Reached]) -> dict[str, list[Reached]]:
    ways: dict[str, list[Reached]] = {}
    for one in reached:
        ways.setdefault(one.candidate, []).append(one)
    return ways


@cache
def _first(people: int) -> Prepared:
    """The first task of an inbox at which none of so many people must stand aside."""
    own = [bindparam(f"p{index}", type_=Integer) for index in range(people)]
    at = (recusals.c.case_id == tasks.c.case_id, recusals.c.number == tasks.c.number)
    return Prepared(
        select(tasks.c.due_key, tasks.c.case_id, tasks.c.number)
        .where(
            tasks.c.candidate == bindparam("candidate"),
            tasks.c.status == literal_column("'open'"),
            or_(tasks.c.claimed_by.is_(None), tasks.c.claimed_by == bindparam("user_id")),
            not_(exists().where(*at, recusals.c.user_id.in_(own)).correlate(tasks)),
        )
        .order_by(tasks.c.due_key, tasks.c.case_id, tasks.c.number)
        .limit(literal_column("1"))
        .offset(literal_column("0"))  # SQLite would be given a parameter of its own for it
    )


def most_urgent(connection: Connection, reached: Sequence[Reached]) -> tuple[int, int] | None:
    """Case and number of the task with which ``todo`` begins, but for what is of some kinds alone.

    None when nothing waits. A part of the step path.
    """
    found = [_first_of(connection, one) for one in reached if not one.kinds]
    first = min((tuple(row.values()) for row in found if row is not None), default=None)
    return None if first is None else (first[1], first[2])


def _first_of(connection: Connection, one: Reached) -> dict[str, Any] | None:
    people = {f"p{index}": user_id for index, user_id in enumerate(sorted(one.people))}
    return _first(len(people)).one(connection, {"candidate": one.candidate, "user_id": one.user_id, **people})


def _mine(candidate: str, by: Sequence[Reached], *, far: bool = False) -> ColumnElement[bool]:
    people = {one.people for one in by}
    if len(people) == 1:  # one look at a task, whatever the ways
        return and_(_open_at(candidate, far=far), or_(*map(_way, by)), not_(at_task(next(iter(people)))))
    return and_(_open_at(candidate, far=far), or_(*(and_(_way(one), not_(at_task(one.people))) for one in by)))


def _aside(candidate: str, by: Sequence[Reached]) -> ColumnElement[bool]:
    free = [and_(_way(one), not_(at_task(one.people))) for one in by]
    return and_(_open_at(candidate), or_(*map(_way, by)), not_(or_(*free)))


def _open_at(candidate: str, *, far: bool = False) -> ColumnElement[bool]:
    # A literal, not a parameter: only then does SQLite answer from the partial index alone.
    return and_(
        (at_hand(tasks.c.candidate) if far else tasks.c.candidate) == candidate,
        tasks.c.status == literal_column("'open'"),
    )


def _way(one: Reached) -> ColumnElement[bool]:
    free = or_(tasks.c.claimed_by.is_(None), tasks.c.claimed_by == one.user_id)
    return and_(free, *_of_kinds(one))


def _of_kinds(one: Reached) -> list[ColumnElement[bool]]:
    of_kind = exists().where(cases.c.id == tasks.c.case_id, cases.c.key.in_(sorted(one.kinds))).correlate(tasks)
    return [of_kind] if one.kinds else []


def _due(connection: Connection, asked: Asked, now: datetime) -> list[ColumnElement[bool]]:
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
    if asked.due_before:
        choices["until"] = [~late, tasks.c.due_key < utc_text(asked.due_before), ~still]
    return choices.get(asked.due, [])
