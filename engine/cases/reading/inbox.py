"""The inbox: what waits for a person, what he has done, what he has started, what he was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.cases.base import Parts, task_and_case, task_id
from engine.cases.reading.asked import asked_of, told_to
from engine.cases.reading.columns import NO_COLUMNS, Columns, columns_of
from engine.cases.reading.others import who_else, why_there
from engine.cases.reading.veiled import veil_over
from engine.cases.shown import deadline_view, ending_of
from engine.damage import legible, of_case, sound
from engine.definition import Definition
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.views import DeadlineView, InboxFilters, OrganisationName, Page, Row
from engine.views.basic import MOST_COUNTED
from engine.words import Text, Words
from storage import case_columns, deadlines, drafts, search
from storage import inbox as rows
from storage.database import Connection
from storage.paging import Listing
from storage.rows import TaskRow
from storage.todo import todo
from storage.visible_cases import open_tasks

VIEWS = ("todo", "done", "mine", "copied", "aside")
WAITING = ("todo", "aside")
"""Of open tasks; the second: at which the person must stand aside."""
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class _Found:
    """A row of a view: the case, its task or the first open one, and when it came to the reader.

    ``at``: where the case stands.
    """

    case: rows.FoundCase
    task: TaskRow | None
    arrived_at: datetime | None
    unread: bool = False
    others: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    at: tuple[TaskRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Inbox:
    """Lists for a person. An unknown view is the first one."""

    parts: Parts

    def page(self, actor: Actor, view: str = "todo", filters: InboxFilters | None = None) -> Page:
        """One page of a view, with the counts of all views."""
        asked = filters or InboxFilters()
        view = view if view in VIEWS else VIEWS[0]
        now = self.parts.clock.now()
        with self.parts.database.read() as connection:
            columns = columns_of(self.parts, connection, asked.key, actor)
            wanted = self.listing(connection, actor, view, asked)
            limit = max(1, min(asked.limit, LARGEST_PAGE))
            page = wanted.page(connection, asked.after, limit)
            return Page(
                rows=self.read(connection, actor, view, page[:limit], columns),
                total=wanted.count(connection, MOST_COUNTED),
                next=wanted.mark(page[limit - 1]) if len(page) > limit else None,
                counts=self._counts(connection, actor, now),
                columns=columns.views,
                filling=columns.is_filling(connection),
            )

    def listing(self, connection: Connection, actor: Actor, view: str, asked: InboxFilters) -> Listing[Any]:
        """All that is in a view by these filters."""
        now, columns = self.parts.clock.now(), columns_of(self.parts, connection, asked.key, actor)
        told = told_to(self.parts, connection, actor, asked.q)
        return self._list(connection, actor, view, asked_of(connection, asked, columns, now, told), now)

    def read(
        self, connection: Connection, actor: Actor, view: str, page: Sequence[Any], columns: Columns = NO_COLUMNS
    ) -> tuple[Row, ...]:
        """The lines of a page of a view."""
        found = [_found(view, row) for row in page]
        if view in ("mine", "copied"):
            waiting = open_tasks(connection, [one.case["id"] for one in found])
            found = [
                replace(one, task=next(iter(at), None), at=tuple(at))
                for one in found
                for at in [waiting[one.case["id"]]]
            ]
        if view == "aside":
            free = who_else(connection, [one.task for one in found if one.task])
            found = [replace(one, others=free[one.case["id"], one.task["number"]]) for one in found if one.task]
        values = columns.shown(connection, [one.case["id"] for one in found])
        found = [replace(one, columns=values[one.case["id"]]) for one in found]
        due = self._deadlines(connection, found, self.parts.clock.now())
        why = why_there(connection, actor, [one.task for one in found if one.task] if view == "todo" else [])
        return tuple(
            legible(
                found,
                lambda one: self._row(connection, actor, view, one, due(one), why(one.task, one.case["key"])),
                _named,
            )
        )

    def next_like(self, actor: Actor, last: str, filters: InboxFilters | None = None) -> str | None:
        """The id of the task to go on with after ``last``: the next of the same list, else of the same kind of case.

        ``filters``: what the list was asked for; None: there was none. Behind the last comes the first. None: there is
        no such task.
        """
        with self.parts.database.read() as connection:
            beside = _beside(connection, actor, last)
            kinds = [] if beside is None else [InboxFilters(key=beside["key"])]
            for asked in [*([] if filters is None else [filters]), *kinds] or [InboxFilters()]:
                found = self._next(connection, actor, asked, beside)
                if found is not None:
                    return found
        return None

    def _next(
        self, connection: Connection, actor: Actor, filters: InboxFilters, beside: rows.FoundTask | None
    ) -> str | None:
        wanted = self.listing(connection, actor, "todo", filters)
        columns = columns_of(self.parts, connection, filters.key, actor)
        by, _ = columns.order(filters.sort)
        for after in ("" if beside is None else wanted.mark(_placed(connection, beside, by)), ""):
            for one in wanted.page(connection, after, 1):
                if beside is None or task_id(one) != task_id(beside):
                    return task_id(one)
        return None

    def first(self, actor: Actor, view: str, filters: InboxFilters, most: int) -> tuple[list[Any], int]:
        """The first rows of a view that match, and how many match, as ``Page.total`` counts."""
        with self.parts.database.read() as connection:
            wanted = self.listing(connection, actor, view, filters)
            return wanted.page(connection, "", most)[:most], wanted.count(connection, MOST_COUNTED)

    def first_ids(self, actor: Actor, filters: InboxFilters, most: int) -> tuple[list[str], int]:
        """The ids of the first tasks that wait for a person and match, and how many match."""
        found, total = self.first(actor, VIEWS[0], filters, most)
        return [task_id(one) for one in found], total

    def first_begun(self, actor: Actor, filters: InboxFilters, most: int) -> tuple[list[int], int]:
        """The ids of the first cases that a person has begun and that match, and how many match."""
        found, total = self.first(actor, "mine", filters, most)
        return [one["id"] for one in found], total

    def counts(self, actor: Actor) -> Mapping[str, int]:
        """How many rows each view has, and how many drafts there are; one more than ``MOST_COUNTED`` for more."""
        with self.parts.database.read() as connection:
            return self._counts(connection, actor, self.parts.clock.now())

    def waiting(self, connection: Connection, actor: Actor) -> int:
        """How many rows the first view has: what waits for the person."""
        return _lists(connection, actor, VIEWS[0], rows.Asked(), self.parts.clock.now()).count(connection, MOST_COUNTED)

    def _counts(self, connection: Connection, actor: Actor, now: datetime) -> Mapping[str, int]:
        whole = rows.Asked()
        lists = {view: _lists(connection, actor, view, whole, now) for view in VIEWS}
        lists["drafts"] = drafts.of_person(actor.user_id)
        return {view: found.count(connection, MOST_COUNTED) for view, found in lists.items()}

    def kinds(self) -> tuple[tuple[str, Text], ...]:
        """The kinds of cases by key and name, for a filter."""
        with self.parts.database.read() as connection:
            return tuple((one.key, one.process.name) for one in self.parts.catalog.all(connection))

    def _list(self, connection: Connection, actor: Actor, view: str, asked: rows.Asked, now: datetime) -> Listing[Any]:
        """The list that is asked for: who types a case's number gets that case, without all being read."""
        numbers, words = search.first_number(connection, asked.words)
        if numbers:
            narrowed = _lists(connection, actor, view, replace(asked, numbers=numbers, words=words), now)
            if narrowed.count(connection, 0):
                return narrowed
        return _lists(connection, actor, view, asked, now)

    def _deadlines(
        self, connection: Connection, found: list[_Found], now: datetime
    ) -> Callable[[_Found], DeadlineView | None]:
        """Of each row the deadline of the open task where it stands, all asked for at once."""
        waiting = [one.task if one.task and one.task["status"] == policy.OPEN else None for one in found]
        running = deadlines.of_tasks(connection, [(task["case_id"], task["number"]) for task in waiting if task])
        calendars = self.parts.calendars.by_path(connection)

        def due(one: _Found) -> DeadlineView | None:
            task = one.task
            if task is None or task["status"] != policy.OPEN:
                return None
            row = running.get((task["case_id"], task["number"]))
            sound(row)
            definition = self.parts.catalog.definition(connection, one.case["digest"])
            return deadline_view(task, definition, calendars(one.case["organisation_path"]), now, row)

        return due

    def _row(
        self,
        connection: Connection,
        actor: Actor,
        view: str,
        found: _Found,
        due: DeadlineView | None,
        involved: tuple[str, str],
    ) -> Row:
        row, task = found.case, found.task
        sound(row, task)
        definition = self.parts.catalog.definition(connection, row["digest"])
        veil = veil_over(connection, actor, row["id"], definition)
        if veil and task and not veil.task(task) and veil.outside:
            task = None
        waiting, done = task if view in WAITING else None, task if view == "done" else None
        place = policy.place_at(actor, waiting, row["key"]) if waiting else None
        return Row(
            case_id=str(row["id"]),
            task_id=task_id(waiting) if waiting else None,
            number=row["case_number"],
            key=row["key"],
            process=definition.process.name,
            title=veil.title() if veil else row["title"],
            summary=veil.summary() if veil else row["summary"],
            organisation=OrganisationName(row["organisation_code"], row["case_organisation_name"]),
            step=(task["name_zh"], task["name_en"]) if task else ("", ""),
            arrived_at=found.arrived_at or row["case_opened_at"],
            state=row["case_status"],
            ending=ending_of(definition, row["end_element"], row["case_status"]),
            deadline=due if veil is None or (task and veil.task(task)) else None,
            claimed_by=waiting["claimed_name"] if waiting else None,
            claimed_by_me=waiting is not None and waiting["claimed_by"] == (place.user_id if place else actor.user_id),
            in_place_of=involved[1] or (place.name if place else ""),
            outcome=_outcome(definition, done) if done else None,
            outcome_kind=(done["outcome_kind"] or "") if done else "",
            unread=found.unread,
            others=found.others,
            columns=found.columns,
            involved=involved[0],
            urged_at=tuple(task_id(one) for one in found.at if view == "mine" and (veil is None or veil.task(one))),
        )


def _beside(connection: Connection, actor: Actor, last: str) -> rows.FoundTask | None:
    """The task by its id; None for what is none, or not for him to see."""
    try:
        task, case = task_and_case(connection, last)
    except NotFound:
        return None
    acted = bool(policy.ways_to(actor, task["candidate"], case["key"])) or task["completed_by"] == actor.user_id
    return rows.found(connection, task) if policy.sees(actor, case, acted=acted) else None


def _placed(connection: Connection, task: rows.FoundTask, field: str) -> rows.FoundTask:
    """The task with that by which a list is in order."""
    if not field:
        return task
    return {**task, "column_value": case_columns.value_of(connection, task["case_id"], field)}  # type: ignore[typeddict-unknown-key]


def _lists(connection: Connection, actor: Actor, view: str, asked: rows.Asked, now: datetime) -> Listing[Any]:
    reader = policy.reader(actor)
    if view == "todo":
        return todo(connection, policy.reached(actor), asked, now, reader)
    if view == "aside":
        return todo(connection, policy.reached(actor), asked, now, reader, aside=True)
    if view == "done":
        return rows.done(connection, reader, asked)
    return rows.mine(connection, reader, asked) if view == "mine" else rows.copied(connection, reader, asked)


def _found(view: str, row: Any) -> _Found:
    if view in ("done", *WAITING):
        task: rows.FoundTask = row
        return _Found(task, task, task["completed_at" if view == "done" else "opened_at"])
    if view == "mine":
        case: rows.FoundCase = row
        return _Found(case, None, case["case_opened_at"])
    told: rows.ToldCase = row
    return _Found(told, None, told["arrived_at"], told["read_key"] == "")


def _named(found: _Found) -> tuple[Words, int | None]:
    return of_case(found.case["case_number"], found.case["id"])


def _outcome(definition: Definition, task: TaskRow) -> Text | None:
    outcomes = definition.elements[task["element"]].outcomes
    return next((one.name for one in outcomes if one.id == task["outcome"]), None)
