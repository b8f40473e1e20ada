"""Deadlines of open tasks: reminding, escalating, suspending, extending.

Each is an event of the case. Late is a fact that is recorded, shown and told upwards: nothing is approved by time-out,
nothing is back-dated, and what is due is always derived from what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.calendar.deadlines import OPEN, Grounds, Reckoned, mark, paused, reckoned
from engine.cases.acting.steps import Acts, words_of
from engine.cases.base import Row, stands
from engine.cases.gone import gone
from engine.cases.periods import of_period
from engine.cases.recording.attachments import enter, keep
from engine.cases.recording.projection import due_values
from engine.cases.recording.record import SYSTEM, note
from engine.diagram import Assignment, Deadline
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.errors import BadInput, Conflict, NotAllowed
from engine.operations.steps import resolve
from storage import accounts, deadlines, jobs
from storage import cases as rows
from storage.database import Connection, utc_text

_SUSPEND, _RESUME = ("中止期限", "suspend the deadline"), ("恢复期限", "resume the deadline")
_LIMIT = ("期限的变动", "the change of the deadline")


class Deadlines(Acts):
    """What happens to the deadline of a task."""

    # -- by the scheduler --------------------------------------------------------------------------------------

    def remind(self, connection: Connection, job: Mapping[str, Any]) -> None:
        """Tell the holder of a task, and whom the diagram names, that its deadline is near."""
        self._tell(connection, job, "deadline_warned", "快到期", lambda declared: declared.remind)

    def escalate(self, connection: Connection, job: Mapping[str, Any]) -> None:
        """Record that a task is late and tell it upwards. The task stays open."""
        self._tell(connection, job, "deadline_passed", "已逾期", lambda declared: declared.escalate)

    def _tell(self, connection: Connection, job: Mapping[str, Any], name: str, what: str, whom: Any) -> None:
        now, case = self._clock.now(), rows.lock(connection, job["case_id"])
        row = deadlines.get(connection, job["case_id"], job["number"])
        task = rows.task(connection, job["case_id"], job["number"])
        if case is None or task is None or row is None or row["status"] not in OPEN or task["status"] != policy.OPEN:
            return
        definition = self._catalog.definition(connection, case["digest"])
        declared = definition.elements[task["element"]].deadline
        assert declared is not None
        organisation = organisations.get(connection, case["organisation_code"])
        holders = self._holders(connection, task, now)
        above = self._people(connection, case, organisation, whom(declared), now)
        due = row["due_at"].astimezone(LEGAL_ZONE)
        text = f"{case['number']} {case['title']}，应于{due.year}年{due.month}月{due.day}日办结"
        for user in sorted(holders | above):
            place = {"case_id": case["id"], "event_seq": case["revision"] + 1}
            jobs.tell(connection, place, now, user, f"“{task['name_zh']}”{what}", text)
        said = {"task": task["number"], "element": task["element"], "due_at": utc_text(row["due_at"])}
        said |= {"told": sorted(holders | above), "status": "passed" if name == "deadline_passed" else row["status"]}
        note(connection, case, {"name": name, "at": now, "data": said, **SYSTEM})
        deadlines.change(connection, row, status=said["status"])

    def _holders(self, connection: Connection, task: Row, now: datetime) -> set[int]:
        """Who has the task: whoever claimed it, else everybody who may."""
        if task["claimed_by"] is not None:
            return {task["claimed_by"]}
        role, _, code = task["candidate"].partition("@")
        if not code:
            return {int(role.partition(":")[2])}
        return {one["id"] for one in accounts.members(connection, code, now) if one["role"] == role}

    def _people(
        self, connection: Connection, case: Row, organisation: Organisation, whom: Iterable[Assignment], now: datetime
    ) -> set[int]:
        found: set[int] = set()
        for one in whom:
            if one.when and stands(case, one.when) is not True:
                continue
            place = resolve(connection, organisation, [(one.role, one.where, one.kinds)])
            if place is not None:
                members = accounts.members(connection, place[1].code, now)
                found |= {member["id"] for member in members if member["role"] == place[0]}
        return found

    # -- by people ---------------------------------------------------------------------------------------------

    def suspend(self, actor: Actor, task_id: str, until: date, grounds: Grounds) -> None:
        """Let a deadline stand still from now until the end of a day, at most so long as the diagram allows in all.

        Raises NotAllowed, also when it has passed, BadInput, TaskNotOpen, Conflict.
        """
        with self._act("suspend_deadline", actor, task_id) as (connection, now):
            case, task, row, declared = self._standing(connection, actor, task_id, grounds)
            end = datetime.combine(until, time(23, 59, 59), LEGAL_ZONE)
            if paused(row, now):
                raise NotAllowed(act=_SUSPEND, reason=("期限已经中止", "it stands still already"))
            if deadlines.is_over(row["due_at"], now):
                raise NotAllowed(act=_SUSPEND, reason=("期限已过，逾期不能以中止消除", "it has passed and stays late"))
            if end <= now:
                raise BadInput(field=("中止至", "until"), reason=("应在今天或以后", "must be today or later"))
            pauses = [*row["pauses"], {"from": utc_text(now), "until": utc_text(end)}]
            calendar = self._calendar_of(connection, case)
            if paused_days(calendar, pauses) > declared.suspend_days:
                limit = (f"最多中止{declared.suspend_days}个工作日", f"at most {declared.suspend_days} working days")
                raise BadInput(field=("中止至", "until"), reason=limit)
            self._change(connection, actor, case, task, row, "deadline_suspended", grounds, pauses=pauses)

    def resume(self, actor: Actor, task_id: str, grounds: Grounds) -> None:
        """Let a suspended deadline run on from now. Raises NotAllowed, TaskNotOpen, Conflict."""
        with self._act("resume_deadline", actor, task_id) as (connection, now):
            case, task, row, _ = self._standing(connection, actor, task_id, grounds)
            if not paused(row, now):
                raise NotAllowed(act=_RESUME, reason=("期限没有中止", "it is not suspended"))
            *before, last = row["pauses"]
            pauses = [*before, {**last, "resumed_at": utc_text(now)}]
            self._change(connection, actor, case, task, row, "deadline_resumed", grounds, pauses=pauses)

    def extend(self, actor: Actor, task_id: str, days: int, grounds: Grounds) -> None:
        """Grant further working days, at most so many as the diagram allows in all.

        Raises NotAllowed, BadInput, TaskNotOpen, Conflict.
        """
        with self._act("extend_deadline", actor, task_id) as (connection, _):
            case, task, row, declared = self._standing(connection, actor, task_id, grounds)
            left = declared.extend_days - row["extra"]
            if isinstance(days, bool) or not isinstance(days, int) or not 0 < days <= left:
                limit = (f"还可延长{left}个工作日", f"{left} more working days may be granted")
                raise BadInput(field=("延长天数", "days"), reason=limit)
            extra = row["extra"] + days
            self._change(connection, actor, case, task, row, "deadline_extended", grounds, extra=extra)

    def _running(
        self, connection: Connection, actor: Actor, task_id: str, *, lock: bool = False
    ) -> tuple[Row, Row, Row, Deadline]:
        """The case, the open task, its deadline and what the diagram says of it. Who is told upwards may act, too."""
        task, case = self._task_and_case(connection, task_id, lock=lock)
        mine = task["candidate"] in actor.candidates
        policy.must_see(actor, case, acted=mine)
        row = deadlines.get(connection, case["id"], task["number"])
        definition = self._catalog.definition(connection, case["digest"])
        if task["status"] != policy.OPEN or row is None or row["status"] not in OPEN:
            raise gone(connection, definition, task)
        declared = definition.elements[task["element"]].deadline
        assert declared is not None
        organisation = organisations.get(connection, case["organisation_code"])
        if not mine and actor.user_id not in self._people(
            connection, case, organisation, declared.escalate, self._clock.now()
        ):
            raise NotAllowed(act=_LIMIT, reason=("它不是交给您的", "it is not yours"))
        return case, task, row, declared

    def _standing(
        self, connection: Connection, actor: Actor, task_id: str, grounds: Grounds
    ) -> tuple[Row, Row, Row, Deadline]:
        """The same for an act, the case locked. Raises Conflict when the deadline is not what the person saw."""
        found = self._running(connection, actor, task_id, lock=True)
        if grounds.seen and grounds.seen != mark(found[2]):
            raise Conflict()
        return found

    def _change(
        self, connection: Connection, actor: Actor, case: Row, task: Row, row: Row, name: str, grounds: Grounds,
        **facts: Any,
    ) -> None:  # fmt: skip
        """Record an act on a deadline with its reason, and everything that follows from it.

        It holds for the whole period: for every running step of the case that shares it.
        """
        said: dict[str, Any] = {"reason": words_of(grounds.reason, ("理由", "reason"), required=True)}
        said["article"] = words_of(grounds.article, ("依据条款", "article"), required=False)
        if grounds.paper is not None:
            said["file"] = keep(connection, self._files, case, grounds.paper)
        definition = self._catalog.definition(connection, case["digest"])
        shared = of_period(connection, definition, case["id"], row["element"], row["started_at"])
        others = [one for one in shared if one["number"] != row["number"] and one["status"] in OPEN]
        calendar, now = self._calendar_of(connection, case), self._clock.now()
        role = task["candidate"] if task["candidate"] in actor.candidates else ""
        for one in [row, *others]:
            current = rows.lock(connection, case["id"])  # each event moves it on
            assert current is not None
            event = self._event(name, actor, role, now, {})
            if "file" in said:
                enter(connection, current, event, said["file"])
            self._record(connection, current, one, event, {**said, **facts}, reckoned(calendar, {**one, **facts}))
            said.pop("file", None)  # it came with the first of the events

    def _record(
        self, connection: Connection, case: Row, row: Row, event: dict[str, Any], said: Row, fresh: Reckoned
    ) -> None:
        now, told = event["at"], fresh.told()
        status = "passed" if deadlines.is_over(fresh.due_at, now) else "open"
        place = {"task": row["number"], "element": row["element"], "status": status}
        event["data"] = {**place, **said, **told}
        note(connection, case, event)
        values = {name: said[name] for name in ("extra", "pauses") if name in said}
        values |= {"due_at": fresh.due_at, "warn_at": fresh.warn_at, "status": status}
        values |= {name: told[name] for name in ("calendar", "provisional", "ledger")}
        deadlines.change(connection, row, **values)
        rows.set_due(connection, case["id"], row["number"], due_values(told))
        deadlines.reschedule(connection, {**row, **values}, case["revision"] + 1, now)


def paused_days(calendar: Calendar, pauses: Iterable[Mapping[str, str]]) -> int:
    """Working days that pauses, in the order of time, leave out: every day that one touches, and each day once."""
    total, through = 0, date.min
    for one in pauses:
        first, last = (_day(one["from"]), _day(one.get("resumed_at") or one["until"]))
        before = max(through, first - timedelta(days=1))
        if last > before:
            total, through = total + calendar.working_days_between(before, last), last
    return total


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(LEGAL_ZONE).date()
