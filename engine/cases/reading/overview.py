"""The first page: what is due, what is late, who waits for whom, what was done. Its tallies are counts of the lists.

Every tally is made of what its list is asked, so that it can be no other number. Knows no page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from statistics import median
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.cases.base import Parts
from engine.cases.reading.deadlines import listings_of
from engine.cases.reading.inbox import Inbox
from engine.cases.reading.legal_days import beginning, monday_of
from engine.cases.reading.veiled import unseen_parts
from engine.cases.reading.visible import VisibleCases
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.duties import WORKLOAD
from engine.directory.organisations import Organisation
from engine.views import CaseFilters, InboxFilters, OrganisationName
from engine.views.basic import MOST_COUNTED
from engine.views.deadlines import RunningFilters
from engine.views.overview import Overview, OwnWork, PersonLine, Tally, UnitLine, Week
from engine.views.visible import ListedCase
from storage import accounts, running, throughput
from storage.database import Connection
from storage.paging import sizes

WEEKS: Final = 8
SHOWN: Final = 5
"""Rows of a list."""
MOST_UNITS, MOST_PEOPLE, MOST_TIMED = 60, 30, 1_000
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Overviews:
    """What somebody sees first."""

    parts: Parts

    def of(self, actor: Actor) -> Overview:
        """The page of who takes part in business."""
        today = self.parts.clock.now().astimezone(LEGAL_ZONE).date()
        with self.parts.database.read() as connection:
            units, more_units = ([], False) if actor.outside else _units(connection, actor)
            people, more_people = _people(connection, actor)
            late, near = self._standing(connection, actor) if actor.leads else (None, None)
            return Overview(
                own=self._own(connection, actor, today) if actor.candidates else None,
                late=late,
                near=near,
                units=self._by_unit(connection, actor, units, today.replace(day=1)),
                people=self._by_person(connection, actor, people, today.replace(day=1)),
                below=bool(units),
                more_units=more_units,
                more_people=more_people,
            )

    def _own(self, connection: Connection, actor: Actor, today: date) -> OwnWork:
        inbox, visible = Inbox(self.parts), VisibleCases(self.parts)
        others = CaseFilters(others=True, sort="opened")
        mondays = [monday_of(today) - timedelta(weeks=back) for back in reversed(range(WEEKS))]
        asked = [
            *(("todo", InboxFilters(due=due)) for due in ("", "late", "today", "week")),
            ("done", _done(monday_of(today))),
            ("done", _done(today.replace(day=1))),
            *(("done", _done(monday, monday + timedelta(days=6))) for monday in mondays),
        ]
        lists = [inbox.listing(connection, actor, view, filters) for view, filters in asked]
        waits = visible.listing(connection, actor, others)
        *counts, for_others = sizes(connection, [*lists, waits], MOST_COUNTED)
        tallies = [Tally(count, filters, view) for count, (view, filters) in zip(counts, asked, strict=True)]
        waiting, late, due_today, due_week, done_week, done_month, *weeks = tallies
        longest = waits.page(connection, "", SHOWN)[:SHOWN]
        return OwnWork(
            waiting=waiting, late=late, today=due_today, week=due_week, others=Tally(for_others, others),
            done_week=done_week, done_month=done_month, median_days=self._median(connection, actor, today),
            weeks=tuple(Week(day, day + timedelta(days=6), one) for day, one in zip(mondays, weeks, strict=True)),
            first=inbox.read(connection, actor, "todo", lists[0].page(connection, "", SHOWN)[:SHOWN]),
            longest=tuple(map(self._with_others, visible.read(connection, actor, longest))),
        )  # fmt: skip

    def _with_others(self, row: ListedCase) -> ListedCase:
        """A case as far as others have it: what he has himself stands among his own."""
        theirs, now = tuple(one for one in row.waiting if not one.mine), self.parts.clock.now()
        return replace(row, waiting=theirs, held=max(((now - one.arrived_at).days for one in theirs), default=None))

    def _median(self, connection: Connection, actor: Actor, today: date) -> float | None:
        found = throughput.took(connection, actor.user_id, beginning(today.replace(day=1)), MOST_TIMED)
        times = [(one["completed_at"] - one["opened_at"]) / DAY for one in found]
        return round(median(times), 1) if times else None

    def _standing(self, connection: Connection, actor: Actor) -> tuple[Tally, Tally]:
        asked = RunningFilters()
        lists = listings_of(self.parts, connection, actor, asked)
        late, near = sizes(connection, [lists[running.LATE], lists[running.NEAR]], MOST_COUNTED)
        return Tally(late, replace(asked, standing=running.LATE)), Tally(near, replace(asked, standing=running.NEAR))

    def _by_unit(
        self, connection: Connection, actor: Actor, units: Sequence[Organisation], month: date
    ) -> tuple[UnitLine, ...]:
        if not units:
            return ()
        now, paths = self.parts.clock.now(), actor.paths
        stands = running.of_units(connection, paths, [one.path for one in units], now, MOST_COUNTED)
        ended = throughput.ended(connection, paths, beginning(month))
        lines = [
            UnitLine(
                OrganisationName(unit.code, unit.short_name or unit.name),
                Tally(counts[running.LATE], RunningFilters(standing=running.LATE, place=unit.code)),
                Tally(counts[running.NEAR], RunningFilters(standing=running.NEAR, place=unit.code)),
                Tally(
                    sum(row["count"] for row in ended if row["path"].startswith(unit.path)),
                    CaseFilters(place=unit.code, ended_from=month),
                ),
            )
            for unit, counts in zip(units, stands, strict=True)
        ]
        told = [line for line in lines if line.late.count or line.near.count or line.ended.count]
        return tuple(sorted(told, key=lambda line: (-line.late.count, -line.near.count, line.unit.code)))

    def _by_person(
        self, connection: Connection, actor: Actor, people: Sequence[accounts.Member], month: date
    ) -> tuple[PersonLine, ...]:
        if not people:
            return ()
        ids, paths = [one["id"] for one in people], actor.paths
        of = throughput.People(ids, paths, unseen_parts(self.parts, connection, actor, ids, beginning(month)))
        held = throughput.held(connection, of)
        late = throughput.late(connection, of, self.parts.clock.now())
        done = throughput.done(connection, of, beginning(month))
        return tuple(
            PersonLine(
                one["name"],
                Tally(held.get(one["id"], 0), CaseFilters(claimed_by=one["id"])),
                Tally(late.get(one["id"], 0), RunningFilters(standing=running.LATE, claimed_by=one["id"])),
                Tally(done.get(one["id"], 0), CaseFilters(done_by=one["id"], done_from=month)),
            )
            for one in people
        )


def _done(first: date, last: date | None = None) -> InboxFilters:
    return InboxFilters(arrived_from=first, arrived_to=last, sort="-arrived")


def _units(connection: Connection, actor: Actor) -> tuple[list[Organisation], bool]:
    """The organisations directly below those of his business; these themselves where nothing lies below."""
    codes = [path.rstrip("/").rpartition("/")[2] for path in actor.paths]
    found = [one for code in codes for one in organisations.children(connection, code)]
    if not found and len(codes) > 1:
        found = [organisations.get(connection, code) for code in codes]
    return found[:MOST_UNITS], len(found) > MOST_UNITS


def _people(connection: Connection, actor: Actor) -> tuple[list[accounts.Member], bool]:
    """Who gets tasks at the organisations where he leads, each once."""
    roles = actor.directory.roles
    places = {one.organisation.code for one in actor.memberships if WORKLOAD in _may(actor, one.role)}
    held = (member for code in sorted(places) for member in accounts.members(connection, code))
    acting = {one["id"]: one for one in held if one["role"] in roles and roles[one["role"]].acts}
    return list(islice(acting.values(), MOST_PEOPLE)), len(acting) > MOST_PEOPLE


def _may(actor: Actor, role: str) -> frozenset[str]:
    known = actor.directory.roles.get(role)
    return known.may if known is not None and known.business else frozenset()
