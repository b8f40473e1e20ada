"""Decisions: DMN files as answers with their reasons. The door to ``engine.dmn``; knows no case and no storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

from engine.dmn.evaluation import evaluate
from engine.dmn.graph import DecisionNode, Graph
from engine.dmn.reader import Library, Reader
from engine.dmn.reading import child
from engine.dmn.refusals import RulesOverlap, ValueNotAllowed
from engine.errors import DefinitionInvalid
from engine.feel import Environment, FeelFunction
from engine.feel.values import lift
from engine.files.xml import parse
from engine.model import TableVersion
from engine.words import Text

__all__ = [
    "Decision",
    "DecisionResult",
    "RulesOverlap",
    "ValueNotAllowed",
    "decision_functions",
    "load_decisions",
]


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """An answer with its reasons: rule ids of the tables, the inputs, and the decisions that it required first."""

    decision: str
    value: Any
    rules: tuple[str, ...]
    inputs: Mapping[str, Any]
    required: tuple[DecisionResult, ...] = ()
    table: TableVersion | None = None  # of an effective table: which version answered

    def by(self, version: TableVersion) -> DecisionResult:
        """The same, as the answer of that version of an effective table."""
        return replace(self, table=version)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a file, ready to be asked.

    ``parameters`` are the names of the data that it needs; ``calls`` the functions that must be in the environment.
    """

    id: str
    name: Text
    parameters: tuple[str, ...]
    calls: frozenset[str]
    graph: Graph

    def evaluate(self, inputs: Mapping[str, Any], environment: Environment) -> DecisionResult:
        """The answer to these inputs, plain JSON or FEEL values by parameter name; what is missing is null.

        Raises NoRuleMatched when a table has no rule for them and no default, RulesOverlap when its hit policy is
        broken, ValueNotAllowed for inputs and outputs outside of the declared values, and BudgetExceeded.
        """
        known = environment.known
        if known is None:
            return self._evaluated(inputs, environment)
        work = partial(self._evaluated, inputs, environment)
        seen = {**inputs, "": self.graph}  # another version of its table may bear the same id
        return known.give(f"decision {self.id}", ("", *self.parameters), seen, environment, work)

    def _evaluated(self, inputs: Mapping[str, Any], environment: Environment) -> DecisionResult:
        given = {name: lift(inputs.get(name)) for name in self.parameters}
        found = evaluate(self.graph, self.id, given, environment)
        required = tuple(
            DecisionResult(one, found.values[one], rules, given) for one, rules in found.rules.items() if one != self.id
        )
        return DecisionResult(self.id, found.values[self.id], found.rules[self.id], given, required)


def load_decisions(file: str, data: bytes, others: Mapping[str, bytes] | None = None) -> dict[str, Decision]:
    """The decisions of a DMN file (1.3 to 1.5) by id. Raises DefinitionInvalid with every problem, and XmlRefused.

    ``others``: the files that it may import, by name.
    """
    asked = others if others and _imports(file, data) else {}
    return dict(_decisions(file, data, tuple(sorted(asked.items()))))


@lru_cache(maxsize=256)
def _imports(file: str, data: bytes) -> bool:
    """Whether a file asks for others at all; one that does not is the same beside whatever others."""
    return child(parse(data, what=file), "import") is not None


@lru_cache(maxsize=256)
def _decisions(file: str, data: bytes, others: tuple[tuple[str, bytes], ...]) -> dict[str, Decision]:
    """The same bytes are the same decisions: each folder that shares a file reads it once."""
    reader = Reader(file, parse(data, what=file), Library(dict(others)))
    graph = reader.read()
    if reader.reading.problems:
        raise DefinitionInvalid(tuple(reader.reading.problems))
    return decisions_of(reader, graph)


def decisions_of(reader: Reader, graph: Graph) -> dict[str, Decision]:
    """The decisions of a file that has been read."""
    return {
        element_id: Decision(
            element_id,
            (element.name, reader.english[element_id]),
            graph.parameters(element_id),
            graph.calls(element_id),
            graph,
        )
        for element_id, element in graph.elements.items()
        if isinstance(element, DecisionNode)
    }


def decision_functions(
    decisions: Mapping[str, Decision], on_result: Callable[[DecisionResult], None]
) -> dict[str, FeelFunction]:
    """Every decision as a FEEL function named by its id, with its parameters by name; what is left out is null.

    ``on_result`` gets every answer, for the record.
    """
    return {name: _function(name, decision, on_result) for name, decision in decisions.items()}


def _function(name: str, decision: Decision, on_result: Callable[[DecisionResult], None]) -> FeelFunction:
    def call(environment: Environment, *values: Any) -> Any:
        result = decision.evaluate(dict(zip(decision.parameters, values, strict=True)), environment)
        environment.decided(name, result, on_result)
        return result.value

    return FeelFunction(name, decision.parameters, call, 0, told=on_result)
