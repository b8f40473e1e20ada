"""Walking a process as a graph: who follows whom in a scope, through boundary events and links. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from engine.checks.report import Page
from engine.diagram import Element
from engine.diagram.notes import SUB_PROCESSES

Edges = Mapping[str, Collection[str]]


def scopes(page: Page) -> dict[str | None, list[Element]]:
    """The elements of the process itself (None) and of each of its sub-processes."""
    found: dict[str | None, list[Element]] = {None: []}
    for element in page.process.elements.values():
        found.setdefault(element.parent, []).append(element)
        if element.tag in SUB_PROCESSES:
            found.setdefault(element.id, [])
    return found


def compensates(element: Element) -> bool:
    """Whether it is a compensation boundary event: it waits for no token and sends none on."""
    return element.tag == "boundaryEvent" and any(event.kind == "compensate" for event in element.events)


def link_of(element: Element) -> str | None:
    """The name of the link that an intermediate event is one end of."""
    return next((event.name for event in element.events if event.kind == "link"), None)


def jumps(elements: Iterable[Element]) -> dict[str, set[str]]:
    """Link throw event -> the catch events that it jumps to: those of its name in the same scope."""
    elements = list(elements)
    catches: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for element in elements:
        name = link_of(element)
        if name is not None and element.tag == "intermediateCatchEvent":
            catches[element.parent, name].add(element.id)
    return {
        element.id: catches[element.parent, link_of(element) or ""]
        for element in elements
        if element.tag == "intermediateThrowEvent" and link_of(element) is not None
    }


def unpaired(elements: Iterable[Element]) -> list[str]:
    """The link events whose other end is missing."""
    elements = list(elements)
    pairs = jumps(elements)
    caught = {own for targets in pairs.values() for own in targets}
    ends = (own for own in elements if own.tag.startswith("intermediate") and link_of(own) is not None)
    return [own.id for own in ends if not pairs.get(own.id) and own.id not in caught]


def followers(page: Page, elements: Iterable[Element]) -> dict[str, set[str]]:
    """Element id -> ids a token may go to next; a boundary event follows its activity, a link its other end.

    Only among ``elements``.
    """
    inside = {element.id: element for element in elements}
    edges: dict[str, set[str]] = {own: set() for own in inside}
    for element in inside.values():
        edges[element.id].update(flow.target for flow in page.out(element) if flow.target in inside)
        if element.attached_to in inside and element.attached_to is not None and not compensates(element):
            edges[element.attached_to].add(element.id)
    for thrown, caught in jumps(inside.values()).items():
        edges[thrown] |= caught
    return edges


def turned(edges: Edges) -> dict[str, set[str]]:
    """The same graph with every edge turned round."""
    result: dict[str, set[str]] = defaultdict(set)
    for source, targets in edges.items():
        for target in targets:
            result[target].add(source)
    return result


def reach(edges: Edges, starts: Iterable[str], without: Collection[str] = ()) -> set[str]:
    """Everything that can be reached from ``starts`` (themselves included), never passing through ``without``."""
    seen: set[str] = set()
    waiting = [own for own in starts if own not in without]
    while waiting:
        own = waiting.pop()
        if own not in seen:
            seen.add(own)
            waiting.extend(edge for edge in edges.get(own, ()) if edge not in without)
    return seen


def cycles(edges: Edges, allowed: Callable[[str], bool]) -> Iterator[list[str]]:
    """Groups of elements that can go round among themselves, all of them ``allowed`` (each group once)."""
    inner = {own: {t for t in targets if allowed(t)} for own, targets in edges.items() if allowed(own)}
    back = turned(inner)
    done: set[str] = set()
    for own, targets in inner.items():
        if own in done:
            continue
        group = reach(inner, [own]) & reach(back, [own])
        done |= group
        if len(group) > 1 or own in targets:
            yield [element for element in inner if element in group]


def meeting(edges: Edges, starts: Collection[str]) -> str | None:
    """The first element that every path from each of ``starts`` to an end passes: where branches have met again.

    None when there is no such element. Found by trial: it is the candidate without which no end can be reached and
    from whose side the others are reached.
    """
    ends = {own for own, targets in edges.items() if not targets}
    common = set.intersection(*(reach(edges, [start]) for start in starts)) if starts else set()
    sure = [own for own in edges if own in common and not reach(edges, starts, without=[own]) & ends]
    return max(sure, key=lambda own: len(reach(edges, [own])), default=None)
