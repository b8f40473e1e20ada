"""Gateways and conditions: every way out is decided, and no condition stands where it is ignored. Compiles nothing."""

from __future__ import annotations

from typing import Final

from engine.checks.report import Page, named
from engine.diagram import Element

_DECIDES: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
_PATIENT: Final = frozenset({"intermediateCatchEvent", "receiveTask"})


def check_gateways(page: Page) -> None:
    """Conditions and defaults of every element that flows leave."""
    for element in page.process.elements.values():
        if element.tag in _DECIDES:
            _check_deciding(page, element)
        else:
            _check_plain(page, element)
        if element.tag == "eventBasedGateway":
            _check_events(page, element)
        if element.tag.endswith("Gateway") and len(element.incoming) <= 1 and len(element.outgoing) <= 1:
            page.warn(element, "网关既不分支也不合并。", "this gateway neither splits nor joins.")


def _check_deciding(page: Page, gateway: Element) -> None:
    flows = page.out(gateway)
    if gateway.default and gateway.default not in gateway.outgoing:
        page.error(
            gateway,
            f"默认连线“{gateway.default}”不是从这个网关引出的。",
            f"the default flow “{gateway.default}” does not leave this gateway.",
        )
    if len(flows) == 1 and flows[0].condition and flows[0].id != gateway.default:
        page.error(
            flows[0],
            "网关只有这一条出路，却带有条件；条件不成立时事项会停住。",
            "the only way out of this gateway has a condition; the case stops when it is false.",
        )
    if len(flows) < 2:
        return
    for flow in flows:
        if flow.id == gateway.default:
            if flow.condition is not None:
                page.error(flow, "默认连线不能带条件。", "the default flow may have no condition.")
        elif not flow.condition:
            page.error(
                flow,
                f"从网关“{named(gateway)}”引出的连线没有条件，也不是默认连线。",
                f"this flow out of gateway “{gateway.id}” has no condition and is not the default.",
                ("请填写FEEL条件，或设为默认连线。", "Give it a FEEL condition or make it the default."),
            )
        if not flow.name[0]:
            page.warn(flow, "网关引出的连线没有名称，用户看不懂走向。", "a flow out of a gateway has no name.")
    if not gateway.default:
        page.warn(
            gateway,
            f"网关“{named(gateway)}”没有默认连线；各条件都不成立时办理会被拒绝。",
            f"gateway “{gateway.id}” has no default flow; when no condition is true, the act is refused.",
        )


def _check_plain(page: Page, element: Element) -> None:
    """SpiffWorkflow reads conditions of exclusive and inclusive gateways only, and ignores all others in silence."""
    for flow in page.out(element):
        if flow.condition is not None:
            page.error(
                flow,
                f"“{named(element)}”后面的条件不会被执行。",
                f"a condition on a flow out of “{element.id}” is never looked at.",
                ("请在后面放一个排他网关，把条件写在网关的连线上。", "Put an exclusive gateway after it."),
            )
    if element.default:
        page.error(element, "这里的默认连线不起作用。", "a default flow has no effect here.")


def _check_events(page: Page, gateway: Element) -> None:
    targets = [page.process.elements.get(flow.target) for flow in page.out(gateway)]
    timers = 0
    for target in targets:
        if target is None:
            continue
        timers += any(event.kind == "timer" for event in target.events)
        if target.tag not in _PATIENT:
            page.error(
                gateway,
                f"事件网关后面只能接捕获事件，不能接“{named(target)}”。",
                f"only catching events may follow an event-based gateway, not “{target.id}”.",
            )
        elif len(target.incoming) > 1:
            page.error(
                target,
                "事件网关后面的事件不能再有其他进入的连线。",
                "an event after an event-based gateway may have no other incoming flow.",
            )
    if timers > 1:
        page.error(
            gateway,
            "事件网关后面有两个以上的定时事件，它们会共用同一个时间。",
            "several timers follow this event-based gateway; they would share one time.",
            ("请只保留最早的一个定时。", "Keep only the earliest timer."),
        )
