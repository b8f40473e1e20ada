"""One scope of a diagram as a net for the token game (BPMN 2.0, chapter 13): what a token at each element may become.

What lies inside an activity is a net of its own. Evaluates no condition and tells nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from engine.checks.graph import compensates, jumps
from engine.checks.report import Page
from engine.checks.throws import interrupts, thrown_by
from engine.diagram import Element

Labels = tuple[Element, ...]
JOINS = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
Excluded = frozenset[frozenset[str]]
"""Pairs of flows that are never taken together, as far as FEEL can tell."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What is known of the inside of an activity."""

    completes: bool = True  # whether it can end in the ordinary way
    breaks: bool = False  # whether an error leaves it that no boundary event takes


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that may happen to a token at an element."""

    passed: Labels  # for the path that is shown
    put: tuple[str, ...] = ()  # flows that get a token
    stays: bool = False  # a non-interrupting event: the token stays, and what is put is a branch of its own
    ends: str = ""  # everything in the scope ends: "completed", or "left" by an error or a cancellation
    covers: frozenset[str] = frozenset()  # all elements that may be passed, by longer ways to the same end too


class Net:
    """The elements of one scope by what tokens do there.

    Where a token can but walk on to one flow, by whichever way, it does so in one go: all other situations lead there,
    and no other token minds. ``keep`` is an element to stop at.
    """

    def __init__(
        self,
        page: Page,
        elements: list[Element],
        inside: Callable[[Element], Inside],
        excluded: Excluded,
        keep: str | None = None,
    ) -> None:
        self._page, self._inside, self._excluded = page, inside, excluded
        self.elements = {element.id: element for element in elements}
        self._boundaries: dict[str, list[Element]] = {}
        for element in elements:
            if element.attached_to and not compensates(element):
                self._boundaries.setdefault(element.attached_to, []).append(element)
        self._jumps = jumps(elements)
        self.target = {own: self.elements[page.process.flows[own].target] for e in elements for own in e.outgoing}
        raw = {element.id: tuple(self._ways(element)) for element in elements}
        self._plain: dict[str, Way] = {}
        self.ways = raw
        known = -1
        while known != len(self._plain):
            known = len(self._plain)
            self._plain = {own: ways[0] for own, ways in self.ways.items() if own != keep and self._is_plain(own, ways)}
            self.ways = {own: self._shortest(map(self._hurried, ways)) for own, ways in raw.items()}
        starts = [element for element in elements if element.tag == "startEvent" or element.instantiate]
        self.begins = [self._hurried(Way((start,), start.outgoing)) for start in starts]  # one of them happens
        # where a join asks what may still come, more tokens do not always mean more that can happen
        patient = {"inclusiveGateway", "complexGateway"}
        self.monotone = not any(e.tag in patient and len(e.incoming) > 1 for e in elements)
        self._reached: dict[tuple[str, str], frozenset[str]] = {}

    def _ways(self, element: Element) -> Iterator[Way]:
        yield from self._done(element)
        for event in self._boundaries.get(element.id, ()):
            yield Way((event,), event.outgoing, stays=not event.interrupting)

    def _done(self, element: Element) -> Iterator[Way]:
        """How the element itself passes a token on."""
        own = (element,)
        if any(event.kind == "terminate" for event in element.events):
            yield Way(own, ends="completed")
        elif self._leaves(element):
            yield Way(own, ends="left")
        elif element.id in self._jumps:
            for catch in sorted(self._jumps[element.id]):
                yield Way((element, self.elements[catch]), self.elements[catch].outgoing)
        elif element.tag in {"exclusiveGateway", "eventBasedGateway"}:
            yield from (Way(own, (flow,)) for flow in element.outgoing)
        elif element.tag == "parallelGateway":
            yield Way(own, element.outgoing)
        elif element.tag == "inclusiveGateway":
            yield from (Way(own, put) for put in self._mixtures(element))
        else:
            yield from self._activity(element)

    def _leaves(self, element: Element) -> bool:
        """Whether reaching it cancels the whole scope, and something outside goes on."""
        if any(interrupts(self._page, thrown) for thrown in thrown_by(self._page, element)):
            return True
        return element.tag == "endEvent" and any(event.kind == "cancel" for event in element.events)

    def _activity(self, element: Element) -> Iterator[Way]:
        inside = self._inside(element)
        if inside.breaks:
            yield Way((element,), ends="left")
        if inside.completes or not (inside.breaks or element.id in self._boundaries):
            many = element.completion_quantity
            yield from (
                Way((element,), tuple(own for own in put for _ in range(many))) for put in self._mixtures(element)
            )

    def _mixtures(self, element: Element) -> Iterator[tuple[str, ...]]:
        """The plain flows, with every mixture of those with conditions; the default one when no condition holds."""
        flows = self._page.process.flows
        sure = tuple(own for own in element.outgoing if flows[own].condition is None and own != element.default)
        perhaps = tuple(own for own in element.outgoing if flows[own].condition is not None)
        default = tuple(own for own in element.outgoing if own == element.default)
        if sure or default or not perhaps:
            yield (*sure, *default)
        if perhaps:
            yield from ((*sure, *put) for put in self._choices(perhaps))

    def _choices(self, outgoing: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Every mixture of a few ways out; of many, each alone, each with the next, and all."""
        if len(outgoing) <= 4:
            mixtures = [put for size in range(1, len(outgoing) + 1) for put in combinations(outgoing, size)]
        else:
            mixtures = [*((own,) for own in outgoing), *pairwise(outgoing), outgoing]
        for put in mixtures:
            if not any(frozenset(pair) in self._excluded for pair in combinations(put, 2)):
                yield put

    def _is_plain(self, own: str, ways: tuple[Way, ...]) -> bool:
        """Whether a token that comes here is as good as one on the flow behind, and nothing is joined."""
        element = self.elements[own]
        if len(ways) != 1 or (element.tag in JOINS and len(element.incoming) > 1) or element.start_quantity > 1:
            return False
        return len(ways[0].put) == 1 and not ways[0].stays and ways[0].passed[0] is element

    def _hurried(self, way: Way) -> Way:
        """The way, walked on through the plain steps behind it."""
        passed, put, covers = list(way.passed), [], {element.id for element in way.passed} | way.covers
        for flow in way.put:
            seen = {flow}
            while (step := self._plain.get(self.target[flow].id)) and step.put[0] not in seen:
                passed += step.passed
                covers |= step.covers.union(element.id for element in step.passed)
                flow = step.put[0]
                seen.add(flow)
            put.append(flow)
        return Way(tuple(passed), tuple(put), way.stays, way.ends, frozenset(covers))

    @staticmethod
    def _shortest(ways: Iterable[Way]) -> tuple[Way, ...]:
        """Of several ways to the same end the shortest, which stands for all."""
        best: dict[tuple[object, ...], Way] = {}
        for way in ways:
            own = (tuple(sorted(way.put)), way.stays and way.passed[0].id, way.ends)
            other = best.get(own, way)
            first = min(other, way, key=lambda one: len(one.passed))
            best[own] = replace(first, covers=way.covers | other.covers)
        return tuple(best.values())

    def behind(self, flow: str) -> tuple[Element, list[Element]]:
        """What a token on ``flow`` has hurried over since it last came to where flows meet: (that element, steps)."""
        steps: list[Element] = []
        source = self.elements[self._page.process.flows[flow].source]
        while source.id in self._plain and len(source.incoming) == 1:
            steps.append(source)
            source = self.elements[self._page.process.flows[source.incoming[0]].source]
        return source, steps

    def reached(self, join: Element, flow: str) -> frozenset[str]:
        """The ways into ``join`` that a token on ``flow`` can still come by, never through the join itself."""
        key = (join.id, flow)
        if key not in self._reached:
            seen, waiting = set(), [flow]
            while waiting:
                at = waiting.pop()
                if at not in seen:
                    seen.add(at)
                    if self.target[at].id != join.id:
                        waiting.extend(put for way in self.ways[self.target[at].id] for put in way.put)
            self._reached[key] = frozenset(seen.intersection(join.incoming))
        return self._reached[key]
