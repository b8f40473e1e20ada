"""What a case does when the one that has opened it is called off: its diagram says, or nothing happens to it."""

from __future__ import annotations

from engine.checks.report import Page, named
from engine.diagram import PARENT_CALLED_OFF, Element
from engine.words import say

_THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})
_KEY = "=case.number"


def check_children(page: Page) -> None:
    """The message by which a case hears that the one which has opened it is called off."""
    found = [own for own in page.process.elements.values() if _is_named(own)]
    for element in found:
        if element.tag in _THROWS:
            what = say("消息“{name}”由系统发出，“{element}”不能使用。", name=PARENT_CALLED_OFF, element=named(element))
            page.error(element, what, say("请换一个消息名称。"))
        elif element.opens:
            what = say(
                "“{element}”不能由消息“{name}”发起：它只告知已有的事项。",
                name=PARENT_CALLED_OFF,
                element=named(element),
            )
            page.error(element, what, say("请用边界事件、事件子流程或中间捕获事件。"))
        elif element.correlation.key.replace(" ", "") not in {_KEY, _KEY[1:]}:
            what = say(
                "“{element}”等消息“{name}”，对应键应为本事项的编号。", name=PARENT_CALLED_OFF, element=named(element)
            )
            page.error(element, what, say('请写<gw:correlation key="=case.number"/>。'))
    opened = [own for own in page.process.elements.values() if own.opens and not own.for_each]
    if page.main and opened and not found:
        what = say("这个流程由别的事项发起；发起它的事项被撤回、撤销或终止时，它不会得知，照常办理。")
        hint = say("需要处理的，请加一个消息“{name}”的边界事件或事件子流程；不需要的不用改。", name=PARENT_CALLED_OFF)
        page.warn(opened[0], what, hint)


def _is_named(element: Element) -> bool:
    return any(event.kind == "message" and event.name == PARENT_CALLED_OFF for event in element.events)
