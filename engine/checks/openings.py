"""Cases that a message, a signal or a time opens (BPMN 2.0, 10.5.2, 13.5.1): who starts them, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from engine.checks.report import Page, named
from engine.diagram import Element
from engine.feel import FeelError, compile_expression
from engine.words import Said, Words, say

_THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_LINE = '<gw:opening organisation="=sender.organisation" starter="=sender.starter"/>'
_EACH = '<gw:forEach register="contract" when="=state = &quot;active&quot;" result="contract"/>'
_KINDS = frozenset({"message", "signal", "timer"})


def check_openings(page: Page) -> None:
    """Every start event and receive task of a process that a message, a signal or a time begins it with."""
    for element in page.process.elements.values():
        if element.opens and all(event.kind in _KINDS for event in element.events):
            timed = any(event.kind == "timer" for event in element.events)
            for what, hint in (*_wrong(page, element), *(_untimely(element) if timed else ())):
                page.error(element, what, hint)
        elif element.opening is not None:
            page.error(
                element,
                say("“{name}”不发起事项，gw:opening在这里不起作用。", name=named(element)),
                say("请删去，或改为消息、信号或定时开始事件。"),
            )
        if element.for_each is not None and not any(event.kind == "timer" for event in element.events):
            what = say("“{name}”不是流程的定时开始事件，gw:forEach在这里不起作用。", name=named(element))
            page.error(element, what, say("请删去，或改为定时开始事件。"))


def _untimely(element: Element) -> Iterator[tuple[Words, Said]]:
    """What a start event with a timer lacks: nobody starts it, so it says for what, and its time stands by itself."""
    name, each = named(element), element.for_each
    if each is None:
        what = say("定时开始事件“{name}”没有写明到时为哪些记录或单位发起（gw:forEach）。", name=name)
        yield what, say("请在扩展元素里加上，例如{line}。", line=_EACH)
    elif each.register and each.kinds:
        what = say("“{name}”的gw:forEach同时写了register和kinds。", name=name)
        yield what, say("为台账记录发起的只写register，为单位发起的只写kinds。")
    elif each.register and each.having:
        what = say("“{name}”的gw:forEach同时写了register和having。", name=name)
        yield what, say("为台账记录发起的只写register；having只用来挑选有这种记录的单位。")
    if len(element.events) > 1:
        what = say("定时开始事件“{name}”不能再有别的触发：轮次按这一个定时计算。", name=name)
        yield what, say("请分成几个开始事件。")
    text = element.events[0].text
    with suppress(FeelError):
        expression = compile_expression(text) if text.startswith("=") else None
        if expression is not None and (expression.names or expression.perhaps or expression.called):
            what = say("定时开始事件“{name}”的时间只能是常量，或只用FEEL自带的函数：这时还没有事项。", name=name)
            yield what, say("请写日期、时长或循环，例如R/2026-01-05T09:00/P1M。")


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
            say("“{name}”由消息、信号或定时发起，没有人填写表单。", name=name),
            say("请用消息的内容（gw:correlation result），或定时所为的记录（gw:forEach result）。"),
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
