"""Gateways and conditions: every way out is decided, and no condition stands where it is ignored. Compiles nothing."""

from __future__ import annotations

from typing import Final

from engine.checks.graph import link_of
from engine.checks.report import Page, named
from engine.checks.soundness import ACTIVITIES
from engine.diagram import Element
from engine.errors import Fix
from engine.words import say

DECIDES: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
"""Gateways that ask conditions."""
_PATIENT: Final = frozenset({"intermediateCatchEvent", "receiveTask"})


def check_gateways(page: Page) -> None:
    """Conditions and defaults of every element that flows leave."""
    for element in page.process.elements.values():
        if element.tag in DECIDES:
            _check_deciding(page, element)
        elif element.tag in ACTIVITIES:
            _check_activity(page, element)
        elif element.tag == "complexGateway":
            _check_complex(page, element)
        else:
            _check_undecided(page, element)
        if element.tag == "eventBasedGateway":
            _check_event_based(page, element)
        if element.tag.endswith("Gateway") and len(element.incoming) <= 1 and len(element.outgoing) <= 1:
            page.warn(element, say("网关既不分支也不合并。"), say("可以删去这个网关，直接连线。"))


def _check_deciding(page: Page, gateway: Element) -> None:
    flows = page.out(gateway)
    if gateway.default and gateway.default not in gateway.outgoing:
        page.error(
            gateway,
            say("默认连线“{default}”不是从这个网关引出的。", default=gateway.default),
            say("请在网关引出的连线中重新选默认连线。"),
        )
    if len(flows) == 1 and flows[0].condition and flows[0].id != gateway.default:
        page.error(
            flows[0],
            say("网关只有这一条出路，却带有条件；条件不成立时事项会停住。"),
            say("请删去条件，或再画一条默认连线。"),
        )
    if len(flows) < 2:
        return
    plain = [flow for flow in flows if not flow.condition]
    for flow in flows:
        if flow.id == gateway.default:
            if flow.condition is not None:
                page.error(flow, say("默认连线不能带条件。"), say("请删去条件，或取消默认设置。"))
        elif not flow.condition:
            page.error(
                flow,
                say("从网关“{name}”引出的连线没有条件，也不是默认连线。", name=named(gateway)),
                say("请填写FEEL条件，或设为默认连线。"),
                fix=None if gateway.default or len(plain) > 1 else Fix(gateway.id, "default", (("flow", flow.id),)),
            )
        if not flow.name[0]:
            page.warn(flow, say("网关引出的连线没有名称，用户看不懂走向。"), say("请给连线写上名称，例如“同意”。"))


def _check_activity(page: Page, element: Element) -> None:
    """Conditions on flows out of an activity or event: all that are true are taken (BPMN 2.0, 8.4.13)."""
    flows = page.out(element)
    if element.default and element.default not in element.outgoing:
        page.error(
            element,
            say("默认连线“{flow}”不是从这里引出的。", flow=element.default),
            say("请在这里引出的连线中重新选默认连线。"),
        )
    for flow in flows:
        if flow.condition is not None and flow.id == element.default:
            page.error(flow, say("默认连线不能带条件。"), say("请删去条件，或取消默认设置。"))
        elif flow.condition == "":
            page.error(flow, say("条件是空的。"), say("请填写FEEL条件。"))
    if element.default and all(flow.id == element.default for flow in flows):
        page.error(element, say("只有一条连线时，默认连线不起作用。"), say("请去掉默认设置，或再画一条带条件的连线。"))


def _check_complex(page: Page, gateway: Element) -> None:
    """A complex gateway that joins says when it goes on (BPMN 2.0, 13.4.5)."""
    name = named(gateway)
    if len(gateway.incoming) > 1 and not gateway.activation:
        page.error(
            gateway,
            say("复杂网关“{name}”没有写明何时通过（activationCondition）。", name=name),
            say("例如 activationCount >= 2：有两条进入的连线到了就通过。"),
        )
    elif len(gateway.incoming) <= 1 and gateway.activation:
        page.error(
            gateway,
            say("复杂网关“{name}”只有一条进入的连线，激活条件不起作用。", name=name),
            say("请删去activationCondition。"),
        )
    _check_activity(page, gateway)


def _check_undecided(page: Page, element: Element) -> None:
    """Parallel and event-based gateways, and events, take their flows without asking."""
    for flow in page.out(element):
        if flow.condition is not None:
            page.error(
                flow,
                say("“{name}”后面的条件不会被执行。", name=named(element)),
                say("请在后面放一个排他网关，把条件写在网关的连线上。"),
            )
    if element.default:
        page.error(element, say("这里的默认连线不起作用。"), say("请去掉默认设置；需要判断时请放一个排他网关。"))


def _check_event_based(page: Page, gateway: Element) -> None:
    """Each way out of an event-based gateway begins with something to wait for (BPMN 2.0, 10.6.6)."""
    flows = page.out(gateway)
    tags = {target.tag for flow in flows if (target := page.process.elements.get(flow.target)) and target.events
            and (target.tag == "receiveTask" or target.events[0].kind == "message")}  # fmt: skip
    if len(tags) > 1:
        page.error(
            gateway,
            say("事件网关后面不能既有接收任务又有消息事件，只能用一种。"),
            say("请都改为消息事件。"),
        )
    if len(flows) < 2:
        page.error(
            gateway,
            say("事件网关“{name}”至少要有两条出路。", name=named(gateway)),
            say("请再接一个等待的事件，或去掉这个网关。"),
        )
    for flow in flows:
        target = page.process.elements.get(flow.target)
        if target is None:
            continue
        if target.tag not in _PATIENT or link_of(target) is not None:
            page.error(
                gateway,
                say("事件网关后面只能接等待的事件或接收任务，不能接“{name}”。", name=named(target)),
                say("请在中间放一个等待的事件，或改用排他网关。"),
            )
        elif len(target.incoming) > 1:
            page.error(target, say("事件网关后面的事件不能再有其他进入的连线。"), say("请给另一条路单独画一个事件。"))
        elif target.loop is not None or any(own.attached_to == target.id for own in page.of("boundaryEvent")):
            page.error(
                target,
                say("事件网关后面的接收任务“{name}”不能重复，也不能有边界事件。", name=named(target)),
                say("请去掉重复和边界事件，或把它放进后面的环节。"),
            )
