"""Deadlines of open tasks: reminding, escalating, suspending, extending.

Each is an event of the case. Late is a fact that is recorded, shown and told upwards: nothing is approved by time-out,
nothing is back-dated, and what is due is always derived from what was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.deadlines import OPEN, Computed, Grounds, computed, mark, paused, paused_days
from engine.cases.access import holders, must_stand_in, people_named, running_deadline
from engine.cases.acting.ahead import ahead
from engine.cases.acting.transaction import Transactions, event_by, words_of
from engine.cases.base import Parts, not_before
from engine.cases.event_types import (
    DEADLINE_EXTENDED,
    DEADLINE_PASSED,
    DEADLINE_RESUMED,
    DEADLINE_SUSPENDED,
    DEADLINE_WARNED,
    DeadlineMoved,
    DeadlineTold,
    WhyMoved,
)
from engine.cases.periods import of_period
from engine.cases.recording.attachments import enter, keep
from engine.cases.recording.projection import due_values
from engine.cases.recording.record import SYSTEM, note
from engine.cases.shares import shares_of, turns_of
from engine.cases.shares import told as told_shares
from engine.cases.veil import Veil
from engine.diagram import Deadline
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.errors import BadInput, Conflict, NotAllowed
from engine.messages.kinds import LATE, WARNED, MessageKind
from engine.messages.telling import notice
from engine.words import dated, say
from storage import cases as rows
from storage import deadlines
from storage.database import Connection, utc_text
from storage.events import NewEvent
from storage.rows import CaseRow, DeadlineRow, JobRow, Pause, TaskRow

_SUSPEND, _RESUME = say("中止期限"), say("恢复期限")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What happens to the deadline of a task."""

    parts: Parts
    transactions: Transactions

    # -- by the scheduler --------------------------------------------------------------------------------------

    def remind(self, connection: Connection, job: JobRow) -> None:
        """Tell the holder of a task, and whom the diagram names, that its deadline is near."""
        self._tell(connection, job, DEADLINE_WARNED, WARNED, lambda declared: declared.remind)

    def escalate(self, connection: Connection, job: JobRow) -> None:
        """Record that a task is late and tell it upwards. The task stays open."""
        self._tell(connection, job, DEADLINE_PASSED, LATE, lambda declared: declared.escalate)

    def _tell(self, connection: Connection, job: JobRow, name: str, kind: MessageKind, whom: Any) -> None:
        case_id, number = job["case_id"], job["number"]
        assert case_id is not None and number is not None
        case = rows.lock(connection, case_id)
        row, task = deadlines.get(connection, case_id, number), rows.task(connection, case_id, number)
        if case is None or task is None or row is None or row["status"] not in OPEN or task["status"] != policy.OPEN:
            return
        now = not_before(connection, case, self.parts.now())
        definition = self.parts.definition(connection, case)
        declared = definition.elements[task["element"]].deadline
        assert declared is not None
        organisation = organisations.get(connection, case["organisation_code"])
        told = holders(connection, task, case["key"], now)
        told |= people_named(connection, definition, case, task, organisation, whom(declared), now)
        day = dated(row["due_at"].astimezone(LEGAL_ZONE))
        text = say("{number} {title}，应于{day}办结", number=case["number"], title=case["title"], day=day)
        outside = say("{number}，应于{day}办结", number=case["number"], day=day)
        hidden = not Veil(connection, None, case, definition).people_at(task["element"])
        had = turns_of(connection, [case["id"]]).get((case["id"], task["number"]), [])
        if had and not hidden:  # more than one had it: it is said whose time it was
            shares = shares_of(self.parts.calendar_of(connection, case), row, had, task["organisation_name"], now)
            text = say("{text}。用时：{shares}", text=text, shares=told_shares(shares))
        title = kind.title.about(step=(task["name_zh"], task["name_en"]))
        notice(connection, now, told, title, text, case, kind=kind, task=task["number"], outside=outside)
        said: DeadlineTold = {
            "task": task["number"], "element": task["element"], "due_at": utc_text(row["due_at"]),
            "told": sorted(told), "status": "passed" if name == DEADLINE_PASSED else row["status"],
        }  # fmt: skip
        note(connection, case, {"name": name, "at": now, "data": said, **SYSTEM})
        deadlines.change(connection, {**row, "status": said["status"]})

    # -- by people ---------------------------------------------------------------------------------------------

    @ahead
    def suspend(self, actor: Actor, task_id: str, until: date, grounds: Grounds) -> None:
        """Let a deadline stand still from now until the end of a day, at most so long as the diagram allows in all.

        Raises NotAllowed, also when it has passed, BadInput, TaskNotOpen, Conflict.
        """
        with self.transactions.act("suspend_deadline", actor, task_id) as (connection, now):
            case, task, row, declared = self._standing(connection, actor, task_id, grounds)
            end = datetime.combine(until, time(23, 59, 59), LEGAL_ZONE)
            if paused(row, now):
                raise NotAllowed(act=_SUSPEND, reason=say("期限已经中止"))
            if deadlines.is_over(row["due_at"], now):
                raise NotAllowed(act=_SUSPEND, reason=say("期限已过，逾期不能以中止消除"))
            if end <= now:
                raise BadInput(field=say("中止至"), reason=say("应在今天或以后"))
            pauses: list[Pause] = [*row["pauses"], {"from": utc_text(now), "until": utc_text(end)}]
            calendar = self.parts.calendar_of(connection, case)
            if paused_days(calendar, pauses) > declared.suspend_days:
                limit = say("最多中止{most}个工作日", most=declared.suspend_days)
                raise BadInput(field=say("中止至"), reason=limit)
            self._change(connection, actor, case, task, row, DEADLINE_SUSPENDED, grounds, {"pauses": pauses})

    @ahead
    def resume(self, actor: Actor, task_id: str, grounds: Grounds) -> None:
        """Let a suspended deadline run on from now. Raises NotAllowed, TaskNotOpen, Conflict."""
        with self.transactions.act("resume_deadline", actor, task_id) as (connection, now):
            case, task, row, _ = self._standing(connection, actor, task_id, grounds)
            if not paused(row, now):
                raise NotAllowed(act=_RESUME, reason=say("期限没有中止"))
            *before, last = row["pauses"]
            pauses: list[Pause] = [*before, {**last, "resumed_at": utc_text(now)}]
            self._change(connection, actor, case, task, row, DEADLINE_RESUMED, grounds, {"pauses": pauses})

    @ahead
    def extend(self, actor: Actor, task_id: str, days: int, grounds: Grounds) -> None:
        """Grant further working days, at most so many as the diagram allows in all.

        Raises NotAllowed, BadInput, TaskNotOpen, Conflict.
        """
        with self.transactions.act("extend_deadline", actor, task_id) as (connection, _):
            case, task, row, declared = self._standing(connection, actor, task_id, grounds)
            left = declared.extend_days - row["extra"]
            if isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= left:
                limit = say("还可延长{left}个工作日", left=left)
                raise BadInput(field=say("延长天数"), reason=limit)
            extra = row["extra"] + days
            self._change(connection, actor, case, task, row, DEADLINE_EXTENDED, grounds, {"extra": extra})

    def _standing(
        self, connection: Connection, actor: Actor, task_id: str, grounds: Grounds
    ) -> tuple[CaseRow, TaskRow, DeadlineRow, Deadline]:
        """The same for an act, the case locked. Raises Conflict when the deadline is not what the person saw."""
        found = running_deadline(self.parts, connection, actor, task_id, lock=True)
        if grounds.seen and grounds.seen != mark(found[2]):
            raise Conflict()
        return found

    def _change(
        self, connection: Connection, actor: Actor, case: CaseRow, task: TaskRow, row: DeadlineRow, name: str,
        grounds: Grounds, acts: WhyMoved,
    ) -> None:  # fmt: skip
        """Record an act on a deadline with its reason, and everything that follows from it.

        It holds for the whole period: for every running step of the case that shares it.
        """
        said: WhyMoved = {
            "reason": words_of(grounds.reason, say("理由"), required=True),
            "article": words_of(grounds.article, say("依据条款"), required=False),
            **acts,
        }
        if grounds.paper is not None:
            said["file"] = keep(connection, self.parts.files, case, grounds.paper)
        definition = self.parts.definition(connection, case)
        shared = of_period(connection, definition, case["id"], row["element"], row["started_at"])
        others = [one for one in shared if one["number"] != row["number"] and one["status"] in OPEN]
        calendar, now = self.parts.calendar_of(connection, case), not_before(connection, case, self.parts.now())
        ways = policy.ways_to(actor, task["candidate"], case["key"])
        role, place = task["candidate"] if ways else "", ways[0] if ways else None
        must_stand_in(connection, actor, place, now)
        for one in [row, *others]:
            current = rows.lock(connection, case["id"])  # each event moves it on
            assert current is not None
            event = event_by(actor, role, name, now, {}, place)
            if "file" in said:
                enter(connection, current, event, said["file"])
            changed: DeadlineRow = {
                **one, "extra": acts.get("extra", one["extra"]), "pauses": acts.get("pauses", one["pauses"]),
            }  # fmt: skip
            move(connection, current, changed, event, said, computed(calendar, changed))
            said.pop("file", None)  # it came with the first of the events


def move(
    connection: Connection, case: CaseRow, row: DeadlineRow, event: NewEvent, said: WhyMoved, fresh: Computed
) -> None:
    """Record that a deadline was computed again: the event with ``said``, the rows, and when to look at it next.

    ``row``: as it was but for what an act has changed of it.
    """
    now, told = event["at"], fresh.told()
    status = "passed" if deadlines.is_over(fresh.due_at, now) else "open"
    data: DeadlineMoved = {"task": row["number"], "element": row["element"], "status": status, **said, **told}
    note(connection, case, {**event, "data": data})
    moved: DeadlineRow = {**row, **told, "due_at": fresh.due_at, "warn_at": fresh.warn_at, "status": status}
    deadlines.change(connection, moved)
    rows.set_due(connection, case["id"], row["number"], due_values(told))
    deadlines.reschedule(connection, moved, case["revision"] + 1, now)
