"""What a token stands at, and the nodes of a process together: facts of the diagram. Shared, never changed by a run."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from SpiffWorkflow.specs import WorkflowSpec

from engine.diagram import AdHoc, Element, Flow

Standing_contra = TypeVar("Standing_contra", contravariant=True)
"""The tokens that stand there."""


class FlowNode(Protocol[Standing_contra]):
    """What a token stands at (BPMN 2.0, 8.4.9): an element, or one instance of a repeated activity."""

    name: str
    element: Element
    boundaries: tuple[Element, ...]
    manual: bool  # a person completes it
    notes: bool  # completing it is what the history tells
    logs: bool  # it can be compensated once it is completed
    private: bool  # what is assigned inside stays inside
    inner: str  # of a repeated activity: the node of one instance
    given: int  # tokens that it puts on each way out
    undone_by: str | None  # the node of its compensation handler
    flows: tuple[Flow, ...]  # the ways out

    def _update(self, token: Standing_contra) -> None:
        """SpiffWorkflow's: a token has come."""

    def log(self, token: Standing_contra) -> None:
        """Keep that an activity was completed that can be compensated."""

    def completed(self, token: Standing_contra, instance: Standing_contra) -> None:
        """Of a repeated activity: one instance is done."""

    def happened(self, token: Standing_contra, element: Element) -> None:
        """Of an event-based gateway: one of the events behind it has come."""


class ScopeSpec(WorkflowSpec):  # type: ignore[misc]
    """The nodes of a process or sub-process, and what belongs to it as a whole. Shared, never changed by a run."""

    task_specs: dict[str, FlowNode[Any]]

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.begin: str | None = None  # name of the node at which it plainly begins
        self.event_starts: tuple[Element, ...] = ()  # start events of the event sub-processes in it
        self.data_names: tuple[str, ...] = ()  # variables of each instance of it
        self.event_nodes: frozenset[str] = frozenset()  # names of these event sub-processes
        self.of_event: bool = False  # an event sub-process: compensation means the scope around it
        self.interrupts: bool = False  # an event sub-process that cancels all else in the scope around it
        self.joins: frozenset[str] = frozenset()  # names of inclusive gateways, which wait for what may still come
        self.conditional: frozenset[str] = frozenset()  # names of nodes that wait for a condition
        self.crowds_ask: bool = False  # something inside the instances of a repeated activity may wait for one
        self.ad_hoc: AdHoc | None = None  # an ad-hoc sub-process
        self.enabled: tuple[str, ...] = ()  # of such: names of nodes that no flow leads to
