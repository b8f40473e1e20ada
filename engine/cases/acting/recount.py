"""What follows a change of the working calendar: running deadlines and times counted by it are computed again.

Whoever decides on the change is told first what would move; then each moves by an event of its case, in the same
transaction that puts the change in force.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from operator import itemgetter

from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.calendar.deadlines import computed
from engine.calendar.in_force import CalendarOf, Change
from engine.cases.acting.deadlines import move
from engine.cases.base import FAULTS, Parts, admit, not_before
from engine.cases.event_types import DEADLINE_RECOMPUTED, TIMER_RECOMPUTED, TimerRecomputed, WhyMoved
from engine.cases.recording.incidents import report
from engine.cases.recording.record import SYSTEM, Recorder, run_data, write_result
from engine.damage import of_case, sound_rows
from engine.definition import Definition
from engine.directory import organisations
from engine.errors import Refusal
from engine.feel import BudgetExceeded
from engine.model import RunResult
from engine.operations.registry import Scene
from engine.runtime import commands
from engine.words import Words, say
from storage import cases as rows
from storage import deadlines, waits
from storage.database import Connection, utc_text
from storage.events import NewEvent
from storage.pieces import Pieces
from storage.rows import CaseRow


@dataclass(frozen=True, slots=True)
class Following:
    """Follows changes of the working calendar."""

    parts: Parts

    def foresee(self, connection: Connection, change: Change, calendar_of: CalendarOf) -> Iterator[Words]:
        """Which deadlines and times a change of the calendar would move: one line each, the first due first."""
        of_deadlines = self._deadlines_moved(connection, change, calendar_of)
        of_timers = self._timers_moved(connection, change, calendar_of)
        return (line for _, line in heapq.merge(of_deadlines, of_timers, key=itemgetter(0)))

    def _deadlines_moved(
        self, connection: Connection, change: Change, calendar_of: CalendarOf
    ) -> Iterator[tuple[datetime, Words]]:
        """When each is due, and what becomes of it."""
        for row in sound_rows(deadlines.running(connection, change.path), _named):
            what = f"{row['case_number']} {row['title']}"
            try:
                organisation = organisations.get(connection, row["organisation_code"])
                fresh = computed(calendar_of(organisation), row).due_at
            except FAULTS as fault:
                yield row["due_at"], _stays(what, fault)
                continue
            if fresh != row["due_at"]:
                line = say("{what}：应办结日由{old}改为{new}").about(what=what, **_days(row["due_at"], fresh))
                yield row["due_at"], line

    def _timers_moved(
        self, connection: Connection, change: Change, calendar_of: CalendarOf
    ) -> Iterator[tuple[datetime, Words]]:
        for timer in _timers_under(change, connection):
            case = rows.get(connection, timer["case_id"])
            assert case is not None
            what = f"{timer['case_number']} {timer['case_title']}"
            try:
                definition, scene = _scene(self.parts, connection, case)
                scene = replace(scene, find_calendar=partial(calendar_of, scene.organisation))
                moved = _moved(_compute(definition, case, timer, scene)[0], timer)
            except FAULTS as fault:
                yield timer["run_at"], _stays(what, fault)
                continue
            if moved is not None:
                name = definition.waited(timer["element"]).name
                line = say("{what}：“{name}”由{old}改为{new}")
                yield timer["run_at"], line.about(what=what, name=name, **_days(timer["run_at"], moved))

    def follow(self, connection: Connection, change: Change) -> None:
        """Compute what runs under a changed calendar again, in its own transaction; an event for each that moves.

        What cannot be computed again stays as it was, and an operator hears of it. Whoever acts at the same time is
        either seen here, or waits and then sees the change.
        """
        rows.lock_all(connection)
        calendar_at = self.parts.calendars.by_path(connection)
        for row in sound_rows(deadlines.running(connection, change.path), _named):
            self._follow_deadline(connection, change, row, calendar_at(row["organisation_path"]))
        for timer in _timers_under(change, connection):
            self._follow_timer(connection, change, timer, calendar_at(timer["case_organisation_path"]))

    def _follow_deadline(
        self, connection: Connection, change: Change, row: deadlines.RunningDeadline, calendar: Calendar
    ) -> None:
        try:
            fresh = computed(calendar, row)
        except FAULTS as fault:
            report(connection, row["case_id"], DEADLINE_RECOMPUTED, fault, None, self.parts.now())
            return
        same = (row["due_at"], row["ledger"], row["provisional"])  # the same days, and known as surely as before
        if (fresh.due_at, fresh.told()["ledger"], fresh.provisional) == same:
            return
        case = rows.lock(connection, row["case_id"])
        assert case is not None
        said: WhyMoved = {
            "proposal": change.proposal_id, "before": utc_text(row["due_at"]), "calendar_before": row["calendar"],
        }  # fmt: skip
        now = not_before(connection, case, self.parts.now())
        event: NewEvent = {"name": DEADLINE_RECOMPUTED, "at": now, "data": {}, **SYSTEM}
        move(connection, case, row, event, said, fresh)

    def _follow_timer(
        self, connection: Connection, change: Change, timer: waits.CountedTimer, calendar: Calendar
    ) -> None:
        case = rows.lock(connection, timer["case_id"])
        assert case is not None
        definition, scene = _scene(self.parts, connection, case)
        scene = replace(scene, find_calendar=lambda: calendar)
        try:
            result, ask = _compute(definition, case, timer, scene)
        except FAULTS as fault:
            report(connection, case["id"], TIMER_RECOMPUTED, fault, None, scene.now)
            return
        moved = _moved(result, timer)
        if moved is None:
            return
        said: TimerRecomputed = {
            "number": timer["number"], "element": timer["element"], "proposal": change.proposal_id,
            "before": utc_text(timer["run_at"]), "due_at": utc_text(moved), **run_data(result, ask),
        }  # fmt: skip
        event: NewEvent = {"name": TIMER_RECOMPUTED, "at": scene.now, "data": said, **SYSTEM}
        write_result(connection, definition, case, event, result, seen=scene.versions)


def _scene(parts: Parts, connection: Connection, case: CaseRow) -> tuple[Definition, Scene]:
    now = not_before(connection, case, parts.now())
    return parts.definition(connection, case), parts.scene_of(connection, case, now)


def _compute(
    definition: Definition, case: CaseRow, timer: waits.CountedTimer, scene: Scene
) -> tuple[RunResult, Recorder]:
    admit(definition)
    ask = Recorder(scene)
    place = (timer["number"], timer["element"])
    beside = Pieces(scene.connection, case["id"])
    return commands.recount(definition, case["state"], *place, scene.now, ask, beside=beside), ask


def _moved(result: RunResult, timer: waits.CountedTimer) -> datetime | None:
    """When a time is due now that was computed again; None when that has not changed."""
    place = (timer["number"], timer["element"])
    due = next(wait.due_at for wait in result.waits if (wait.number, wait.element) == place)
    assert due is not None
    fresh = datetime.fromisoformat(due)
    return None if fresh == timer["run_at"] else fresh


def _named(row: deadlines.RunningDeadline) -> tuple[Words, int | None]:
    return of_case(row["case_number"], row["case_id"])


def _timer_named(row: waits.CountedTimer) -> tuple[Words, int | None]:
    return of_case(row["case_number"], row["case_id"])


def _timers_under(change: Change, connection: Connection) -> list[waits.CountedTimer]:
    found = (row for row in waits.counted(connection) if row["case_organisation_path"].startswith(change.path))
    return list(sound_rows(found, _timer_named))


def _stays(what: str, fault: Refusal | BudgetExceeded) -> Words:
    return say("{what}：无法重新计算，{why}", what=what, why=fault.words)


def _days(before: datetime, after: datetime) -> dict[str, date]:
    return {"old": before.astimezone(LEGAL_ZONE).date(), "new": after.astimezone(LEGAL_ZONE).date()}
