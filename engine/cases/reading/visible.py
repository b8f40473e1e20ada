"""All cases that a reader may see (全部事项), as ``engine.cases.access`` says: pages, count and export of one query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine import letters
from engine.cases.base import Parts
from engine.cases.reading.inbox import LARGEST_PAGE, midnight, path_of
from engine.cases.shown import ending_of, open_task
from engine.damage import legible, of_case, sound
from engine.directory import policy
from engine.directory.actors import Actor
from engine.views import CaseFilters, CaseList, ListedCase, OpenTask, OrganisationName
from engine.views.basic import MOST_COUNTED
from engine.words import Text, Words
from storage import deadlines, search
from storage import visible_cases as rows
from storage.database import Connection
from storage.paging import AT_ONCE, Listing
from storage.rows import TaskRow

Waiting = Mapping[int, Sequence[TaskRow]]


@dataclass(frozen=True, slots=True)
class VisibleCases:
    """The cases of a reader, whoever's turn it is."""

    parts: Parts

    def page(self, actor: Actor, filters: CaseFilters) -> CaseList:
        """One page, with how many there are."""
        limit = max(1, min(filters.limit, LARGEST_PAGE))
        with self.parts.database.read() as connection:
            wanted = self._list(connection, actor, filters)
            found = wanted.page(connection, filters.after, limit)
            return CaseList(
                rows=tuple(self._read(connection, actor, found[:limit])),
                total=wanted.count(connection, MOST_COUNTED),
                next=wanted.mark(found[limit - 1]) if len(found) > limit else None,
            )

    def count(self, actor: Actor, filters: CaseFilters, most: int) -> int:
        """How many all pages have together; one more than ``most`` when there are more than that."""
        with self.parts.database.read() as connection:
            return self._list(connection, actor, filters).count(connection, most)

    def every(self, actor: Actor, filters: CaseFilters) -> Iterator[ListedCase]:
        """All of them in their order, at one moment."""
        with self.parts.database.read() as connection:
            wanted, after = self._list(connection, actor, filters), ""
            while True:
                found = wanted.page(connection, after, AT_ONCE)
                yield from self._read(connection, actor, found[:AT_ONCE])
                if len(found) <= AT_ONCE:
                    return
                after = wanted.mark(found[AT_ONCE - 1])

    def steps(self) -> tuple[Text, ...]:
        """The names of the steps at which a case of a kind in force may stand, for a filter."""
        with self.parts.database.read() as connection:
            kinds = self.parts.catalog.all(connection)
            tasks = [one for kind in kinds for one in kind.elements.values() if one.tag == "userTask" and any(one.name)]
            return tuple({one.name[0]: one.name for one in tasks}.values())

    def _list(self, connection: Connection, actor: Actor, filters: CaseFilters) -> Listing[rows.VisibleCase]:
        sight = rows.Sight(policy.reader(actor), policy.reached(actor), actor.paths)
        return rows.visible(connection, sight, _asked(connection, actor, filters), self.parts.clock.now())

    def _read(self, connection: Connection, actor: Actor, found: list[rows.VisibleCase]) -> list[ListedCase]:
        waiting = rows.open_tasks(connection, [row["id"] for row in found])
        now = self.parts.clock.now()
        due = self._deadlines(connection, actor, waiting, now)
        return legible(found, lambda row: self._row(connection, row, due(row), now), _named)

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
            return tuple(
                open_task(task, definition, actor, calendar, now, deadline)
                for task, deadline in zip(tasks, own, strict=True)
            )

        return tasks_of

    def _row(
        self, connection: Connection, row: rows.VisibleCase, waiting: tuple[OpenTask, ...], now: datetime
    ) -> ListedCase:
        sound(row)
        definition = self.parts.catalog.definition(connection, row["digest"])
        return ListedCase(
            id=str(row["id"]),
            number=row["case_number"],
            process=definition.process.name,
            title=row["title"],
            summary=row["summary"],
            organisation=OrganisationName(row["organisation_code"], row["case_organisation_name"]),
            starter=row["starter_name"],
            opened_at=row["case_opened_at"],
            ended_at=row["ended_at"],
            state=row["case_status"],
            ending=ending_of(definition, row["end_element"], row["case_status"]),
            waiting=waiting,
            days=((row["ended_at"] or now) - row["case_opened_at"]).days,
        )


def _named(row: rows.VisibleCase) -> tuple[Words, int | None]:
    return of_case(row["case_number"], row["id"])


def _asked(connection: Connection, actor: Actor, filters: CaseFilters) -> rows.Asked:
    numbers, words = search.first_number(connection, tuple(letters.words(filters.q)))
    place = filters.waits_at
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
        sort=filters.sort,
    )
    return replace(asked, waits_at=[f"{role}@{place}" for role in actor.directory.roles]) if place else asked
