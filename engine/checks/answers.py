"""Which answers a variable can hold where a decision is made: those that its tasks offer, if nothing else writes it.

Knows no FEEL.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.checks.graph import followers, reach
from engine.checks.report import Page
from engine.checks.variables import left_by
from engine.diagram import Element

Path = tuple[str, ...]


class Answers:
    """The variables of a folder that hold submissions alone, and the answers that these offer."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._writers: dict[str, list[Element]] = {}
        for page in pages:
            for element in page.process.elements.values():
                for name in left_by(element):
                    self._writers.setdefault(name, []).append(element)

    def at(self, page: Page, element: Element, path: Path) -> list[str | None] | None:
        """What the answer ``path`` can be when a token is at ``element``; null where it may not be given yet.

        None when that is not known, or the path is no answer.
        """
        writers = self._writers.get(path[0], [])
        if path[1:] != ("outcome",) or not writers:
            return None
        if not all(writer.form and writer.outcomes and writer.into == path[0] for writer in writers):
            return None
        offered = sorted({outcome.id for writer in writers for outcome in writer.outcomes})
        sure = {writer.id for writer in writers if writer.loop is None}  # a loop may run no round
        given = self._given(page, element, sure)
        return [*offered, *(() if given else (None,))]

    @staticmethod
    def _given(page: Page, element: Element, writers: set[str]) -> bool:
        """Whether every way to ``element`` in its own scope completes one of the writers first."""
        inside = [own for own in page.process.elements.values() if own.parent == element.parent]
        edges = followers(page, inside)
        for own in writers & edges.keys():  # a boundary event leaves a task that is not completed
            edges[own] = {event.id for event in inside if event.attached_to == own}
        begins = (own for own in inside if own.tag == "startEvent" or own.instantiate)
        starts = [own.id for own in begins if own.id not in writers]
        return element.id not in reach(edges, starts)
