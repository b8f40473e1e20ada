"""The token game (BPMN 2.0, chapter 13), played through on the drawing alone: can a case get stuck, or run double?

Explores which flows can hold a token at once. Evaluates no condition: every way out of a gateway is possible.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Final

from engine.checks.graph import reach, scopes
from engine.checks.report import Page, named
from engine.diagram import Element

MAX_MARKINGS: Final = 4000
"""Distinct situations looked at in one scope; a wider diagram is told to be too wide to be sure of."""

Marking = frozenset[str]
"""The flows that hold a token."""


def check_tokens(page: Page) -> None:
    """Stuck joins and branches that were never joined, in the process and in each sub-process."""
    for elements in scopes(page).values():
        _Game(page, elements).play()


class _Game:
    def __init__(self, page: Page, elements: list[Element]) -> None:
        self.page = page
        self.elements = {element.id: element for element in elements}
        self.boundaries: dict[str, list[Element]] = {}
        for element in elements:
            if element.attached_to:
                self.boundaries.setdefault(element.attached_to, []).append(element)
        flows = page.process.flows
        self.edges = {own: set(self.elements[flows[own].target].outgoing) for e in elements for own in e.outgoing}
        for host, events in self.boundaries.items():
            if host in self.elements:
                for own in self.elements[host].incoming:
                    self.edges[own] |= {out for event in events for out in event.outgoing}

    def play(self) -> None:
        """Look at every situation that can arise; report the first of each kind."""
        starts = [element for element in self.elements.values() if element.tag == "startEvent"]
        first = frozenset(own for element in starts for own in element.outgoing)
        seen, waiting = {first}, deque([first])
        while waiting:
            marking = waiting.popleft()
            nexts = list(self._moves(marking))
            if marking and not nexts:
                self._stuck(marking)
                return
            for gone, come in nexts:
                double = (marking - gone) & come
                if double:
                    self._double(sorted(double)[0])
                    return
                after = (marking - gone) | come
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
            if len(seen) > MAX_MARKINGS:
                self.page.warn(
                    self.page.process,
                    "并行分支太多，无法逐一验证流程不会停住。",
                    "there are too many parallel branches to be sure that a case cannot get stuck.",
                )
                return

    def _moves(self, marking: Marking) -> Iterator[tuple[Marking, Marking]]:
        """(tokens taken, tokens put) of everything that can happen next."""
        for element in self.elements.values():
            arrived = marking.intersection(element.incoming)
            if not arrived:
                continue
            if element.tag == "parallelGateway":
                if len(arrived) == len(element.incoming):
                    yield arrived, frozenset(element.outgoing)
            elif element.tag == "inclusiveGateway":
                if not self._more_may_come(element, marking, arrived):
                    for choice in _choices(element.outgoing):
                        yield arrived, choice
            else:
                for one in arrived:
                    for put in self._results(element, marking):
                        yield (marking if put is None else frozenset((one,))), put or frozenset()

    def _results(self, element: Element, marking: Marking) -> Iterator[Marking | None]:
        """What one token becomes; None: everything ends."""
        if element.tag == "endEvent":
            yield None if any(event.kind == "terminate" for event in element.events) else frozenset()
        elif element.tag in {"exclusiveGateway", "eventBasedGateway"}:
            yield from (frozenset((own,)) for own in element.outgoing)
        else:
            done = frozenset(element.outgoing)
            yield done
            for event in self.boundaries.get(element.id, ()):
                yield frozenset(event.outgoing) if event.interrupting else done | frozenset(event.outgoing)

    def _more_may_come(self, join: Element, marking: Marking, arrived: Marking) -> bool:
        """Whether a token elsewhere can still reach an empty way in; one that can as well reach a full one may not.

        Paths do not pass the join itself (BPMN 2.0, table 13.3).
        """
        empty = set(join.incoming) - arrived
        if not empty:
            return False
        cut = {own: targets for own, targets in self.edges.items() if own not in join.incoming}
        coming = (reach(cut, [own]) for own in marking - arrived)
        return any(ways & empty and not ways & arrived for ways in coming)

    def _stuck(self, marking: Marking) -> None:
        for own in sorted(marking):
            gateway = self.elements[self.page.process.flows[own].target]
            self.page.error(
                gateway,
                f"“{named(gateway)}”可能永远等不齐所有分支，事项会停住。",
                f"“{gateway.id}” may wait for ever for branches that never arrive.",
                ("请让合并网关与前面的分支网关类型一致。", "Join with the same kind of gateway that has split."),
            )
            return

    def _double(self, own: str) -> None:
        element = self.elements[self.page.process.flows[own].source]
        self.page.error(
            element,
            f"两个并行分支没有合并就到达“{named(element)}”，它会办理两次。",
            f"two parallel branches reach “{element.id}” without being joined; it would be done twice.",
            ("请先用并行网关合并。", "Join them with a parallel gateway first."),
        )


def _choices(outgoing: tuple[str, ...]) -> Iterator[Marking]:
    """Every mixture of a few ways out; of many, each alone, each with the next, and all."""
    if len(outgoing) <= 4:
        for size in range(1, len(outgoing) + 1):
            yield from map(frozenset, combinations(outgoing, size))
    else:
        yield from (frozenset((own,)) for own in outgoing)
        yield from map(frozenset, pairwise(outgoing))
        yield frozenset(outgoing)
