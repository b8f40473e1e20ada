"""What the holder of a task does with it beside deciding: pass it on, have others answer or sign, ask, copy, urge.

The token of the diagram stays where it is. Each act is one transaction and one event; nobody gains rights beyond the
task. What stands in between of whose turn it is, ``engine.cases.involving`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.cases.access import must_act, must_stand_in, seen_task
from engine.cases.acting.ahead import ahead
from engine.cases.acting.completing import told, write
from engine.cases.acting.transaction import Transactions, event_by, words_of
from engine.cases.allowing import NAMES, must_be_allowed, urgeable
from engine.cases.base import Parts, admit, not_before, task_and_case
from engine.cases.event_types import (
    CASE_COPIED,
    QUESTION_ASKED,
    SIGNERS_ADDED,
    TASK_DELEGATED,
    TASK_FORWARDED,
    TASK_URGED,
    payload,
)
from engine.cases.gone import gone
from engine.cases.involving import changed, holder_of, pending
from engine.cases.receiving import Receiving
from engine.cases.recording.record import note
from engine.cases.turns import with_substitutes
from engine.cases.verb_types import ASK, DELEGATE, FORWARD, SIGNING, CaseCopied, Involved, Name, TaskUrged
from engine.directory import policy
from engine.directory.actors import Actor, personal
from engine.directory.substitutes import Represented
from engine.errors import BadInput, NotAllowed
from engine.messages.kinds import ASKED, COPIED, DELEGATED, GIVEN, SIGN_ASKED, URGED
from engine.messages.telling import tell
from engine.views.verbs import Choosable
from engine.words import say
from storage import handover, involvements
from storage.database import Connection
from storage.rows import CaseRow, TaskRow

_EVENTS: Final = {FORWARD: TASK_FORWARDED, DELEGATE: TASK_DELEGATED, ASK: QUESTION_ASKED}
_TOLD: Final = {
    TASK_FORWARDED: GIVEN, TASK_DELEGATED: DELEGATED, SIGNERS_ADDED: SIGN_ASKED, QUESTION_ASKED: ASKED,
}  # fmt: skip
_ONE: Final = (FORWARD, DELEGATE)


@dataclass(frozen=True, slots=True)
class Verbs:
    """Acts on an open task by which people are brought into it, and by which they are told."""

    parts: Parts
    transactions: Transactions

    @ahead
    def involve(self, actor: Actor, task_id: str, kind: str, people: Sequence[int], reason: str) -> None:
        """Pass a task on for good, have somebody answer first, let others sign, or ask a question beside it.

        ``people``: ids of accounts, one where it is one person's. Raises NotAllowed, TaskNotOpen, BadInput.
        """
        verb = "sign" if kind in SIGNING else kind
        if kind not in (*SIGNING, *_EVENTS):
            raise BadInput(field=say("操作"), reason=say("无法识别“{name}”", name=kind))
        words = words_of(reason, say("说明"), required=kind != FORWARD)
        with self.transactions.act(verb, actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            now = not_before(connection, case, now)
            place = must_act(self.parts, connection, actor, task, case)
            must_stand_in(connection, actor, place, now)
            definition = self.parts.definition(connection, case)
            admit(definition)
            chosen = _chosen(Receiving(connection, actor, case, task, definition, verb, now), people, kind in _ONE)
            self._bring_in(connection, actor, place, (task, case), kind, chosen, words, now)

    def _bring_in(
        self, connection: Connection, actor: Actor, place: Represented | None, at: tuple[TaskRow, CaseRow], kind: str,
        chosen: list[Name], words: str, now: datetime,
    ) -> None:  # fmt: skip
        task, case = at
        rows = involvements.of_task(connection, case["id"], task["number"])
        if kind == FORWARD and pending(rows):
            raise NotAllowed(act=NAMES["forward"], reason=say("还有人没有答复，请等待答复，或者先减签"))
        owner = [actor.user_id, actor.name] if place is None else list(place.path[0])
        if kind == ASK:  # who has the task stays who has it
            owner = [task["claimed_by"], task["claimed_name"]] if task["claimed_by"] else []
        said: Involved = {
            "task": task["number"], "element": task["element"], "kind": kind, "people": chosen, "reason": words,
            "held_by": None,
        }  # fmt: skip
        name = SIGNERS_ADDED if kind in SIGNING else _EVENTS[kind]
        event = told(case, event_by(actor, task["candidate"], name, now, said, place))
        if kind != FORWARD:
            payload(event, Involved)["held_by"] = holder_of(changed(rows, task, event), owner or None)
        after = write(connection, case, task, rows, event)
        fresh = [row["user_id"] for row in after if row not in rows and row["status"] in ("open", "done")]
        told_of = with_substitutes(connection, fresh, case["key"], now)
        by_name, step = actor.name, (task["name_zh"], task["name_en"])
        tell(
            connection, now, _TOLD[name], told_of, case, task=task["number"], words=words or None, by=by_name, step=step
        )
        if kind == FORWARD:
            ((user_id, name_of),) = chosen
            handover.give(connection, case["id"], task["number"], personal(user_id), name_of)

    @ahead
    def copy(self, actor: Actor, task_id: str, people: Sequence[int], reason: str) -> None:
        """Let people read the case, who have nothing to do in it. Raises NotAllowed, TaskNotOpen, BadInput."""
        words = words_of(reason, say("说明"), required=False)
        with self.transactions.act("copy", actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            now = not_before(connection, case, now)
            place = must_act(self.parts, connection, actor, task, case)
            must_stand_in(connection, actor, place, now)
            definition = self.parts.definition(connection, case)
            chosen = _chosen(Receiving(connection, actor, case, task, definition, "copy", now), people, False)
            said: CaseCopied = {"task": task["number"], "element": task["element"], "people": chosen, "reason": words}
            note(connection, case, event_by(actor, task["candidate"], CASE_COPIED, now, said, place))
            ids = [user_id for user_id, _ in chosen]
            tell(connection, now, COPIED, ids, case, words=words or None, by=actor.name)

    @ahead
    def urge(self, actor: Actor, task_id: str, reason: str) -> list[str]:
        """Urge those whose turn it is; their names. Raises NotAllowed, also beyond so many times a day, TaskNotOpen,
        NotFound.
        """
        words = words_of(reason, say("说明"), required=False)
        with self.transactions.act("urge", actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            now = not_before(connection, case, now)
            seen_task(self.parts, connection, actor, task_id)
            policy.must_contribute(actor, NAMES["urge"])
            definition = self.parts.definition(connection, case)
            if task["status"] != policy.OPEN:
                raise gone(connection, definition, task)
            urged = urgeable(connection, actor, case, task, definition, now)
            said: TaskUrged = {"task": task["number"], "element": task["element"], "people": urged, "reason": words}
            note(connection, case, event_by(actor, "", TASK_URGED, now, said))
            ids = [user_id for user_id, _ in urged]
            by_name, step = actor.name, (task["name_zh"], task["name_en"])
            tell(connection, now, URGED, ids, case, task=task["number"], words=words or None, by=by_name, step=step)
        return [name for _, name in urged]


def _chosen(receiving: Receiving, people: Sequence[int], one: bool) -> list[Name]:
    """The people who were chosen, each of whom may be. Raises NotAllowed, BadInput."""
    verb = must_be_allowed(receiving.definition, receiving.task, receiving.verb)
    wanted = list(dict.fromkeys(people))
    if not wanted:
        raise BadInput(field=say("人员"), reason=say("请选择人员"))
    if one and len(wanted) > 1:
        raise BadInput(field=say("人员"), reason=say("只能选一人"))
    so_far = _so_far(receiving) if receiving.verb != "copy" else 0
    if so_far + len(wanted) > verb.most:
        reason = say("这一环节最多{most}人，已有{count}人", most=verb.most, count=so_far)
        raise NotAllowed(act=NAMES[receiving.verb], reason=reason)
    found: tuple[Choosable, ...] = receiving.chosen(wanted)
    return [[person.id, person.name] for person in found]


def _so_far(receiving: Receiving) -> int:
    """How many people were brought in by this verb and not taken out again."""
    kinds = SIGNING if receiving.verb == "sign" else (receiving.verb,)
    rows = involvements.of_task(receiving.connection, receiving.case["id"], receiving.task["number"])
    return len([row for row in rows if row["kind"] in kinds and row["status"] != "removed"])
