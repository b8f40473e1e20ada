"""Decisions and what they require (chapter 6): inputs, other decisions, knowledge. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.feel.compiler import Run
from engine.feel.types import FeelType


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
    asks: dict[str, bool]  # false: perhaps only a member of what is filtered
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


@dataclass(frozen=True, slots=True)
class Import:
    """Another file of decisions, and the name before its names here (clause 6.3.3), if it has one."""

    name: str
    graph: Graph


@dataclass(slots=True)
class Graph:
    """All elements of a file by id, what it imports by namespace, and its types by name.

    A reference is an id, or for an imported element its namespace, ``#`` and its id.
    """

    elements: dict[str, Element] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    types: Mapping[str, FeelType] = field(default_factory=dict)
    _parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)  # worked out once the graph is whole
    _calls: dict[str, frozenset[str]] = field(default_factory=dict)

    def place(self, reference: str) -> tuple[Import | None, str]:
        """Where the element is defined (None: here), and its id there."""
        namespace, _, element_id = reference.rpartition("#")
        found = None if reference in self.elements else self.imports.get(namespace)
        return (None, reference) if found is None else (found, element_id)

    def find(self, reference: str) -> Element | None:
        """The element, if there is one."""
        imported, element_id = self.place(reference)
        return (self if imported is None else imported.graph).elements.get(element_id)

    def name(self, reference: str) -> str:
        """The first part of the name by which logic of this file knows the element."""
        imported, _ = self.place(reference)
        element = self.find(reference)
        return (imported.name if imported else "") or (element.name if element else "")

    def parameters(self, element_id: str) -> tuple[str, ...]:
        """The names that must come from outside for a decision, those of required decisions included.

        What imported decisions need stands in a context of the name of the import.
        """
        if not self._parameters:
            for one in self._order():
                self._parameters[one] = tuple(self._names(one))
        return self._parameters[element_id]

    def _names(self, element_id: str) -> dict[str, None]:
        element = self.elements[element_id]
        if isinstance(element, InputData):
            return {element.name: None}
        found: dict[str, None] = {}
        for reference in element.requires if isinstance(element, DecisionNode) else ():
            imported, there = self.place(reference)
            if imported is None:
                found.update(dict.fromkeys(self._parameters.get(reference, ())))
            elif there in imported.graph.elements:
                asked = imported.graph.parameters(there)
                found.update(dict.fromkeys([imported.name] if imported.name and asked else asked))
        found.update(dict.fromkeys(element.asks if isinstance(element, DecisionNode) else ()))
        return found

    def calls(self, element_id: str) -> frozenset[str]:
        """The functions that must come from outside for a decision, those of required elements included."""
        if not self._calls:
            self._calls = dict.fromkeys(self.elements, frozenset())
            own = {element.name for element in self.elements.values()}
            before = -1
            while before < (before := sum(map(len, self._calls.values()))):  # functions may call each other in circles
                for one in self._order():
                    self._calls[one] = self._called(one, own)
        return self._calls[element_id]

    def _called(self, element_id: str, own: set[str]) -> frozenset[str]:
        element = self.elements[element_id]
        found = element.calls - own if isinstance(element, DecisionNode | Knowledge) else frozenset()
        for reference in targets(element):
            imported, there = self.place(reference)
            if imported is None:
                found |= self._calls.get(reference, frozenset())
            elif there in imported.graph.elements:
                found |= imported.graph.calls(there)
        return found

    def _order(self) -> list[str]:
        """All ids, each after those of what it refers to, as far as circles of functions let it."""
        order: dict[str, None] = {}
        opened: set[str] = set()
        todo = list(reversed(self.elements))
        while todo:
            element_id = todo[-1]
            if element_id in opened or element_id not in self.elements:
                todo.pop()
                if element_id in self.elements:
                    order[element_id] = None
            else:
                opened.add(element_id)
                todo += [one for one in targets(self.elements[element_id]) if one not in opened]
        return list(order)


def targets(element: Element) -> tuple[str, ...]:
    """The references of an element."""
    if isinstance(element, DecisionNode | Knowledge):
        return element.requires
    return (*element.outputs, *element.inputs) if isinstance(element, Service) else ()
