"""Ad-hoc sub-processes (BPMN 2.0, 10.3.5, 13.3.5): somebody decides each step, and they say when they are done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.checks.graph import followers, reach
from engine.checks.report import Page, named
from engine.diagram import Element
from engine.words import Said, Words, say

_PATIENT: Final = frozenset({"userTask", "receiveTask"})
_JOINS: Final = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})


def check_ad_hoc(page: Page) -> None:
    """Every ad-hoc sub-process of a process, and what lies in it."""
    for element in page.process.elements.values():
        if element.ad_hoc is not None:
            _check_itself(page, element)
            _check_reach(page, element)
        outer = page.process.elements.get(element.parent or "")
        if outer is not None and outer.ad_hoc is not None:
            for what, hint in _wrong(page, element):
                page.error(element, what, hint)


def _check_itself(page: Page, element: Element) -> None:
    if element.ad_hoc is not None and not element.ad_hoc.condition:
        page.error(
            element,
            say("即席子流程“{name}”没有写明何时完成（completionCondition）。", name=named(element)),
            say('请填写FEEL条件，例如 检查.outcome = "done"。'),
        )
    if element.event_triggered:
        page.error(
            element,
            say("即席子流程“{name}”不能由事件触发。", name=named(element)),
            say("请改为嵌入式子流程。"),
        )


def _check_reach(page: Page, element: Element) -> None:
    """Whatever is in it follows on something that may be done at any time."""
    inside = [own for own in page.process.elements.values() if own.parent == element.id]
    reached = reach(followers(page, inside), [own.id for own in inside if not own.incoming])
    for own in inside:
        if own.id not in reached:
            page.error(
                own,
                say("即席子流程里没有任何随时可办的任务通到“{name}”。", name=named(own)),
                say("请画一条通到它的连线，或删去它的进入连线。"),
            )


def _wrong(page: Page, element: Element) -> Iterator[tuple[Words, Said]]:
    name = named(element)
    if element.tag in {"startEvent", "endEvent"}:
        yield (
            say("即席子流程里不能有开始或结束事件（“{name}”）。", name=name),
            say("请删去：没有进入连线的任务随时可办。"),
        )
    elif element.event_triggered:
        yield say("即席子流程里不能有事件子流程（“{name}”）。", name=name), say("请放到它的外面，或用边界事件。")
    elif element.tag in _JOINS and len(element.incoming) > 1:
        what = say("即席子流程里不能合并分支（“{name}”）：办哪些由人决定，无从知道等不等得齐。", name=name)
        yield what, say("请把要合并的部分放进嵌入式子流程。")
    elif not element.incoming and element.tag != "boundaryEvent" and not element.compensation:
        yield from _wrong_first(page, element, name)


def _wrong_first(page: Page, element: Element, name: object) -> Iterator[tuple[Words, Said]]:
    """What no flow leads to is done when somebody decides so, as often as he likes."""
    if element.tag not in _PATIENT:
        what = say("“{name}”没有进入的连线，在即席子流程里须由人或消息决定何时办，不能自己开始。", name=name)
        yield what, say("请改为用户任务或接收任务，或画一条从它们过来的连线。")
    if element.loop is not None:
        yield say("“{name}”在即席子流程里本来就能办多次，不能再设循环。", name=name), say("请删去循环。")
    if any(own.attached_to == element.id for own in page.of("boundaryEvent")):
        what = say("“{name}”在即席子流程里随时可办，不能有边界事件。", name=name)
        yield what, say("请把边界事件放到即席子流程上，或放到后续的任务上。")
