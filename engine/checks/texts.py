"""Every FEEL text of a process: where it stands, which names it may read. Judges only what is no FEEL at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.checks.feel_trees import entries_of
from engine.checks.report import Page
from engine.checks.variables import NUMBERS, Variables
from engine.diagram import Element, Flow, Process
from engine.feel import FeelError

Text = tuple[str, str]
_FORMATS: Final = frozenset({"application/feel", "feel", "text/feel"})


@dataclass(frozen=True, slots=True)
class Told:
    """One text: where it is, what it is, and the names that are known there."""

    place: Element | Flow | Process
    what: Text
    text: str
    known: frozenset[str]


def texts_of(page: Page, variables: Variables) -> Iterator[Told]:
    """Every FEEL text of a process."""
    process = page.process
    case = variables.seen_by(page, None)
    if process.title:
        yield Told(process, ("事项标题", "case title"), process.title, case)
    if process.summary:
        yield Told(process, ("事项摘要", "case summary"), process.summary, case)
    for flow in process.flows.values():
        if flow.condition:
            source = process.elements.get(flow.source)
            known = variables.seen_by(page, source, inside=False) if source else case
            yield Told(flow, ("条件", "condition"), flow.condition, known)
    for element in process.elements.values():
        inside, outside = (variables.seen_by(page, element, inside=whether) for whether in (True, False))
        yield from (Told(element, what, text, inside) for what, text in _inner(page, element))
        yield from (Told(element, what, text, outside) for what, text in _outer(element))
        if element.loop is not None and element.loop.completion:
            yield Told(element, ("完成条件", "completion condition"), element.loop.completion, inside | NUMBERS)


def _inner(page: Page, element: Element) -> Iterator[tuple[Text, str]]:
    """What is evaluated at each instance."""
    if element.deadline is not None:
        yield ("办理期限", "deadline"), element.deadline.working_days
    yield from _people(element)
    for call in (element.operation, element.decision):
        for name, text in call.parameters if call is not None else ():
            yield (f"参数“{name}”", f"parameter “{name}”"), text
    if element.correlation.key:
        yield ("消息的对应键", "correlation key"), element.correlation.key
    if element.correlation.payload:
        yield ("消息的内容", "payload"), element.correlation.payload
    for event in element.events:
        if event.kind == "timer" and event.text.startswith("="):
            yield ("时间", "time"), event.text
        if event.kind == "conditional" and event.text:
            yield ("条件", "condition"), event.text
    if element.loop is not None and element.loop.condition:
        yield ("循环条件", "loop condition"), element.loop.condition
    if element.loop is not None and element.loop.output_item:
        yield ("单项结果", "output item"), element.loop.output_item
    if element.script is not None and _is_feel(page, element):
        yield ("脚本", "script"), element.script.text


def _people(element: Element) -> Iterator[tuple[Text, str]]:
    """What says since when it is asked, who is asked and told, and who stands aside."""
    if element.deadline is not None and element.deadline.since:
        yield ("期限起算", "start of the deadline"), element.deadline.since
    told = (*element.deadline.remind, *element.deadline.escalate) if element.deadline else ()
    asked = (*element.assignments, *told) if element.tag == "userTask" else ()
    for text in dict.fromkeys(one.when for one in asked if one.when):
        yield ("承办条件", "condition of an assignment"), text
    for text in element.not_actor_of_cases:
        yield ("须回避的事项", "case of those who stand aside"), text


def _outer(element: Element) -> Iterator[tuple[Text, str]]:
    """What is evaluated once, before there are instances."""
    if element.loop is not None and element.loop.cardinality:
        yield ("重复次数", "loop cardinality"), element.loop.cardinality
    if element.loop is not None and element.loop.collection:
        yield ("列表", "list"), element.loop.collection


def _is_feel(page: Page, element: Element) -> bool:
    """Whether a script is FEEL at all; then it is read like every other text."""
    script = element.script
    if script is None or script.format.strip().lower() not in _FORMATS:
        page.error(
            element,
            f"脚本任务的格式“{script.format if script else ''}”不受支持。",
            f"the script format “{script.format if script else ''}” is not supported.",
            ("请设为application/feel。", "Set it to application/feel."),
        )
        return False
    try:
        entries = entries_of(script.text)
    except FeelError:
        return True
    if entries is None:
        page.error(
            element,
            "脚本必须是一个FEEL上下文，例如{ 合计: sum(金额) }。",
            "a script must be one FEEL context, such as { total: sum(costs) }.",
        )
    return entries is not None
