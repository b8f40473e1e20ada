"""One scope of the token game (BPMN 2.0, chapter 13): every situation that can arise, nearest first. Tells nobody.

A token is on a flow and of a branch: the main one, or that of a non-interrupting event, which is considered to happen
again only when its branch has ended. So a branch that meets itself is told from one that meets another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import product
from typing import Final

from engine.checks.net import JOINS, Labels, Net, Way
from engine.diagram import Element

Token = tuple[str, str]
"""A flow that holds a token, and its branch: the id of a non-interrupting event, or "" for the main one."""
Marking = frozenset[Token]
_MIXED: Final = "*"  # the branch of a token made of tokens of several branches
_AGAIN: Final = "+"  # marks the second and third token of a branch on one flow
_COPIES: Final = 3
_MOVES: Final = 12  # what a situation may cost: moves for each one that may be looked at


@dataclass(slots=True)
class Played:
    """What became of a game."""

    looked: int = 0  # situations
    bounded: bool = False  # whether there were more of them than are looked at
    sure: bool = True  # whether what was not passed is never passed
    completes: bool = False
    stuck: tuple[Element, Labels] | None = None  # a join that starves, and the way there
    double: tuple[Element, Labels] | None = None  # what the same branch comes to twice
    swells: tuple[Element, Labels] | None = None  # where tokens become more with every round
    passed: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)  # elements that a token has come to


class Game:
    """One scope. Situations are kept with the one they came from, so that the way to each can be told.

    A complex gateway, whose condition is not asked, waits here for all that may come.
    """

    def __init__(self, net: Net, most: int) -> None:
        self._net, self._most = net, most
        self._came: dict[Marking, tuple[Marking | None, Labels]] = {}
        self._result = Played()

    def play(self) -> Played:
        """Look at all situations, or as many as allowed; stop at the first join that starves."""
        result, moves = self._result, 0
        steps: dict[Marking, int] = {}
        waiting: list[tuple[int, int, Marking]] = []
        for begin in self._net.begins:
            first = frozenset((flow, "") for flow in begin.put)
            result.passed |= begin.covers
            if first not in steps:
                steps[first] = 0
                self._came[first] = (None, begin.passed)
                heappush(waiting, (0, len(steps), first))
        while waiting and not (result.stuck or result.swells):
            if result.looked >= self._most or moves > _MOVES * self._most:
                result.bounded, result.sure, result.completes = True, False, True
                break
            taken, _, marking = heappop(waiting)
            if taken > steps[marking]:
                continue  # a shorter way was found meanwhile
            result.looked += 1
            result.completes |= not marking
            moved = False
            for after, passed in self._moves(marking):
                moved, moves = True, moves + 1
                if after is not None and taken + len(passed) < steps.get(after, 1 << 30):
                    steps[after] = taken + len(passed)
                    self._came[after] = (marking, passed)
                    heappush(waiting, (steps[after], len(steps), after))
            if marking and not moved:
                self._stuck(marking)
        result.arrived = {self._net.target[flow].id for marking in self._came for flow, _ in marking}
        return result

    def _moves(self, marking: Marking) -> Iterator[tuple[Marking | None, Labels]]:
        """(the situation after, what was passed) of everything that can happen next; None: not looked into."""
        arrived: dict[str, dict[Token, Token]] = {}  # of several tokens of a branch on a flow the last one moves
        for flow, branch in sorted(marking):
            here = arrived.setdefault(self._net.target[flow].id, {})
            here[flow, branch.rstrip(_AGAIN)] = (flow, branch)
        for own, tokens in arrived.items():
            element = self._net.elements[own]
            if element.tag in JOINS:
                moving = self._joined(element, marking, list(tokens.values()))
            elif element.start_quantity > 1:
                there = sorted(token for token in marking if self._net.target[token[0]] is element)
                moving = iter(
                    [frozenset(there[: element.start_quantity])] if len(there) >= element.start_quantity else []
                )
            else:
                moving = (frozenset((token,)) for token in tokens.values())
            for taken in moving:
                branches = {branch.rstrip(_AGAIN) for _, branch in taken}
                branch = branches.pop() if len(branches) == 1 else _MIXED
                for way in self._net.ways[own]:
                    yield self._after(marking, taken, way, branch)

    def _after(self, marking: Marking, taken: Marking, way: Way, branch: str) -> tuple[Marking | None, Labels]:
        self._result.passed |= way.covers
        if way.ends:
            self._result.completes |= way.ends == "completed"
            return frozenset() if way.ends == "completed" else None, way.passed
        if way.stays:
            branch, taken = way.passed[0].id, frozenset()
            if any(other.rstrip(_AGAIN) == branch for _, other in marking):
                self._result.sure = False
                return None, way.passed
        left = marking - taken
        put = self._laid(left, way.put, branch)
        if any(own.endswith(_AGAIN) for _, own in put):
            self._doubled(marking, left, put, way)
        if len(put) < len(way.put):  # more than are looked at
            self._result.sure = False
            return None, way.passed
        return left | put, way.passed

    @staticmethod
    def _laid(left: Marking, flows: tuple[str, ...], branch: str) -> Marking:
        """Tokens on ``flows``, told apart from those that are there already, as far as they are looked at."""
        put: set[Token] = set()
        for flow in flows:
            copies = ((flow, branch + _AGAIN * number) for number in range(_COPIES))
            free = next((token for token in copies if token not in left and token not in put), None)
            if free is not None:
                put.add(free)
        return frozenset(put)

    def _joined(self, join: Element, marking: Marking, tokens: list[Token]) -> Iterator[Marking]:
        """The tokens that a join takes when it fires: one from each way in that has one."""
        full = {flow for flow, _ in tokens}
        empty = set(join.incoming) - full
        if empty and (join.tag == "parallelGateway" or self._more_may_come(join, marking, full, empty)):
            return
        yield from map(frozenset, product(*([token for token in tokens if token[0] == flow] for flow in sorted(full))))

    def _more_may_come(self, join: Element, marking: Marking, full: set[str], empty: set[str]) -> bool:
        """Whether a token elsewhere can still reach an empty way in; one that can as well reach a full one may not.

        Paths do not pass the join itself (BPMN 2.0, table 13.3).
        """
        coming = (self._net.reached(join, flow) for flow, _ in marking if flow not in full)
        return any(ways & empty and not ways & full for ways in coming)

    def _way(self, marking: Marking) -> Labels:
        """The shortest way to a situation."""
        steps: list[Labels] = []
        at: Marking | None = marking
        while at is not None:
            at, passed = self._came[at]
            steps.append(passed)
        return tuple(element for passed in reversed(steps) for element in passed)

    def _doubled(self, marking: Marking, left: Marking, put: Marking, way: Way) -> None:
        """Two tokens of a branch are on one flow. Steps that tokens elsewhere have taken are no part of the way."""
        flow = next(flow for flow, branch in put if branch.endswith(_AGAIN))
        element, _ = self._net.behind(flow)
        steps = [*self._way(marking), *way.passed]
        steps = steps[: _last(steps, element) + 1]
        for step in (step for flow, _ in left | put for step in self._net.behind(flow)[1]):
            del steps[_last(steps, step) : _last(steps, step) + 1]
        found = (element, tuple(steps))
        self._result.double = self._result.double or found
        if self._net.monotone and self._covers(marking, Counter(flow for flow, _ in left | put)):
            self._result.swells = self._result.swells or found

    def _covers(self, marking: Marking, after: Counter[str]) -> bool:
        """Whether an earlier situation on the way was the same with fewer tokens: then that goes on forever."""
        at: Marking | None = marking
        while at is not None:
            earlier = Counter(flow for flow, _ in at)
            if earlier < after:
                return True
            at, _ = self._came[at]
        return False

    def way_to(self, own: str) -> Labels:
        """The shortest way to the first situation in which a token is at an element; empty when none was found."""
        found = [marking for marking in self._came for flow, _ in marking if self._net.target[flow].id == own]
        return min(map(self._way, found), key=len, default=())

    def _stuck(self, marking: Marking) -> None:
        waiting = [self._net.target[flow] for flow, _ in sorted(marking)]
        gathers = (element for element in waiting if element.tag in JOINS or element.start_quantity > 1)
        join = next(gathers, waiting[0])
        self._result.stuck = join, (*self._way(marking), join)


def _last(steps: list[Element], element: Element) -> int:
    """Where a path comes to an element last; its end when it does not."""
    return max((at for at, own in enumerate(steps) if own is element), default=len(steps))
