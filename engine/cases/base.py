"""What acts and readings share: the database, the catalog, the clock, and how a form is filled in. No act itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.calendar.feel_functions import feel_functions
from engine.calendar.in_force import Calendars
from engine.cases.periods import acts_on_period
from engine.definition import Definition
from engine.diagram import Outcome
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.dmn.decisions import DecisionResult, decision_functions
from engine.errors import NotFound
from engine.feel import Environment, compile_expression, to_json
from engine.files.store import FileStore
from engine.forms import Form
from engine.model import Clock
from engine.operations.registry import Scene, ask
from engine.operations.steps import resolve
from engine.operations.tree import facts
from engine.publishing.catalog import Catalog
from engine.spiff import read_variables
from storage import cases as rows
from storage.database import Connection, Database, utc_text

Row = Mapping[str, Any]
LONGEST_ID = 9
"""Digits of an id that fits into a database's integer (32 bits)."""


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
        """Every different decision that the form has consulted, as an event keeps it: id, rules, inputs, output."""
        found: dict[str, list[Any]] = {}
        for one in self.consulted:
            inputs = {name: to_json(value) for name, value in one.inputs.items()}
            found.setdefault(f"{one.decision}{inputs}", [one.decision, list(one.rules), inputs, to_json(one.value)])
        return list(found.values())


class Base:
    """The parts that ``Cases`` is made of."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock, files: FileStore) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._files = files
        self.calendars = Calendars()

    def _calendar_of(self, connection: Connection, case: Row) -> Calendar:
        """The calendar in force for the organisation of a case."""
        return self.calendars.by_path(connection)(case["organisation_path"])

    def _scene(
        self,
        connection: Connection,
        organisation: Organisation,
        starter_id: int,
        now: Any,
        definition: Definition | None = None,
    ) -> Scene:
        registers = partial(self._catalog.registers, connection)
        calendar = partial(self.calendars.of, connection, organisation)
        documents = definition.documents if definition else {}
        return Scene(
            connection, now, organisation, starter_id, registers, calendar, documents=documents, keep=self._files.put
        )

    def _scene_of(self, connection: Connection, case: Row, now: Any) -> Scene:
        organisation = organisations.get(connection, case["organisation_code"])
        definition = self._catalog.definition(connection, case["digest"])
        scene = self._scene(connection, organisation, case["starter_id"], now, definition)
        return replace(scene, find_acts=partial(acts_on_period, connection, definition, case["id"]))

    def _filling(self, definition: Definition, form: Form, variables: Mapping[str, Any], scene: Scene) -> Filling:
        """Ask the sources of a form; each may use the variables of the case and the sources before it."""
        consulted: list[DecisionResult] = []
        functions = decision_functions(definition.decisions, consulted.append)
        functions |= feel_functions(lambda name, parameters: ask(scene, name, parameters, reading=True))
        environment = Environment(now=scene.now.astimezone(LEGAL_ZONE), functions=functions)
        context = dict(variables)
        answers: dict[str, Any] = {}
        for name, source in form.sources.items():
            parameters = {
                key: to_json(compile_expression(text).evaluate(context, environment))
                for key, text in source.parameters.items()
            }
            answers[name] = context[name] = ask(scene, source.operation, parameters, reading=True)
        consulted.clear()  # what the sources asked is in their answers
        return Filling(form, answers, context, environment, consulted)

    def _task_and_case(self, connection: Connection, task_id: str, *, lock: bool = False) -> tuple[Row, Row]:
        """Raises NotFound for an id that is none."""
        case_id, number = parse_task_id(task_id)
        case = rows.lock(connection, case_id) if lock else rows.get(connection, case_id)
        task = rows.task(connection, case_id, number) if case else None
        if case is None or task is None:
            raise NotFound(what=("这项任务", "This task"))
        return task, case


def stands(case: Row, text: str) -> Any:
    """What an expression of the diagram gives for a case as it stands; it asks no service."""
    return compile_expression(text).evaluate(read_variables(case["state"]), Environment(now=case["opened_at"]))


def parse_case_id(text: str) -> int:
    """``17``. Raises NotFound for anything else."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
        return int(text)
    raise NotFound(what=("这个事项", "This case"))


def parse_task_id(text: str) -> tuple[int, int]:
    """``17-3`` as case and number. Raises NotFound for anything else."""
    case, dash, number = text.partition("-")
    if dash and all(part.isascii() and part.isdigit() and len(part) <= LONGEST_ID for part in (case, number)):
        return int(case), int(number)
    raise NotFound(what=("这项任务", "This task"))


def fields_of(data: Row) -> dict[str, Any]:
    """What of a submission belongs to its form."""
    return {key: value for key, value in data.items() if key not in BESIDE}


def task_id(row: Row) -> str:
    """The id of a task row as people and programs see it."""
    return f"{row['case_id']}-{row['number']}"


def starter_context(actor: Actor, candidate: str) -> Row:
    """What FEEL sees as ``case.starter``: who opened the case, and in which role."""
    return {"login": actor.login, "name": actor.name, "role": candidate.partition("@")[0]}


def case_context(definition: Definition, number: str, organisation: Organisation, starter: Row, now: Any) -> Row:
    """What FEEL sees as ``case``: fixed when the case opens, so that later changes of the tree do not move it."""
    levels = organisation.path.strip("/").split("/")
    city = levels[1] if len(levels) > 1 else None
    return {
        "number": number,
        "key": definition.key,
        "name": definition.process.name[0],
        "opened_at": utc_text(now),
        "organisation": {**facts(organisation), "province": levels[0], "city": city},
        "started_by": starter["name"],
        "starter": starter,
    }


def within_reach(
    connection: Connection, organisation: Organisation, definition: Definition, outcome: Outcome
) -> Outcome:
    """The outcome with those targets only where the tree has somebody to ask, seen from the case's organisation."""
    if len(outcome.targets) < 2:
        return outcome
    rules = {one: [(a.role, a.where, a.kinds) for a in definition.elements[one].assignments] for one in outcome.targets}
    return replace(outcome, targets=tuple(one for one in rules if resolve(connection, organisation, rules[one])))
