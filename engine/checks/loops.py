"""Repeated activities: multi-instance and standard loops say how often, over what, and what comes of it."""

from __future__ import annotations

from engine.checks.report import Page, named
from engine.checks.variables import NAME
from engine.diagram import Element, Loop


def check_loops(page: Page) -> None:
    """Every repeated activity of a process."""
    for element in page.process.elements.values():
        if element.loop is None:
            continue
        if element.event_triggered:
            page.error(
                element,
                f"事件子流程“{named(element)}”不能设为多实例或循环。",
                f"the event sub-process “{element.id}” may not be repeated.",
            )
        if element.loop.standard:
            _check_standard(page, element, element.loop)
        else:
            _check_times(page, element, element.loop)
            _check_items(page, element, element.loop)


def _check_standard(page: Page, element: Element, loop: Loop) -> None:
    if loop.maximum and not (loop.maximum.isascii() and loop.maximum.isdecimal() and int(loop.maximum) > 0):
        page.error(
            element,
            f"循环的最多次数“{loop.maximum}”应为正整数。",
            f"loopMaximum “{loop.maximum}” must be a whole number, at least 1.",
        )
    if not loop.condition and not loop.maximum:
        page.error(
            element,
            f"循环“{named(element)}”没有写明何时停止。",
            f"the loop “{element.id}” says not when it stops.",
            ("请填写循环条件或最多次数。", "Give a loop condition or loopMaximum."),
        )


def _check_times(page: Page, element: Element, loop: Loop) -> None:
    """A number or a list, not both nor none (BPMN 2.0, table 10.31)."""
    if loop.cardinality and loop.collection:
        page.error(
            element,
            f"多实例“{named(element)}”同时写了重复次数和列表，只能用一种。",
            f"the multi-instance “{element.id}” gives both a number and a list; only one may be.",
        )
    elif not loop.cardinality and not loop.collection:
        page.error(
            element,
            f"多实例“{named(element)}”没有写明办几次（loopCardinality）或对哪个列表逐项办理（loopDataInputRef）。",
            f"the multi-instance “{element.id}” has neither a loopCardinality nor a loopDataInputRef.",
            ("请填写次数或列表。", "Give a number or a list."),
        )
    number = loop.cardinality.removeprefix("=").strip()
    if number.lstrip("-").replace(".", "", 1).isdecimal() and not number.isdecimal():
        page.error(
            element,
            f"多实例的次数“{number}”应为整数，且不小于0。",
            f"the number “{number}” of instances must be whole and not negative.",
        )


def _check_items(page: Page, element: Element, loop: Loop) -> None:
    if loop.item and not loop.collection:
        page.error(
            element,
            f"多实例“{named(element)}”有单项变量“{loop.item}”，却没有列表。",
            f"the multi-instance “{element.id}” names an item “{loop.item}” but no list.",
        )
    if bool(loop.output) != bool(loop.output_item):
        page.error(
            element,
            f"多实例“{named(element)}”的结果列表和单项结果要么都写，要么都不写。",
            f"the multi-instance “{element.id}” needs both loopDataOutputRef and outputDataItem, or none.",
        )
    if loop.output_item and not NAME.fullmatch(loop.output_item):
        page.error(
            element,
            f"多实例的单项结果“{loop.output_item}”不是变量名。",
            f"outputDataItem “{loop.output_item}” is no name of a variable.",
        )
