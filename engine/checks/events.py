"""Events: what each may wait for or throw where it stands (BPMN 2.0, table 10.93), and whether it says enough.

Knows no extension but the correlation of messages.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from engine.checks.report import Page, named
from engine.checks.timers import check_timer
from engine.diagram import CALLED_OFF, Element, Event

CHINESE: Final = {
    "timer": "定时", "message": "消息", "signal": "信号", "error": "错误", "escalation": "升级",
    "conditional": "条件", "link": "链接", "compensate": "补偿", "terminate": "终止", "cancel": "取消", "": "普通",
}  # fmt: skip

_WAITING: Final = ("timer", "message", "signal", "conditional")
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "startEvent": ("",),
    "event sub-process": (*_WAITING, "escalation", "error", "compensate"),
    "intermediateCatchEvent": (*_WAITING, "link"),
    "intermediateThrowEvent": ("", "message", "signal", "escalation", "link", "compensate"),
    "boundaryEvent": (*_WAITING, "escalation", "error", "compensate", "cancel"),
    "endEvent": ("", "terminate", "error", "escalation", "message", "signal", "compensate", "cancel"),
}
"""What each event may be; "" is plain."""

_PLACES: Final = {
    "startEvent": ("开始事件", "a start event"),
    "event sub-process": ("事件子流程的开始事件", "the start of an event sub-process"),
    "intermediateCatchEvent": ("中间捕获事件", "an intermediate catch event"),
    "intermediateThrowEvent": ("中间抛出事件", "an intermediate throw event"),
    "boundaryEvent": ("边界事件", "a boundary event"),
    "endEvent": ("结束事件", "an end event"),
}
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
                f"“{named(element)}”没有指明消息。",
                f"“{element.id}” names no message.",
                ("请选择一个消息（messageRef）。", "Choose a message (messageRef)."),
            )
        for event in element.events:
            _check_said(page, element, event)
        _check_correlation(page, element)


def _place(page: Page, element: Element) -> str:
    outer = page.process.elements.get(element.parent or "")
    inside = element.tag == "startEvent" and outer is not None and outer.event_triggered
    return "event sub-process" if inside else element.tag


def _check_kind(page: Page, element: Element, place: str) -> None:
    if len(element.events) > 1:
        page.error(
            element,
            f"“{named(element)}”有{len(element.events)}种触发方式，一个事件只能有一种。",
            f"“{element.id}” has {len(element.events)} definitions; an event may have only one.",
            ("请分成几个事件。", "Make several events of it."),
        )
        return
    kind = element.event.kind if element.event else ""
    zh, en = _PLACES[place]
    if kind not in _KINDS[place]:
        fits_zh = "、".join(CHINESE[own] for own in _KINDS[place])
        fits_en = ", ".join(own or "plain" for own in _KINDS[place])
        wrong = f"不能是{CHINESE[kind]}事件" if kind else "没有触发方式"
        page.error(
            element,
            f"{zh}“{named(element)}”{wrong}。",
            f"“{element.id}” is {en} and may not be a {kind or 'plain'} event.",
            (f"可用的触发类型：{fits_zh}。", f"It may be: {fits_en}."),
        )
    elif not element.interrupting and (kind in _CANCELS or place == "startEvent"):
        attribute = "cancelActivity" if place == "boundaryEvent" else "isInterrupting"
        page.error(
            element,
            f"{CHINESE[kind]}{zh}“{named(element)}”不能设为非中断（{attribute}=“false”）。",
            f"“{element.id}” ({kind or 'plain'}) cannot be non-interrupting ({attribute}=“false”).",
            ("请去掉非中断设置。", "Take the setting away."),
        )


def _check_said(page: Page, element: Element, event: Event) -> None:
    if event.kind == "timer":
        check_timer(page, element, event)
    elif event.kind == "conditional" and not event.text:
        page.error(element, "条件事件没有填写条件。", "the conditional event has no condition.")
    elif event.kind in {"message", "signal"} and not event.name:
        word = CHINESE[event.kind]
        page.error(
            element,
            f"“{named(element)}”没有指明{word}，或{word}没有名称。",
            f"“{element.id}” names no {event.kind}, or one without a name.",
            (f"请选择一个有名称的{word}。", f"Choose a {event.kind} that has a name."),
        )
    elif event.kind in {"error", "escalation"} and not event.code and (event.ref or element.tag in _THROWS):
        word = CHINESE[event.kind]
        page.error(
            element,
            f"“{named(element)}”的{word}没有代码。",
            f"the {event.kind} of “{element.id}” has no code.",
            (f"请给{word}填写代码（{event.kind}Code）。", f"Give it an {event.kind}Code."),
        )


def _check_correlation(page: Page, element: Element) -> None:
    """What is thrown carries, what is caught fills a variable; and only messages do either."""
    correlation = element.correlation
    given: Collection[str] = [name for name in ("key", "payload", "result") if getattr(correlation, name)]
    if given and not any(event.kind == "message" or event.code == CALLED_OFF for event in element.events):
        page.error(
            element,
            f"“{named(element)}”不收发消息，gw:correlation在这里不起作用。",
            f"“{element.id}” sends or receives no message; gw:correlation has no effect here.",
        )
        return
    wrong = "result" if element.tag in _THROWS else "payload"
    if wrong in given:
        zh, en = ("发出", "sends") if element.tag in _THROWS else ("接收", "receives")
        page.error(
            element,
            f"“{named(element)}”{zh}消息，gw:correlation的{wrong}在这里不起作用。",
            f"“{element.id}” {en} a message; {wrong} of gw:correlation has no effect here.",
        )
