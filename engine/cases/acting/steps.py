"""The acts that move a case: start, complete, withdraw, cancel, comment. One method, one transaction, one event.

Each act locks the case row, asks the policy, runs the engine's heart, writes all that it says, and commits; or nothing
has happened. An act that fails inside the process is rolled back and leaves an incident for the operator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from engine.calendar.days import LEGAL_ZONE
from engine.cases.acting.calling_off import CANCELLED, call_off
from engine.cases.base import Base, Row, case_context, fields_of, parse_case_id, starter_context, within_reach
from engine.cases.gone import gone
from engine.cases.recording.incidents import report
from engine.cases.recording.record import Recorder, note, open_tasks_of, outcome_data, receipt, write_outcome
from engine.cases.recusal import excluded, excluded_next, standing_aside
from engine.database import writing
from engine.definition import Definition
from engine.diagram import Element, Outcome
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.errors import (
    BadInput,
    CaseNotOpen,
    Conflict,
    EngineFailed,
    ExpressionFailed,
    InvalidForm,
    NoRuleMatched,
    NotAllowed,
    OperationFailed,
    OutcomeUnknown,
    Refusal,
    Runaway,
)
from engine.feel import BudgetExceeded
from engine.forms.guard import check_shape, must_be_object
from engine.operations.steps import resolve
from engine.runtime import commands
from engine.spiff import read_variables
from engine.views import Receipt
from storage import cases as rows
from storage import deadlines, events
from storage.database import Connection, utc_text

MAX_WORDS = 4000
"""Characters of an opinion, a reason or a comment."""

QUIET = frozenset({
    "comment_added", "file_attached", "task_claimed", "task_released", "deadline_warned", "deadline_passed",
    "deadline_suspended", "deadline_resumed", "deadline_extended", "deadline_recomputed", "timer_recomputed",
})  # fmt: skip
"""Events that change nothing of what a person decides on."""

_INCIDENTS = (ExpressionFailed, NoRuleMatched, OperationFailed, Runaway, EngineFailed, BudgetExceeded)
"""Refusals that are the diagram's fault and not the person's."""


class Acts(Base):
    """What people do to cases."""

    def start(self, actor: Actor, key: str, organisation_code: str, data: Mapping[str, Any]) -> Receipt:
        """Open a case of the kind ``key`` for an organisation with the submitted form.

        Raises NotAllowed, InvalidForm, and what the process itself may raise.
        """
        must_be_object(data)
        with self._act("start", actor, None) as (connection, now):
            definition = self._catalog.current(connection, key)
            organisation = organisations.get(connection, organisation_code)
            candidate = self._starter(connection, actor, definition, organisation)
            scene = self._scene(connection, organisation, actor.user_id, now, definition)
            case_id, number = self._next_case(connection, definition, now)
            context = case_context(definition, number, organisation, starter_context(actor, candidate), now)
            start = definition.process.start
            assert start is not None
            submission, consulted = self._submission(definition, start, {"case": context}, data, actor, scene)
            variables = {"case": context, start.into or start.id: submission}
            ask = Recorder(scene)
            outcome = commands.start(definition, variables, now, ask)
            case = {
                "id": case_id, "number": number, "key": key, "digest": definition.digest,
                "organisation_code": organisation.code, "organisation_name": organisation.name,
                "organisation_path": organisation.path, "starter_id": actor.user_id, "starter_name": actor.name,
                "starter_candidate": candidate, "opened_at": now,
                "title": "", "decided": False, "revision": 0, "head": events.FIRST,
            }  # fmt: skip
            opening = {"definition": definition.digest, "variables": variables, "element": start.id}
            said = {**opening, "consulted": consulted}
            event = self._event("case_started", actor, candidate, now, {**said, **outcome_data(outcome, ask)})
            write_outcome(connection, definition, case, event, outcome)
            rows.drop_drafts(connection, f"start:{key}:{organisation.code}", actor.user_id)
            return receipt(case, definition, outcome, actor, self._calendar_of(connection, case), now)

    def complete(
        self, actor: Actor, task_id: str, data: Mapping[str, Any], outcome: str, revision: int | None = None
    ) -> Receipt:
        """Complete an open task with an outcome of the diagram and its form.

        ``data`` holds the form's fields, and ``opinion`` and ``return_to`` where an outcome takes them. ``revision``
        is what the person saw; a case that has moved on gives Conflict. Raises TaskNotOpen for the loser of a race.
        """
        must_be_object(data)
        with self._act("complete", actor, task_id) as (connection, now):
            task, case = self._task_and_case(connection, task_id, lock=True)
            policy.must_see(actor, case, acted=task["candidate"] in actor.candidates)
            definition = self._catalog.definition(connection, case["digest"])
            if task["status"] != policy.OPEN:
                raise gone(connection, definition, task)
            if revision is not None and revision != case["revision"]:
                self._must_stand_still(connection, case, revision)
            element = definition.elements[task["element"]]
            policy.must_act(actor, task, excluded(connection, case, definition, element))
            scene = self._scene_of(connection, case, now)
            chosen = _outcome(element, outcome)
            if chosen is not None:
                chosen = within_reach(connection, scene.organisation, definition, chosen)
            variables = read_variables(case["state"])
            answer = _answer(chosen, data)
            filled, consulted = self._submission(definition, element, variables, data, actor, scene, case["id"])
            submission = filled | answer
            acts = (actor.user_id, element.id, chosen.id if chosen else None)
            aside = partial(excluded_next, connection, case, definition, acts)
            ask = Recorder(replace(scene, find_excluded=aside))
            done = commands.complete(definition, case["state"], task["number"], submission, now, ask)
            said = {"task": task["number"], "element": element.id, "submission": submission, "consulted": consulted}
            event = self._event("task_completed", actor, task["candidate"], now, {**said, **outcome_data(done, ask)})
            finished = {"status": "completed", "completed_at": now, "completed_by": actor.user_id}
            kind = chosen.kind if chosen else "submit"
            finished |= {"outcome": chosen.id if chosen else None, "outcome_kind": kind}
            rows.finish_task(connection, case["id"], task["number"], finished)
            if task["due_at"] is not None:
                late = deadlines.is_over(task["due_at"], now)
                deadlines.close(connection, case["id"], task["number"], "late" if late else "met")
            write_outcome(connection, definition, case, event, done, chosen is not None and chosen.decides)
            rows.drop_drafts(connection, f"task:{task_id}")
            told = receipt(case, definition, done, actor, self._calendar_of(connection, case), now)
            return standing_aside(told, actor.user_id, aside)

    def withdraw(self, actor: Actor, case_id: str, reason: str) -> Receipt:
        """Take a case back while no one has decided. Raises NotAllowed."""
        return self._end("case_withdrawn", "withdrawn", actor, case_id, reason, policy.must_withdraw)

    def cancel(self, actor: Actor, case_id: str, reason: str) -> Receipt:
        """Cancel a case with a reason, by whom the diagram names for it. Raises NotAllowed."""
        return self._end("case_cancelled", CANCELLED, actor, case_id, reason, None)

    def comment(self, actor: Actor, case_id: str, text: str) -> None:
        """Leave a remark in the history of a case. Who sees the case may, unless his role only reads."""
        words = words_of(text, ("留言", "comment"), required=True)
        with self._act("comment", actor, case_id) as (connection, now):
            case = self._seen(connection, actor, case_id, lock=True)
            policy.must_contribute(actor)
            note(connection, case, self._event("comment_added", actor, "", now, {"text": words}))

    def _must_stand_still(self, connection: Connection, case: Row, since: int) -> None:
        """Raises Conflict when more has happened since that revision than remarks, files and claims."""
        if set(events.names_since(connection, case["id"], since)) - QUIET or since > case["revision"]:
            raise Conflict()

    # -- parts ---------------------------------------------------------------------------------------------------

    def _end(self, name: str, status: str, actor: Actor, case_id: str, reason: str, check: Any) -> Receipt:
        words = words_of(reason, ("理由", "reason"), required=True)
        with self._act(name, actor, case_id) as (connection, now):
            case = self._seen(connection, actor, case_id, lock=True)
            if case["status"] != "running":
                raise CaseNotOpen()
            definition = self._catalog.definition(connection, case["digest"])
            if check is not None:
                check(actor, case)
            elif not self._may_cancel(connection, actor, definition, case):
                raise NotAllowed(act=("撤销", "cancel"), reason=("您没有撤销权限", "you are not entitled to"))
            event, scene = self._event(name, actor, "", now, {}), self._scene_of(connection, case, now)
            call_off(connection, definition, case, scene, event, status, words)
            return receipt(
                {**case, "status": status}, definition, None, actor, self._calendar_of(connection, case), now
            )

    def _may_cancel(self, connection: Connection, actor: Actor, definition: Definition, case: Row) -> bool:
        organisation = organisations.get(connection, case["organisation_code"])
        named = [(a.role, a.where, a.kinds) for a in definition.process.cancellers]
        found = [resolve(connection, organisation, [one]) for one in named]
        return any(f"{one[0]}@{one[1].code}" in actor.candidates for one in found if one)

    def _seen(self, connection: Connection, actor: Actor, case_id: str, *, lock: bool = False) -> Row:
        number = parse_case_id(case_id)
        case = rows.lock(connection, number) if lock else rows.get(connection, number)
        acted = case is not None and (
            rows.acted_in(connection, number, actor.user_id)
            or any(task["candidate"] in actor.candidates for task in open_tasks_of(connection, number))
        )
        return policy.must_see(actor, case, acted=acted)

    def _starter(self, connection: Connection, actor: Actor, definition: Definition, organisation: Any) -> str:
        rules = [(a.role, a.where, a.kinds) for a in definition.process.starters]
        for rule in rules:
            found = resolve(connection, organisation, [rule])
            if found and organisation.valid and f"{found[0]}@{found[1].code}" in actor.candidates:
                return f"{found[0]}@{found[1].code}"
        reason = (f"您不是{organisation.name}的经办人", f"you do not act for {organisation.name}")
        raise NotAllowed(act=("发起这类事项", "start this kind of case"), reason=reason)

    def _next_case(self, connection: Connection, definition: Definition, now: datetime) -> tuple[int, str]:
        """The id and the number of a case to come."""
        year = now.astimezone(LEGAL_ZONE).year
        series = definition.process.number.split("{seq")[0].format(year=year)
        case_id, sequence = rows.next_case(connection, f"case:{series}")
        return case_id, definition.process.number.format(year=year, seq=sequence)

    def _submission(
        self, definition: Definition, element: Element, variables: Row, data: Row, actor: Actor, scene: Any,
        case_id: int | None = None,
    ) -> tuple[dict[str, Any], list[list[Any]]]:  # fmt: skip
        """Clean form data with who handed it in and when, and the decisions that the form consulted.

        Raises InvalidForm.
        """
        clean: dict[str, Any] = {}
        consulted: list[list[Any]] = []
        form = definition.form_of(element.id)
        if form is not None:
            filling = self._filling(definition, form, variables, scene)
            initial = variables.get(element.into or element.id) or {}
            attached = rows.attachments_of(scene.connection, case_id) if case_id and form.takes_files else []
            clean = form.accept(
                fields_of(data),
                initial=initial,
                context=filling.context,
                environment=filling.environment,
                attachments={row["digest"]: row["name"] for row in attached},
            )
            consulted = filling.decisions()
        return {**clean, "by": {"login": actor.login, "name": actor.name}, "at": utc_text(scene.now)}, consulted

    def _event(self, name: str, actor: Actor, role: str, at: datetime, data: Row) -> dict[str, Any]:
        who = {"actor_id": actor.user_id, "actor_name": actor.name, "actor_role": role}
        return {"name": name, "at": at, "data": data, **who}

    @contextmanager
    def _act(self, act: str, actor: Actor, subject: str | None) -> Iterator[tuple[Connection, datetime]]:
        """One transaction at one moment. What a diagram does wrong is kept as an incident after the rollback."""
        try:
            with writing(self._database) as connection:
                yield connection, self._clock.now()
        except _INCIDENTS as failure:
            self._incident(act, actor, subject, failure)
            raise

    def _incident(self, act: str, actor: Actor, subject: str | None, failure: Refusal) -> None:
        case_id = int(subject.split("-")[0]) if subject else None  # a Refusal of the engine: the id was one
        with writing(self._database) as connection:
            report(connection, case_id, act, failure, actor.user_id, self._clock.now())


def _outcome(element: Element, chosen: str) -> Outcome | None:
    if not element.outcomes:
        return None
    found = next((one for one in element.outcomes if one.id == chosen), None)
    if found is None:
        raise OutcomeUnknown(outcome=chosen)
    return found


def _answer(chosen: Outcome | None, data: Row) -> dict[str, Any]:
    """What stands beside the form: outcome, opinion, and where a return goes. Raises InvalidForm."""
    if chosen is None:
        return {}
    said = "" if chosen.opinion == "none" else data.get("opinion") or ""
    opinion = words_of(said, ("意见", "opinion"), required=False)
    errors: dict[str, tuple[str, str]] = {}
    if chosen.opinion == "required" and not opinion:
        errors["opinion"] = (f"选择“{chosen.name[0]}”时请填写意见", f"“{chosen.name[1]}” needs an opinion")
    target = data.get("return_to") or (chosen.targets[0] if len(chosen.targets) == 1 else None)
    if chosen.targets and target not in chosen.targets:
        errors["return_to"] = ("请选择退回到哪个环节", "choose the step to return to")
    if errors:
        raise InvalidForm(errors)
    return {"outcome": chosen.id, "opinion": opinion, **({"return_to": target} if chosen.targets else {})}


def words_of(text: Any, label: tuple[str, str], *, required: bool) -> str:
    """A person's words, trimmed. Raises BadInput when they are missing, too long, no text, or cannot be stored."""
    if not isinstance(text, str) or len(text) > MAX_WORDS:
        raise BadInput(
            field=label, reason=(f"应为不超过{MAX_WORDS}字的文字", f"text of at most {MAX_WORDS} characters")
        )
    check_shape({"": text})
    if required and not text.strip():
        raise BadInput(field=label, reason=("请填写", "it is needed"))
    return text.strip()
