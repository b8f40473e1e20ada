"""Who was brought into a task answers, or is taken out again; when the last has signed, what was decided goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from engine.cases.access import must_stand_in, no_longer_open, seen
from engine.cases.acting.ahead import ahead
from engine.cases.acting.completing import AtTask, Decided, carry_out, told, write
from engine.cases.acting.transaction import Transactions, acted_for, by_of, words_of
from engine.cases.base import Parts, admit, not_before, task_and_case
from engine.cases.event_types import SIGNER_REMOVED, TASK_ANSWERED, payload
from engine.cases.gone import gone
from engine.cases.involving import AGREES, DISAGREES, changed, everybody, holder_of, in_right, must_sign, pending
from engine.cases.receiving import Receiving
from engine.cases.recording.record import SYSTEM
from engine.cases.recording.recusals import follow_answer
from engine.cases.recusal import standing_aside
from engine.cases.turns import refused, turns_of, with_substitutes
from engine.cases.verb_types import AFTER, ASK, BEFORE, BESIDE, DECISION, DELEGATE, SIGNING, Answered, Name, TaskDecided
from engine.definition import Definition
from engine.directory import actors, policy
from engine.directory.actors import Actor
from engine.directory.substitutes import Represented
from engine.errors import BadInput, NotAllowed, NotFound
from engine.messages.kinds import ANSWERED, CAME_BACK, NOT_NEEDED, SIGN_ASKED, SIGNED, SUBSTITUTED
from engine.messages.telling import tell
from engine.words import say
from storage import accounts, events, involvements
from storage import cases as rows
from storage.database import Connection, is_foreseen
from storage.events import By, LoggedEvent
from storage.involvements import TAKING_PART, InvolvementRow
from storage.rows import CaseRow, TaskRow

_ANSWER = say("答复")


@dataclass(frozen=True, slots=True)
class _Turn:
    """One person's place at an open task of a case that is locked."""

    connection: Connection
    case: CaseRow
    task: TaskRow
    definition: Definition
    people: list[InvolvementRow]
    row: InvolvementRow
    now: datetime
    place: Represented | None = None  # in whose place somebody is taken out


@dataclass(frozen=True, slots=True)
class Answering:
    """Acts of those who were brought in, and of those who brought them in."""

    parts: Parts
    transactions: Transactions

    @ahead
    def answer(self, actor: Actor, involvement: str, answer: str, opinion: str) -> None:
        """Answer where it is one's turn: a signer whether he agrees, a delegate the outcome that he proposes.

        Words are asked of a delegate, of whoever is asked a question and of whoever disagrees. Raises NotAllowed,
        TaskNotOpen, BadInput.
        """
        words = words_of(opinion, say("意见"), required=False)
        task_id, key = _parsed(involvement)
        with self.transactions.act("answer", actor, task_id) as (connection, now):
            turn = self._turn(connection, actor, task_id, key, now)
            place = _must_be_asked(turn, actor)
            must_stand_in(connection, actor, place, now)
            _check(turn, answer, words)
            self._settle(replace(turn, place=place), TASK_ANSWERED, by_of(actor, "", place), answer, words)

    @ahead
    def remove(self, actor: Actor, involvement: str, reason: str) -> None:
        """Take somebody out again who has not yet answered, by whoever brought him in.

        Raises NotAllowed, TaskNotOpen.
        """
        words = words_of(reason, say("原因"), required=False)
        task_id, key = _parsed(involvement)
        with self.transactions.act("remove", actor, task_id) as (connection, now):
            turn = self._turn(connection, actor, task_id, key, now)
            seen(connection, actor, str(turn.case["id"]))
            place = _must_have_brought_in(turn, actor)
            by = by_of(actor, turn.task["candidate"], place)
            self._settle(replace(turn, place=place), SIGNER_REMOVED, by, "", words)

    def _turn(self, connection: Connection, actor: Actor, task_id: str, key: tuple[int, int], now: datetime) -> _Turn:
        task, case = task_and_case(connection, task_id, lock=True)
        definition = self.parts.definition(connection, case)
        people = involvements.of_task(connection, case["id"], task["number"])
        row = next((one for one in people if (one["seq"], one["place"]) == key), None)
        if row is None:
            raise NotFound(what=say("这个事项"))
        if task["status"] != policy.OPEN:
            if row["user_id"] == actor.user_id:  # he was brought in, and hears who was first
                raise gone(connection, definition, task)
            seen(connection, actor, str(case["id"]))
            raise no_longer_open(connection, actor, definition, task, case)
        if not pending([row]):
            raise NotAllowed(act=_ANSWER, reason=say("已经答复或者已减签"))
        admit(definition)
        return _Turn(connection, case, task, definition, people, row, not_before(connection, case, now))

    def _settle(self, turn: _Turn, name: str, by: By, answer: str, opinion: str) -> None:
        """The event; and when nobody is left to sign, the decision that waits goes on."""
        decided = next(iter(pending(turn.people, DECISION)), None)
        back = _goes_back(turn, decided, answer)
        if is_foreseen(turn.connection):  # what goes on evaluates more than the answer, which would be written first
            self._goes_on(turn, decided, changed(turn.people, turn.task, _event(turn, name, by, answer, opinion, back)))
        after = settle(turn, name, by, answer, opinion, back=back)
        signed = [one for one in after if one["status"] == "done" and one["kind"] in TAKING_PART]
        fresh = {who for one in signed if one not in turn.people for who in everybody(one)}
        follow_answer(turn.connection, turn.definition, turn.case, turn.task, fresh)
        if self._goes_on(turn, decided, after):
            rows.drop_drafts(turn.connection, f"task:{turn.case['id']}-{turn.task['number']}")

    def _goes_on(self, turn: _Turn, decided: InvolvementRow | None, after: list[InvolvementRow]) -> bool:
        """Let the case go on by the decision that waits; False when somebody is left to sign."""
        if decided is None or not pending(after, DECISION) or must_sign(after) or pending(after, BEFORE, DELEGATE):
            return False
        case = rows.lock(turn.connection, turn.case["id"])
        assert case is not None
        event = events.at(turn.connection, case["id"], decided["seq"])
        said = payload(event, TaskDecided)
        by: By = {"actor_id": event["actor_id"], "actor_name": event["actor_name"], "actor_role": event["actor_role"]}
        for_whom = {"acted_for": said["acted_for"]} if "acted_for" in said else {}
        decision = Decided(by, said["submission"], said["consulted"], for_whom, decided["seq"])
        scene = self.parts.scene_of(turn.connection, case, turn.now)
        carry_out(scene, turn.connection, AtTask(case, turn.task, turn.definition, after), decision, turn.now)
        return True


def _must_have_brought_in(turn: _Turn, actor: Actor) -> Represented | None:
    """In whose place the actor takes somebody out again: it was in that person's right that he was brought in.

    Raises NotAllowed.
    """
    own, _ = in_right(events.at(turn.connection, turn.case["id"], turn.row["seq"]))
    ways = policy.ways_to(actor, turn.task["candidate"], turn.case["key"])
    rights = {actor.user_id if way is None else way.user_id: way for way in ways}
    if turn.row["kind"] == DECISION or own is None or own[0] not in {*rights, actor.user_id}:
        raise NotAllowed(act=say("减签"), reason=say("这个人不是由您加入的"))
    if own[0] not in rights:
        raise NotAllowed(act=say("减签"), reason=say("这项任务已不归您办理"))
    must_stand_in(turn.connection, actor, rights[own[0]], turn.now)
    return rights[own[0]]


def _goes_back(turn: _Turn, decided: InvolvementRow | None, answer: str) -> bool:
    """Whether a decision that waits is its maker's again: somebody disagrees, or he may not decide any longer."""
    if decided is None:
        return False
    if answer == DISAGREES and turn.row["kind"] in SIGNING:
        return True
    return _still_his(turn, decided) is None


def _still_his(turn: _Turn, row: InvolvementRow) -> Name | None:
    """In whose right somebody was brought in or has decided, if that person could still act on the task alone.

    What a substitute did while he was one stays done when that is over; that each of them may act it needs as before.
    """
    own, people = in_right(events.at(turn.connection, turn.case["id"], row["seq"]))
    if own is None or people & standing_aside(turn.connection, turn.case, turn.definition, turn.task):
        return None
    try:
        person = actors.actor(turn.connection, own[0], turn.now)
    except NotFound:
        return None
    return own if turn.task["candidate"] in person.candidates else None


def settle(turn: _Turn, name: str, by: By, answer: str, opinion: str, *, back: bool = False) -> list[InvolvementRow]:
    """Write that one has answered or was taken out; the people of the task after it."""
    event = _event(turn, name, by, answer, opinion, back)
    payload(event, Answered)["held_by"] = holder_of(changed(turn.people, turn.task, event), _owner(turn))
    after = write(turn.connection, turn.case, turn.task, turn.people, event)
    _tell(turn, name, by, opinion, after)
    return after


def _event(turn: _Turn, name: str, by: By, answer: str, opinion: str, back: bool) -> LoggedEvent:
    row, task = turn.row, turn.task
    said: Answered = {
        "task": task["number"], "element": task["element"], "kind": row["kind"],
        "involvement": [row["seq"], row["place"]], "people": [[row["user_id"], row["user_name"]]],
        "answer": answer, "opinion": opinion, "held_by": None,
    }  # fmt: skip
    if back:
        said["back"] = True
    return told(turn.case, {"name": name, "at": turn.now, "data": {**said, **acted_for(turn.place)}, **by})


def _tell(turn: _Turn, name: str, by: By, opinion: str, after: list[InvolvementRow]) -> None:
    """Who brought him in hears of the answer, whoever is next that it is his turn, and who was taken out of that."""
    row, task = turn.row, turn.task
    by_name, step = by["actor_name"], (task["name_zh"], task["name_en"])
    place, number = (turn.connection, turn.now), task["number"]
    if name == TASK_ANSWERED:
        kind = {ASK: ANSWERED, DELEGATE: CAME_BACK}.get(row["kind"], SIGNED)
        tell(*place, kind, [row["by_id"]], turn.case, task=number, words=opinion or None, by=by_name, step=step)
        away = [] if turn.place is None else [one for one, _ in turn.place.path]
        tell(*place, SUBSTITUTED, away, turn.case, by=by_name.partition("（")[0], step=step)
    elif row["status"] == "open":
        tell(*place, NOT_NEEDED, [row["user_id"]], turn.case, task=number, by=by_name, step=step)
    open_before = {(one["seq"], one["place"]) for one in turn.people if one["status"] == "open"}
    for one in after:
        if one["status"] == "open" and (one["seq"], one["place"]) not in open_before:
            tell(
                *place,
                SIGN_ASKED,
                with_substitutes(turn.connection, [one["user_id"]], turn.case["key"], turn.now),
                turn.case,
                task=number,
                words=one["reason"] or None,
                by=one["by_name"],
                step=step,
            )


def _owner(turn: _Turn) -> Name | None:
    """Who has the task when nobody is waited for: who has decided, or had asked first, if he still may; else all.

    Whoever answers beside the holder leaves the task with whom it is.
    """
    row, task = turn.row, turn.task
    decided = next(iter(pending(turn.people, DECISION)), None)
    if decided is None and row["kind"] not in (DELEGATE, BEFORE):
        return [task["claimed_by"], task["claimed_name"]] if task["claimed_by"] else None
    return _still_his(turn, row if decided is None else decided)


def _must_be_asked(turn: _Turn, actor: Actor) -> Represented | None:
    """In whose place the actor answers; None: in his own. Raises NotAllowed when it is not his turn.

    Nor when whoever was asked has since acted where he must not have, or left the post.
    """
    found = next((one for one in turns_of(actor, turn.case["key"], turn.people) if one[0] is turn.row), None)
    if found is None:
        raise NotAllowed(act=_ANSWER, reason=say("现在没有等您答复的事"))
    asked = actor if found[1] is None else actors.actor(turn.connection, turn.row["user_id"], turn.now)
    aside = standing_aside(turn.connection, turn.case, turn.definition, turn.task)
    verb = "sign" if turn.row["kind"] in SIGNING else turn.row["kind"]
    place = (turn.connection, asked, turn.case, turn.task, turn.definition)
    reason = Receiving(*place, verb, turn.now).refused(asked.user_id)
    reason = reason or refused(turn.connection, actor, found, turn.people, aside)
    if reason is not None:
        raise NotAllowed(act=_ANSWER, reason=reason)
    return found[1]


def _check(turn: _Turn, answer: str, words: str) -> None:
    kind = turn.row["kind"]
    outcomes = [one.id for one in turn.definition.elements[turn.task["element"]].outcomes]
    fits = answer in (AGREES, DISAGREES) if kind in (BEFORE, BESIDE, AFTER) else answer in ("", *outcomes)
    if not fits or (kind == ASK and answer):
        raise BadInput(field=_ANSWER, reason=say("请选择同意或不同意") if kind in SIGNING else say("请重新选择"))
    if not words and (kind in (DELEGATE, ASK) or answer == DISAGREES):
        raise BadInput(field=say("意见"), reason=say("请填写"))


def _parsed(text: str) -> tuple[str, tuple[int, int]]:
    """``17-3-5-0``: case, task, event, place. Raises NotFound."""
    parts = text.split("-")
    if len(parts) != 4 or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in parts):
        raise NotFound(what=say("这项任务"))
    return f"{parts[0]}-{parts[1]}", (int(parts[2]), int(parts[3]))


def leave(connection: Connection, parts: Parts, user_id: int, now: datetime) -> None:
    """Take a person whose account or role is gone out of the tasks where he may no longer answer. Raises Conflict."""
    for row in involvements.pending_of(connection, user_id):
        case = rows.lock(connection, row["case_id"])
        task = rows.task(connection, row["case_id"], row["number"])
        account = accounts.user(connection, user_id)
        assert case is not None and task is not None and account is not None
        people = involvements.of_task(connection, case["id"], task["number"])
        same = [one for one in pending(people) if (one["seq"], one["place"]) == (row["seq"], row["place"])]
        person, definition = actors.of_row(connection, account, now), parts.definition(connection, case)
        if not same or still_receives(connection, person, (case, task, definition), same[0]["kind"], now):
            continue
        turn = _Turn(connection, case, task, definition, people, same[0], not_before(connection, case, now))
        settle(turn, SIGNER_REMOVED, SYSTEM, "", "", back=bool(pending(people, DECISION)))


def still_receives(
    connection: Connection, person: Actor, at: tuple[CaseRow, TaskRow, Definition], kind: str, now: datetime
) -> bool:
    """Whether somebody who was brought in may still answer, or decide where it is his own decision that waits."""
    case, task, definition = at
    if kind == DECISION:
        return bool(policy.ways_to(person, task["candidate"], case["key"]))
    verb = "sign" if kind in SIGNING else kind
    return Receiving(connection, person, case, task, definition, verb, now).refused(person.user_id) is None
