"""Whether completing a task may make a paper before the next person is asked, by the diagram alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.cases.veil import Veil
from engine.definition import Definition
from engine.diagram import Element
from engine.operations.papers import RENDER

WAITS: Final = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "callActivity", "task"})
"""Where a token stays until somebody or something comes."""


def papers_ahead(definition: Definition, element: Element, veil: Veil) -> bool:
    """Whether a step that makes a paper lies on a way out of this element, with nobody asked in between.

    Of papers that the reader may not read none is ahead.
    """
    made = list(_renders(definition, element))
    return bool(made) and veil.papers(made)


def _renders(definition: Definition, element: Element) -> Iterator[str]:
    flows, seen = definition.process.flows, {element.id}
    left = list(element.outgoing)
    while left:
        flow = flows.get(left.pop())
        target = definition.elements.get(flow.target) if flow else None
        if target is None or target.id in seen or target.tag in WAITS:
            continue
        if target.operation is not None and target.operation.name == RENDER:
            yield target.id
        seen.add(target.id)
        left += target.outgoing
        inside = [one for one in definition.elements.values() if one.parent == target.id and one.tag == "startEvent"]
        left += [name for one in inside if not one.event_triggered for name in one.outgoing]
