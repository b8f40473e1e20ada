"""Events and repeated activities: what an event may be where, constant times, and known traps. Knows no extension."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from engine.checks.report import Page, named
from engine.checks.soundness import ACTIVITIES
from engine.diagram import Element, Event

_KINDS: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset(),
    "endEvent": frozenset({"terminate"}),
    "intermediateThrowEvent": frozenset(),
}
"""What each event may be besides plain. Tags that are not here are refused as a whole (`supported`)."""

_CHINESE: Final = {
    "timer": "定时", "message": "消息", "signal": "信号", "error": "错误", "escalation": "升级",
    "conditional": "条件", "link": "链接", "compensate": "补偿", "terminate": "终止", "cancel": "取消",
}  # fmt: skip

_DURATION = re.compile(
    r"P(?=.)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+(?:\.\d+)?D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)"
)
_CYCLE = re.compile(r"R(\d{1,3})/(.+)")
_CONSTANT = re.compile(r'(?:=\s*)?(?:(?:duration|date and time)\(\s*)?"([^"]*)"\s*\)?')


def check_events(page: Page) -> None:
    """Every event and every repeated activity of a process."""
    for element in page.process.elements.values():
        _check_kinds(page, element)
        if element.event_triggered:
            _check_event_sub_process(page, element)
        if element.tag == "boundaryEvent":
            _check_boundary(page, element)
        for event in element.events:
            if event.kind == "timer":
                _check_timer(page, element, event)


def _check_kinds(page: Page, element: Element) -> None:
    if len(element.events) > 1:
        page.error(element, "一个事件只能有一种触发方式。", "an event may have only one definition.")
    allowed = _KINDS.get(element.tag)
    for event in element.events if allowed is not None else ():
        if allowed is not None and event.kind not in allowed:
            page.error(
                element,
                f"“{named(element)}”不能是{_CHINESE[event.kind]}事件。",
                f"“{element.id}” may not be a {event.kind} event.",
                ("请改为普通事件。", "Make it a plain event.") if not allowed else ("", ""),
            )


def _check_event_sub_process(page: Page, element: Element) -> None:
    for other in page.process.elements.values():
        if other.parent == element.id and other.tag == "startEvent":
            kind = other.event.kind if other.event else "plain"
            page.error(
                other,
                f"不支持以{_CHINESE.get(kind, '普通')}事件触发的事件子流程“{named(element)}”。",
                f"an event sub-process started by a {kind} event (“{element.id}”) is not supported.",
                ("请改用边界事件或网关。", "Use a boundary event or a gateway."),
            )


def _check_boundary(page: Page, element: Element) -> None:
    host = page.process.elements.get(element.attached_to or "")
    if host is None or host.tag not in ACTIVITIES or host.parent != element.parent:
        page.error(
            element,
            f"边界事件没有附在任务上（attachedToRef=“{element.attached_to or ''}”）。",
            f"the boundary event is not attached to an activity (attachedToRef=“{element.attached_to or ''}”).",
        )
    if not element.events:
        page.error(element, "边界事件没有触发方式。", "the boundary event says not what triggers it.")
    if len(element.outgoing) != 1:
        page.error(element, "边界事件必须引出一条连线。", "exactly one flow must leave a boundary event.")
    for flow in page.out(element):
        target = page.process.elements.get(flow.target)
        if target is not None and target.loop is not None:
            page.error(
                target,
                f"多实例“{named(target)}”直接接在边界事件“{named(element)}”后面，事件触发时会出错。",
                f"the multi-instance “{target.id}” directly follows boundary event “{element.id}”; "
                "it fails when the event fires.",
                ("请在两者之间放一个网关。", "Put a gateway between."),
            )


def _check_timer(page: Page, element: Element, event: Event) -> None:
    if not event.text:
        page.error(element, "定时事件没有填写时间。", "the timer says no time.")
        return
    constant = _constant(event.text)
    if constant is None:
        return
    reason = _fault(event.timer, constant)
    if reason:
        page.error(element, f"时间“{constant}”{reason[0]}。", f"the time “{constant}” {reason[1]}.")


def _constant(text: str) -> str | None:
    """The constant that a timer's text amounts to; None for FEEL (it begins with ``=``) that must be evaluated."""
    quoted = _CONSTANT.fullmatch(text)
    if quoted:
        return quoted[1]
    return None if text.startswith("=") else text


def _fault(kind: str, text: str) -> tuple[str, str] | None:
    if kind == "cycle":
        cycle = _CYCLE.fullmatch(text)
        if cycle is None or int(cycle[1]) < 1:
            return "必须写明重复次数，例如R3/P1D", "must say how often, such as R3/P1D"
        return _fault("duration", cycle[2])
    if kind == "date":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return "不是ISO 8601日期时间", "is not an ISO 8601 date and time"
        return None if moment.tzinfo else ("没有写明时区，例如+08:00", "names no zone, such as +08:00")
    if "-" in text:
        return "是负的时长，引擎会当作正数", "is negative; the engine would read it as positive"
    if not _DURATION.fullmatch(text):
        return "不是ISO 8601时长，例如P10D、PT2H", "is not an ISO 8601 duration such as P10D or PT2H"
    return None
