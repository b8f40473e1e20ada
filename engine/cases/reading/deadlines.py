"""Readings of deadlines: those of one case with their ledgers, and all that run in somebody's subtree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from engine import letters
from engine.calendar.days import Calendar
from engine.calendar.deadlines import OPEN, days_left, mark, paused, paused_days
from engine.cases.access import running_deadline, seen
from engine.cases.base import Parts, task_id
from engine.cases.reading.asked import path_of
from engine.cases.reading.inbox import LARGEST_PAGE
from engine.cases.reading.times import times_of
from engine.cases.reading.veiled import hides_holder, unseen_parts
from engine.cases.reading.visible import led_by
from engine.cases.shares import Share, Turns, shares_of, turns_of
from engine.cases.veil import HIDDEN, Veil
from engine.damage import legible, of_case
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import NotAllowed
from engine.views.basic import MOST_COUNTED
from engine.views.deadlines import (
    HolderShare,
    LedgerLine,
    Pause,
    RunningDeadline,
    RunningFilters,
    RunningPage,
    TaskDeadline,
)
from engine.views.timers import CountedTime
from engine.words import Words
from storage import deadlines, log, running, search
from storage import rows as rowtypes
from storage.database import Connection
from storage.paging import Listing
from storage.rows import CaseRow, DeadlineRow, TaskRow
from storage.running import ListedDeadline

MOST_SHOWN = 99
"""A number on every page is counted so far."""


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What people read of deadlines and of times counted by the calendar."""

    parts: Parts

    def of_case(self, actor: Actor, case_id: str, ended: int | None = None) -> tuple[TaskDeadline, ...]:
        """Every deadline of a case, in the order of its tasks; so many of those that have ended. Raises NotFound."""
        with self.parts.database.read() as connection:
            return lines_of(self.parts, connection, actor, seen(connection, actor, case_id), ended)

    def running(self, actor: Actor, filters: RunningFilters | None = None) -> RunningPage:
        """The deadlines of open tasks in the actor's subtrees, the one due first first: one page, and every count."""
        now, asked = self.parts.clock.now(), filters or RunningFilters()
        with self.parts.database.read() as connection:
            lists = listings_of(self.parts, connection, actor, asked)
            standing = asked.standing if asked.standing in lists else ""
            wanted, counts = lists[standing], {name: one.count(connection, MOST_COUNTED) for name, one in lists.items()}
            limit = max(1, min(asked.limit, LARGEST_PAGE))
            found = wanted.page(connection, asked.after, limit)
            calendars = self.parts.calendars.by_path(connection)
            hidden = self._hidden(connection, actor, found[:limit])
            read = [row for row in found[:limit] if isinstance(row["due_at"], datetime)]  # what is not is told below
            late = [row["case_id"] for row in read if deadlines.is_over(row["due_at"], now)]
            turns = turns_of(connection, late) if late else {}

            def line(row: running.ListedDeadline) -> RunningDeadline:
                told = _running(row, calendars(row["organisation_path"]), now, turns)
                return replace(told, holder=HIDDEN[0], own=None) if task_id(row) in hidden else told

            return RunningPage(
                rows=tuple(legible(found[:limit], line, _named)),
                total=counts[standing],
                next=wanted.mark(found[limit - 1]) if len(found) > limit else None,
                counts=counts,
                person=led_by(connection, actor, asked.claimed_by),
            )

    def first_ids(self, actor: Actor, filters: RunningFilters, most: int) -> tuple[list[str], int]:
        """The ids of the first tasks whose deadlines match, and how many match, as ``RunningPage.total`` counts."""
        with self.parts.database.read() as connection:
            lists = listings_of(self.parts, connection, actor, filters)
            wanted = lists[filters.standing if filters.standing in lists else ""]
            found = wanted.page(connection, "", most)[:most]
            return [task_id(row) for row in found], wanted.count(connection, MOST_COUNTED)

    def _hidden(self, connection: Connection, actor: Actor, found: Sequence[ListedDeadline]) -> set[str]:
        """The ids of the tasks of which the actor may not hear who has them."""
        definition = partial(self.parts.catalog.definition, connection)
        return {task_id(row) for row in found if hides_holder(connection, actor, row, definition(row["digest"]))}

    def late(self, actor: Actor) -> int:
        """How many deadlines of open tasks in the actor's subtrees are past; one more than ``MOST_SHOWN`` for more."""
        if not actor.leads:
            return 0
        with self.parts.database.read() as connection:
            return running.count_late(connection, actor.leads, self.parts.clock.now(), MOST_SHOWN)

    def times(self, actor: Actor, case_id: str) -> tuple[CountedTime, ...]:
        """Every time that a case waits for and that the calendar gave, the first due first. Raises NotFound."""
        with self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            return () if actor.outside else times_of(self.parts, connection, case)


def listings_of(
    parts: Parts, connection: Connection, actor: Actor, asked: RunningFilters
) -> Mapping[str, Listing[running.ListedDeadline]]:
    """The lists of each standing that the filters leave, and of all under an empty text.

    By who has claimed a task nothing is found that would tell who has a confidential step.
    """
    query, now = _asked(connection, actor, asked), parts.clock.now()
    hidden = unseen_parts(parts, connection, actor, (query.claimed_by,)) if query.paths else ()
    query = replace(query, but=tuple(case_id for _, case_id in hidden))
    lists = running.listings(connection, query, now)
    if query.numbers and not lists[""].count(connection, 0):  # no case of that number here: it may be a word
        lists = running.listings(connection, replace(query, numbers=(), words=_words(asked)), now)
    return lists


def lines_of(
    parts: Parts, connection: Connection, actor: Actor | None, case: CaseRow, ended: int | None = None
) -> tuple[TaskDeadline, ...]:
    """Those of a case, ``ended`` of those that have ended; without an actor nobody may change them."""
    found = deadlines.of_case(connection, case["id"], ended)
    numbers = [row["number"] for row in found]
    tasks = {task["number"]: task for task in log.numbered(connection, case["id"], numbers)}
    veil = Veil(connection, actor, case, parts.definition(connection, case))
    found = [row for row in found if veil.task(tasks[row["number"]])]
    turns = turns_of(connection, [case["id"]] if found else [])

    def line(row: DeadlineRow) -> TaskDeadline:
        task, calendar = tasks[row["number"]], parts.calendar_of(connection, case)
        until = task["completed_at"] or parts.clock.now()
        had = turns.get((case["id"], row["number"]), [])
        shares = tuple(map(_share, shares_of(calendar, row, had, task["organisation_name"], until)))
        return replace(_line(parts, connection, actor, case, task, row), shares=shares)

    return tuple(
        legible(
            found,
            line,
            lambda row: of_case(case["number"], case["id"]),
        )
    )


def _line(
    parts: Parts, connection: Connection, actor: Actor | None, case: CaseRow, task: TaskRow, row: DeadlineRow
) -> TaskDeadline:
    now, calendar = parts.clock.now(), parts.calendar_of(connection, case)
    declared = parts.definition(connection, case).elements[row["element"]].deadline
    assert declared is not None
    extend_left = declared.extend_days - row["extra"]
    suspend_left = declared.suspend_days - paused_days(calendar, row["pauses"])
    suspended = paused(row, now)
    may: set[str] = set()
    runs = row["status"] in OPEN and task["status"] == policy.OPEN
    if runs and actor is not None and _may_change(parts, connection, actor, case, task):
        may |= {"extend"} if extend_left > 0 else set()
        late = deadlines.is_over(row["due_at"], now)
        may |= {"resume"} if suspended else {"suspend"} if suspend_left > 0 and not late else set()
    return TaskDeadline(
        case_id=str(case["id"]),
        task_id=task_id(task),
        task=(task["name_zh"], task["name_en"]),
        holder=task["claimed_name"] or task["organisation_name"],
        status=row["status"],
        suspended=suspended and row["status"] in OPEN,
        started_at=row["started_at"],
        due_at=row["due_at"],
        days=row["days"],
        extra=row["extra"],
        days_left=days_left(calendar, row, task["completed_at"] or now),
        warn_days=row["warn_days"],
        calendar=row["calendar"],
        provisional=row["provisional"],
        ledger=tuple(_day(*line) for line in row["ledger"]),
        pauses=tuple(map(_pause, row["pauses"])),
        may=frozenset(may),
        extend_left=extend_left,
        suspend_left=suspend_left,
        mark=mark(row),
    )


def _may_change(parts: Parts, connection: Connection, actor: Actor, case: CaseRow, task: TaskRow) -> bool:
    try:
        running_deadline(parts, connection, actor, task_id(task))
    except NotAllowed:
        return False
    return True


def _asked(connection: Connection, actor: Actor, filters: RunningFilters) -> running.Asked:
    numbers, words = search.first_number(connection, _words(filters))
    hidden = filters.claimed_by is not None and not led_by(connection, actor, filters.claimed_by)
    return running.Asked(
        paths=() if hidden else actor.leads,
        words=words,
        numbers=numbers,
        key=filters.key,
        path=path_of(connection, filters.place),
        claimed_by=filters.claimed_by,
    )


def _words(filters: RunningFilters) -> tuple[str, ...]:
    return tuple(letters.words(filters.q))


def _running(
    row: running.ListedDeadline, calendar: Calendar, now: datetime, turns: Mapping[tuple[int, int], Turns]
) -> RunningDeadline:
    holder, late = row["claimed_name"] or row["organisation_name"], deadlines.is_over(row["due_at"], now)
    had = turns.get((row["case_id"], row["number"]), [])
    shares = shares_of(calendar, row, had, row["organisation_name"], now) if late and had else ()
    return RunningDeadline(
        case_id=str(row["case_id"]),
        task_id=task_id(row),
        case_number=row["case_number"],
        title=row["title"],
        place=row["place"],
        task=(row["name_zh"], row["name_en"]),
        holder=holder,
        due_at=row["due_at"],
        days_left=days_left(calendar, row, now),
        warn_days=row["warn_days"],
        late=late,
        suspended=paused(row, now),
        provisional=row["provisional"],
        own=next((_share(one) for one in shares if one.holder == holder), None),
    )


def _share(one: Share) -> HolderShare:
    return HolderShare(one.holder, one.days, one.late)


def _named(row: running.ListedDeadline) -> tuple[Words, int | None]:
    return of_case(row["case_number"], row["case_id"])


def _day(day: str, counted: bool, zh: str, en: str) -> LedgerLine:
    return LedgerLine(date.fromisoformat(day), counted, (zh, en))


def _pause(row: rowtypes.Pause) -> Pause:
    resumed = row.get("resumed_at")
    start, until = datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["until"])
    return Pause(start, until, datetime.fromisoformat(resumed) if resumed else None)
