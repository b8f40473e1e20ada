"""All cases that a reader may see (全部事项), as ``engine.cases.access`` says: pages, count and export of one query."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from engine import letters
from engine.cases.base import Parts
from engine.cases.reading.asked import path_of, told_to
from engine.cases.reading.columns import NO_COLUMNS, Columns, columns_of
from engine.cases.reading.inbox import LARGEST_PAGE
from engine.cases.reading.legal_days import midnight
from engine.cases.reading.veiled import unseen_parts, unseen_tasks, veil_over
from engine.cases.shown import ending_of, open_task
from engine.damage import legible, of_case, sound
from engine.directory import policy
from engine.directory.actors import Actor
from engine.directory.duties import WORKLOAD
from engine.errors import DataUnreadable
from engine.views import CaseFilters, CaseList, ListedCase, OpenTask, OrganisationName
from engine.views.basic import MOST_COUNTED
from engine.views.columns import ColumnView
from engine.words import Text, Words
from storage import accounts, deadlines, search
from storage import visible_cases as rows
from storage.database import Connection
from storage.paging import AT_ONCE, Listing
from storage.rows import TaskRow

PAST: Final = ("all_in_time", "once_late")
"""What is asked of deadlines that may be over."""
NOWHERE: Final = "-"
"""A path at which no organisation lies."""
HANDED_ON: Final = timedelta(days=90)
"""What somebody has handed on is looked after so long; what he has opened, for as long as it runs."""
Waiting = Mapping[int, Sequence[TaskRow]]


@dataclass(frozen=True, slots=True)
class VisibleCases:
    """The cases of a reader, whoever's turn it is."""

    parts: Parts

    def page(self, actor: Actor, filters: CaseFilters) -> CaseList:
        """One page, with how many there are."""
        limit = max(1, min(filters.limit, LARGEST_PAGE))
        with self.parts.database.read() as connection:
            columns = columns_of(self.parts, connection, filters.key, actor)
            wanted = self.listing(connection, actor, filters)
            found = wanted.page(connection, filters.after, limit)
            return CaseList(
                rows=tuple(self.read(connection, actor, found[:limit], columns)),
                columns=columns.views,
                filling=columns.is_filling(connection),
                total=wanted.count(connection, MOST_COUNTED),
                next=wanted.mark(found[limit - 1]) if len(found) > limit else None,
                person=led_by(connection, actor, filters.claimed_by or filters.done_by),
            )

    def count(self, actor: Actor, filters: CaseFilters, most: int) -> int:
        """How many all pages have together; one more than ``most`` when there are more than that."""
        with self.parts.database.read() as connection:
            return self.listing(connection, actor, filters).count(connection, most)

    def first_ids(self, actor: Actor, filters: CaseFilters, most: int) -> tuple[list[int], int]:
        """The ids of the first cases that match, and how many match, as ``CaseList.total`` counts."""
        with self.parts.database.read() as connection:
            wanted = self.listing(connection, actor, filters)
            found = wanted.page(connection, "", most)[:most]
            return [row["id"] for row in found], wanted.count(connection, MOST_COUNTED)

    def seen(self, connection: Connection, actor: Actor, numbers: Collection[str]) -> frozenset[str]:
        """Which of the cases of these numbers the actor may see."""
        if not numbers:
            return frozenset()
        asked, now = rows.Asked(numbers=sorted(numbers)), self.parts.clock.now()
        found = rows.visible(connection, _sight(actor), asked, now).page(connection, "", len(numbers))
        return frozenset(row["case_number"] for row in found)

    def every(self, actor: Actor, filters: CaseFilters) -> Iterator[ListedCase]:
        """All of them in their order, at one moment."""
        with self.parts.database.read() as connection:
            columns = columns_of(self.parts, connection, filters.key, actor)
            wanted, after = self.listing(connection, actor, filters), ""
            while True:
                found = wanted.page(connection, after, AT_ONCE)
                yield from self.read(connection, actor, found[:AT_ONCE], columns)
                if len(found) <= AT_ONCE:
                    return
                after = wanted.mark(found[AT_ONCE - 1])

    def steps(self) -> tuple[Text, ...]:
        """The names of the steps at which a case of a kind in force may stand, for a filter."""
        with self.parts.database.read() as connection:
            kinds = self.parts.catalog.all(connection)
            tasks = [one for kind in kinds for one in kind.elements.values() if one.tag == "userTask" and any(one.name)]
            return tuple({one.name[0]: one.name for one in tasks}.values())

    def columns(self, actor: Actor, key: str) -> tuple[ColumnView, ...]:
        """The columns that a kind of case declares, as far as a reader sees them."""
        with self.parts.database.read() as connection:
            return columns_of(self.parts, connection, key, actor).views

    def listing(self, connection: Connection, actor: Actor, filters: CaseFilters) -> Listing[rows.VisibleCase]:
        """All that the filters leave; nothing is found by a step that the reader may not see."""
        now, sight = self.parts.clock.now(), _sight(actor)
        columns = columns_of(self.parts, connection, filters.key, actor)
        told = told_to(self.parts, connection, actor, filters.q)
        asked = _asked(connection, actor, filters, columns, now, told)
        unseen = unseen_tasks(self.parts, connection, actor, asked.waits_at or (), bool(asked.due))
        if asked.due in PAST:
            asked = replace(asked, secret=self._secret(connection, actor), path=asked.path if actor.leads else NOWHERE)
        people = asked.people
        if people is not None:
            hidden = unseen_parts(self.parts, connection, actor, (people.claimed_by, people.done_by))
            people = replace(people, but=tuple({case_id for _, case_id in hidden}))
        return rows.visible(connection, sight, replace(asked, unseen=unseen, people=people), now)

    def _secret(self, connection: Connection, actor: Actor) -> list[str]:
        """The definitions with something confidential: how their deadlines ended might tell of it."""
        digests, found = rows.digests_of(connection, policy.reader(actor), policy.reached(actor), actor.paths), []
        for digest in digests:
            with suppress(DataUnreadable):  # told at each case of it
                found += [digest] if self.parts.catalog.definition(connection, digest).keeps_secrets else []
        return found

    def read(
        self, connection: Connection, actor: Actor, found: list[rows.VisibleCase], columns: Columns = NO_COLUMNS
    ) -> list[ListedCase]:
        """The lines of a page."""
        values = columns.shown(connection, [row["id"] for row in found])
        waiting = rows.open_tasks(connection, [row["id"] for row in found])
        now = self.parts.clock.now()
        due = self._deadlines(connection, actor, waiting, now)
        return legible(
            found,
            lambda row: replace(self._row(connection, actor, row, due(row), now), columns=values[row["id"]]),
            _named,
        )

    def _deadlines(
        self, connection: Connection, actor: Actor, waiting: Waiting, now: datetime
    ) -> Callable[[rows.VisibleCase], tuple[OpenTask, ...]]:
        """Of each case the tasks where it stands, all of their deadlines asked for at once."""
        places = [(task["case_id"], task["number"]) for tasks in waiting.values() for task in tasks]
        running = deadlines.of_tasks(connection, places)
        calendars = self.parts.calendars.by_path(connection)

        def tasks_of(row: rows.VisibleCase) -> tuple[OpenTask, ...]:
            definition = self.parts.catalog.definition(connection, row["digest"])
            calendar = calendars(row["organisation_path"])
            tasks = waiting[row["id"]]
            own = [running.get((task["case_id"], task["number"])) for task in tasks]
            for task, deadline in zip(tasks, own, strict=True):
                sound(task, deadline)
            told = [
                (task, open_task(task, definition, actor, calendar, now, deadline))
                for task, deadline in zip(tasks, own, strict=True)
            ]
            veil = veil_over(connection, actor, row["id"], definition)
            return tuple(one for _, one in (told if veil is None else veil.open_tasks(told)))

        return tasks_of

    def _row(
        self, connection: Connection, actor: Actor, row: rows.VisibleCase, waiting: tuple[OpenTask, ...], now: datetime
    ) -> ListedCase:
        sound(row)
        definition = self.parts.catalog.definition(connection, row["digest"])
        veil = veil_over(connection, actor, row["id"], definition)
        return ListedCase(
            id=str(row["id"]),
            number=row["case_number"],
            process=definition.process.name,
            title=veil.title() if veil else row["title"],
            summary=veil.summary() if veil else row["summary"],
            organisation=OrganisationName(row["organisation_code"], row["case_organisation_name"]),
            starter=veil.starter() if veil else row["starter_name"],
            opened_at=row["case_opened_at"],
            ended_at=row["ended_at"],
            state=row["case_status"],
            ending=ending_of(definition, row["end_element"], row["case_status"]),
            waiting=waiting,
            days=((row["ended_at"] or now) - row["case_opened_at"]).days,
            held=max(((now - one.arrived_at).days for one in waiting), default=None),
        )


def _sight(actor: Actor) -> rows.Sight:
    return rows.Sight(policy.reader(actor), policy.reached(actor), actor.paths)


def _named(row: rows.VisibleCase) -> tuple[Words, int | None]:
    return of_case(row["case_number"], row["id"])


def led_by(connection: Connection, actor: Actor, user_id: int | None) -> str:
    """The name of somebody whose work the actor may look at; empty for anybody else, and for nobody."""
    if user_id is None or not actor.may(WORKLOAD):
        return ""
    held = accounts.memberships_of(connection, user_id)
    inside = any(actor.sees(one["path"]) for one in held)
    return accounts.names_of(connection, [user_id])[user_id][0] if inside else ""


def _people(connection: Connection, actor: Actor, filters: CaseFilters) -> rows.People | None:
    """The people whom the filters name; nobody's cases where the actor may not look at their work."""
    if filters.claimed_by is None and filters.done_by is None:
        return None
    if not all(led_by(connection, actor, one) for one in (filters.claimed_by, filters.done_by) if one is not None):
        return rows.People()
    since, before = midnight(filters.done_from), midnight(filters.done_to, 1)
    return rows.People(filters.claimed_by, filters.done_by, since, before)


def _asked(
    connection: Connection,
    actor: Actor,
    filters: CaseFilters,
    columns: Columns,
    now: datetime,
    told: search.Told | None,
) -> rows.Asked:
    numbers, words = search.first_number(connection, tuple(letters.words(filters.q)))
    place, (by, last_first) = filters.waits_at, columns.order(filters.sort)
    asked = rows.Asked(
        words=words,
        numbers=numbers,
        key=filters.key,
        path=path_of(connection, filters.place),
        status=filters.state,
        step=filters.step,
        due=filters.due,
        opened_from=midnight(filters.opened_from),
        opened_before=midnight(filters.opened_to, 1),
        ended_from=midnight(filters.ended_from),
        ended_before=midnight(filters.ended_to, 1),
        others_since=now - HANDED_ON if filters.others else None,
        people=_people(connection, actor, filters),
        sort=filters.sort,
        columns=columns.wanted(filters.columns),
        by=by,
        last_first=last_first,
    )
    if place:
        asked = replace(asked, waits_at=[f"{role}@{place}" for role in actor.directory.roles])
    return replace(asked, own=policy.reached(actor), told=told) if told is not None else asked
