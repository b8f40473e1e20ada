"""The shape of a process: where it begins and ends, that every element lies on a way between. Knows no extension."""

from __future__ import annotations

from typing import Final

from engine.checks.graph import compensates, cycles, followers, link_of, reach, scopes, turned, unpaired
from engine.checks.report import Page, named
from engine.diagram import Element, Flow
from engine.diagram.notes import SUB_PROCESSES, UNNAMED
from engine.words import listed, say

MAX_NODES: Final = 200
"""Flow nodes of one process: more than this nobody oversees, and checking takes its time."""

ACTIVITIES: Final = frozenset({
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
    "callActivity", "subProcess", "transaction", "adHocSubProcess",
})  # fmt: skip
_WAITS: Final = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})


def small_enough(page: Page) -> bool:
    """Whether the process can be walked at all; a larger one is refused and looked at no further."""
    nodes, flows = len(page.process.elements), len(page.process.flows)
    if nodes <= MAX_NODES and flows <= 2 * MAX_NODES:
        return True
    page.error(
        page.process,
        say(
            "流程有{nodes}个环节、{flows}条连线，超过上限（{most}个环节、{most2}条连线）。",
            nodes=nodes,
            flows=flows,
            most=MAX_NODES,
            most2=2 * MAX_NODES,
        ),
        say("请拆成几个流程。"),
    )
    return False


def check_soundness(page: Page) -> None:
    """Starts, ends, references and reachability of a process and of its sub-processes."""
    for flow in page.process.flows.values():
        _check_flow(page, flow)
    for scope, elements in scopes(page).items():
        if scope is None or page.process.elements[scope].tag != "adHocSubProcess":  # it has neither
            _check_ends(page, scope, elements)
            _check_reach(page, elements)
    for element in page.process.elements.values():
        _check_sides(page, element)
    _check_endless(page)


def _check_flow(page: Page, flow: Flow) -> None:
    source, target = (page.process.elements.get(own) for own in (flow.source, flow.target))
    for own, found in ((flow.source, source), (flow.target, target)):
        if found is None:
            page.error(
                flow,
                say("连线指向不存在的元素“{own}”（或在另一个流程里）。", own=own),
                say("请在建模工具里把连线重新接到环节上。"),
            )
    if source and target and not source.parent == target.parent == flow.parent:
        page.error(
            flow,
            say(
                "连线从“{source}”到“{target}”，跨越了子流程的边界。",
                source=named(source),
                target=named(target),
            ),
            say("请接到子流程本身。"),
        )


def _check_ends(page: Page, scope: str | None, elements: list[Element]) -> None:
    at = page.process if scope is None else page.process.elements[scope]
    where = say("流程") if scope is None else say("子流程“{name}”", name=named(at))
    starts = [element for element in elements if element.tag == "startEvent" or element.instantiate]
    if not starts:
        page.error(at, say("{where}没有开始事件。", where=where), say("请放一个开始事件，并连到第一个环节。"))
    for extra in [element for element in starts if not element.opens][1:]:
        page.error(
            extra,
            say("{where}只能有一个开始事件。", where=where),
            say("几个入口请画成一个开始事件加网关。"),
        )
    if not any(element.tag == "endEvent" for element in elements):
        page.error(
            at,
            say("{where}没有结束事件，事项不会办结。", where=where),
            say("请在每条路径的末尾放一个结束事件。"),
        )


def _check_reach(page: Page, elements: list[Element]) -> None:
    edges = followers(page, elements)
    aside = [own.id for own in elements if own.event_triggered or own.compensation or compensates(own)]  # no flows
    aside += unpaired(elements)  # told with the links
    aside += [element.id for element in elements if UNNAMED in element.id]  # told with the ids
    starts = [*aside, *(own.id for own in elements if own.tag == "startEvent" or own.instantiate)]
    ends = [*aside, *(element.id for element in elements if element.tag == "endEvent")]
    reached = reach(edges, starts)
    ending = reach(turned(edges), ends)
    for element in elements:
        if starts and element.id not in reached:
            page.error(
                element,
                say("从开始事件走不到“{name}”。", name=named(element)),
                say("请从前面的环节画一条连线到它，或删去它。"),
            )
        elif ends and element.id not in ending:
            page.error(
                element, say("从“{name}”走不到任何结束事件。", name=named(element)), say("请从它画一条路径到结束事件。")
            )


def _check_sides(page: Page, element: Element) -> None:
    """Flows on a side where there may be none, or too many."""
    if element.tag in {"startEvent", "boundaryEvent"} and element.incoming:
        page.error(element, say("这个事件不能有进入的连线。"), say("请删去进入的连线；要回到前面，请接到前面的环节。"))
    if element.tag == "endEvent" and element.outgoing:
        page.error(element, say("结束事件不能有引出的连线。"), say("请删去连线，或把它改为中间事件。"))
    plain = [flow for flow in page.out(element) if flow.condition is None and flow.id != element.default]
    if not element.tag.endswith("Gateway") and len(plain) > 1:
        page.warn(
            element,
            say(
                "“{name}”引出了{count}条没有条件的连线，它们会同时走。",
                name=named(element),
                count=len(plain),
            ),
            say("如果只走一条，请在后面放一个排他网关。"),
        )
    for many, flows in ((element.start_quantity, element.incoming), (element.completion_quantity, element.outgoing)):
        if many > 1 and not flows:
            page.error(
                element,
                say("“{name}”写明了令牌数量{many}，却没有这一侧的连线。", name=named(element), many=many),
                say("请去掉startQuantity或completionQuantity。"),
            )
    if element.tag in SUB_PROCESSES and not any(own.parent == element.id for own in page.process.elements.values()):
        page.error(element, say("子流程是空的。"), say("请在里面画出环节，或改为任务。"))


def _check_endless(page: Page) -> None:
    """A round with nothing to wait for runs until the guards of the engine stop it, and the act fails."""
    elements = page.process.elements

    def hurries(own: str) -> bool:
        return not _waits(elements[own]) and not _waits_inside(page, elements[own])

    for group in cycles(followers(page, elements.values()), hurries):
        names = listed(named(elements[own]) for own in group)
        page.error(
            elements[group[0]],
            say("“{names}”形成没有人工环节的自动循环。", names=names),
            say("请用FEEL一次算出结果，或在循环中加入用户任务或等待的事件。"),
        )


def _waits(element: Element) -> bool:
    return element.tag in _WAITS and link_of(element) is None


def _waits_inside(page: Page, element: Element, around: frozenset[str] = frozenset()) -> bool:
    """Whether a sub-process or called process has something to wait for on every way through it."""
    if element.tag not in SUB_PROCESSES | {"callActivity"} or element.called in around:
        return False
    if element.ad_hoc is not None:
        return True
    inner_page, inner = page.inside(element)
    around |= {element.called} if element.called else frozenset()
    waits = [e.id for e in inner if _waits(e) or _waits_inside(inner_page, e, around)]
    passed = reach(followers(inner_page, inner), [e.id for e in inner if e.tag == "startEvent"], without=waits)
    return bool(inner) and not any(e.tag == "endEvent" and e.id in passed for e in inner)
