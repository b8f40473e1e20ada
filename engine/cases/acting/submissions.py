"""What a person hands in, made clean: the chosen outcome, the words beside the form, the form. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.cases.acting.transaction import words_of
from engine.cases.base import seen_at
from engine.cases.filling import Filling, fields_of, filling_of, standing
from engine.definition import Definition
from engine.diagram import Element, Outcome
from engine.directory.actors import Actor
from engine.errors import InvalidForm, NotAllowed, OutcomeUnknown
from engine.forms import Form
from engine.operations.registry import Scene
from engine.words import Said, listed, say
from storage import cases as rows
from storage.database import Connection, utc_text
from storage.rows import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class Submission:
    """Clean data of a form with who handed it in and when, and the decisions that the form consulted.

    ``filled``: what to open the form with if it comes back, where nobody has typed it.
    """

    data: dict[str, Any]
    consulted: list[list[Any]]
    filled: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AtStep:
    """Where something is handed in."""

    connection: Connection
    definition: Definition
    element: Element
    case: CaseRow
    task: TaskRow
    scene: Scene

    @property
    def seen(self) -> Mapping[str, Any]:
        """The variables that the task sees."""
        return seen_at(self.connection, self.case, self.task)


Make = Callable[[AtStep], Submission]
"""What a person hands in, made clean under the lock of the case."""


def filled_in(actor: Actor, data: Mapping[str, Any], at: AtStep) -> Submission:
    """What a person hands in at a step that takes it in clear. Raises InvalidForm, NotAllowed."""
    _must_be_clear(at)
    return submission_of(at.definition, at.element, at.seen, data, actor, at.scene, at.case["id"])


def as_opened(actor: Actor, for_all: Callable[[Form], Mapping[str, Any]], at: AtStep) -> Submission:
    """A form as it stands when it is opened, with what is filled in for many of its kind at once.

    Raises InvalidForm, NotAllowed.
    """
    _must_be_clear(at)
    form, variables, values = at.definition.form_of(at.element.id), at.seen, dict[str, Any]()
    filling = None if form is None else filling_of(at.definition, form, variables, at.scene)
    if filling is not None:
        stands = standing(variables, at.element)
        values = filling.form.initial(stands, context=filling.context, environment=filling.environment)
        values |= for_all(filling.form)
        filling.consulted.clear()  # what counts is what the form consults as it is handed in
    place = (at.definition, at.element, variables)
    return replace(submission_of(*place, values, actor, at.scene, at.case["id"], filling), filled=values)


def _must_be_clear(at: AtStep) -> None:
    if at.element.sealing.kind:
        reason = say("这一环节涉及密封，只能在它自己的页面上提交")
        raise NotAllowed(act=say("这样提交"), reason=reason)


def submission_of(
    definition: Definition, element: Element, variables: Mapping[str, Any], data: Mapping[str, Any], actor: Actor,
    scene: Scene, case_id: int | None = None, filling: Filling | None = None,
) -> Submission:  # fmt: skip
    """What was handed in at an element. ``case_id``: whose files the form may name. Raises InvalidForm.

    ``filling``: of the form, where its sources were asked already.
    """
    clean: dict[str, Any] = {}
    consulted: list[list[Any]] = []
    form = definition.form_of(element.id)
    if form is not None:
        filling = filling or filling_of(definition, form, variables, scene)
        initial = standing(variables, element)
        attached = rows.attachments_of(scene.connection, case_id) if case_id and form.takes_files else []
        clean = form.accept(
            fields_of(data),
            initial=initial,
            context=filling.context,
            environment=filling.environment,
            attachments={row["digest"]: row["name"] for row in attached},
        )
        consulted = filling.decisions()
    by = {"login": actor.login, "name": actor.name}
    return Submission({**clean, "by": by, "at": utc_text(scene.now)}, consulted)


def outcome_of(element: Element, chosen: str) -> Outcome | None:
    """The outcome that was chosen; None where the element has none. Raises OutcomeUnknown."""
    if not element.outcomes:
        return None
    found = next((one for one in element.outcomes if one.id == chosen), None)
    if found is None:
        raise OutcomeUnknown(outcome=chosen)
    return found


def answer_of(chosen: Outcome | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside the form: outcome, opinion, and where a return goes. Raises InvalidForm."""
    if chosen is None:
        return {}
    said = "" if chosen.opinion == "none" else data.get("opinion") or ""
    opinion = words_of(said, say("意见"), required=False)
    errors: dict[str, Said] = {}
    if chosen.opinion == "required" and not opinion:
        errors["opinion"] = say("选择“{name}”时请填写意见", name=chosen.name)
    target = data.get("return_to") or (chosen.targets[0] if len(chosen.targets) == 1 else None)
    if chosen.targets and target not in chosen.targets:
        errors["return_to"] = say("请选择退回到哪个环节")
    if errors:
        raise InvalidForm(errors)
    return {"outcome": chosen.id, "opinion": opinion, **({"return_to": target} if chosen.targets else {})}


def must_be_filled(definition: Definition, element: Element, chosen: Outcome | None, data: Mapping[str, Any]) -> None:
    """Raises InvalidForm when a field is empty that the form wants for this outcome."""
    form = definition.form_of(element.id)
    if form is not None and chosen is not None and (errors := form.unfilled(data, chosen.id)):
        raise InvalidForm(errors)


def must_be_explained(
    definition: Definition, element: Element, chosen: Outcome | None, data: Mapping[str, Any], opinion: str
) -> None:
    """Raises InvalidForm when boxes were left unticked that the form wants explained, and the opinion says nothing."""
    form = definition.form_of(element.id)
    if form is None or chosen is None or chosen.opinion == "none" or opinion:
        return
    if left := form.unticked(data):
        raise InvalidForm({"opinion": say("以下各项没有勾选，请在意见中说明：{boxes}", boxes=listed(left, say("；")))})
