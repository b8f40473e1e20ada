"""From the facts of the diagrams to specs: one scope for each process and sub-process, one node for each element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.diagram import Diagram, Element, Flow, Process
from engine.diagram.notes import SUB_PROCESSES
from engine.errors import DefinitionInvalid, Problem
from engine.spiff import joins, loops, nodes, throwing
from engine.spiff.activities import PerformedTask, SubProcess, UserTask
from engine.spiff.specs import FlowNode, ScopeSpec
from engine.words import say

_CLASSES: Final[Mapping[str, type[nodes.Node]]] = {
    "userTask": UserTask,
    "serviceTask": PerformedTask,
    "scriptTask": PerformedTask,
    "businessRuleTask": PerformedTask,
    "sendTask": throwing.Throw,
    "receiveTask": nodes.Catch,
    "subProcess": SubProcess,
    "transaction": SubProcess,
    "adHocSubProcess": SubProcess,
    "callActivity": SubProcess,
    "exclusiveGateway": nodes.ExclusiveGateway,
    "parallelGateway": joins.ParallelGateway,
    "inclusiveGateway": joins.InclusiveGateway,
    "complexGateway": joins.ComplexGateway,
    "eventBasedGateway": nodes.EventGateway,
}


@dataclass(frozen=True, slots=True)
class Specs:
    """What runs: the executable process, and every process and sub-process by id."""

    main: ScopeSpec
    all: Mapping[str, ScopeSpec]


def build_specs(process_id: str, diagrams: Iterable[Diagram]) -> Specs:
    """The specs of a checked definition. Raises DefinitionInvalid for a called process that is not there."""
    found: dict[str, ScopeSpec] = {}
    processes = [process for diagram in diagrams for process in diagram.processes]
    for process in processes:
        for element in process.elements.values():
            if element.tag in SUB_PROCESSES:
                found[element.id] = ScopeSpec(element.id)
        found[process.id] = ScopeSpec(process.id)
    for process in processes:
        _Builder(process, found).build()
    for spec in found.values():
        repeated = [spec.task_specs[node.inner] for node in spec.task_specs.values() if node.inner]
        spec.crowds_ask = any(_ask_inside(node, set()) for node in repeated)
    return Specs(found[process_id], found)


class _Builder:
    """Fills the scopes of one process."""

    def __init__(self, process: Process, scopes: Mapping[str, ScopeSpec]) -> None:
        self._process = process
        self._scopes = scopes

    def build(self) -> None:
        elements = self._process.elements.values()
        for element in elements:
            self._add(element, self._scope_of(element))
        for scope_id in {element.parent for element in elements}:
            self._finish(scope_id)

    def _scope_of(self, element: Element) -> ScopeSpec:
        return self._scopes[element.parent or self._process.id]

    def _add(self, element: Element, scope: ScopeSpec) -> None:
        inner = self._node(element, scope, f"{element.id}[]" if element.loop else "")
        node = inner
        if element.loop is not None:
            node = (loops.StandardLoop if element.loop.standard else loops.MultiInstance)(scope, element)
            node.inner = inner.name
            inner.private = not element.loop.standard
        node.flows = self._flows(element)
        node.wanted, node.given = element.start_quantity, element.completion_quantity
        others = self._process.elements.values()
        node.boundaries = tuple(e for e in others if e.attached_to == element.id)
        inner.undone_by = next((e.handler for e in node.boundaries if e.event and e.event.kind == "compensate"), None)
        inner.logs = bool(inner.undone_by) or isinstance(inner, SubProcess)
        if element.event_triggered or element.compensation:
            inner.logs = False

    def _node(self, element: Element, scope: ScopeSpec, name: str) -> nodes.Node:
        node = self._class_of(element)(scope, element, name)
        if isinstance(node, SubProcess):
            node.called = self._called(element)
            node.called.of_event = node.called.of_event or element.event_triggered
            if not element.called:
                node.called.data_names = element.data
                node.called.ad_hoc = element.ad_hoc
        elif isinstance(node, nodes.EventGateway):
            node.catches = tuple(self._process.elements[flow.target] for flow in self._flows(element))
        return node

    def _called(self, element: Element) -> ScopeSpec:
        found = self._scopes.get(element.called or element.id)
        if found is None:
            what = say("没有找到被调用的流程“{called}”。", called=element.called)
            raise DefinitionInvalid((Problem(self._process.id, element.id, what),))
        return found

    def _class_of(self, element: Element) -> type[nodes.Node]:
        kind = element.event.kind if element.event else ""
        if element.tag == "intermediateCatchEvent" and kind != "link":
            return nodes.Catch
        if element.tag == "endEvent" and kind == "cancel":
            return throwing.CancelEnd
        if element.tag in {"endEvent", "intermediateThrowEvent"} and kind not in {"", "link"}:
            return throwing.Throw
        if element.tag == "sendTask" and not kind:
            return PerformedTask
        return _CLASSES.get(element.tag, nodes.Node)

    def _flows(self, element: Element) -> tuple[Flow, ...]:
        """The ways out; a thrown link leads to the catching one of its name (BPMN 2.0, 10.5.5.6)."""
        if element.tag == "intermediateThrowEvent" and element.event and element.event.kind == "link":
            return tuple(
                Flow(f"{element.id}>{other.id}", ("", ""), element.id, other.id, None, element.line, element.parent)
                for other in self._process.elements.values()
                if other.tag == "intermediateCatchEvent" and other.parent == element.parent
                if other.event and (other.event.kind, other.event.name) == ("link", element.event.name)
            )
        return tuple(self._process.flows[flow] for flow in element.outgoing)

    def _finish(self, scope_id: str | None) -> None:
        """What only the whole scope can say."""
        scope = self._scopes[scope_id or self._process.id]
        own = [e for e in self._process.elements.values() if e.parent == scope_id]
        starts = [e for e in own if e.tag == "startEvent" and (scope.of_event or not e.events)]
        begin = next((scope.task_specs[e.id] for e in starts), None)
        scope.begin = None if begin is None else begin.name
        flowless = (e for e in own if not e.incoming and not e.attached_to and not e.compensation)
        scope.enabled = tuple(e.id for e in flowless) if scope.ad_hoc is not None else ()
        triggered = {e.id for e in own if e.event_triggered}
        of_event = (e for e in self._process.elements.values() if e.parent in triggered and e.tag == "startEvent")
        scope.event_starts = tuple(of_event)
        scope.event_nodes = frozenset(triggered)
        scope.interrupts = scope.of_event and begin is not None and begin.element.interrupting
        gateways = [node for node in scope.task_specs.values() if isinstance(node, joins.InclusiveGateway)]
        scope.joins = frozenset(node.name for node in gateways if len(node.element.incoming) > 1)
        scope.conditional = frozenset(node.name for node in scope.task_specs.values() if _asks(node))
        for gateway in gateways:
            gateway.reach = _reach(scope, gateway)


def _ask_inside(node: FlowNode[Any], seen: set[str]) -> bool:
    """Whether anything inside a sub-process, or whatever else is called there, may wait for a condition."""
    if not isinstance(node, SubProcess) or node.called.name in seen:
        return False
    seen.add(node.called.name)
    return bool(node.called.conditional) or any(_ask_inside(one, seen) for one in node.called.task_specs.values())


def _asks(node: FlowNode[Any]) -> bool:
    """Whether a token at this node may wait for a condition."""
    elements = [node.element, *node.boundaries, *getattr(node, "catches", ())]
    return any(event.kind == "conditional" for element in elements for event in element.events)


def _reach(scope: ScopeSpec, join: nodes.Node) -> dict[str, frozenset[str]]:
    """Node to the incoming flows of ``join`` that a token there can still come by without passing ``join``."""
    ways: dict[str, set[str]] = {name: set() for name in scope.task_specs}
    changed = True
    while changed:
        changed = False
        for name, node in scope.task_specs.items():
            here = {flow.id for flow in node.flows if flow.target == join.name}
            nexts = [flow.target for flow in node.flows if flow.target != join.name]
            nexts += [event.id for event in node.boundaries if event.id in scope.task_specs]
            here = here.union(*(ways[one] for one in nexts if one in ways))
            if name != join.name and here - ways[name]:
                ways[name] |= here
                changed = True
    return {name: frozenset(found) for name, found in ways.items()}
