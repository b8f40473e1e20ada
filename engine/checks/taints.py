"""Where what is confidential goes in a folder: which names hold it, through scripts, decisions, loops and calls.

A name holds it that is declared so, or into which a text that reads it writes. Names that the diagram declares released
hold nothing. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.checks.deciding import read_beside_outcomes
from engine.checks.feel_trees import tree
from engine.checks.graph import followers, reach
from engine.checks.personal_paths import Steps, meets, paths_of
from engine.checks.report import Folder, Page
from engine.diagram import Element
from engine.diagram.notes import SUB_PROCESSES
from engine.diagram.seeing import Confidential
from engine.feel import FeelError
from engine.feel import nodes as n


@dataclass(frozen=True, slots=True)
class Taint:
    """A name that holds something confidential: ``until`` one of these elements was passed."""

    path: Steps
    until: frozenset[str]


class Taints:
    """Every name of a folder that holds something confidential."""

    def __init__(self, folder: Folder, pages: Sequence[Page]) -> None:
        self._folder, self._pages = folder, pages
        self._released = frozenset[str]().union(*(page.process.seeing.released for page in pages))
        self._after: dict[tuple[str, frozenset[str]], frozenset[str]] = {}
        self.all: set[Taint] = set(self._declared())
        before = -1
        while self.all and before != len(self.all):
            before = len(self.all)
            for page in pages:
                for element in page.process.elements.values():
                    self._spread(page, element)

    def read_in(self, page: Page, element: Element | None, text: str) -> list[Taint]:
        """What of it a text reads at an element before it is released; None: whenever it may be."""
        try:
            return self._read(page, element, tree(text))
        except FeelError:  # told where every text is
            return []

    def decided_by(self, page: Page, element: Element, text: str) -> list[Taint]:
        """The same of a text that decides a way, where it reads more than outcomes."""
        try:
            return self._met(page, element, read_beside_outcomes(tree(text)))
        except FeelError:
            return []

    def _read(self, page: Page, element: Element | None, node: n.Node) -> list[Taint]:
        return self._met(page, element, set(paths_of(node)))

    def _met(self, page: Page, element: Element | None, paths: Collection[Steps]) -> list[Taint]:
        if not self.all:
            return []
        heads = {one.path[0] for one in self.all}
        found = [one for one in self.all if any(meets(path, one.path, heads) for path in paths)]
        return sorted(
            (one for one in found if element is None or not self.is_after(page, element, one.until)),
            key=lambda one: one.path,
        )

    def is_after(self, page: Page, element: Element, until: frozenset[str]) -> bool:
        """Whether no token comes to an element but through one of these."""
        own = (page.process.id, until)
        if own not in self._after:
            self._after[own] = self._reached_without(page, until)
        if element.id not in self._after[own] or (element.id in until and element.tag != "userTask"):
            return True
        callers = [
            (other, one) for other in self._pages for one in other.of("callActivity") if one.called == page.process.id
        ]
        return bool(callers) and not page.main and all(self.is_after(other, one, until) for other, one in callers)

    def _reached_without(self, page: Page, until: Collection[str]) -> frozenset[str]:
        elements = page.process.elements
        edges = {name: set(targets) for name, targets in followers(page, elements.values()).items()}
        entries = [one for one in elements.values() if not one.incoming and not one.attached_to]
        for one in entries:
            if one.parent is not None and not elements[one.parent].event_triggered:
                edges.setdefault(one.parent, set()).add(one.id)
        starts = [one.id for one in entries if one.parent is None or elements[one.parent].event_triggered]
        for name in until:  # a token that comes to it has not gone through it; what interrupts it goes on before
            edges[name] = {one.id for one in elements.values() if one.attached_to == name}
        return frozenset(reach(edges, [*starts, *_triggered(elements.values())]))

    def _declared(self) -> Iterator[Taint]:
        for page in self._pages:
            for one in page.process.seeing.confidential:
                yield from (Taint((name,), frozenset(one.until)) for name in one.fields)
            for element in page.process.elements.values():
                for one in element.confidential:
                    yield from _of_form(element, one)

    def _spread(self, page: Page, element: Element) -> None:
        for names, text in _writes(element, self._folder):
            try:
                node = tree(text)
            except FeelError:
                continue
            if names is None and isinstance(node, n.ContextNode):
                for name, entry in node.entries:
                    self._add([name], self._read(page, element, entry))
            else:
                self._add(names or [], self._read(page, element, node))

    def _add(self, names: Collection[str], read: Collection[Taint]) -> None:
        fresh = {Taint((name,), one.until) for name in names for one in read if name not in self._released}
        self.all |= fresh


def _triggered(elements: Collection[Element]) -> Iterator[str]:
    return (one.id for one in elements if one.tag in SUB_PROCESSES and one.event_triggered)


def _of_form(element: Element, one: Confidential) -> Iterator[Taint]:
    into, until = element.into or element.id, frozenset(one.until)
    if not one.fields:
        yield Taint((into,), until)
    for name in one.fields:
        yield Taint((into, name), until)


def _writes(element: Element, folder: Folder) -> Iterator[tuple[list[str] | None, str]]:
    """The texts from which an element makes variables, and which; None: those of a script, each its own."""
    if element.script is not None:
        yield None, element.script.text
    for call in (element.decision, element.operation):
        for _, text in call.parameters if call is not None else ():
            yield [call.result] if call is not None and call.result else [], text
    loop = element.loop
    if loop is not None:
        yield from (([loop.item], text) for text in (loop.collection,) if text and loop.item)
        yield from (([loop.output], text) for text in (loop.output_item,) if text and loop.output)
    if element.passes is not None:
        yield from (([name], text) for name, text in (*element.passes.inputs, *element.passes.outputs))
    if element.correlation.result and element.correlation.payload:
        yield [element.correlation.result], element.correlation.payload
