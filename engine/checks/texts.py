"""Every FEEL text of a process: where it stands, which names it may read. Judges only what is no FEEL at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.checks.feel_trees import entries_of
from engine.checks.report import Page
from engine.checks.translate import script_as_feel
from engine.checks.variables import NUMBERS, Variables
from engine.diagram import Element, Flow, Process
from engine.feel import FeelError, compile_expression
from engine.words import Words, say

OPENING: Final = frozenset({"message", "sender"})
"""What is known when a message or a signal opens a case: what it carries, and the case that has thrown it."""
_FORMATS: Final = frozenset({"application/feel", "feel", "text/feel"})


@dataclass(frozen=True, slots=True)
class Told:
    """One text: where it is, what it is, and the names that are known there."""

    place: Element | Flow | Process
    what: Words
    text: str
    known: frozenset[str]


def texts_of(page: Page, variables: Variables) -> Iterator[Told]:
    """Every FEEL text of a process."""
    process = page.process
    case = variables.seen_by(page, None)
    yield from _of_process(process, case)
    for flow in process.flows.values():
        if flow.condition:
            source = process.elements.get(flow.source)
            known = variables.seen_by(page, source, inside=False) if source else case
            starts = source is not None and source.tag == "complexGateway"
            yield Told(flow, say("条件"), flow.condition, known | {"waitingForStart"} if starts else known)
    for element in process.elements.values():
        inside, outside = (variables.seen_by(page, element, inside=whether) for whether in (True, False))
        yield from (Told(element, what, text, inside) for what, text in _inner(page, element))
        yield from (Told(element, what, text, outside) for what, text in _outer(element))
        if element.activation:
            names = {"activationCount", *element.incoming}
            yield Told(element, say("激活条件"), element.activation, outside | names)
        yield from _opening(element)
        yield from _passing(page, element, variables)
        yield from _public(element, inside)
        if element.loop is not None and element.loop.completion:
            yield Told(element, say("完成条件"), element.loop.completion, inside | NUMBERS)
        for condition, _ in element.loop.throws if element.loop is not None else ():
            if condition:
                yield Told(element, say("抛出事件的条件"), condition, inside | NUMBERS)


def _opening(element: Element) -> Iterator[Told]:
    """What says for whom and in whose name a case begins that no person starts, and for what a time begins one."""
    known, each = OPENING, element.for_each
    if each is not None:
        known = frozenset({each.result, each.round} - {""})
        if each.when:
            yield Told(element, say("为哪些发起的条件"), each.when, known | _names(each.when))
    if element.opening is not None:
        yield Told(element, say("为哪个单位发起"), element.opening.organisation, known)
        if element.opening.starter:
            yield Told(element, say("以谁的名义发起"), element.opening.starter, known)


def _public(element: Element, known: frozenset[str]) -> Iterator[Told]:
    """What everybody may read, and from when to when; the columns of a table know the row."""
    public = element.public
    for text in public.texts() if public is not None else ():
        yield Told(element, say("公开页面"), text, known)
    for one in public.shown if public is not None else ():
        yield Told(element, say("公开的“{name}”", name=one.name[0] or "/".join(one.path)), one.value, known)
        for column in one.columns:
            where = say("公开的“{name}”", name=column.name[0] or "/".join(column.path))
            yield Told(element, where, column.value, known | {"item"})


def _passing(page: Page, element: Element, variables: Variables) -> Iterator[Told]:
    """What a call activity hands over, read where it stands; and what it takes back, read in the called process."""
    passes, called = element.passes, page.others.get(element.called or "")
    if passes is None or called is None:
        return
    for name, text in passes.inputs:
        yield Told(element, say("传入“{name}”", name=name), text, variables.seen_by(page, element))
    for name, text in passes.outputs:
        yield Told(element, say("传出“{name}”", name=name), text, variables.seen_by(called, None))


def _names(text: str) -> frozenset[str]:
    """Fields of a register or of organisations, which are not known here (``engine.checks.registers``)."""
    try:
        expression = compile_expression(text)
    except FeelError:
        return frozenset()
    return frozenset(expression.names | expression.perhaps)


def _of_process(process: Process, case: frozenset[str]) -> Iterator[Told]:
    """What is said of a case as a whole."""
    if process.title:
        yield Told(process, say("事项标题"), process.title, case)
    if process.summary:
        yield Told(process, say("事项摘要"), process.summary, case)
    for column in process.columns:
        yield Told(process, say("列表列“{name}”", name=column.id), column.value, case)
    for concern in process.concerns:
        yield Told(process, say("涉及的台账记录"), concern.records, case)


def _inner(page: Page, element: Element) -> Iterator[tuple[Words, str]]:
    """What is evaluated at each instance."""
    if element.deadline is not None:
        yield say("办理期限"), element.deadline.working_days
    yield from _people(element)
    yield from _sealing(element)
    for call in (element.operation, element.decision):
        for name, text in call.parameters if call is not None else ():
            yield say("参数“{name}”", name=name), text
    if element.correlation.key and not element.opens:
        yield say("消息的对应键"), element.correlation.key
    if element.correlation.payload:
        yield say("消息的内容"), element.correlation.payload
    for event in element.events:
        if event.kind == "timer" and event.text.startswith("=") and not element.opens:
            yield say("时间"), event.text
        if event.kind == "conditional" and event.text:
            yield say("条件"), event.text
    yield from _until(element)
    if element.loop is not None and element.loop.output_item:
        yield say("单项结果"), element.loop.output_item
    if element.script is not None and _is_feel(page, element):
        yield say("脚本"), element.script.text


def _sealing(element: Element) -> Iterator[tuple[Words, str]]:
    """What says to which key is sealed or opened, and until or from when."""
    sealed, unseal = element.sealing.sealed, element.sealing.unseal
    if sealed is not None:
        yield from ((say("密封的密钥"), sealed.key), (say("密封提交的截止时刻"), sealed.until))
    if unseal is not None:
        yield from ((say("开启的密钥"), unseal.key), (say("开启的时刻"), unseal.at))


def _until(element: Element) -> Iterator[tuple[Words, str]]:
    """What says how long it goes on."""
    if element.ad_hoc is not None and element.ad_hoc.condition:
        yield say("完成条件"), element.ad_hoc.condition
    if element.loop is not None and element.loop.condition:
        yield say("循环条件"), element.loop.condition


def _people(element: Element) -> Iterator[tuple[Words, str]]:
    """What says since when it is asked, who is asked and told, and who stands aside."""
    if element.deadline is not None and element.deadline.since:
        yield say("期限起算"), element.deadline.since
    told = (*element.deadline.remind, *element.deadline.escalate) if element.deadline else ()
    asked = (*element.assignments, *told) if element.tag == "userTask" else ()
    for text in dict.fromkeys(one.when for one in asked if one.when):
        yield say("承办条件"), text
    for text in dict.fromkeys(one.of for one in asked if one.of):
        yield say("按数据确定的办理人"), text
    for text in element.not_actor_of_cases:
        yield say("须回避的事项"), text
    for text in element.not_people:
        yield say("须回避的人员"), text


def _outer(element: Element) -> Iterator[tuple[Words, str]]:
    """What is evaluated once, before there are instances."""
    if element.loop is not None and element.loop.cardinality:
        yield say("重复次数"), element.loop.cardinality
    if element.loop is not None and element.loop.collection:
        yield say("列表"), element.loop.collection


def _as_script(text: str) -> Words:
    """What to write instead of a script of assignments in another language."""
    proposed = script_as_feel(text)
    if proposed is None:
        return say("请设为application/feel，写成“{{ 变量: 式子 }}”。")
    return say("请设为application/feel，写成：{proposed}", proposed=proposed)


def _is_feel(page: Page, element: Element) -> bool:
    """Whether a script is FEEL at all; then it is read like every other text."""
    script = element.script
    if script is None or script.format.strip().lower() not in _FORMATS:
        page.error(
            element,
            say("脚本任务的格式“{format}”不受支持。", format=script.format if script else ""),
            _as_script(script.text if script else ""),
        )
        return False
    try:
        entries = entries_of(script.text)
    except FeelError:
        return True
    if entries is None:
        page.error(
            element,
            say("脚本必须是一个FEEL上下文，例如{{ 合计: sum(金额) }}。"),
            say("请写成“{{ 变量: 式子 }}”，每个变量一项。"),
        )
    return entries is not None
