"""A drawing for a process that has none (no BPMN DI): elements in the order of the flows, from left to right.

Simple on purpose: columns by the longest way from a start, sub-processes around their own drawing, boundary events on
the lower edge. What a designer has drawn is never touched. Knows no page and no viewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import quoteattr

from engine.diagram.model import Element, Process

Size = tuple[int, int]
Place = tuple[int, int, int, int]
"""Left, top, width, height."""

_GAP: Final = (60, 40)
_INSET: Final = 40  # between the edge of a sub-process and what is in it
_EVENT: Final = (36, 36)
_GATEWAY: Final = (50, 50)
_TASK: Final = (100, 80)
_SPACES: Final = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)


def draw(process: Process) -> str:
    """A ``BPMNDiagram`` of the process."""
    layout = _Layout(process)
    layout.scope(None, (_INSET, _INSET))
    parts = [*map(_shape, layout.places.items()), *layout.edges()]
    plane = f'<bpmndi:BPMNPlane id="gw.plane" bpmnElement={quoteattr(process.id)}>{"".join(parts)}</bpmndi:BPMNPlane>'
    return f'<bpmndi:BPMNDiagram {_SPACES} id="gw.drawing">{plane}</bpmndi:BPMNDiagram>'


def _shape(placed: tuple[str, Place]) -> str:
    own, (x, y, width, height) = placed
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<bpmndi:BPMNShape bpmnElement={quoteattr(own)} isExpanded="true">{bounds}</bpmndi:BPMNShape>'


@dataclass
class _Layout:
    """The places of all elements of a process, filled scope by scope from outside in."""

    process: Process
    places: dict[str, Place] = field(default_factory=dict)
    _sizes: dict[str, Size] = field(default_factory=dict)

    def scope(self, parent: str | None, corner: tuple[int, int]) -> None:
        """Place the elements of a scope, and all that is in them."""
        columns = self._columns(parent)
        left = corner[0]
        tops = self._tops(columns, corner[1])
        for column in columns:
            sizes = {row: self._size(element) for row, element in column.items()}
            for row, element in column.items():
                width, height = sizes[row]
                self.places[element.id] = (
                    left,
                    tops[row] + (tops[row + 1] - tops[row] - _GAP[1] - height) // 2,
                    width,
                    height,
                )
                if any(own.parent == element.id for own in self.process.elements.values()):
                    x, y, _, _ = self.places[element.id]
                    self.scope(element.id, (x + _INSET, y + _INSET))
            left += max((width for width, _ in sizes.values()), default=0) + _GAP[0]
        for event in self._inside(parent):
            host = self.places.get(event.attached_to or "")
            if host is not None:
                at = [own.id for own in self._inside(parent) if own.attached_to == event.attached_to].index(event.id)
                self.places[event.id] = (host[0] + 10 + at * 45, host[1] + host[3] - 18, *_EVENT)

    def edges(self) -> Iterator[str]:
        """The flows between what has been placed."""
        for flow in self.process.flows.values():
            source, target = self.places.get(flow.source), self.places.get(flow.target)
            if source is not None and target is not None:
                attached = bool(self.process.elements[flow.source].attached_to)
                points = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in _way(source, target, attached))
                yield f"<bpmndi:BPMNEdge bpmnElement={quoteattr(flow.id)}>{points}</bpmndi:BPMNEdge>"

    def _inside(self, parent: str | None) -> list[Element]:
        return [element for element in self.process.elements.values() if element.parent == parent]

    def _columns(self, parent: str | None) -> list[dict[int, Element]]:
        """The elements of a scope by column, each in a row of its own; what nothing leads to begins a row below."""
        inside = {element.id: element for element in self._inside(parent) if not element.attached_to}
        ranks = _ranks(inside, self._followers(parent))
        columns: list[dict[int, Element]] = [{} for _ in range(max(ranks.values(), default=-1) + 1)]
        rows: dict[str, int] = {}
        for own in sorted(ranks, key=lambda one: ranks[one]):
            before = [rows[other] for other, after in self._followers(parent).items() if own in after and other in rows]
            row = min(before, default=0)
            while row in columns[ranks[own]]:
                row += 1
            rows[own] = row
            columns[ranks[own]][row] = inside[own]
        return columns

    def _followers(self, parent: str | None) -> Mapping[str, list[str]]:
        """Element to the elements after it; what follows a boundary event follows its activity."""
        after: dict[str, list[str]] = {}
        for flow in self.process.flows.values():
            source = self.process.elements.get(flow.source)
            if source is not None and source.parent == parent:
                after.setdefault(source.attached_to or source.id, []).append(flow.target)
        return after

    def _tops(self, columns: list[dict[int, Element]], top: int) -> list[int]:
        """Where each row begins, and where the last one ends."""
        tops = [top]
        for row in range(max((row for column in columns for row in column), default=-1) + 1):
            heights = [self._size(column[row])[1] for column in columns if row in column]
            tops.append(tops[-1] + max(heights, default=0) + _GAP[1])
        return tops

    def _size(self, element: Element) -> Size:
        """How much room an element takes, with all that is in it."""
        if element.id not in self._sizes:
            self._sizes[element.id] = self._measured(element)
        return self._sizes[element.id]

    def _measured(self, element: Element) -> Size:
        if element.tag.endswith("Event"):
            return _EVENT
        if element.tag.endswith("Gateway"):
            return _GATEWAY
        columns = self._columns(element.id)
        widths = [max((self._size(own)[0] for own in column.values()), default=0) for column in columns]
        width = sum(widths) + _GAP[0] * (len(widths) - 1) + 2 * _INSET
        height = self._tops(columns, 0)[-1] - _GAP[1] + 2 * _INSET
        return (max(width, _TASK[0]), max(height, _TASK[1])) if columns else _TASK


def _ranks(inside: Mapping[str, Element], after: Mapping[str, list[str]]) -> dict[str, int]:
    """The longest way to each element, flows back left out."""
    ranks: dict[str, int] = {}

    def visit(own: str, rank: int, around: frozenset[str]) -> None:
        if own in around or own not in inside or ranks.get(own, -1) >= rank:
            return
        ranks[own] = rank
        for other in after.get(own, ()):
            visit(other, rank + 1, around | {own})

    targets = {other for others in after.values() for other in others}
    for own in (*(own for own in inside if own not in targets), *inside):
        if own not in ranks:
            visit(own, 0, frozenset())
    return ranks


def _way(source: Place, target: Place, attached: bool) -> Iterator[tuple[int, int]]:
    """The corners of a flow: straight on, round a corner, or back below."""
    x1, y1 = source[0] + source[2], source[1] + source[3] // 2
    x2, y2 = target[0], target[1] + target[3] // 2
    if attached or x2 < x1:
        below = max(source[1] + source[3], target[1] + target[3]) + _GAP[1] // 2
        x1, y1, x2, y2 = (
            source[0] + source[2] // 2,
            source[1] + source[3],
            target[0] + target[2] // 2,
            target[1] + target[3],
        )
        yield from ((x1, y1), (x1, below), (x2, below), (x2, y2))
    elif y1 == y2:
        yield from ((x1, y1), (x2, y2))
    else:
        middle = x2 - _GAP[0] // 2
        yield from ((x1, y1), (middle, y1), (middle, y2), (x2, y2))
