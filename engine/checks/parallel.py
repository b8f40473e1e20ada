"""Branches that run side by side may not write the same variable: one would overwrite the other. Knows no FEEL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final

from engine.checks.graph import Edges, followers, meeting, reach, scopes
from engine.checks.net import Excluded
from engine.checks.report import Page, named
from engine.diagram import Element
from engine.diagram.notes import SUB_PROCESSES
from engine.words import say

Writes = Callable[[Element], frozenset[str]]
"""The variables that an element writes."""

_ONE: Final = frozenset({"exclusiveGateway", "eventBasedGateway"})  # of several ways out one is taken


def check_parallel(page: Page, writes: Writes, excluded: Excluded) -> None:
    """The same variable written in two parallel branches; ``excluded``: flows that are never taken together."""
    for elements in scopes(page).values():
        edges = followers(page, elements)
        inside = {element.id: element for element in elements}
        for element in elements:
            if element.tag not in _ONE and len(element.outgoing) > 1:
                _check_split(page, element, inside, edges, writes, excluded)


def _branches(page: Page, split: Element, edges: Edges) -> Iterator[set[str]]:
    """The elements of each branch of a split, up to where the branches have met again."""
    starts = [flow.target for flow in page.out(split)]
    onward = {own: edge for own, edge in edges.items() if own != split.id}
    end = meeting(onward, set(starts)) if len(set(starts)) > 1 else None
    for start in starts:
        yield reach(onward, [start], without={split.id, end} if end else {split.id})


def _check_split(
    page: Page, split: Element, inside: dict[str, Element], edges: Edges, writes: Writes, excluded: Excluded
) -> None:
    written: list[dict[str, Element]] = []
    branches = list(_branches(page, split, edges))
    shared = set.intersection(*branches)
    for branch in branches:
        found: dict[str, Element] = {}
        for own in branch - shared:
            for variable in _all_writes(page, inside[own], writes):
                found.setdefault(variable, inside[own])
        written.append(found)
    for (one, first), (other, second) in combinations(zip(split.outgoing, written, strict=True), 2):
        for variable in sorted(first.keys() & second.keys()) if frozenset((one, other)) not in excluded else ():
            if first[variable].id != second[variable].id:
                _tell(page, variable, first[variable], second[variable])


def _tell(page: Page, variable: str, one: Element, other: Element) -> None:
    page.error(
        other,
        say(
            "并行分支中的“{name}”和“{other}”都写变量“{variable}”，会互相覆盖。",
            name=named(one),
            other=named(other),
            variable=variable,
        ),
        say("请给每个分支各用一个变量。"),
    )


def _all_writes(page: Page, element: Element, writes: Writes, around: frozenset[str] = frozenset()) -> set[str]:
    """What an element writes; for a sub-process or a called process, everything inside it."""
    found = set(writes(element))
    if element.loop is not None and not element.loop.standard:
        return found  # what an instance writes stays in it
    if element.tag in SUB_PROCESSES or (element.called and element.called not in around):
        inner_page, inner = page.inside(element)
        deeper = around | {element.called} if element.called else around
        for part in inner:
            found |= _all_writes(inner_page, part, writes, deeper)
    return found - set(element.data)
