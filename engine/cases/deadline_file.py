"""Readings of deadlines: those of one case with their ledgers, and all that run in somebody's subtree."""

from __future__ import annotations

from datetime import date, datetime

from engine import policy
from engine.accounts import Actor
from engine.cases.base import Row, task_id
from engine.cases.deadlines import Deadlines, paused_days
from engine.deadlines import OPEN, days_left, paused
from engine.errors import NotAllowed
from engine.views.deadlines import LedgerLine, Pause, RunningDeadline, TaskDeadline
from storage import cases as rows
from storage import deadlines
from storage.database import Connection

SHOWN = 500


class DeadlineFile(Deadlines):
    """What people read of deadlines."""

    def deadlines(self, actor: Actor, case_id: str) -> tuple[TaskDeadline, ...]:
        """Every deadline of a case, in the order of its tasks. Raises NotFound."""
        with self._database.read() as connection:
            case = self._seen(connection, actor, case_id)
            tasks = {task["number"]: task for task in rows.tasks_of(connection, case["id"])}
            found = deadlines.of_case(connection, case["id"])
            return tuple(self._line(connection, actor, case, tasks[row["number"]], row) for row in found)

    def running_deadlines(self, actor: Actor) -> tuple[RunningDeadline, ...]:
        """The deadlines of open tasks in the actor's subtrees, the one due first first; at most 500."""
        now = self._clock.now()
        with self._database.read() as connection:
            calendars = self.calendars.by_path(connection)
            return tuple(
                RunningDeadline(
                    case_id=str(row["case_id"]),
                    task_id=task_id(row),
                    case_number=row["case_number"],
                    title=row["title"],
                    place=row["place"],
                    task=(row["name_zh"], row["name_en"]),
                    holder=row["claimed_name"] or row["organisation_name"],
                    due_at=row["due_at"],
                    days_left=days_left(calendars(row["organisation_path"]), row, now),
                    warn_days=row["warn_days"],
                    late=row["due_at"] < now,
                    suspended=paused(row, now),
                    provisional=row["provisional"],
                )
                for row in deadlines.seen_from(connection, actor.paths, SHOWN)
            )

    def late_deadlines(self, actor: Actor) -> int:
        """How many deadlines of open tasks in the actor's subtrees are past."""
        with self._database.read() as connection:
            return deadlines.count_late(connection, actor.paths, self._clock.now())

    def _line(self, connection: Connection, actor: Actor, case: Row, task: Row, row: Row) -> TaskDeadline:
        now, calendar = self._clock.now(), self._calendar_of(connection, case)
        declared = self._catalog.definition(connection, case["digest"]).elements[row["element"]].deadline
        assert declared is not None
        extend_left = declared.extend_days - row["extra"]
        suspend_left = declared.suspend_days - paused_days(calendar, row["pauses"])
        suspended = paused(row, now)
        may: set[str] = set()
        if row["status"] in OPEN and task["status"] == policy.OPEN and self._may_change(connection, actor, case, task):
            may |= {"extend"} if extend_left > 0 else set()
            may |= {"resume"} if suspended else {"suspend"} if suspend_left > 0 else set()
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
            days_left=days_left(calendar, row, now),
            warn_days=row["warn_days"],
            calendar=row["calendar"],
            provisional=row["provisional"],
            ledger=tuple(_day(*line) for line in row["ledger"]),
            pauses=tuple(map(_pause, row["pauses"])),
            may=frozenset(may),
            extend_left=extend_left,
            suspend_left=suspend_left,
        )

    def _may_change(self, connection: Connection, actor: Actor, case: Row, task: Row) -> bool:
        try:
            self._running(connection, actor, task_id(task))
        except NotAllowed:
            return False
        return True


def _day(day: str, counted: bool, zh: str, en: str) -> LedgerLine:
    return LedgerLine(date.fromisoformat(day), counted, (zh, en))


def _pause(row: Row) -> Pause:
    resumed = row.get("resumed_at")
    start, until = datetime.fromisoformat(row["from"]), datetime.fromisoformat(row["until"])
    return Pause(start, until, datetime.fromisoformat(resumed) if resumed else None)
