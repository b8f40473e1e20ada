"""A person takes his own last act back: the case stands as before it, made again from its events.

Only while nothing followed: no other event, nobody who has opened what came of it, and nothing that left the case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.cases.access import seen
from engine.cases.acting.ahead import ahead
from engine.cases.acting.transaction import Transactions, event_by, words_of
from engine.cases.allowing import must_be_allowed
from engine.cases.base import Parts, admit, not_before, parse_case_id
from engine.cases.event_types import (
    ACT_TAKEN_BACK,
    INVOLVING,
    TASK_COMPLETED,
    TASK_DECIDED,
    Run,
    TaskCompleted,
    TaskHeld,
    payload,
)
from engine.cases.involving import in_right, pending
from engine.cases.recording import columns, recusals
from engine.cases.recording.concerns import keep
from engine.cases.recording.record import note
from engine.cases.verb_types import ActTakenBack
from engine.definition import Definition
from engine.directory import policy
from engine.directory.actors import Actor
from engine.directory.looks import Looks
from engine.errors import Conflict, NotAllowed, Refusal
from engine.evidence.rebuilding import rebuild, restored
from engine.evidence.rebuilt import Rebuilt
from engine.feel import step
from engine.messages.kinds import KINDS, SUBSTITUTED, UNDONE
from engine.messages.telling import tell
from engine.spiff import Stored
from engine.words import Words, say
from storage import cases as rows
from storage import deadlines, events, involvements, jobs, messages, pieces, public_pages, records, waits
from storage.database import Connection, is_foreseen
from storage.events import LoggedEvent
from storage.rows import CaseRow

TAKEN_BACK: Final = INVOLVING | {TASK_COMPLETED, TASK_DECIDED}
"""The acts that may be taken back."""
_ACT: Final = say("撤回")


@dataclass(frozen=True, slots=True)
class _Last:
    """The last act on a case that is locked."""

    connection: Connection
    case: CaseRow
    definition: Definition
    log: list[LoggedEvent]

    @property
    def event(self) -> LoggedEvent:
        return self.log[-1]

    @property
    def number(self) -> int:
        return payload(self.event, TaskHeld)["task"]

    @property
    def opened(self) -> list[int]:
        """The tasks that the act has opened."""
        return (
            [number for number, _ in payload(self.event, Run)["opened"]] if self.event["name"] == TASK_COMPLETED else []
        )


@dataclass(frozen=True, slots=True)
class TakingBack:
    """The act of a person that undoes his own last one."""

    parts: Parts
    transactions: Transactions
    looks: Looks

    def may(self, actor: Actor, case_id: str) -> bool:
        """Whether the actor could take the last act on a case back now."""
        with self.parts.database.read() as connection:
            try:
                case = seen(connection, actor, case_id)
                newest = events.at(connection, case["id"], case["revision"])
                if newest["actor_id"] != actor.user_id or newest["name"] not in TAKEN_BACK:
                    return False
                self._must(actor, _Last(connection, case, self.parts.definition(connection, case), [newest]))
            except Refusal:
                return False
        return True

    def take_back(self, actor: Actor, case_id: str, reason: str) -> None:
        """Let the case stand as before the actor's last act. Raises NotAllowed, which says what followed, NotFound.

        Its history is played again while nobody waits for it to write, however long it is. Raises Conflict when
        somebody has acted meanwhile.
        """
        words = words_of(reason, say("撤回原因"), required=True)
        parse_case_id(case_id)
        with step(), self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            definition = self.parts.definition(connection, case)
            admit(definition)
            log = events.of_case(connection, case["id"])
            self._must(actor, _Last(connection, case, definition, log))
            made = rebuild(definition, log[:-1], case["id"]), rebuild(definition, log, case["id"])
        self._take_back(actor, case_id, words, log, made)

    @ahead
    def _take_back(
        self, actor: Actor, case_id: str, words: str, log: list[LoggedEvent], made: tuple[Rebuilt, Rebuilt]
    ) -> None:
        """The same with the case as its events make it, without the last one and with it."""
        with self.transactions.act("take_back", actor, case_id) as (connection, now):
            case = seen(connection, actor, case_id, lock=True)
            now = not_before(connection, case, now)
            definition = self.parts.definition(connection, case)
            admit(definition)
            if case["revision"] != log[-1]["seq"]:
                raise Conflict()
            last = _Last(connection, case, definition, log)
            self._must(actor, last)
            event = last.event
            said: ActTakenBack = {
                "sequence": event["seq"], "act": event["name"], "task": last.number,
                "element": payload(event, TaskCompleted)["element"], "reason": words,
            }  # fmt: skip
            after = restored(*made, now)
            fresh: CaseRow = {**after.case, **{name: case[name] for name in _KEPT}}  # type: ignore[typeddict-item]
            if is_foreseen(connection):  # evaluate now what is evaluated after the first writing
                columns.foresee(definition, Stored(fresh["state"], after.pieces).variables, now)
                recusals.foresee(connection, definition, fresh, last.opened)
            self._put(last, after, now)
            note(connection, fresh, event_by(actor, event["actor_role"], ACT_TAKEN_BACK, now, said))
            if event["name"] == TASK_COMPLETED:
                away, step = in_right(event)[1] - {actor.user_id}, definition.elements[said["element"]].name
                tell(connection, now, UNDONE, away, fresh, by=actor.name, step=step)
            recusals.follow_case(connection, definition, fresh)
            columns.follow_case(connection, definition, fresh, now)
            recusals.follow_citing(connection, self.parts.definition, case["number"])

    def _must(self, actor: Actor, last: _Last) -> None:
        """Raises NotAllowed."""
        event, case = last.event, last.case
        if case["status"] != "running":
            raise _refused(say("事项已经终止或者办结"))
        if event["actor_id"] != actor.user_id or event["name"] not in TAKEN_BACK or "decided" in event["data"]:
            raise _refused(say("最近一步不是您可以撤回的操作"))
        task = rows.task(last.connection, case["id"], last.number)
        assert task is not None
        must_be_allowed(last.definition, task, "takeBack")
        if event["actor_role"] not in actor.candidates and not policy.ways_to(actor, event["actor_role"], case["key"]):
            raise _refused(say("这项任务已不归您办理"))
        for left, why in _LEFT:
            if left(last):
                raise _refused(why)
        if self._opened(last):
            raise _refused(say("对方已经打开"))

    def _opened(self, last: _Last) -> bool:
        """Whether anybody but the actor has opened what followed."""
        me = last.event["actor_id"]
        fresh = {f"{last.case['id']}-{number}" for number in last.opened}
        people: set[int] | None = None
        if last.event["name"] != TASK_COMPLETED:
            fresh = {f"{last.case['id']}-{last.number}"}
            found = involvements.of_task(last.connection, last.case["id"], last.number)
            people = {one["user_id"] for one in found if one["seq"] == last.event["seq"] or pending([one])} - {me or 0}
        return self.looks.seen("task", fresh, but=me, by=people)

    def _put(self, last: _Last, after: Rebuilt, now: datetime) -> None:
        """Let the rows be what the case is now."""
        connection, number = last.connection, last.case["id"]
        for task in rows.tasks_of(connection, number):
            if task != after.tasks[task["number"]]:
                rows.put_task(connection, after.tasks[task["number"]])
        for opened in last.opened:
            messages.settle(connection, number, opened, now)
        for row in deadlines.of_case(connection, number):
            fresh = after.deadlines[row["number"]]
            if fresh != row:
                deadlines.close(connection, number, row["number"], fresh["status"])
                deadlines.change(connection, fresh)
                if fresh["status"] in ("open", "passed"):
                    deadlines.schedule(connection, fresh, last.case["revision"] + 1, now)
        stand = {(row["number"], row["element"]): row for row in waits.of_case(connection, number)}
        waits.drop(connection, number, [place for place in stand if place not in after.waits])
        missing = [row for place, row in after.waits.items() if place not in stand]
        waits.add(connection, [{"case_id": number, **row} for row in missing if row["kind"] != "timer"])
        beside: jobs.Place = {"case_id": number, "event_seq": last.case["revision"] + 1}
        waits.add_timers(connection, [{**row, **beside} for row in missing if row["kind"] == "timer"])
        pieces.put_all(connection, number, after.pieces.all())
        involvements.keep_all(connection, number, [row for found in after.people.values() for row in found])
        if last.definition.process.concerns:
            keep(connection, number, after.concerned, {}, now)


_KEPT: Final = ("organisation_path", "revision", "head")


def _refused(reason: Words) -> NotAllowed:
    return NotAllowed(act=_ACT, reason=reason)


def _wrote_records(last: _Last) -> bool:
    return last.event["seq"] in records.event_seqs(last.connection, last.case["id"])


def _made_files(last: _Last) -> bool:
    found = rows.attachments_of(last.connection, last.case["id"])
    return any(one["event_seq"] == last.event["seq"] for one in found)


def _told_people(last: _Last) -> bool:
    """Whether the diagram has told people something; that a task has come is no news once it is gone."""
    if last.event["name"] in INVOLVING:  # told was who was brought in, and whether he has opened it is asked apart
        return False
    found = messages.kinds_at(last.connection, last.case["id"], last.event["at"])
    own = {SUBSTITUTED.name}  # who was away hears that it is undone
    return any(name not in KINDS or not KINDS[name].of_task for name in found - own)


def _showed(last: _Last) -> bool:
    shown = public_pages.of_case(last.connection, last.case["id"])
    return any(one["event_seq"] == last.event["seq"] for one in shown)


def _threw(last: _Last) -> bool:
    return jobs.thrown_by(last.connection, last.case["id"], last.event["seq"])


_LEFT: Final[tuple[tuple[Callable[[_Last], bool], Words], ...]] = (
    (_wrote_records, say("已经登记台账")),
    (_made_files, say("已经出具文书")),
    (_showed, say("已经对外公开")),
    (_told_people, say("已经通知有关人员")),
    (_threw, say("已经向其他事项发出消息")),
)
"""What leaves a case, and why an act can then not be taken back."""
