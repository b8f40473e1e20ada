"""Work of people: lanes and assignments, forms, outcomes, deadlines, separation of duties. Compiles no FEEL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from engine.checks.graph import followers, reach
from engine.checks.report import Folder, Page, named
from engine.checks.timers import check_deadline
from engine.diagram import Assignment, Element, Outcome, Process
from engine.words import Words, listed, say

_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_NUMBER_FIELDS: Final = re.compile(r"year|month|day|seq(:0?[1-9])?")
_CASE_LINE: Final = '<gw:case number="GW{year}-{seq:05}" title="=case.starter.name"/>'
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_ASKED: Final = frozenset({"startEvent", "userTask"})


def check_people(page: Page, folder: Folder) -> None:
    """Everything that concerns who acts, on which form, with which answers."""
    _check_case(page, folder)
    for lane in page.process.lanes.values():
        _check_assignments(page, lane.id, say("泳道“{name}”", name=named(lane)), lane.assignments, folder)
    for element in page.process.elements.values():
        if element.tag == "startEvent" and element.parent is not None:
            _check_silent(page, element)
        elif element.tag in _ASKED:
            _check_form(page, element, folder)
            _check_outcomes(page, element)
        if element.tag == "userTask":
            _check_task(page, element)
        told = (*element.deadline.remind, *element.deadline.escalate) if element.deadline else ()
        _check_assignments(page, element.id, say("“{name}”期限提醒的对象", name=named(element)), told, folder)
    _check_names(page)


def _check_case(page: Page, folder: Folder) -> None:
    process = page.process
    _check_assignments(page, process.id, say("终止人"), process.cancellers, folder)
    if not page.main:
        return
    line = say("请在流程的扩展元素里加上：{line}。", line=_CASE_LINE)
    if not process.number and not process.title:
        page.error(process, say("没有编号规则和事项标题（gw:case）。"), line)
    elif not process.number:
        page.error(process, say("没有编号规则（gw:case）。"), line)
    elif not process.title:
        page.error(process, say("没有事项标题（gw:case title）。"), line)
    if process.number:
        _check_number(page, process)
    if process.start is not None and not process.starters:
        page.error(
            process.start,
            say("开始事件不在任何配置了办理人的泳道里，没有人能发起。"),
            say("请把开始事件放进申请方的泳道。"),
        )


def _check_number(page: Page, process: Process) -> None:
    fields = _FIELD.findall(process.number)
    wrong = [field for field in fields if not _NUMBER_FIELDS.fullmatch(field)]
    if wrong or set("{}") & set(_FIELD.sub("", process.number)):
        page.error(
            process,
            say("编号规则“{number}”有误。", number=process.number),
            say("可用：{{year}}、{{month}}、{{day}}、{{seq:05}}。"),
        )
    elif not any(field.startswith("seq") for field in fields):
        page.error(
            process,
            say("编号规则“{number}”缺少流水号{{seq}}，编号会重复。", number=process.number),
            say("请加上{{seq:05}}，例如GW{{year}}-{{seq:05}}。"),
        )


def _check_assignments(page: Page, place: str, what: Words, assignments: Iterable[Assignment], folder: Folder) -> None:
    for assignment in assignments:
        if assignment.where == "starter" or (assignment.by_data and not assignment.role):
            continue  # a person; of data it is told in `assigned`
        if assignment.role not in folder.roles:
            page.report.error(
                page.file,
                place,
                say("{what}中的角色“{role}”不存在。", what=what, role=assignment.role),
                say("可用的有：{known}。", known=listed(sorted(folder.roles), by=", ")),
            )
        for kind in assignment.kinds:
            if kind not in folder.kinds:
                page.report.error(
                    page.file,
                    place,
                    say("{what}中的单位类型“{kind}”不存在。", what=what, kind=kind),
                    say("可用的有：{known}。", known=listed(sorted(folder.kinds), by=", ")),
                )


def _check_form(page: Page, element: Element, folder: Folder) -> None:
    if element.form is None:
        return  # of a user task told by `bare`
    if element.form not in folder.forms:
        page.error(
            element,
            say("引用的表单“{form}”不存在。", form=element.form),
            say("应有文件forms/{form}.form.json。", form=element.form),
        )
    elif element.tag == "startEvent" and getattr(folder.forms[element.form], "takes_files", False):
        page.error(
            element,
            say("发起表单“{form}”不能有附件字段：这时还没有事项可以存放文件。", form=element.form),
            say("请把附件放到发起后的用户任务里。"),
        )


def _check_silent(page: Page, start: Element) -> None:
    """Nobody is asked where a sub-process starts."""
    if start.form or start.outcomes:
        page.error(
            start,
            say("子流程的开始事件不能有表单和办理结果，没有人在这里填写。"),
            say("请改用用户任务。"),
        )


def _check_outcomes(page: Page, element: Element) -> None:
    seen: set[str] = set()
    for outcome in element.outcomes:
        if outcome.id in seen:
            page.error(element, say("办理结果“{id}”重复。", id=outcome.id), say("请给其中一个换一个id。"))
        seen.add(outcome.id)
        _check_targets(page, element, outcome)


def _check_targets(page: Page, element: Element, outcome: Outcome) -> None:
    if outcome.targets and outcome.kind != "return":
        page.error(
            element,
            say("只有退回类结果可以有退回对象，“{name}”不是退回。", name=named(outcome)),
            say("请把kind改为return，或删去targets。"),
        )
        return
    forward = reach(followers(page, page.process.elements.values()), [element.id])
    for target in outcome.targets:
        found = page.process.elements.get(target)
        if found is None or found.tag != "userTask":
            page.error(
                element,
                say("“{name}”的退回对象“{target}”不是本流程的用户任务。", name=named(outcome), target=target),
                say("请把targets写成本流程用户任务的id。"),
            )
        elif found.parent == element.parent and target not in forward:
            page.error(
                element,
                say(
                    "从“{name}”没有连线能退回到“{target}”。",
                    name=named(element),
                    target=named(found),
                ),
                say("请画出退回的连线。"),
            )


def _check_task(page: Page, element: Element) -> None:
    if element.deadline is not None:
        check_deadline(page, element, element.deadline)
    for other, outcome in element.stood_aside:
        asked = _acted_at(page, other)
        if asked is None or outcome not in {one.id for one in asked.outcomes}:
            page.error(
                element,
                say("回避要求引用的“{other}”没有办理结果“{outcome}”。", other=other, outcome=outcome),
                say("请核对gw:notActorOf的element和outcome。"),
            )
    for other in element.not_actor_of:
        if _acted_at(page, other) is None:
            page.error(
                element,
                say("回避要求引用的“{other}”不是有人办理的用户任务，也不是事项由人发起的开始事件。", other=other),
                say("请把gw:notActorOf的element写成本流程、它调用的或者调用它的流程的环节id。"),
            )
        elif other == element.id:
            page.error(element, say("不能要求与自己回避。"), say("请把element改成另一个环节。"))


def _acted_at(page: Page, name: str) -> Element | None:
    """The step of that id at which people act, on any diagram of the folder: a case runs through all that it calls.

    Of start events only that of the main diagram counts, which a person begins; a called process begins by itself.
    """
    found = ((one.main, one.process.elements.get(name)) for one in (page, *page.others.values()))
    steps = [(main, step) for main, step in found if step is not None]
    return next((one for main, one in steps if one.tag == "userTask" or (main and _begun_by_people(one))), None)


def _begun_by_people(element: Element) -> bool:
    return element.tag == "startEvent" and element.parent is None and not element.opens


def _check_names(page: Page) -> None:
    """What users read has a Chinese name and should have an English one."""
    _check_name(page, page.process, page.process.name)
    for element in page.of(*_ASKED):
        if element.tag == "userTask":
            _check_name(page, element, element.name)
        for outcome in element.outcomes:
            _check_name(page, element, outcome.name)


def _check_name(page: Page, at: Element | Process, name: tuple[str, str]) -> None:
    if not name[0]:
        page.error(at, say("没有名称，用户看不到它是什么。"), say("请在建模工具里填写名称。"))
    elif name[0] == name[1] and _CHINESE.search(name[0]):
        page.warn(at, say("“{name}”没有英文名称。", name=name[0]), say("请填写gw:nameEn；没有时英文页面显示中文。"))
