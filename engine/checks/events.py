"""Events: what each may wait for or throw where it stands (BPMN 2.0, table 10.93), and whether it says enough.

Knows no extension but the correlation of messages.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.checks.report import Page, named
from engine.checks.timers import check_timer
from engine.diagram import CALLED_OFF, Element, Event
from engine.words import listed, say, term

KIND_NAMES: Final = {
    "timer": say("定时"),
    "message": say("消息"),
    "signal": say("信号"),
    "error": say("错误"),
    "escalation": say("升级"),
    "conditional": term("event", "条件"),
    "link": say("链接"),
    "compensate": say("补偿"),
    "terminate": term("event", "终止"),
    "cancel": term("event", "取消"),
    "": say("普通"),
}

_WAITING: Final = ("timer", "message", "signal", "conditional")
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "startEvent": ("",),
    "process start": ("", "message", "signal", "timer"),
    "event sub-process": (*_WAITING, "escalation", "error", "compensate"),
    "intermediateCatchEvent": (*_WAITING, "link"),
    "intermediateThrowEvent": ("", "message", "signal", "escalation", "link", "compensate"),
    "boundaryEvent": (*_WAITING, "escalation", "error", "compensate", "cancel"),
    "endEvent": ("", "terminate", "error", "escalation", "message", "signal", "compensate", "cancel"),
}
"""What each event may be; "" is plain."""

_PLACES: Final = {
    "startEvent": say("开始事件"),
    "process start": say("流程的开始事件"),
    "event sub-process": say("事件子流程的开始事件"),
    "intermediateCatchEvent": say("中间捕获事件"),
    "intermediateThrowEvent": say("中间抛出事件"),
    "boundaryEvent": say("边界事件"),
    "endEvent": say("结束事件"),
}
_ALONE: Final = frozenset({"link", "compensate", "cancel"})
"""What is no trigger or result beside others: the flow goes on elsewhere, or waits for what it has caused."""
_CANCELS: Final = frozenset({"error", "compensate", "cancel"})  # always interrupting
_THROWS: Final = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_MESSAGE_TASKS: Final = frozenset({"sendTask", "receiveTask"})


def check_events(page: Page) -> None:
    """Every event, send task and receive task of a process."""
    for element in page.process.elements.values():
        place = _place(page, element)
        if place in _KINDS:
            _check_kind(page, element, place)
        elif element.tag in _MESSAGE_TASKS and not element.events:
            page.error(
                element,
                say("“{name}”没有指明消息。", name=named(element)),
                say("请选择一个消息（messageRef）。"),
            )
        for event in element.events:
            check_said(page, element, event)
        _check_correlation(page, element)


def _place(page: Page, element: Element) -> str:
    outer = page.process.elements.get(element.parent or "")
    inside = element.tag == "startEvent" and outer is not None and outer.event_triggered
    if element.tag == "startEvent" and outer is None:
        return "process start"
    return "event sub-process" if inside else element.tag


def _check_kind(page: Page, element: Element, place: str) -> None:
    """A multiple event waits for any of its triggers or throws all it names; a parallel one waits for all of them."""
    for event in element.events if len(element.events) > 1 else ():
        known = KIND_NAMES[event.kind]
        if event.kind in _ALONE or event.code == CALLED_OFF:
            page.error(
                element,
                say("多重事件“{name}”不能含{kind}：它只能单独使用。", name=named(element), kind=known),
                say("请把{kind}分成单独的事件。", kind=known),
            )
        elif element.parallel and event.kind not in _WAITING:
            page.error(
                element,
                say(
                    "并行多重事件“{name}”不能含{kind}：它只在抛出的一刻被捕获，不能等别的触发。",
                    name=named(element),
                    kind=known,
                ),
                say("请改为多重事件，或把{kind}分成单独的事件。", kind=known),
            )
    for event in {one for one in element.events if element.events.count(one) > 1}:
        page.error(
            element,
            say(
                "“{name}”有两个相同的触发（{kind}），第二个不起作用。", name=named(element), kind=KIND_NAMES[event.kind]
            ),
            say("请删去一个。"),
        )
    for kind in dict.fromkeys(event.kind for event in element.events) or ("",):
        _check_fits(page, element, place, kind)


def _check_fits(page: Page, element: Element, place: str, kind: str) -> None:
    facts = {"place": _PLACES[place], "name": named(element), "kind": KIND_NAMES[kind]}
    if kind not in _KINDS[place]:
        wrong = say("{place}“{name}”不能是{kind}事件。") if kind else say("{place}“{name}”没有触发方式。")
        fits = listed(KIND_NAMES[own] for own in _KINDS[place])
        page.error(element, wrong.about(**facts), say("可用的触发类型：{kinds}。", kinds=fits))
    elif not element.interrupting and (kind in _CANCELS or place in {"startEvent", "process start"}):
        attribute = "cancelActivity" if place == "boundaryEvent" else "isInterrupting"
        what = say("{kind}{place}“{name}”不能设为非中断（{attribute}=“false”）。", attribute=attribute, **facts)
        page.error(element, what, say("请去掉非中断设置。"))


def check_said(page: Page, element: Element, event: Event, thrown: bool = False) -> None:
    """Whether an event says enough; ``thrown`` also where it is not the element's own."""
    if event.kind == "timer":
        check_timer(page, element, event)
    elif event.kind == "conditional" and not event.text:
        page.error(element, say("条件事件没有填写条件。"), say("请在condition里填写FEEL条件，例如=申请.金额 > 1000。"))
    elif event.kind in {"message", "signal"} and not event.name:
        kind = KIND_NAMES[event.kind]
        page.error(
            element,
            say("“{name}”没有指明{kind}，或{kind}没有名称。", name=named(element), kind=kind),
            say("请选择一个有名称的{kind}。", kind=kind),
        )
    elif event.kind in {"error", "escalation"} and not event.code and (event.ref or thrown or element.tag in _THROWS):
        kind = KIND_NAMES[event.kind]
        page.error(
            element,
            say("“{name}”的{kind}没有代码。", name=named(element), kind=kind),
            say("请给{kind}填写代码（{attribute}）。", kind=kind, attribute=f"{event.kind}Code"),
        )


def _check_correlation(page: Page, element: Element) -> None:
    """What is thrown carries, what is caught fills a variable; and only messages do either."""
    correlation = element.correlation
    given: Collection[str] = [name for name in ("key", "payload", "result") if getattr(correlation, name)]
    if given and not any(event.kind == "message" or event.code == CALLED_OFF for event in element.events):
        page.error(
            element,
            say("“{name}”不收发消息，gw:correlation在这里不起作用。", name=named(element)),
            say("请删去gw:correlation，或改为消息事件。"),
        )
        return
    wrong = "result" if element.tag in _THROWS else "payload"
    if wrong in given:
        what = say("发出") if element.tag in _THROWS else say("接收")
        page.error(
            element,
            say(
                "“{name}”{what}消息，gw:correlation的{wrong}在这里不起作用。",
                name=named(element),
                what=what,
                wrong=wrong,
            ),
            say("请删去这个属性。"),
        )
