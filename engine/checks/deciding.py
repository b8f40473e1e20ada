"""What decides the way of a case, how often and when something happens there, and who is reminded: all of it is seen.

Everybody sees by which way a case went. So the outcome of a step is told by the way that it decides, and by nothing
else that a condition reads. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.feel_trees import walk
from engine.checks.personal_paths import Steps, paths_of
from engine.diagram import Element
from engine.feel import nodes as n
from engine.words import Words, say

OUTCOME = "outcome"


def deciding(element: Element, *, whole: bool) -> Iterator[tuple[Words, str]]:
    """The texts of an element. ``whole``: it is confidential with who has it, and so is how many have it."""
    for event in element.events:
        if event.kind == "conditional" and event.text:
            yield say("条件"), event.text
    if element.activation:
        yield say("激活条件"), element.activation
    if element.ad_hoc is not None and element.ad_hoc.condition:
        yield say("完成条件"), element.ad_hoc.condition
    if element.sealing.sealed is not None:
        yield say("密封提交的截止时刻"), element.sealing.sealed.until
    if element.sealing.unseal is not None:
        yield say("开启的时刻"), element.sealing.unseal.at
    for one in (*element.deadline.remind, *element.deadline.escalate) if element.deadline is not None else ():
        yield from ((say("按数据确定的办理人"), text) for text in (one.of, one.when) if text)
    if not whole:
        yield from _repeated(element)


def _repeated(element: Element) -> Iterator[tuple[Words, str]]:
    loop = element.loop
    if loop is None:
        return
    texts = ((say("重复次数"), loop.cardinality), (say("完成条件"), loop.completion), (say("循环条件"), loop.condition))
    yield from ((what, text) for what, text in texts if text)
    yield from ((say("抛出事件的条件"), text) for text, _ in loop.throws if text)


def read_beside_outcomes(node: n.Node) -> set[Steps]:
    """The paths that a text reads, but those to outcomes (``some one in sheets satisfies one.outcome = "x"``)."""
    lists = _only_outcomes(node)
    return {path for path in paths_of(node) if path[-1] != OUTCOME and path not in lists}


def _only_outcomes(node: n.Node) -> set[Steps]:
    """The lists of whose members a text asks nothing but the outcome."""
    fine = {
        id(one.source)
        for part in walk(node)
        if isinstance(part, n.Quantified)
        for one in part.iterators
        if one.end is None and _asks_outcome(part.body, one.name)
    }
    names = [part for part in walk(node) if isinstance(part, n.Name)]
    beside = {part.name for part in names if id(part) not in fine}
    return {(part.name,) for part in names if part.name not in beside}


def _asks_outcome(body: n.Node, name: str) -> bool:
    parts = list(walk(body))
    asked = {id(part.base) for part in parts if isinstance(part, n.Path) and part.name == OUTCOME}
    return all(id(part) in asked for part in parts if isinstance(part, n.Name) and part.name == name)
