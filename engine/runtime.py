"""The only driver of SpiffWorkflow: (definition, state, command, now, services) -> Outcome. Pure.

Does no I/O, reads no clock and makes no ids: the present, the answers of services and the clean data come in as
arguments and are recorded by the caller, so that the same log always gives the same case.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine import spiff_state
from engine.calendar import LEGAL_ZONE
from engine.catalog import Definition
from engine.decisions import DecisionResult, decision_functions
from engine.diagram import Element, Parameters
from engine.errors import EngineFailed, ExpressionFailed, Runaway, TaskNotOpen
from engine.feel import Environment, compile_expression, to_json
from engine.model import Ask, DecisionTaken, Effects, Message, OpenedTask, Outcome, RegisterChange

MAX_STEPS = 400
"""Elements that one run may pass. SpiffWorkflow stops silently at a depth of 1,000; we refuse loudly before."""


def start(definition: Definition, variables: Mapping[str, Any], now: datetime, ask: Ask) -> Outcome:
    """Open a case with the variables it begins with, and run until people are needed."""
    run = _Run(definition, dict(variables), now, ask)
    with _spoken():
        run.workflow = spiff_state.new_workflow(definition.specs, run)
        run.go()
        return run.outcome(())


def complete(
    definition: Definition, state: bytes, number: int, submission: Mapping[str, Any], now: datetime, ask: Ask
) -> Outcome:
    """Complete one open task with clean data, and run until people are needed again.

    Raises TaskNotOpen when the task is not READY (SpiffWorkflow itself would complete it a second time).
    """
    run = _Run(definition, {}, now, ask)
    run.workflow, run.variables, run.next_number = spiff_state.load(definition.specs, state, run)
    before = run.open_tasks()
    task = before.get(number)
    if task is None:
        raise TaskNotOpen()
    element = run.element(task)
    run.assign(element.into or element.id, dict(submission))
    with _spoken():
        run.count(task)
        task.run()
        run.go()
        return run.outcome(tuple(n for n in before if n != number), known=frozenset(before))


@contextmanager
def _spoken() -> Iterator[None]:
    """What SpiffWorkflow throws becomes a refusal that a person can read."""
    try:
        yield
    except SpiffWorkflowException as error:
        raise EngineFailed(detail=str(error)) from error
    except RecursionError as error:
        raise Runaway(limit=("嵌套层数", "depth")) from error


@dataclass(slots=True, eq=False)
class _Run(PythonScriptEngine):  # type: ignore[misc]
    """One run, and SpiffWorkflow's «script engine» for it: every expression of a diagram comes through here as FEEL."""

    definition: Definition
    variables: dict[str, Any]
    now: datetime
    ask: Ask
    workflow: BpmnWorkflow = None
    next_number: int = 1
    effects: Effects = field(default_factory=Effects)
    passed: list[str] = field(default_factory=list)
    ended_at: str | None = None
    _environment: Environment | None = None

    @property
    def environment(self) -> _Door:
        """SpiffWorkflow evaluates some texts on ``script_engine.environment``: it leads to the same door."""
        return _Door(self)

    # -- driving ---------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Run everything that needs no person."""
        self.workflow.do_engine_steps(will_complete_task=self.count)

    def count(self, task: Task) -> None:
        """Note an element that the token passes; refuse to go on for ever."""
        element = self.definition.elements.get(task.task_spec.bpmn_id or "")
        if element is None:
            return
        self.passed.append(element.id)
        if element.tag == "endEvent" and element.parent is None:
            self.ended_at = element.id
        if len(self.passed) > MAX_STEPS:
            raise Runaway(limit=(f"{MAX_STEPS}个环节", f"{MAX_STEPS} elements"))

    def open_tasks(self) -> dict[int, Task]:
        """Tasks that wait for a person, by number (a new one has none yet and is left out)."""
        tasks = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return {task.id: task for task in tasks if isinstance(task.id, int)}

    def outcome(self, before: tuple[int, ...], known: frozenset[int] = frozenset()) -> Outcome:
        """Close the run: what was opened, what was closed, and the state to store."""
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        ended = self.workflow.is_completed()
        saved = spiff_state.save(self.workflow, self.variables, self.next_number)
        numbers = {saved.numbers[task.id]: task for task in ready}
        opened = tuple(self._opened(number, task) for number, task in numbers.items() if number not in known)
        return Outcome(
            state=saved.state,
            ended_at_element=(self.ended_at or "") if ended else None,
            opened=opened,
            closed=tuple(number for number in before if number not in numbers),
            passed=tuple(self.passed),
            decisions=tuple(self.effects.decisions),
            changes=tuple(self.effects.changes),
            messages=tuple(self.effects.messages),
            variables=self.variables,
            title=self._text(self.definition.process.title),
            summary=self._text(self.definition.process.summary),
        )

    def _text(self, expression: str) -> str | None:
        value = self.feel(expression, {}, self.definition.process.id) if expression else None
        return value if isinstance(value, str) else None

    def _opened(self, number: int, task: Task) -> OpenedTask:
        element = self.element(task)
        assignments = [[a.role, a.where, list(a.kinds)] for a in element.assignments]
        asked = self.ask("assignment", {"assignments": assignments, "element": element.id})
        due = {"due_at": None, "warn_at": None}
        if element.deadline is not None:
            days = self.feel(element.deadline.working_days, task.data, element.id)
            due = self.ask("deadline", {"working_days": to_json(days), "warn_days": element.deadline.warn_days})
        return OpenedTask(number, element.id, asked["candidate"], asked["organisation"], due["due_at"], due["warn_at"])

    def element(self, task: Task) -> Element:
        """The facts of the diagram about a task."""
        return self.definition.elements[task.task_spec.bpmn_id]

    # -- SpiffWorkflow's questions -----------------------------------------------------------------------------

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """A condition or another expression of the diagram. A condition must come to true or false (FEEL has null)."""
        return self.definite(expression, task.data, task.task_spec.bpmn_id or task.task_spec.name)

    def definite(self, expression: str, local: Mapping[str, Any], element: str) -> Any:
        """The value of an expression that must have one. Raises ExpressionFailed for null."""
        value = to_json(self.feel(expression, local, element))
        if value is None:
            raise ExpressionFailed(element=element, reason=self._why(expression))
        return value

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        """SpiffWorkflow never reaches this: script tasks are performed below."""
        raise NotImplementedError

    def perform(self, task: Task) -> None:
        """A task of the machine (BPMN 2.0, 10.3.3): a service, a script or a business rule."""
        element = self.element(task)
        if element.script is not None:
            values = self.feel(element.script.text, task.data, element.id)
            for name, value in (values or {}).items():
                self.assign(name, to_json(value))
        elif element.decision is not None:
            call = element.decision
            result = self.definition.decisions[call.ref].evaluate(
                self._parameters(call.parameters, task, element.id), self.feel_environment
            )
            self._decided(result)
            self.assign(call.result, to_json(result.value))
        elif element.operation is not None:
            self._operate(task, element)

    def _operate(self, task: Task, element: Element) -> None:
        operation = element.operation
        assert operation is not None
        answer = self.ask(operation.name, self._parameters(operation.parameters, task, element.id))
        if isinstance(answer, dict) and "effects" in answer:
            for change in answer["effects"].get("changes", ()):
                self.effects.changes.append(RegisterChange(**change))
            for message in answer["effects"].get("messages", ()):
                self.effects.messages.append(Message(**message))
            answer = answer["result"]
        if operation.result:
            self.assign(operation.result, answer)

    def _parameters(self, parameters: Parameters, task: Task, element: str) -> dict[str, Any]:
        return {name: to_json(self.feel(text, task.data, element)) for name, text in parameters}

    # -- FEEL --------------------------------------------------------------------------------------------------

    def feel(self, text: str, local: Mapping[str, Any], element: str) -> Any:
        """Evaluate over the local data of a token (a multi-instance's item) and the variables of the case."""
        scope: Mapping[str, Any] = ChainMap(dict(local), self.variables) if local else self.variables
        return compile_expression(text).evaluate(scope, self.feel_environment)

    @property
    def feel_environment(self) -> Environment:
        """The present, and every decision of the definition as a function."""
        if self._environment is None:
            functions = decision_functions(self.definition.decisions, self._decided)
            self._environment = Environment(now=self.now.astimezone(LEGAL_ZONE), functions=functions)
        return self._environment

    def assign(self, name: str, value: Any) -> None:
        """Set a variable of the case."""
        self.variables[name] = value

    def _decided(self, result: DecisionResult) -> None:
        inputs = {name: to_json(value) for name, value in result.inputs.items()}
        self.effects.decisions.append(
            DecisionTaken(result.decision, tuple(result.rules), inputs, to_json(result.value))
        )

    def _why(self, expression: str) -> Any:
        warnings = self.feel_environment.warnings
        detail = warnings[-1] if warnings else ""
        return (f"{expression} 的结果为空。{detail}", f"{expression} is null. {detail}")


@dataclass(frozen=True, slots=True)
class _Door:
    """What SpiffWorkflow calls an environment: the sites that skip the script engine's own ``evaluate``."""

    run: _Run

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        return self.run.definite(expression, context, self.run.definition.process.id)
