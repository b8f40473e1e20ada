"""Cases that a message or a signal opens (BPMN 2.0, 10.5.2, 13.5.1): who starts them, for whom, and not themselves."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.report import Page, named
from engine.diagram import Element
from engine.words import Said, Words, say

_THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_LINE = '<gw:opening organisation="=sender.organisation" starter="=sender.starter"/>'


def check_openings(page: Page) -> None:
    """Every start event and receive task of a process that a message or a signal begins it with."""
    for element in page.process.elements.values():
        if element.opens and all(event.kind in {"message", "signal"} for event in element.events):
            for what, hint in _wrong(page, element):
                page.error(element, what, hint)
        elif element.opening is not None:
            page.error(
                element,
                say("“{name}”不发起事项，gw:opening在这里不起作用。", name=named(element)),
                say("请删去，或改为消息或信号开始事件。"),
            )


def _wrong(page: Page, element: Element) -> Iterator[tuple[Words, Said]]:
    name = named(element)
    if not page.main:
        yield say("“{name}”不会发起事项：这个流程只由别的流程调用。", name=name), say("请改为普通开始事件。")
        return
    if element.instantiate and (element.incoming or element.parent or element.loop):
        what = say("发起流程的接收任务“{name}”不能有进入的连线，不能在子流程里，也不能重复。", name=name)
        yield what, say("请放在流程的最前面，或去掉instantiate。")
    if element.parallel and len(element.events) > 1:
        what = say("“{name}”要等齐几个触发，而这时还没有事项来等它们。", name=name)
        yield what, say("请改为多重事件，发起之后再等其余的。")
    if element.opening is None:
        what = say("“{name}”没有写明以谁的名义、为哪个单位发起（gw:opening）。", name=name)
        yield what, say("请在扩展元素里加上，例如{line}。", line=_LINE)
    if not any(one.role for one in element.assignments):
        what = say("“{name}”不在任何配置了办理人的泳道里，没有人能发起。", name=name)
        yield what, say("请放进申请方的泳道。")
    if element.form:
        yield (
            say("“{name}”由消息或信号发起，没有人填写表单。", name=name),
            say("请用消息的内容（gw:correlation result）。"),
        )
    if element.correlation.key:
        what = say("“{name}”发起新的事项，这时没有什么可以对应，gw:correlation的key在这里不起作用。", name=name)
        yield what, say("请删去key。")
    for event in element.events:
        for other in page.process.elements.values():
            thrown = {(one.kind, one.known_as) for one in other.events} if other.tag in _THROWS else set()
            if (event.kind, event.known_as) in thrown:
                what = say(
                    "“{name}”由“{other}”抛出的同名事件发起：事项会没有止境地发起自己。", name=name, other=named(other)
                )
                yield what, say("请给两者不同的名称。")
