"""Decisions and what they require (chapter 6): inputs, other decisions, knowledge. Evaluated once each, on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.refusals import ValueNotAllowed
from engine.dmn.tables import as_typed, shown
from engine.feel import errors
from engine.feel.blocks import function_of
from engine.feel.compiler import Run
from engine.feel.environment import Environment
from engine.feel.errors import BudgetExceeded
from engine.feel.functions import FeelFunction
from engine.feel.scope import Scope
from engine.feel.types import FeelType, coerce

WEIGHT = 20  # what a call of knowledge is charged besides its own work


@dataclass(frozen=True, slots=True)
class InputData:
    """Data that comes from outside, by its name."""

    name: str
    kind: FeelType


@dataclass(slots=True)
class DecisionNode:
    """A decision of the file: its logic and the ids of what it requires. ``asks``: names it needs beyond those."""

    id: str
    name: str
    kind: FeelType
    run: Run
    requires: tuple[str, ...]
    asks: tuple[str, ...]
    calls: frozenset[str]  # functions that it calls, besides those of FEEL


@dataclass(slots=True)
class Knowledge:
    """A business knowledge model: a function."""

    name: str
    parameters: list[tuple[str, FeelType]]
    body: Run
    requires: tuple[str, ...]
    kind: FeelType
    calls: frozenset[str]


@dataclass(slots=True)
class Service:
    """A decision service: some decisions of the file as one function (clause 10.4)."""

    name: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]  # ids of input data and input decisions, in the order of the parameters
    kind: FeelType


Element = InputData | DecisionNode | Knowledge | Service


@dataclass(slots=True)
class Graph:
    """All elements of a file by id."""

    elements: dict[str, Element] = field(default_factory=dict)

    def parameters(self, element_id: str) -> tuple[str, ...]:
        """The names that must come from outside for a decision, those of required decisions included."""
        found: dict[str, None] = {}
        self._collect(element_id, found, set())
        return tuple(found)

    def calls(self, element_id: str) -> frozenset[str]:
        """The functions that must come from outside for a decision, those of required elements included."""
        own = {element.name for element in self.elements.values()}
        todo, seen = [element_id], {element_id}
        found: set[str] = set()
        while todo:
            element = self.elements.get(todo.pop())
            if isinstance(element, DecisionNode | Knowledge):
                found |= element.calls - own
                todo += [one for one in element.requires if one not in seen]
                seen.update(element.requires)
        return frozenset(found)

    def _collect(self, element_id: str, found: dict[str, None], seen: set[str]) -> None:
        if element_id in seen:
            return
        seen.add(element_id)
        element = self.elements.get(element_id)
        if isinstance(element, InputData):
            found[element.name] = None
        elif isinstance(element, DecisionNode):
            for required in element.requires:
                self._collect(required, found, seen)
            found.update(dict.fromkeys(element.asks))


class Evaluation:
    """One question to a graph: each decision is worked out at most once."""

    def __init__(self, graph: Graph, inputs: Mapping[str, Any], env: Environment) -> None:
        self.graph = graph
        self.env = env
        self.inputs = inputs
        self.asked = ""  # what is asked for, for messages
        self.values: dict[str, Any] = {}  # by element id
        self.rules: dict[str, tuple[str, ...]] = {}  # rules that applied, by decision id, in the order of evaluation
        self.outside = Scope(env, inputs, None)

    def value(self, element_id: str) -> Any:
        """The value of a decision or an input."""
        if element_id in self.values:
            return self.values[element_id]
        element = self.graph.elements[element_id]
        if isinstance(element, InputData):
            given = self.inputs.get(element.name)
            value = as_typed(given, element.kind, self.outside)
            if value is None and given is not None:
                raise ValueNotAllowed(decision=self.asked, field=element.name, value=shown(given, self.outside))
        elif isinstance(element, DecisionNode):
            value = self._decide(element)
        else:
            value = self._function(element_id, element)
        self.values[element_id] = value
        return value

    def _decide(self, node: DecisionNode) -> Any:
        names: dict[str, Any] = {}
        for required in node.requires:
            if required in self.graph.elements:
                names[self.graph.elements[required].name] = self.value(required)
        before = len(self.env.rules)
        value = coerce(node.run(Scope(self.env, names, self.outside)), node.kind, self.env)
        self.rules[node.id] = tuple(self.env.rules[before:])
        del self.env.rules[before:]  # a decision that calls this one has rules of its own
        return value

    def _function(self, element_id: str, element: Knowledge | Service) -> FeelFunction:
        if isinstance(element, Service):
            return self._service(element)
        names: dict[str, Any] = {}
        function = function_of(element.name, element.parameters, element.body, WEIGHT, Scope(self.env, names, None))
        if element.kind.name != "Any":
            function = _typed(function, element.kind)
        self.values[element_id] = names[element.name] = function  # it may require and call itself
        for required in element.requires:
            if required in self.graph.elements:
                names[self.graph.elements[required].name] = self.value(required)
        return function

    def _service(self, service: Service) -> FeelFunction:
        inputs = [self.graph.elements[one] for one in service.inputs]

        def call(env: Environment, *values: Any) -> Any:
            env.enter()
            try:
                return self._serve(service, values)
            finally:
                env.leave()

        return FeelFunction(service.name, tuple(element.name for element in inputs), call)

    def _serve(self, service: Service, values: tuple[Any, ...]) -> Any:
        given: dict[str, Any] = {}
        known: dict[str, Any] = {}
        for element_id, value in zip(service.inputs, values, strict=True):
            element = self.graph.elements[element_id]
            kind = element.kind if isinstance(element, InputData | DecisionNode) else None
            fitted = value if kind is None else coerce(value, kind, self.env)
            given[element.name] = fitted
            known[element_id] = fitted
        inner = Evaluation(self.graph, given, self.env)
        inner.values = known
        made = {self.graph.elements[output].name: inner.value(output) for output in service.outputs}
        answer = next(iter(made.values())) if len(made) == 1 else made
        return coerce(answer, service.kind, self.env)


def _typed(function: FeelFunction, kind: FeelType) -> FeelFunction:
    inner = function.call
    return FeelFunction(function.name, function.parameters, lambda env, *values: coerce(inner(env, *values), kind, env))


def evaluate(graph: Graph, decision_id: str, inputs: Mapping[str, Any], env: Environment) -> Evaluation:
    """Work out a decision. Raises what its tables refuse, and ``BudgetExceeded``."""
    evaluation = Evaluation(graph, inputs, env)
    evaluation.asked = graph.elements[decision_id].name
    env.enter()
    try:
        evaluation.value(decision_id)
    except RecursionError:
        raise BudgetExceeded(errors.DEPTH) from None
    finally:
        env.leave()
    return evaluation
