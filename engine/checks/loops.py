"""Repeated activities: multi-instance and standard loops say how often, over what, and what comes of it."""

from __future__ import annotations

from typing import Final

from engine.checks.events import KIND_NAMES, check_said
from engine.checks.report import Page, named
from engine.checks.variables import NAME
from engine.diagram import Element, Loop
from engine.words import listed, say

_THROWN: Final = ("signal", "escalation", "error")
"""What an instance may throw when it is done: what a boundary event of the activity catches."""


def check_loops(page: Page) -> None:
    """Every repeated activity of a process."""
    for element in page.process.elements.values():
        if element.loop is None:
            continue
        if element.event_triggered:
            page.error(
                element,
                say("事件子流程“{name}”不能设为多实例或循环。", name=named(element)),
                say("请去掉重复设置，把重复放在里面的环节上。"),
            )
        if element.loop.standard:
            _check_standard(page, element, element.loop)
        else:
            _check_times(page, element, element.loop)
            _check_items(page, element, element.loop)
            _check_thrown(page, element, element.loop)


def _check_standard(page: Page, element: Element, loop: Loop) -> None:
    if loop.maximum and not (loop.maximum.isascii() and loop.maximum.isdecimal() and int(loop.maximum) > 0):
        page.error(
            element, say("循环的最多次数“{maximum}”应为正整数。", maximum=loop.maximum), say("请改为正整数，例如3。")
        )
    if not loop.condition and not loop.maximum:
        page.error(
            element,
            say("循环“{name}”没有写明何时停止。", name=named(element)),
            say("请填写循环条件或最多次数。"),
        )


def _check_times(page: Page, element: Element, loop: Loop) -> None:
    """A number or a list, not both nor none (BPMN 2.0, table 10.31)."""
    if loop.cardinality and loop.collection:
        page.error(
            element,
            say("多实例“{name}”同时写了重复次数和列表，只能用一种。", name=named(element)),
            say("请只留loopCardinality或loopDataInputRef。"),
        )
    elif not loop.cardinality and not loop.collection:
        page.error(
            element,
            say(
                "多实例“{name}”没有写明办几次（loopCardinality）或对哪个列表逐项办理（loopDataInputRef）。",
                name=named(element),
            ),
            say("请填写次数或列表。"),
        )
    number = loop.cardinality.removeprefix("=").strip()
    if number.lstrip("-").replace(".", "", 1).isdecimal() and not number.isdecimal():
        page.error(
            element,
            say("多实例的次数“{number}”应为整数，且不小于0。", number=number),
            say("请改为整数，或写FEEL，例如=count(名单)。"),
        )


def _check_thrown(page: Page, element: Element, loop: Loop) -> None:
    """What instances throw when they are done can be caught, and says when it is thrown."""
    if loop.behavior != "All" and not loop.throws:
        page.error(
            element,
            say("多实例“{name}”的behavior=“{behavior}”没有指明事件。", name=named(element), behavior=loop.behavior),
            say("请指明要抛出的事件；只在全部完成后继续的，去掉behavior。"),
        )
    for condition, event in loop.throws:
        if event.kind not in _THROWN:
            page.error(
                element,
                say("多实例“{name}”不能抛出{kind}事件。", name=named(element), kind=KIND_NAMES[event.kind]),
                say(
                    "可用：{kinds}。要发消息，请在边界事件后用发送任务。",
                    kinds=listed(KIND_NAMES[one] for one in _THROWN),
                ),
            )
        check_said(page, element, event, thrown=True)
        if loop.behavior == "Complex" and not condition:
            page.error(
                element,
                say("多实例“{name}”没有写明何时抛出事件（condition）。", name=named(element)),
                say("请在complexBehaviorDefinition里填写condition。"),
            )


def _check_items(page: Page, element: Element, loop: Loop) -> None:
    if loop.item and not loop.collection:
        page.error(
            element,
            say("多实例“{name}”有单项变量“{item}”，却没有列表。", name=named(element), item=loop.item),
            say("请用loopDataInputRef写明列表，或删去inputDataItem。"),
        )
    if bool(loop.output) != bool(loop.output_item):
        page.error(
            element,
            say("多实例“{name}”的结果列表和单项结果要么都写，要么都不写。", name=named(element)),
            say("请补上loopDataOutputRef和outputDataItem中缺的一个，或都删去。"),
        )
    if loop.output_item and not NAME.fullmatch(loop.output_item):
        page.error(
            element,
            say("多实例的单项结果“{output_item}”不是变量名。", output_item=loop.output_item),
            say("请写一个变量名：文字、数字和下划线，不以数字开头。"),
        )
