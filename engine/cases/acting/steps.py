"""Acts that move a case: start, complete, withdraw, cancel, comment, attach. One method, one transaction, one event.

Each act locks the case row, asks the policy, runs the engine's heart, writes all that it says, and commits; or nothing
has happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.cases.access import may_cancel, must_hold, must_stand_in, no_longer_open, seen, starter_candidate
from engine.cases.acting.ahead import ahead
from engine.cases.acting.calling_off import CANCELLED, call_off
from engine.cases.acting.completing import AtTask, Decided, carry_out, hold
from engine.cases.acting.opening import open_case, starting
from engine.cases.acting.receipts import receipt, with_next, without_aside
from engine.cases.acting.submissions import (
    AtStep,
    Make,
    answer_of,
    filled_in,
    must_be_explained,
    must_be_filled,
    outcome_of,
    submission_of,
)
from engine.cases.acting.transaction import Transactions, acted_for, by_of, event_by, words_of
from engine.cases.base import Parts, admit, not_before, task_and_case, within_reach
from engine.cases.event_types import (
    CASE_CANCELLED,
    CASE_WITHDRAWN,
    COMMENT_ADDED,
    FILE_ATTACHED,
    QUIET,
    CommentAdded,
    FileAttached,
)
from engine.cases.involving import must_sign
from engine.cases.recording.attachments import enter, kept_file
from engine.cases.recording.record import Recorder, note
from engine.cases.recusal import standing_aside
from engine.cases.sealing import must_be_free
from engine.cases.shown import attachment_view
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.errors import CaseNotOpen, Conflict, NotAllowed
from engine.files.uploads import Accepted, Upload, accept_all, must_have_room
from engine.forms.guard import must_be_object
from engine.messages.kinds import CALLED_OFF
from engine.messages.telling import tell
from engine.views import Attachment, Receipt
from engine.words import say
from storage import cases as rows
from storage import events
from storage.database import Connection
from storage.rows import CaseRow

_ENDS = {CASE_WITHDRAWN: say("撤回"), CASE_CANCELLED: say("撤销")}


@dataclass(frozen=True, slots=True)
class Acting:
    """What people do to cases."""

    parts: Parts
    transactions: Transactions

    @ahead
    def start(self, actor: Actor, key: str, organisation_code: str, data: Mapping[str, Any]) -> Receipt:
        """Open a case of the kind ``key`` for an organisation with the submitted form.

        Raises NotAllowed, InvalidForm, and what the process itself may raise.
        """
        must_be_object(data)
        with self.transactions.act("start", actor, None) as (connection, now):
            definition = self.parts.catalog.current(connection, key)
            admit(definition)
            organisation = organisations.get(connection, organisation_code)
            who = actor, starter_candidate(connection, actor, definition, organisation)
            scene = self.parts.scene(connection, organisation, actor.user_id, now, definition)
            it = starting(connection, definition, organisation, who, now)
            start = definition.process.start
            assert start is not None
            handed = submission_of(definition, start, {"case": it.context}, data, actor, scene)
            variables = {"case": it.context, start.into or start.id: handed.data}
            case, result = open_case(connection, it, variables, start.id, handed.consulted, Recorder(scene))
            rows.drop_drafts(connection, f"start:{key}:{organisation.code}", actor.user_id)
            told = receipt(case, definition, result, actor, scene.calendar, now, start.name)
            return with_next(connection, told, actor, case, definition)

    def complete(
        self, actor: Actor, task_id: str, data: Mapping[str, Any], outcome: str, revision: int | None = None
    ) -> Receipt:
        """Complete an open task with an outcome of the diagram and its form.

        ``data`` holds the form's fields, and ``opinion`` and ``return_to`` where an outcome takes them. ``revision``
        is what the person saw; a case that has moved on gives Conflict. Raises TaskNotOpen for the loser of a race.
        """
        must_be_object(data)
        return self.complete_as(actor, task_id, data, outcome, revision, partial(filled_in, actor, data))

    @ahead
    def complete_as(
        self, actor: Actor, task_id: str, data: Mapping[str, Any], outcome: str, revision: int | None, make: Make
    ) -> Receipt:
        """The same, with what is handed in made by ``make``; of ``data`` only what stands beside a form is read."""
        with self.transactions.act("complete", actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            now = not_before(connection, case, now)
            policy.must_see(actor, case, acted=bool(policy.ways_to(actor, task["candidate"], case["key"])))
            definition = self.parts.definition(connection, case)
            if task["status"] != policy.OPEN:
                raise no_longer_open(connection, actor, definition, task, case)
            admit(definition)
            if revision is not None and revision != case["revision"]:
                self._must_stand_still(connection, case, revision)
            element = definition.elements[task["element"]]
            people = must_hold(connection, actor, task, case)
            place = policy.must_act(actor, task, case["key"], standing_aside(connection, case, definition, task))
            must_stand_in(connection, actor, place, now)
            scene = self.parts.scene_of(connection, case, now)
            chosen = outcome_of(element, outcome)
            if chosen is not None:
                chosen = within_reach(connection, scene.organisation, definition, chosen)
            answer = answer_of(chosen, data)
            handed = make(AtStep(connection, definition, element, case, task, scene))
            must_be_filled(definition, element, chosen, handed.data)
            must_be_explained(definition, element, chosen, handed.data, answer.get("opinion", ""))
            submission = handed.data | answer
            by, chose = by_of(actor, task["candidate"], place), chosen.name if chosen else element.name
            decision = Decided(by, submission, handed.consulted, acted_for(place))
            if must_sign(people) and (chosen is None or chosen.kind != "return"):
                hold(connection, case, task, decision, now)
                rows.save_draft(
                    connection, actor.user_id, f"task:{task_id}", dict(handed.filled or data), now
                )  # if it comes back
                return receipt(case, definition, None, actor, scene.calendar, now, chose)
            done, aside = carry_out(scene, connection, AtTask(case, task, definition, people), decision, now)
            rows.drop_drafts(connection, f"task:{task_id}")
            told = receipt(case, definition, done, actor, scene.calendar, now, chose)
            free = without_aside(told, done, actor, definition.key, aside)
            return with_next(connection, free, actor, case, definition)

    def withdraw(self, actor: Actor, case_id: str, reason: str) -> Receipt:
        """Take a case back while no one has decided. Raises NotAllowed."""
        return self._end(CASE_WITHDRAWN, "withdrawn", actor, case_id, reason, policy.must_withdraw)

    def cancel(self, actor: Actor, case_id: str, reason: str) -> Receipt:
        """Cancel a case with a reason, by whom the diagram names for it. Raises NotAllowed."""
        return self._end(CASE_CANCELLED, CANCELLED, actor, case_id, reason, None)

    def comment(self, actor: Actor, case_id: str, text: str) -> None:
        """Leave a remark in the history of a case. Whoever sees the case may, unless his role only reads."""
        words = words_of(text, say("留言"), required=True)
        with self.transactions.act("comment", actor, case_id) as (connection, now):
            case = seen(connection, actor, case_id, lock=True)
            now = not_before(connection, case, now)
            policy.must_contribute(actor)
            note(connection, case, event_by(actor, "", COMMENT_ADDED, now, CommentAdded(text=words)))

    def attach(
        self, actor: Actor, case_id: str, filename: str, content: bytes, task_id: str | None = None
    ) -> Attachment:
        """Add a file to a running case. Raises BadInput when it is not taken."""
        (added,) = self.attach_all(actor, case_id, [Upload(filename, content)], task_id)
        return added

    def attach_all(
        self, actor: Actor, case_id: str, uploads: Sequence[Upload], task_id: str | None = None
    ) -> list[Attachment]:
        """Add files to a running case: all of them, or none. Raises BadInput naming those that are not taken.

        What they hold is on disk before anybody has to wait for the case.
        """
        taken = accept_all(uploads)  # before anything is looked up
        with self.parts.database.read() as connection:
            self._must_take(connection, actor, seen(connection, actor, case_id), taken)
        digests = self.parts.files.put_all(one.content for one in taken)
        added: list[Attachment] = []
        with self.transactions.act("attach", actor, case_id) as (connection, now):
            self._must_take(connection, actor, seen(connection, actor, case_id, lock=True), taken)
            for one, digest in zip(taken, digests, strict=True):
                case = seen(connection, actor, case_id, lock=True)  # each event moves it on
                now = not_before(connection, case, now)
                file = kept_file(one, digest)
                said = FileAttached(name=file["name"], digest=file["digest"], size=file["size"], task=task_id)
                event = event_by(actor, "", FILE_ATTACHED, now, said)
                note(connection, case, event)
                added.append(attachment_view(enter(connection, case, event, file)))
        return added

    def _must_take(self, connection: Connection, actor: Actor, case: CaseRow, files: Sequence[Accepted]) -> None:
        policy.must_contribute(actor)
        if case["status"] != "running":
            raise CaseNotOpen()
        must_have_room(len(rows.attachments_of(connection, case["id"])), len(files))

    def _must_stand_still(self, connection: Connection, case: CaseRow, since: int) -> None:
        """Raises Conflict when more has happened since that revision than remarks, files and claims."""
        if set(events.names_since(connection, case["id"], since)) - QUIET or since > case["revision"]:
            raise Conflict()

    @ahead
    def _end(self, name: str, status: str, actor: Actor, case_id: str, reason: str, check: Any) -> Receipt:
        words = words_of(reason, say("理由"), required=True)
        with self.transactions.act(name, actor, case_id) as (connection, now):
            case = seen(connection, actor, case_id, lock=True)
            now = not_before(connection, case, now)
            if case["status"] != "running":
                raise CaseNotOpen()
            definition = self.parts.definition(connection, case)
            if check is not None:
                check(actor, case)
                must_be_free(connection, case, now)
            elif not may_cancel(connection, actor, definition, case):
                raise NotAllowed(act=say("撤销"), reason=say("您没有撤销权限"))
            admit(definition)
            event, scene = event_by(actor, "", name, now, {}), self.parts.scene_of(connection, case, now)
            call_off(connection, definition, case, scene, event, status, words)
            if case["starter_id"] != actor.user_id:
                tell(
                    connection, now, CALLED_OFF, [case["starter_id"]], case, words=words, by=actor.name, act=_ENDS[name]
                )
            return receipt(
                {**case, "status": status}, definition, None, actor, self.parts.calendar_of(connection, case), now
            )
