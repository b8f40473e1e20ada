"""Errors and escalations: who throws, who catches, what nobody catches. Knows no tokens.

BPMN 2.0, 10.5.6: the innermost catcher that fits takes it, looking outward: event sub-processes of the scope, then
boundary events of the activity, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.checks.graph import scopes
from engine.checks.report import Page, named
from engine.diagram import CALLED_OFF, Element, Event
from engine.diagram.notes import SUB_PROCESSES
from engine.words import say

KINDS = {"error": say("错误"), "escalation": say("升级")}


@dataclass(frozen=True, slots=True)
class Thrown:
    """What an element throws; ``file`` and ``element`` say where."""

    kind: str  # error | escalation
    code: str
    file: str
    element: Element


def thrown_by(page: Page, element: Element) -> list[Thrown]:
    """The errors and escalations that an end or throw event lets go."""
    if element.tag not in {"endEvent", "intermediateThrowEvent"}:
        return []
    return [Thrown(event.kind, event.code, page.file, element) for event in element.events if event.kind in KINDS]


def catches(element: Element, thrown: Thrown) -> bool:
    """Whether a boundary event or the start of an event sub-process takes it; one without a code takes all."""
    return any(event.kind == thrown.kind and event.code in {"", thrown.code} for event in element.events)


def starts_of(page: Page, scope: str | None) -> list[Element]:
    """The start events of the event sub-processes of a scope."""
    elements = page.process.elements
    return [own for own in page.of("startEvent") if own.parent and elements[own.parent].event_triggered
            and elements[own.parent].parent == scope]  # fmt: skip


def boundaries_of(page: Page, element: Element) -> list[Element]:
    """The boundary events of an activity."""
    return [own for own in page.of("boundaryEvent") if own.attached_to == element.id]


class Throws:
    """What leaves scopes and activities; remembers what it has found."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str | None], frozenset[Thrown]] = {}

    def raised_for(self, page: Page, start: Element) -> frozenset[Thrown]:
        """What comes by the start of an event sub-process: not what it lets out itself."""
        own = page.process.elements[start.parent or ""]
        found = self._raised(page, own.parent)
        for other in _asides(page, own.parent):
            if other.id != own.id and not _interrupts(page, other):
                found |= self.leaving(page, other.id)
        return frozenset(found)

    def inside(self, page: Page, element: Element) -> frozenset[Thrown]:
        """What leaves the inside of an activity, or its instances throw, and meets its boundary events."""
        own = element.loop.throws if element.loop is not None else ()
        thrown = (Thrown(event.kind, event.code, page.file, element) for _, event in own if event.kind in KINDS)
        return self._inner(page, element).union(thrown)

    def _inner(self, page: Page, element: Element) -> frozenset[Thrown]:
        if element.tag in SUB_PROCESSES:
            return self.leaving(page, element.id)
        if element.tag == "callActivity" and element.called in page.others:
            return self.leaving(page.inside(element)[0], None)
        return frozenset()

    def leaving(self, page: Page, scope: str | None) -> frozenset[Thrown]:
        """What no event sub-process of the scope catches."""
        key = (page.process.id, scope)
        if key not in self._left:
            self._left[key] = frozenset()  # a ring of calls is told elsewhere
            starts = starts_of(page, scope)
            found = _past(self._raised(page, scope), starts)
            for aside in _asides(page, scope):
                others = [] if _interrupts(page, aside) else [start for start in starts if start.parent != aside.id]
                found |= _past(self.leaving(page, aside.id), others)
            self._left[key] = frozenset(found)
        return self._left[key]

    def _raised(self, page: Page, scope: str | None) -> set[Thrown]:
        """What the elements of a scope throw, its event sub-processes left out."""
        found: set[Thrown] = set()
        for element in page.process.elements.values():
            if element.parent == scope and not element.event_triggered:
                own = thrown_by(page, element)
                found |= set(own) if own else _past(self.inside(page, element), boundaries_of(page, element))
        return found


def interrupts(page: Page, thrown: Thrown) -> bool:
    """Whether throwing it cancels the scope that the thrower is in, as far as its own process can tell."""
    if thrown.kind == "error":
        return True
    elements, scope, out_of = page.process.elements, thrown.element.parent, ""
    while True:
        starts = [start for start in starts_of(page, scope) if start.parent != out_of]
        levels = [starts] if scope is None else [starts, boundaries_of(page, elements[scope])]
        for catchers in levels:
            fits = [catcher for catcher in catchers if catches(catcher, thrown)]
            exact = [catcher for catcher in fits if any(event.code for event in catcher.events)]
            if fits:
                return (exact or fits)[0].interrupting
        if scope is None:
            return False
        out_of, scope = scope, elements[scope].parent


def _past(thrown: Iterable[Thrown], catchers: list[Element]) -> set[Thrown]:
    return {one for one in thrown if not any(catches(catcher, one) for catcher in catchers)}


def _asides(page: Page, scope: str | None) -> list[Element]:
    """The event sub-processes of a scope."""
    return [own for own in page.process.elements.values() if own.parent == scope and own.event_triggered]


def _interrupts(page: Page, sub_process: Element) -> bool:
    """Whether an event sub-process cancels its scope, so that no other one of that scope can start any more."""
    return all(own.interrupting for own in page.of("startEvent") if own.parent == sub_process.id)


def check_throws(page: Page) -> None:
    """Catchers of what nothing throws; in the process that a case runs, what is thrown and caught by nobody."""
    throws = Throws()
    for scope in scopes(page):
        starts = starts_of(page, scope)
        for start in starts:
            _check_catcher(page, start, starts, throws.raised_for(page, start))
    for event in page.of("boundaryEvent"):
        host = page.process.elements.get(event.attached_to or "")
        if host is not None:
            _check_catcher(page, event, boundaries_of(page, host), throws.inside(page, host))
    for thrown in throws.leaving(page, None) if page.main else ():
        _tell_uncaught(page, thrown)


def _check_catcher(page: Page, catcher: Element, beside: list[Element], thrown: frozenset[Thrown]) -> None:
    """What nothing throws, and what goes to another one at the same place: a code of its own comes before any code."""
    waits = [event for event in catcher.events if event.kind in KINDS and event.code != CALLED_OFF]
    dead = [event for event in waits if not any(_gets(catcher, event, beside, one) for one in thrown)]
    for event in dead:
        kind, name = KINDS[event.kind], named(catcher)
        if event.code:
            what = say("“{name}”等的{kind}“{code}”，里面没有任何环节会抛出，它永远不会触发。")
        elif any(event.kind == one.kind for one in thrown):
            what = say("“{name}”等任何{kind}，但会抛出的代码都已由同一处的其他事件捕获，它永远不会触发。")
        else:
            what = say("“{name}”等的{kind}，里面没有任何环节会抛出，它永远不会触发。")
        hint = say("请核对{kind}代码，或删去这个事件。", kind=kind)
        page.warn(catcher, what.about(name=name, kind=kind, code=event.code), hint)


def _gets(catcher: Element, event: Event, beside: list[Element], thrown: Thrown) -> bool:
    """Whether something thrown comes to an event of the catcher."""
    if event.kind != thrown.kind or event.code not in {"", thrown.code}:
        return False
    exact = (own for other in beside if other is not catcher for own in other.events if own.kind == thrown.kind)
    return bool(event.code) or not any(own.code == thrown.code for own in exact)


def _tell_uncaught(page: Page, thrown: Thrown) -> None:
    element, kind = thrown.element, KINDS[thrown.kind]
    if thrown.kind == "error":
        what = say("没有任何环节捕获“{name}”抛出的{kind}“{code}”，事项会在这里结束。")
    else:
        what = say("没有任何环节捕获“{name}”抛出的{kind}“{code}”，抛出后不起作用，流程照常往下走。")
    what = what.about(name=named(element), kind=kind, code=thrown.code)
    page.report.warn(
        thrown.file,
        element.id,
        say("第{line}行：{what}", line=element.line, what=what),
        say("如需处理，请加一个同一{kind}代码的边界事件或事件子流程。", kind=kind),
    )
