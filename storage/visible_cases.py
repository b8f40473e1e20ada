"""The cases that a person may see, one page after another (``storage.paging``). Knows no role: what it takes to see a
case is said by ``engine.directory.policy.sees``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    String,
    and_,
    except_,
    exists,
    false,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
    type_coerce,
    union_all,
)

from storage.case_columns import Wanted, at_hand, case_columns, few_of, fits
from storage.database import rows_of
from storage.deadlines import DAY_IS_OVER, RUNS, stands_still
from storage.inbox import OfCase
from storage.involvements import involvements, open_for
from storage.messages import messages
from storage.organisations import organisations
from storage.paging import Listing
from storage.rows import TaskRow
from storage.search import Told, holding
from storage.tables import cases, deadlines, tasks
from storage.todo import Reached, reachable
from storage.words import among

_by = case_columns.c
FEW: Final = 30
"""Organisations that are looked up one by one; of more of them a page is found soon in the order of the list."""
_OPEN = tasks.c.status == literal_column("'open'")  # a literal: only then is the partial index looked up
_COLUMNS = (
    *(cases.c[name] for name in ("id", "key", "digest", "title", "summary", "end_element", "ended_at", "starter_name")),
    *(cases.c[name] for name in ("organisation_code", "organisation_path")),
    *(cases.c[name].label(f"case_{name}") for name in ("number", "status", "opened_at", "organisation_name")),
)
_SORTS: dict[str, tuple[str, ColumnElement[Any], bool]] = {
    "-opened": ("case_opened_at", cases.c.opened_at, True), "opened": ("case_opened_at", cases.c.opened_at, False),
    "number": ("case_number", cases.c.number, False),
}  # fmt: skip
"""Of each order: the name of its first column, the column, and whether the last comes first."""


class VisibleCase(OfCase):
    """A case as the list of all cases says it."""

    ended_at: datetime | None
    starter_name: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose cases: business inside ``paths``, and what he opened, acted in, was told of or may act in."""

    user_id: int
    reached: Sequence[Reached] = ()
    paths: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Of cases inside the reader's part of the tree: who has claimed a task there, or completed one when."""

    claimed_by: int | None = None
    done_by: int | None = None
    done_from: datetime | None = None
    done_before: datetime | None = None
    but: Sequence[int] = ()  # ids of cases of which nobody may hear that they take part


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. Times are aware UTC; empty text and None filter nothing."""

    words: Sequence[str] = ()
    told: Told | None = None  # in what of cases the words are looked for, where it is not all
    own: Sequence[Reached] | None = None  # whose tasks ``step``, ``waits_at`` and ``due`` are about; None: everybody's
    numbers: Sequence[str] = ()  # only cases with one of these
    key: str = ""
    path: str = ""
    status: str = ""
    step: str = ""  # the Chinese name of an open task
    waits_at: Sequence[str] | None = None  # an open task waits for one of these
    unseen: Sequence[tuple[int, int]] = ()  # tasks (case, number) by which ``waits_at`` and ``due`` find nothing
    due: str = ""  # late, suspended, soon: an open task; once_late, all_in_time: some task, and what has ended counts
    secret: Sequence[str] = ()  # digests of definitions of whose cases ``all_in_time`` and ``once_late`` tell nothing
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    ended_from: datetime | None = None
    ended_before: datetime | None = None
    others_since: datetime | None = None  # opened by him, or handed on by him since then: others have the case now
    people: People | None = None
    sort: str = "-opened"
    columns: Sequence[Wanted] = ()  # of the process ``key``
    by: str = ""  # a field of it by which the list is in order
    last_first: bool = False


def visible(connection: Connection, sight: Sight, asked: Asked, now: datetime) -> Listing[VisibleCase]:
    """The list of the cases that are seen and asked for, the latest first unless another order is asked for."""
    where = and_(true(), *_asked(connection, asked, now))
    few = few_of(connection, asked.columns)
    name, first, descending = _SORTS.get(asked.sort, _SORTS["-opened"])
    if asked.others_since is not None:
        parts = [and_(one, where) for one in _with_others(sight, asked.others_since)]
    elif asked.people is not None:
        parts = [and_(_within(sight.paths), _of_people(asked.people), where)]
    else:
        parts = [and_(place, where) for place in _inside(connection, sight.paths, asked.path, few)]
        parts.append(and_(not_(_within(sight.paths)), cases.c.id.in_(_took_part(connection, sight, few)), where))
    if asked.by:
        value, at = _by.value.label("column_value"), _by.case_id == cases.c.id
        field = _by.field if few is None else at_hand(_by.field)
        parts = [and_(field == asked.by, part) for part in parts]
        keys = [("column_value", value), ("id", _by.case_id)]
        return Listing(VisibleCase, (*_COLUMNS, value), cases.join(case_columns, at), parts, keys, asked.last_first)
    key = [(name, first), ("id", cases.c.id)]
    return Listing(VisibleCase, _COLUMNS, cases, parts, key, descending)


def digests_of(connection: Connection, user_id: int, reached: Sequence[Reached], paths: Sequence[str]) -> Sequence[str]:
    """The definitions of the cases that somebody sees."""
    own = cases.c.id.in_(_took_part(connection, Sight(user_id, reached), None))
    return connection.execute(select(cases.c.digest).where(or_(own, _within(paths))).distinct()).scalars().all()


def open_tasks(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[TaskRow]]:
    """The open tasks of each of these cases."""
    query = select(tasks).where(tasks.c.case_id.in_(list(case_ids)), _OPEN).order_by(tasks.c.case_id, tasks.c.number)
    found: dict[int, list[TaskRow]] = {case_id: [] for case_id in case_ids}
    for row in rows_of(connection, query, TaskRow):
        found[row["case_id"]].append(row)
    return found


def _inside(
    connection: Connection, paths: Sequence[str], path: str, few: Sequence[int] | None
) -> list[ColumnElement[bool]]:
    """The business inside the subtrees: of few organisations each by its index, of many by the order of the list.

    ``few``: the cases that are looked at alone.
    """
    if not paths:
        return []
    if few is not None:
        return [_within(paths)]
    lies = [_lies(organisations.c.path, paths), _lies(organisations.c.path, [path])] if path else []
    lies = lies or [_lies(organisations.c.path, paths)]
    codes = list(connection.execute(select(organisations.c.code).where(*lies).limit(FEW + 1)).scalars())
    if len(codes) <= FEW:
        return [and_(cases.c.organisation_code == code, _within(paths)) for code in codes]
    return [_within(paths)]


def _within(paths: Sequence[str]) -> ColumnElement[bool]:
    return _lies(cases.c.organisation_path, paths)


def _lies(column: ColumnElement[str], paths: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *(column.startswith(path, autoescape=True) for path in paths))


def _took_part(connection: Connection, sight: Sight, few: Sequence[int] | None) -> Select[Any]:
    """The ids of the cases that a person sees whatever their organisation; of few cases these alone are looked at."""
    by_case = _by_index if few is None else at_hand
    own = select(cases.c.id.label("id")).where(by_case(cases.c.starter_id) == sight.user_id)
    acted = select(tasks.c.case_id).where(by_case(tasks.c.completed_by) == sight.user_id)
    told = select(messages.c.case_id).where(by_case(messages.c.user_id) == sight.user_id, messages.c.opens)
    waiting = [_waiting(one, by_case) for one in sight.reached]
    parts: list[Select[Any]] = [own, acted, told, *waiting]
    if few is not None:
        parts = [part.where(among(connection, part.selected_columns[0], few)) for part in parts]
    return select(union_all(*parts).subquery().c.id)


def _by_index(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


def _with_others(sight: Sight, since: datetime) -> list[ColumnElement[bool]]:
    """Running cases where it is the turn of somebody else: those that he opened, those that he has handed on."""
    mine = or_(false(), open_for(sight.user_id), *reachable(sight.reached))
    waits = exists().where(tasks.c.case_id == cases.c.id, _OPEN, not_(mine)).correlate(cases)
    under_way = and_(cases.c.status == literal_column("'running'"), waits)  # a literal, for the partial index
    acted = select(tasks.c.case_id).where(tasks.c.completed_by == sight.user_id, tasks.c.completed_at >= since)
    i = involvements.alias("by_him")
    brought = select(i.c.case_id).where(i.c.by_id == sight.user_id, i.c.opened_at >= since)
    handed_on = cases.c.id.in_(select(union_all(acted, brought).subquery().c.case_id))
    own = cases.c.starter_id == sight.user_id
    return [and_(own, under_way), and_(cases.c.starter_id != sight.user_id, handed_on, under_way)]


def _of_people(people: People) -> ColumnElement[bool]:
    where = []
    if people.claimed_by is not None:
        where.append(cases.c.id.in_(select(tasks.c.case_id).where(tasks.c.claimed_by == people.claimed_by, _OPEN)))
    if people.done_by is not None:
        done = [tasks.c.completed_by == people.done_by]
        done += [] if people.done_from is None else [tasks.c.completed_at >= people.done_from]
        done += [] if people.done_before is None else [tasks.c.completed_at < people.done_before]
        where.append(cases.c.id.in_(select(tasks.c.case_id).where(*done)))
    where += [cases.c.id.not_in(list(people.but))] if where and people.but else []
    return and_(*where) if where else false()


def _waiting(one: Reached, by_case: Callable[[ColumnElement[Any]], ColumnElement[Any]]) -> Select[Any]:
    """The cases with an open task that he reaches by an inbox key, whoever has claimed it."""
    query = select(tasks.c.case_id).where(by_case(tasks.c.candidate) == one.candidate, _OPEN)
    return query.join(cases).where(cases.c.key.in_(sorted(one.kinds))) if one.kinds else query


def _asked(connection: Connection, asked: Asked, now: datetime) -> list[ColumnElement[bool]]:
    where, mine = holding(connection, asked.words, asked.told), _mine(asked)
    if asked.numbers:
        where.append(cases.c.number.in_(list(asked.numbers)))
    if asked.key:
        where.append(cases.c.key == asked.key)
    if asked.path:
        where.append(_within([asked.path]))
    if asked.status:
        where.append(cases.c.status == asked.status)
    if asked.step:
        at = and_(tasks.c.case_id == cases.c.id, _OPEN, tasks.c.name_zh == asked.step, mine)
        where.append(exists().where(at).correlate(cases))
    if asked.waits_at is not None:
        waiting = select(tasks.c.case_id).where(_OPEN, tasks.c.candidate.in_(list(asked.waits_at)), mine)
        if asked.unseen:
            waiting = waiting.where(tuple_(tasks.c.case_id, tasks.c.number).not_in(list(asked.unseen)))
        where.append(cases.c.id.in_(waiting))
    if asked.opened_from:
        where.append(cases.c.opened_at >= asked.opened_from)
    if asked.opened_before:
        where.append(cases.c.opened_at < asked.opened_before)
    if asked.ended_from or asked.ended_before:
        c = cases.alias("ended")
        ended = [] if asked.ended_from is None else [c.c.ended_at >= asked.ended_from]
        ended += [] if asked.ended_before is None else [c.c.ended_at < asked.ended_before]
        where.append(cases.c.id.in_(select(c.c.id).where(*ended)))
    where += [fits(connection, cases.c.id, one) for one in asked.columns]
    return [*where, *_due(connection, asked, now)]


def _mine(asked: Asked) -> ColumnElement[bool]:
    return true() if asked.own is None else or_(false(), *reachable(asked.own))


def _due(connection: Connection, asked: Asked, now: datetime) -> list[ColumnElement[bool]]:
    """As the inbox says it: late goes over all else, what stands still is not near. Told by indexes alone."""
    late, later = deadlines.c.due_at <= now - DAY_IS_OVER, deadlines.c.due_at > now - DAY_IS_OVER
    running = select(deadlines.c.case_id, deadlines.c.number).where(RUNS)
    if asked.own is not None:
        at = and_(tasks.c.case_id == deadlines.c.case_id, tasks.c.number == deadlines.c.number)
        running = running.where(exists().where(at, _mine(asked)).correlate(deadlines))
    if asked.unseen:
        running = running.where(tuple_(deadlines.c.case_id, deadlines.c.number).not_in(list(asked.unseen)))
    paused = running.where(type_coerce(deadlines.c.pauses, String) != literal_column("'[]'"))
    still = paused.where(later, stands_still(connection, now))
    choices: dict[str, Select[Any] | CompoundSelect[Any]] = {
        "late": running.where(late),
        "suspended": still,
        "soon": except_(running.where(later, deadlines.c.warn_at <= now), still),
    }
    if asked.due in ("all_in_time", "once_late"):
        over = or_(deadlines.c.status == literal_column("'late'"), and_(RUNS, late))
        missed = exists().where(deadlines.c.case_id == cases.c.id, over).correlate(cases)
        met = exists().where(deadlines.c.case_id == cases.c.id, deadlines.c.status == literal_column("'met'"))
        told = cases.c.digest.not_in(list(asked.secret))
        return [told, missed] if asked.due == "once_late" else [told, met.correlate(cases), not_(missed)]
    return [cases.c.id.in_(select(choices[asked.due].subquery().c.case_id))] if asked.due in choices else []
