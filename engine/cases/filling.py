"""How a form of a case is filled in: its sources asked, its context gathered. Hands nothing in and keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypedDict, cast

from engine.calendar.days import LEGAL_ZONE
from engine.cases.access import starter_candidate
from engine.cases.base import Parts, admit
from engine.cases.event_types import CaseStarted
from engine.cases.handover_types import OrganisationFacts
from engine.definition import Definition
from engine.diagram import Element
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.dmn.decisions import DecisionResult
from engine.feel import Environment, compile_expression, to_json
from engine.forms import Form
from engine.model import DecisionTaken
from engine.operations.registry import Scene, ask
from engine.operations.tree import facts
from storage.database import Connection, utc_text
from storage.rows import CaseRow, TaskRow

BESIDE = ("opinion", "return_to")
"""What a person hands in beside the fields of the form."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A form about to be filled in: the answers of its sources and what FEEL sees beside the fields."""

    form: Form
    sources: dict[str, Any]
    context: dict[str, Any]
    environment: Environment
    consulted: list[DecisionResult]

    def decisions(self) -> list[list[Any]]:
        """Every different decision that the form has consulted, as an event keeps it."""
        found: dict[str, list[Any]] = {}
        for one in self.consulted:
            inputs = {name: to_json(value) for name, value in one.inputs.items()}
            taken = DecisionTaken(one.decision, tuple(one.rules), inputs, to_json(one.value), one.table)
            found.setdefault(f"{one.decision}{inputs}{one.table}", taken.told())
        return list(found.values())


def filling_of(definition: Definition, form: Form, variables: Mapping[str, Any], scene: Scene) -> Filling:
    """Ask the sources of a form; each may use the variables of the case and the sources before it."""
    consulted: list[DecisionResult] = []
    environment = Environment(
        now=scene.now.astimezone(LEGAL_ZONE),
        functions=definition.functions(consulted.append),
        ask=partial(ask, scene, reading=True),
        owner=definition.owner,
    )
    context: dict[str, object] = dict(variables)
    answers: dict[str, object] = {}
    for name, source in form.sources.items():
        parameters = {
            key: to_json(compile_expression(text).evaluate(context, environment))
            for key, text in source.parameters.items()
        }
        answers[name] = context[name] = ask(scene, source.operation, parameters, reading=True)
    consulted.clear()  # what the sources asked is in their answers
    return Filling(form, answers, context, environment, consulted)


def task_filling(
    parts: Parts, connection: Connection, task: TaskRow, case: CaseRow, variables: Mapping[str, Any]
) -> Filling | None:
    """The form of a task; None when it has none."""
    definition = parts.definition(connection, case)
    admit(definition)
    form = definition.form_of(task["element"])
    if form is None:
        return None
    return filling_of(definition, form, variables, parts.scene_of(connection, case, parts.now()))


def standing(variables: Mapping[str, Any], element: Element) -> Mapping[str, Any]:
    """What stands in the variable that a step fills, as a form reads it: the last submission, or a script's values.

    What was handed in sealed does not stand there.
    """
    if element.sealing.sealed is not None:
        return {}
    found = variables.get(element.into or element.id)
    return to_json(found) if isinstance(found, dict) else {}


def start_filling(parts: Parts, connection: Connection, actor: Actor, key: str, code: str) -> Filling | None:
    """The form that starts a case of the kind ``key`` for an organisation; None when it has none. Raises NotAllowed."""
    definition = parts.catalog.current(connection, key)
    admit(definition)
    organisation = organisations.get(connection, code)
    candidate = starter_candidate(connection, actor, definition, organisation)
    start = definition.process.start
    form = definition.form_of(start.id) if start else None
    if form is None:
        return None
    now = parts.now()
    scene = parts.scene(connection, organisation, actor.user_id, now, definition)
    context = {"case": case_context(definition, "", organisation, starter_context(actor, candidate), now)}
    return filling_of(definition, form, context, scene)


def fields_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What of a submission belongs to its form."""
    return {key: value for key, value in data.items() if key not in BESIDE}


class Starter(TypedDict):
    """What FEEL sees as ``case.starter``."""

    login: str
    name: str
    role: str


class CaseContext(TypedDict):
    """What a replay reads of ``case``."""

    number: str
    key: str
    organisation: OrganisationFacts


def started_as(started: CaseStarted) -> CaseContext:
    """The ``case`` with which a case began."""
    return cast(CaseContext, started["variables"]["case"])


def starter_context(actor: Actor, candidate: str) -> Starter:
    """What FEEL sees as ``case.starter``: who opened the case, and in which role."""
    return {"login": actor.login, "name": actor.name, "role": candidate.partition("@")[0]}


def case_context(
    definition: Definition, number: str, organisation: Organisation, starter: Starter, now: datetime
) -> Mapping[str, Any]:
    """What FEEL sees as ``case``: fixed when the case opens; later changes of the tree move it by an event alone."""
    return {
        "number": number,
        "key": definition.key,
        "name": definition.process.name[0],
        "opened_at": utc_text(now),
        "organisation": organisation_context(organisation),
        "started_by": starter["name"],
        "starter": starter,
    }


def organisation_context(organisation: Organisation) -> dict[str, Any]:
    """What FEEL sees as ``case.organisation``."""
    levels = organisation.path.strip("/").split("/")
    city = levels[1] if len(levels) > 1 else None
    return {**facts(organisation), "province": levels[0], "city": city}
