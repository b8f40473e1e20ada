"""Working decisions out: each of a question once, on demand, after what it requires (clause 10.4). Knows no XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.dmn.graph import DecisionNode, Graph, Import, InputData, Knowledge, Service
from engine.dmn.refusals import ValueNotAllowed
from engine.dmn.tables import as_typed, shown
from engine.feel import errors
from engine.feel.blocks import function_of
from engine.feel.environment import Environment
from engine.feel.errors import BudgetExceeded
from engine.feel.functions import FeelFunction
from engine.feel.scope import Outermost
from engine.feel.types import ANY, FeelType, coerce
from engine.picking import only
from engine.semantics import FEEL_LETTER

WEIGHT = 20  # what a call of knowledge is charged besides its own work


class Evaluation:
    """One question to a graph: each decision is worked out at most once."""

    def __init__(self, graph: Graph, inputs: Mapping[str, Any], env: Environment, asked: str = "") -> None:
        """``asked``: what is asked for, for messages."""
        self.graph = graph
        self.env = env
        self.inputs = inputs
        self.asked = asked
        self.values: dict[str, object] = {}  # by reference
        self.rules: dict[str, tuple[str, ...]] = {}  # rules that applied, by reference, in the order of evaluation
        self._imported: dict[str, Evaluation] = {}

    def value(self, reference: str) -> Any:
        """The value of a decision or an input, or a function."""
        if reference in self.values:
            return self.values[reference]
        self.env.charge(WEIGHT)
        imported, element_id = self.graph.place(reference)
        if imported is not None:
            value = self._value_there(imported, element_id, reference)
        else:
            element = self.graph.elements[element_id]
            if isinstance(element, InputData):
                value = self._input(element)
            elif isinstance(element, DecisionNode):
                value = self._decide(element)
            else:
                value = self._function(element_id, element)
        self.values[reference] = value
        return value

    def _value_there(self, imported: Import, element_id: str, reference: str) -> Any:
        """An imported element: its file is asked with what stands under the name of the import."""
        namespace = reference.rpartition("#")[0]
        if namespace not in self._imported:
            given = self.inputs.get(imported.name) if imported.name else self.inputs
            inputs = given if isinstance(given, Mapping) else {}
            self._imported[namespace] = Evaluation(imported.graph, inputs, self.env, self.asked)
        there = self._imported[namespace]
        value = there.value(element_id)
        for one, rules in there.rules.items():
            self.rules[f"{namespace}#{one}"], self.values[f"{namespace}#{one}"] = rules, there.values[one]
        return value

    def _input(self, element: InputData) -> Any:
        given = self.inputs.get(element.name)
        scope = Outermost(self.env, self.inputs, self.graph.types)
        value = as_typed(given, element.kind, scope)
        if value is None and given is not None:
            refusal = ValueNotAllowed(decision=self.asked, field=element.name, value=shown(given, scope))
            return self.env.refuse(refusal)
        return value

    def _required(self, requires: tuple[str, ...]) -> dict[str, Any]:
        """What is required, by the names that the logic knows it by."""
        return self._named({one: self.value(one) for one in requires if self.graph.find(one)})

    def _named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        names: dict[str, object] = {}
        apart: dict[str, dict[str, object]] = {}  # what an imported model knows, under the model's name
        for reference, value in values.items():
            imported, _ = self.graph.place(reference)
            element = self.graph.find(reference)
            assert element is not None
            if imported is not None and imported.name:
                apart.setdefault(imported.name, {})[element.name] = value
            elif imported is not None:
                names.setdefault(element.name, value)
            else:
                names[element.name] = value
        return {**names, **apart}

    def _decide(self, node: DecisionNode) -> Any:
        names: dict[str, Any] = only(self.inputs, node.asks)
        names.update(self._required(node.requires))
        before = len(self.env.rules)
        value = coerce(node.run(Outermost(self.env, names, self.graph.types)), node.kind, self.env)
        self.rules[node.id] = tuple(self.env.rules[before:])
        del self.env.rules[before:]  # a decision that calls this one has rules of its own
        return value

    def _function(self, element_id: str, element: Knowledge | Service) -> FeelFunction:
        if isinstance(element, Service):
            return self._service(element)
        names: dict[str, object] = {}
        scope = Outermost(self.env, names, self.graph.types)
        made = function_of(element.name, element.parameters, element.body, WEIGHT, scope)
        function = _typed(made, element.kind)
        self.values[element_id] = names[element.name] = function  # it may require and call itself
        names.update(self._required(element.requires))
        return function

    def _service(self, service: Service) -> FeelFunction:
        inputs = [self.graph.find(one) for one in service.inputs]
        kinds = tuple(one.kind if isinstance(one, InputData | DecisionNode) else ANY for one in inputs)

        def call(env: Environment, *values: Any) -> Any:
            env.enter()
            try:
                return self._serve(service, kinds, values)
            finally:
                env.leave()

        names = tuple(one.name if one else "" for one in inputs)
        return FeelFunction(service.name, names, call, kinds=kinds, result=self._result(service))

    def _result(self, service: Service) -> FeelType | None:
        """What a decision service answers (clause 10.4): what it or its decisions declare; None if nobody says."""
        if service.kind.name != "Any" or self.env.semantics < FEEL_LETTER:
            return service.kind
        found = [one for one in map(self.graph.find, service.outputs) if isinstance(one, DecisionNode)]
        if len(found) != 1:
            return FeelType("context", members={one.name: one.kind for one in found})
        return found[0].kind if found[0].kind.name != "Any" else None

    def _serve(self, service: Service, kinds: tuple[FeelType, ...], values: tuple[Any, ...]) -> Any:
        known: dict[str, object] = {}
        for reference, kind, value in zip(service.inputs, kinds, values, strict=True):
            known[reference] = taken = coerce(value, kind, self.env)
            if taken is None and value is not None and self.env.semantics >= FEEL_LETTER:
                return None
        inner = Evaluation(self.graph, self._named(known), self.env, self.asked)
        inner.values = dict(known)
        found = [(self.graph.find(one), one) for one in service.outputs]
        made = {element.name: inner.value(one) for element, one in found if element}
        answer = next(iter(made.values())) if len(made) == 1 else made
        return coerce(answer, service.kind, self.env)


def _typed(made: FeelFunction, kind: FeelType) -> FeelFunction:
    """The function, its answers coerced to a type."""
    if kind.name == "Any":
        return made
    inner = made.call
    return replace(made, call=lambda env, *values: coerce(inner(env, *values), kind, env), result=kind)


def evaluate(graph: Graph, decision_id: str, inputs: Mapping[str, Any], env: Environment) -> Evaluation:
    """Work out a decision. Raises what its tables refuse, and ``BudgetExceeded``."""
    evaluation = Evaluation(graph, inputs, env, graph.elements[decision_id].name)
    env.enter()
    try:
        evaluation.value(decision_id)
    except RecursionError:
        raise BudgetExceeded(errors.DEPTH) from None
    finally:
        env.leave()
    return evaluation
