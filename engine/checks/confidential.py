"""What is confidential until an event (``gw:confidential``) is told nowhere before: the check refuses what would tell.

Titles, summaries, columns and concerned records are read by everybody at any time. Messages, registers, notifications,
papers and other cases take what they are given. Deadlines, forms, ways and choices of who acts show what they are
made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from engine.checks.deciding import deciding
from engine.checks.report import Folder, Page, named
from engine.checks.seeing import OPINION, fields_of
from engine.checks.taints import Taint, Taints
from engine.checks.variables import Variables
from engine.diagram import Element, Flow, Process
from engine.diagram.notes import SUB_PROCESSES
from engine.diagram.seeing import Confidential
from engine.feel import Expression
from engine.forms import Form
from engine.forms.expressions import template_parts
from engine.words import Words, listed, say

_FORM: Final = say("表单")
_AROUND: Final = ("callActivity", *SUB_PROCESSES)
"""What begins long before it is done."""


def check_confidential(folder: Folder, pages: Sequence[Page], variables: Variables) -> None:
    """Every declaration of a folder, and every text that would tell what they keep."""
    declared = [page for page in pages for one in _declarations(page) if one]
    if not declared:
        return
    for page in pages:
        _check_declared(page, folder, variables)
    taints = Taints(folder, pages)
    for page in pages:
        _check_process(page, taints)
        _check_flows(page, taints)
        for element in page.process.elements.values():
            for what, text in _telling(element, folder.operations):
                _refuse(page, element, what, taints.read_in(page, element, text))
            for what, text in deciding(element, whole=_is_whole(element)):
                _refuse(page, element, what, taints.decided_by(page, element, text))
            _check_people(page, element, taints)
            _check_form(page, folder, element, taints)


def _declarations(page: Page) -> Iterator[Confidential]:
    yield from page.process.seeing.confidential
    for element in page.process.elements.values():
        yield from element.confidential


def _check_declared(page: Page, folder: Folder, variables: Variables) -> None:
    process = page.process
    known = variables.seen_by(page, None)
    for one in process.seeing.confidential:
        _check_one(page, folder, process, one, known)
        if not one.fields:
            page.error(
                process, say("流程上的gw:confidential没有写明变量。"), say("请写variables，几个变量用空格隔开。")
            )
    for name in sorted(process.seeing.released - known):
        page.error(process, say("gw:released里的“{name}”不是本流程的变量。", name=name), say("请检查拼写，或删去。"))
    for element in process.elements.values():
        fields = fields_of(folder, element)
        for one in element.confidential:
            _check_one(page, folder, element, one, fields)


def _check_one(
    page: Page, folder: Folder, at: Element | Process, one: Confidential, known: Collection[str] | None
) -> None:
    elements = {own.id: own.tag for other in page.others.values() for own in other.process.elements.values()}
    for name in one.until:
        if elements.get(name, "") in ("", *_AROUND):
            what = say("gw:confidential的until写的“{name}”不是流程图里的事件、任务或网关。", name=name)
            page.error(at, what, say("请写揭晓内容的环节或事件的id。"))
    for role in (*one.before, *one.watch):
        if role not in folder.roles:
            what = say("gw:confidential写的角色“{role}”不存在。", role=role)
            page.error(at, what, say("可用的有：{known}。", known=listed(sorted(folder.roles), by=", ")))
    if one.watch and (one.fields or isinstance(at, Process)):
        what = say("gw:confidential的watch只用于整个保密的环节。")
        page.error(at, what, say("请删去fields，使整个环节保密；或者删去watch。"))
    for name in one.fields if known is not None else ():
        if name not in {*(known or ()), OPINION}:
            what = say("gw:confidential里的“{name}”不存在。", name=name)
            page.error(at, what, say("可用的有：{known}。", known=listed(sorted(known or ()), by=", ")))


def _check_process(page: Page, taints: Taints) -> None:
    process = page.process
    texts = [(say("事项标题"), process.title), (say("事项摘要"), process.summary)]
    texts += [(say("列表列“{name}”", name=one.id), one.value) for one in process.columns]
    texts += [(say("涉及的台账记录"), one.records) for one in process.concerns]
    for what, text in texts:
        _refuse(page, process, what, taints.read_in(page, None, text) if text else [])


def _check_flows(page: Page, taints: Taints) -> None:
    """Everybody sees which way a case went. What leaves the step that reveals it has gone through it."""
    for flow in page.process.flows.values():
        source = page.process.elements.get(flow.source)
        if flow.condition and source is not None:
            read = taints.decided_by(page, source, flow.condition)
            _refuse(page, flow, say("条件"), [one for one in read if source.id not in one.until])


def _telling(element: Element, operations: Mapping[str, Any]) -> Iterator[tuple[Words, str]]:
    """The texts by which an element tells others something."""
    call = element.operation
    known = operations.get(call.name) if call is not None else None
    if call is not None and (known is None or not known.read_only):
        yield from ((say("参数“{name}”", name=name), text) for name, text in call.parameters)
    if element.correlation.key:
        yield say("消息的对应键"), element.correlation.key
    if element.correlation.payload:
        yield say("消息的内容"), element.correlation.payload
    if element.deadline is not None:
        yield from ((say("办理期限"), text) for text in (element.deadline.working_days, element.deadline.since) if text)
    if element.public is not None:
        texts = (*element.public.texts(), *(one.value for one in element.public.fields()))
        yield from ((say("公开的内容"), text) for text in texts)
    for event in element.events:
        if event.kind == "timer" and event.text.startswith("="):
            yield say("时间"), event.text


def _check_people(page: Page, element: Element, taints: Taints) -> None:
    """Who acts by what is confidential acts at a step that is confidential as a whole."""
    if element.tag != "userTask" or _is_whole(element):
        return
    texts = [text for one in element.assignments for text in (one.of, one.when) if text]
    for text in (*texts, *element.not_actor_of_cases, *element.not_people):
        for taint in taints.read_in(page, element, text):
            what = say("“{name}”的办理人由保密内容“{path}”决定，会泄露它。", name=named(element), path=_said(taint))
            page.error(
                element, what, say("请在这个环节上写{line}。", line=f'<gw:confidential until="{_until(taint)}"/>')
            )


def _check_form(page: Page, folder: Folder, element: Element, taints: Taints) -> None:
    """A form shows what it is made of, and what is worked out from a confidential field is confidential."""
    form = folder.forms.get(element.form) if element.form else None
    if not isinstance(form, Form) or _is_whole(element):
        return
    into, own = element.into or element.id, {name for one in element.confidential for name in one.fields}
    members = {into, *(fields_of(folder, element) or ()), *form.sources, *dict(form.prepared), *dict(form.derive)}
    texts = [(_FORM, text) for source in form.sources.values() for text in source.parameters.values()]
    texts += [(_FORM, expression.text) for _, expression in (*form.prepared, *form.derive)]
    texts += [(_FORM, text) for text in _shown(form)]
    for what, text in texts:
        foreign = [one for one in taints.read_in(page, element, text) if one.path[0] not in members]
        _refuse(page, element, what, foreign)
    for name, expression in form.derive if own else ():
        read = own & (expression.names | expression.perhaps)
        if read and name not in own:
            what = say("推算值“{name}”由保密字段“{field}”算出，也应当保密。", name=name, field=min(read))
            page.error(element, what, say("请把它写进gw:confidential的fields。"))
    for other in page.process.elements.values():
        same = other is not element and (other.into or other.id) == into and bool(other.form)
        hidden = {name for one in other.confidential for name in one.fields}
        if same and other.confidential and (_is_whole(other) or not hidden <= own):
            what = say("与保密的环节“{name}”用同一变量，打开时会看到它的内容。", name=named(other))
            page.error(element, what, say("请换一个变量（gw:form的into），或写上同样的gw:confidential。"))


def _shown(form: Form) -> Iterator[str]:
    """The texts of a form's components."""
    waiting = list(form.fields)
    while waiting:
        item = waiting.pop()
        waiting += item.children
        parts = (item.options_expression, item.expression, item.rows_from, item.default)
        yield from (part.text for part in parts if isinstance(part, Expression))
        for text in (*item.label, *item.text):
            yield from template_parts(text)


def _is_whole(element: Element) -> bool:
    return any(not one.fields for one in element.confidential)


def _refuse(page: Page, at: Element | Process | Flow, what: Words, read: Collection[Taint]) -> None:
    for taint in read:
        said = say("{what}用到保密内容“{path}”，会在揭晓以前泄露它。", what=what, path=_said(taint))
        hint = say(
            "请放到“{until}”以后，改用不保密的内容，或者把可以公开的结果写成变量并列入gw:released。",
            until=_until(taint),
        )
        page.error(at, said, hint)


def _said(taint: Taint) -> str:
    return ".".join(taint.path)


def _until(taint: Taint) -> str:
    return " ".join(sorted(taint.until))
