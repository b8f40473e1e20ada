"""Decisions and what they require (chapter 6): inputs, other decisions, knowledge. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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

    def needs(self, references: tuple[str, ...]) -> Iterator[tuple[Graph, str]]:
        """Those elements and all that they require, directly or not, each with the graph that defines it."""
        todo = [(self, reference) for reference in reversed(references)]
        seen: set[tuple[int, str]] = set()
        while todo:
            graph, reference = todo.pop()
            imported, element_id = graph.place(reference)
            graph = graph if imported is None else imported.graph
            if (id(graph), element_id) in seen or element_id not in graph.elements:
                continue
            seen.add((id(graph), element_id))
            yield graph, element_id
            todo += [(graph, one) for one in reversed(targets(graph.elements[element_id]))]

    def parameters(self, element_id: str) -> tuple[str, ...]:
        """The names that must come from outside for a decision, those of required decisions included.

        What imported decisions need stands in a context of the name of the import.
        """
        found: dict[str, None] = {}
        for reference in self._questions(element_id):
            imported, there = self.place(reference)
            element = self.find(reference)
            if imported is not None:
                asked = imported.graph.parameters(there)
                found.update(dict.fromkeys([imported.name] if imported.name and asked else asked))
            elif isinstance(element, InputData):
                found[element.name] = None
            elif isinstance(element, DecisionNode):
                found.update(dict.fromkeys(element.asks))
        return tuple(found)

    def _questions(self, element_id: str) -> list[str]:
        """What is worked out for a decision, required ones first; what functions do with their arguments is theirs."""
        order: dict[str, None] = {}
        opened: set[str] = set()
        todo = [element_id]
        while todo:
            reference = todo[-1]
            element = self.elements.get(reference)
            if reference not in opened and isinstance(element, DecisionNode):
                opened.add(reference)
                todo += [one for one in reversed(element.requires) if one not in opened]
            else:
                order[todo.pop()] = None
        return list(order)

    def calls(self, element_id: str) -> frozenset[str]:
        """The functions that must come from outside for a decision, those of required elements included."""
        found: set[str] = set()
        for graph, one in self.needs((element_id,)):
            element = graph.elements[one]
            if isinstance(element, DecisionNode | Knowledge):
                found |= element.calls - {other.name for other in graph.elements.values()}
        return frozenset(found)


def targets(element: Element) -> tuple[str, ...]:
    """The references of an element."""
    if isinstance(element, DecisionNode | Knowledge):
        return element.requires
    return (*element.outputs, *element.inputs) if isinstance(element, Service) else ()
