"""Twins: of two that wait for the same at the same place only the first ever acts. Knows no tokens.

BPMN 2.0: an error or escalation has one catcher (10.5.6), a message one receiver (8.4.2), an activity one compensation
handler (10.7.2), a transaction one way out when it is cancelled (10.3.5); of the events behind an event-based gateway
one is taken (10.6.6). Signals, times and conditions reach all that wait, unless the first of them cancels the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from typing import Final

from engine.calendar import timers
from engine.checks.events import KIND_NAMES
from engine.checks.graph import compensates, scopes
from engine.checks.report import Page, named
from engine.checks.throws import boundaries_of, starts_of
from engine.diagram import Element, Event
from engine.words import Words, say

_MOMENTS: Final = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
_ONE_CATCHER: Final = frozenset({"error", "escalation", "message", "compensate", "cancel"})
_SAID: Final = {
    "error": say("代码“{what}”"),
    "escalation": say("代码“{what}”"),
    "message": say("“{what}”"),
    "signal": say("“{what}”"),
    "timer": say("“{what}”"),
    "conditional": say("“{what}”"),
}
Key = tuple[str, ...]


def check_twins(page: Page) -> None:
    """Boundary events, event sub-processes and events behind a gateway: of those for the same all but the first."""
    for first, second, chosen in _pairs(page):
        if _hides(first, second, chosen):
            _tell(page, first, second)
        for early, late in ((first, second), (second, first)):
            if (chosen or early.interrupting) and _is_later(early, late):
                _tell_late(page, early, late)
    for element in page.process.elements.values():
        _check_undone_twice(page, element)


def _pairs(page: Page) -> Iterator[tuple[Element, Element, bool]]:
    """Every two that wait at the same place; whether the place itself takes but one of them."""
    elements = page.process.elements
    for scope, inside in scopes(page).items():
        for element in inside:
            yield from ((one, other, False) for one, other in combinations(boundaries_of(page, element), 2))
            if element.tag == "eventBasedGateway":
                targets = [elements[flow.target] for flow in page.out(element) if flow.target in elements]
                yield from ((one, other, True) for one, other in combinations(targets, 2) if one is not other)
        yield from ((one, other, False) for one, other in combinations(starts_of(page, scope), 2))
        begins = [own for own in inside if _begins(own)]
        yield from ((one, other, False) for one, other in combinations(begins, 2))


def _hides(first: Element, second: Element, chosen: bool) -> bool:
    """Whether the second never acts. One that waits for several triggers at once needs each of them."""
    taken = [_is_taken(first, second, event, chosen) for event in second.events]
    if first.parallel:
        return all(taken) and len(first.events) == len(second.events)
    return any(taken) if second.parallel else bool(taken) and all(taken)


def _is_taken(first: Element, second: Element, event: Event, chosen: bool) -> bool:
    """Whether what the second waits for always goes to the first, or the first ends the waiting of the second."""
    if _key(second, event) not in {_key(first, own) for own in first.events}:
        return False
    cancels = first.interrupting and second.interrupting and not _begins(first)
    return chosen or event.kind in _ONE_CATCHER or cancels


def _begins(element: Element) -> bool:
    """Whether a trigger there makes a new case; one such case cancels no other."""
    return element.tag == "startEvent" and element.parent is None and bool(element.events)


def _key(element: Element, event: Event) -> Key:
    """What tells one trigger from another."""
    if event.kind in {"error", "escalation"}:
        return event.kind, event.code
    if event.kind == "message":
        return event.kind, event.known_as, _plain(element.correlation.key)
    if event.kind == "signal":
        return event.kind, event.known_as
    return event.kind, event.timer, _plain(event.text)


def _plain(text: str) -> str:
    """A FEEL text without what makes no difference."""
    return " ".join(text.removeprefix("=").split())


def _tell(page: Page, first: Element, second: Element) -> None:
    kind = second.events[0].kind
    what = "、".join(filter(None, map(_what, second.events)))
    facts = {"name": named(second), "first": named(first), "kind": KIND_NAMES[kind]}
    shown: Words | str = _SAID[kind].about(what=what) if what and kind in _SAID else ""
    page.error(
        second,
        say(
            "“{name}”和“{first}”在同一处等同一个{kind}{shown}，只有“{first}”起作用，“{name}”永远不会触发。",
            shown=shown,
            **facts,
        ),
        say("请删去其中一个，或让它们等不同的{kind}。", kind=KIND_NAMES[kind]),
    )


def _what(event: Event) -> str:
    return event.code or event.known_as or event.text


def _is_later(early: Element, late: Element) -> bool:
    """Whether both wait for a time only, and that of the second is always after that of the first."""
    times = [_dues(element) for element in (early, late)]
    return all(times) and all(one < other for one, other in zip(*times, strict=True))


def _dues(element: Element) -> list[datetime]:
    """When its constant duration is over, begun at two moments: months are of several lengths; empty for others."""
    event = element.event
    if event is None or len(element.events) > 1 or event.kind != "timer" or event.timer != "duration":
        return []
    try:
        return [timers.begin(event.timer, event.text, moment).due for moment in _MOMENTS]
    except timers.NoTime:
        return []  # not constant, or told with the times


def _tell_late(page: Page, early: Element, late: Element) -> None:
    page.warn(
        late,
        say(
            "“{early}”（{first}）总是比“{late}”（{second}）先到，“{late}”永远不会触发。",
            early=named(early),
            late=named(late),
            first=_text(early),
            second=_text(late),
        ),
        say("请核对两个时长，或把“{early}”设为非中断。", early=named(early)),
    )


def _text(element: Element) -> str:
    return element.events[0].text


def _check_undone_twice(page: Page, element: Element) -> None:
    """With a handler of its own an activity is not compensated from inside (BPMN 2.0, 10.7.2)."""
    handler = next((own for own in boundaries_of(page, element) if compensates(own)), None)
    inside = [own for own in starts_of(page, element.id) if any(event.kind == "compensate" for event in own.events)]
    if handler is not None and inside:
        page.error(
            inside[0],
            say(
                "“{name}”已有补偿边界事件“{handler}”，其中的补偿事件子流程永远不会执行。",
                name=named(element),
                handler=named(handler),
            ),
            say("请删去其中一个。"),
        )
