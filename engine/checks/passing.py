"""What call activities hand over and take back: declared at every call of a process or at none, once a name."""

from __future__ import annotations

from collections.abc import Iterable

from engine.checks.report import Page, named
from engine.words import say


def check_passing(pages: Iterable[Page]) -> None:
    """The declarations of all call activities of a folder. What their texts read is judged with the expressions."""
    calls: dict[str, set[bool]] = {}
    for page in pages:
        for element in page.process.elements.values():
            passes = element.passes
            if passes is not None and element.tag != "callActivity":
                what = say("“{name}”不调用流程，gw:input和gw:output在这里不起作用。", name=named(element))
                page.error(element, what, say("请删去，或改为调用一个流程的调用活动。"))
            elif element.tag == "callActivity" and element.called:
                kinds = calls.setdefault(element.called, set())
                kinds.add(passes is not None)
                if len(kinds) > 1:
                    what = say(
                        "流程“{called}”有的调用写明了传入传出（gw:input、gw:output），有的没有。", called=element.called
                    )
                    page.error(element, what, say("请在每一处调用都写明，或都不写。"))
                if passes is None:
                    what = say(
                        "调用活动“{name}”没有写明传入传出：被调用的流程能读、能改事项的全部变量。", name=named(element)
                    )
                    page.warn(element, what, say("请用gw:input、gw:output写明，此外的都不传。"))
            for names in (passes.inputs, passes.outputs) if passes is not None else ():
                for name in {one for one, _ in names if [own for own, _ in names].count(one) > 1}:
                    page.error(element, say("“{name}”写了两次。", name=name), say("请只留一个。"))
