"""What puts a case in order that somebody calls off: it ends at once, and nothing else throws its error.

Whoever withdraws, cancels or terminates a case waits for it, so nothing in there may wait for a person or an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.checks.report import Page, named
from engine.diagram import CALLED_OFF, Element
from engine.words import say

_WAITS: Final = frozenset({
    "userTask", "manualTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity",
})  # fmt: skip


def check_called_off(page: Page) -> None:
    """Every event of a process with the code of a case that is called off."""
    handlers = [own for own in page.process.elements.values() if _coded(own)]
    for element in handlers:
        _check_place(page, element)
    if len(handlers) > 1:
        page.error(
            handlers[1],
            say("撤销善后（错误代码“{code}”）只能有一个。", code=CALLED_OFF),
            say("请把几个善后合并到一个事件子流程里。"),
        )


def _coded(element: Element) -> bool:
    return any(event.kind in {"error", "escalation"} and event.code == CALLED_OFF for event in element.events)


def _check_place(page: Page, element: Element) -> None:
    outer = page.process.elements.get(element.parent or "")
    starts = element.tag == "startEvent" and outer is not None and outer.event_triggered and outer.parent is None
    if not starts or not page.main or element.event is None or element.event.kind != "error":
        page.error(
            element,
            say(
                "错误代码“{code}”由系统在事项被撤回、撤销或者终止时抛出，“{name}”不能使用。",
                code=CALLED_OFF,
                name=named(element),
            ),
            say("请把它用作流程最外层的事件子流程的开始事件。"),
        )
        return
    assert outer is not None
    for inner in _inside(page, outer):
        if inner.tag in _WAITS or inner.attached_to:
            page.error(
                inner,
                say("事项被撤销时的善后须一次办完，“{name}”会停下来等待。", name=named(inner)),
                say("请只用系统任务、规则、脚本、网关和抛出事件。"),
            )


def _inside(page: Page, scope: Element) -> Iterator[Element]:
    for element in page.process.elements.values():
        if element.parent == scope.id:
            yield element
            yield from _inside(page, element)
