"""Compensation (BPMN 2.0, 10.7): each handler hangs on a boundary event, and what is thrown finds something to undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.checks.graph import compensates
from engine.checks.report import Page, named
from engine.checks.soundness import ACTIVITIES
from engine.diagram import Element
from engine.diagram.notes import SUB_PROCESSES
from engine.words import say

_THROWS: Final = frozenset({"endEvent", "intermediateThrowEvent"})


def check_compensation(page: Page) -> None:
    """Handlers, the events that they hang on, and the events that set them going."""
    elements = page.process.elements
    handlers = {own.handler for own in elements.values() if compensates(own)}
    for element in elements.values():
        if compensates(element):
            _check_boundary(page, element)
        if element.compensation:
            _check_handler(page, element, element.id in handlers)
        if page.main and element.event_triggered and element.parent is None and _starts_undoing(page, element):
            page.error(
                next(own for own in page.of("startEvent") if own.parent == element.id),
                say("补偿事件子流程“{name}”要放在子流程里，流程本身不会被补偿。", name=named(element)),
                say("请把要撤销的环节连同它一起放进一个子流程。"),
            )
        if element.tag in _THROWS and any(event.kind == "compensate" for event in element.events):
            _check_throw(page, element)


def _check_boundary(page: Page, event: Element) -> None:
    handler = page.process.elements.get(event.handler or "")
    if handler is None or handler.tag not in ACTIVITIES or handler.parent != event.parent:
        page.error(
            event,
            say("补偿边界事件“{name}”没有用关联线连到补偿活动。", name=named(event)),
            say("请从该事件向补偿活动画一条关联线（虚线）。"),
        )
    elif not handler.compensation:
        page.error(
            handler,
            say("“{name}”用来补偿，却没有设为补偿活动（isForCompensation）。", name=named(handler)),
            say("请在它上面设isForCompensation=“true”。"),
        )
    elif handler.id == event.attached_to:
        page.error(event, say("一个活动不能补偿自己。"), say("请把关联线画到另一个补偿活动。"))
    if event.outgoing:
        page.error(
            event,
            say("补偿边界事件“{name}”不能引出连线，只能用关联线。", name=named(event)),
            say("请删去连线，改画关联线（虚线）到补偿活动。"),
        )


def _check_handler(page: Page, element: Element, used: bool) -> None:
    if element.incoming or element.outgoing:
        page.error(
            element,
            say("补偿活动“{name}”不能有连线，它只在补偿时执行。", name=named(element)),
            say("请删去它的连线，只留补偿边界事件的关联线。"),
        )
    if not used and not element.event_triggered:
        page.error(
            element,
            say("没有补偿边界事件连到补偿活动“{name}”，它永远不会执行。", name=named(element)),
            say("请从补偿边界事件向它画一条关联线。"),
        )


def _check_throw(page: Page, element: Element) -> None:
    scope = _scope(page, element)
    ref = next(event.ref for event in element.events if event.kind == "compensate")
    if not ref:
        if not any(_can_be_undone(page, own) for own in _in(page, scope)):
            page.warn(
                element,
                say("这里没有可以补偿的环节。"),
                say("请给要撤销的环节加上补偿边界事件。"),
            )
        return
    target = page.process.elements.get(ref)
    if target is None or target.tag not in ACTIVITIES or target.parent != scope:
        page.error(
            element,
            say("要补偿的环节“{ref}”不在同一流程（或子流程）里。", ref=ref),
            say("请把activityRef改成同一层次的环节，或删去它以补偿全部。"),
        )
    elif not _can_be_undone(page, target):
        page.error(
            element,
            say("环节“{name}”没有补偿活动，无法补偿。", name=named(target)),
            say("请给它加上补偿边界事件。"),
        )


def _scope(page: Page, element: Element) -> str | None:
    """What a throw compensates: its own scope; from inside an event sub-process, the scope around that."""
    elements, scope = page.process.elements, element.parent
    while scope is not None and elements[scope].event_triggered:
        scope = elements[scope].parent
    return scope


def _in(page: Page, scope: str | None) -> Iterator[Element]:
    return (own for own in page.process.elements.values() if own.parent == scope)


def _can_be_undone(page: Page, element: Element, around: frozenset[str] = frozenset()) -> bool:
    """Whether compensating it does anything: a handler of its own, or something inside that can be undone."""
    if element.event_triggered or element.compensation or element.called in around:
        return False
    if any(own.attached_to == element.id and compensates(own) for own in page.of("boundaryEvent")):
        return True
    inner_page, inner = page.inside(element)
    around |= {element.called} if element.called else frozenset()
    return element.tag in SUB_PROCESSES | {"callActivity"} and any(
        _starts_undoing(inner_page, own) or _can_be_undone(inner_page, own, around) for own in inner
    )


def _starts_undoing(page: Page, element: Element) -> bool:
    """Whether it is an event sub-process that compensates the activity around it."""
    starts = [own for own in page.of("startEvent") if own.parent == element.id] if element.event_triggered else []
    return any(event.kind == "compensate" for start in starts for event in start.events)
