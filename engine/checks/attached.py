"""What hangs on something else: boundary events, event sub-processes, transactions, the two ends of a link.

Knows no kind of event but those that such a place asks for.
"""

from __future__ import annotations

from collections import defaultdict

from engine.checks.graph import compensates, link_of
from engine.checks.report import Page, named
from engine.checks.soundness import ACTIVITIES
from engine.diagram import Element
from engine.words import say


def check_attached(page: Page) -> None:
    """Boundary events, event sub-processes, transactions and links of a process."""
    for element in page.process.elements.values():
        if element.tag == "boundaryEvent":
            _check_boundary(page, element)
        if element.event_triggered:
            _check_event_sub_process(page, element)
        if any(event.kind == "cancel" for event in element.events):
            _check_cancel(page, element)
        if element.tag == "transaction":
            _check_transaction(page, element)
    _check_links(page)


def _check_boundary(page: Page, event: Element) -> None:
    host = page.process.elements.get(event.attached_to or "")
    if host is None or host.tag not in ACTIVITIES or host.parent != event.parent:
        page.error(
            event,
            say("边界事件没有附在任务上（attachedToRef=“{attached_to}”）。", attached_to=event.attached_to or ""),
            say("请拖到任务或子流程的边上。"),
        )
    elif host.event_triggered or host.compensation:
        what = say("事件子流程") if host.event_triggered else say("补偿活动")
        page.error(
            event,
            say("{what}“{name}”上不能有边界事件。", what=what, name=named(host)),
            say("请删去这个边界事件，或改附在普通环节上。"),
        )
    if not event.outgoing and not compensates(event):
        page.error(
            event,
            say("边界事件“{name}”没有引出连线，触发后不知往哪里走。", name=named(event)),
            say("请从它画一条连线，接到触发后要办的环节。"),
        )


def _check_event_sub_process(page: Page, element: Element) -> None:
    if element.incoming or element.outgoing:
        page.error(
            element,
            say("事件子流程“{name}”不能有连线，它由事件触发。", name=named(element)),
            say("请删去连到它和从它引出的连线；去掉triggeredByEvent则成为普通子流程。"),
        )
    if element.tag != "subProcess" or element.compensation:
        what = (
            say("“{name}”不能同时是事件子流程和补偿活动。")
            if element.compensation
            else say("“{name}”不能同时是事件子流程和事务。")
        )
        page.error(element, what.about(name=named(element)), say("请去掉triggeredByEvent，或只留事件子流程。"))


def _check_cancel(page: Page, element: Element) -> None:
    """Cancel events belong to a transaction (BPMN 2.0, 10.5.1): thrown directly in it, caught on its edge."""
    elements = page.process.elements
    if element.tag == "endEvent":
        outer = elements.get(element.parent or "")
        good = outer is not None and outer.tag == "transaction"
        what = say("取消结束事件只能直接放在事务子流程里。")
    else:
        host = elements.get(element.attached_to or "")
        good = element.tag != "boundaryEvent" or (host is not None and host.tag == "transaction")
        what = say("取消边界事件只能附在事务子流程上。")
    if not good:
        page.error(element, what, say("请移到事务子流程上（里），或改为错误事件。"))


def _check_transaction(page: Page, element: Element) -> None:
    inside = [own for own in page.of("endEvent") if own.parent == element.id and _cancels(own)]
    outside = [own for own in page.of("boundaryEvent") if own.attached_to == element.id and _cancels(own)]
    if inside and not outside:
        page.error(
            inside[0],
            say("事务“{name}”可以取消，却没有取消边界事件，取消后不知往哪里走。", name=named(element)),
            say("请在事务的边上加一个取消边界事件。"),
        )
    if outside and not inside:
        page.warn(
            outside[0],
            say("事务“{name}”里没有取消结束事件，这个边界事件永远不会触发。", name=named(element)),
            say("请在事务里放一个取消结束事件，或删去这个边界事件。"),
        )


def _cancels(element: Element) -> bool:
    return any(event.kind == "cancel" for event in element.events)


def _check_links(page: Page) -> None:
    """Every link has one target, and every target a source, in one scope (BPMN 2.0, 10.5.1)."""
    ends: dict[tuple[str | None, str], list[Element]] = defaultdict(list)
    for element in page.of("intermediateThrowEvent", "intermediateCatchEvent"):
        name = link_of(element)
        if name is not None and not name.strip():
            page.error(element, say("链接事件没有名称，找不到另一端。"), say("请给发出和接收的两端填写同一个名称。"))
        elif name is not None:
            ends[element.parent, name].append(element)
            _check_sides(page, element)
    for (_, name), elements in ends.items():
        _check_pair(page, name, elements)


def _check_sides(page: Page, element: Element) -> None:
    if element.tag == "intermediateThrowEvent" and element.outgoing:
        page.error(element, say("发出链接的事件不能有引出的连线。"), say("请把后面的环节接到同名的接收链接事件上。"))
    if element.tag == "intermediateCatchEvent" and element.incoming:
        page.error(element, say("接收链接的事件不能有进入的连线。"), say("请把前面的环节接到同名的发出链接事件上。"))


def _check_pair(page: Page, name: str, elements: list[Element]) -> None:
    throws = [element for element in elements if element.tag == "intermediateThrowEvent"]
    catches = [element for element in elements if element.tag == "intermediateCatchEvent"]
    if not catches:
        page.error(
            throws[0],
            say("链接“{name}”没有接收的一端。", name=name),
            say("请在同一流程（或子流程）里放一个同名的接收链接事件。"),
        )
    elif not throws:
        page.error(
            catches[0],
            say("没有任何环节发出链接“{name}”。", name=name),
            say("请放一个同名的发出链接事件，或删去这一端。"),
        )
    for extra in catches[1:]:
        page.error(
            extra,
            say("链接“{name}”有几个接收端，只能有一个。", name=name),
            say("请只留一个接收端，其余改名或改成连线。"),
        )
