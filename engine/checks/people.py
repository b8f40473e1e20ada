"""Work of people: lanes and assignments, forms, outcomes, deadlines, separation of duties. Compiles no FEEL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from engine.checks.graph import followers, reach
from engine.checks.report import Folder, Page, named
from engine.diagram import Assignment, Element, Lane, Outcome, Process

_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_NUMBER_FIELDS: Final = re.compile(r"year|month|day|seq(:0?[1-9])?")
_CONSTANT: Final = re.compile(r"-?\s*[\d.]+")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_ASKED: Final = frozenset({"startEvent", "userTask"})


def check_people(page: Page, folder: Folder) -> None:
    """Everything that concerns who acts, on which form, with which answers."""
    _check_case(page, folder)
    for lane in page.process.lanes.values():
        _check_assignments(page, lane.id, f"泳道“{lane.name[0] or lane.id}”", lane.assignments, folder)
    for element in page.process.elements.values():
        if element.tag == "startEvent" and element.parent is not None:
            _check_silent(page, element)
        elif element.tag in _ASKED:
            _check_form(page, element, folder)
            _check_outcomes(page, element)
        if element.tag == "userTask":
            _check_task(page, element)
        told = (*element.deadline.remind, *element.deadline.escalate) if element.deadline else ()
        _check_assignments(page, element.id, f"“{named(element)}”期限提醒的对象", told, folder)
    _check_names(page)


def _check_case(page: Page, folder: Folder) -> None:
    process = page.process
    _check_assignments(page, process.id, "终止人", process.cancellers, folder)
    if not page.main:
        return
    if not process.number:
        page.error(process, "没有编号规则（gw:case）。", "there is no case number pattern (gw:case).")
    else:
        _check_number(page, process)
    if not process.title:
        page.error(process, "没有事项标题（gw:case title）。", "there is no case title (gw:case title).")
    if process.start is not None and not process.starters:
        page.error(
            process.start,
            "开始事件不在任何配置了办理人的泳道里，没有人能发起。",
            "the start event is in no lane with an assignment, so nobody can start a case.",
            ("请把开始事件放进申请方的泳道。", "Put the start event into the applicant's lane."),
        )


def _check_number(page: Page, process: Process) -> None:
    fields = _FIELD.findall(process.number)
    wrong = [field for field in fields if not _NUMBER_FIELDS.fullmatch(field)]
    if wrong or set("{}") & set(_FIELD.sub("", process.number)):
        page.error(
            process,
            f"编号规则“{process.number}”有误。",
            f"the number pattern “{process.number}” is wrong.",
            ("可用：{year}、{month}、{day}、{seq:05}。", "Use {year}, {month}, {day} and {seq:05}."),
        )
    elif not any(field.startswith("seq") for field in fields):
        page.error(
            process,
            f"编号规则“{process.number}”缺少流水号{{seq}}，编号会重复。",
            f"the number pattern “{process.number}” lacks {{seq}}; numbers would repeat.",
        )


def _check_assignments(page: Page, place: str, what: str, assignments: Iterable[Assignment], folder: Folder) -> None:
    for assignment in assignments:
        if assignment.where == "starter":
            continue
        if assignment.role not in folder.roles:
            page.report.error(
                page.file,
                place,
                f"{what}中的角色“{assignment.role}”不存在。",
                f"the role “{assignment.role}” does not exist.",
            )
        for kind in assignment.kinds:
            if kind not in folder.kinds:
                page.report.error(
                    page.file,
                    place,
                    f"{what}中的组织类型“{kind}”不存在。",
                    f"the kind of organisation “{kind}” does not exist.",
                )


def _check_form(page: Page, element: Element, folder: Folder) -> None:
    if element.form is None:
        if element.tag == "userTask":
            page.error(element, f"用户任务“{named(element)}”没有表单。", f"user task “{element.id}” has no form.")
    elif element.form not in folder.forms:
        page.error(
            element,
            f"引用的表单“{element.form}”不存在。",
            f"the form “{element.form}” does not exist.",
            (f"应有文件forms/{element.form}.form.json。", f"Expected the file forms/{element.form}.form.json."),
        )
    elif element.tag == "startEvent" and getattr(folder.forms[element.form], "takes_files", False):
        page.error(
            element,
            f"发起表单“{element.form}”不能有附件字段：这时还没有事项可以存放文件。",
            f"the form “{element.form}” starts a case and cannot take files: there is no case yet to keep them.",
            ("请把附件放到发起后的用户任务里。", "Ask for the files in a user task after it."),
        )


def _check_silent(page: Page, start: Element) -> None:
    """Nobody is asked where a sub-process starts."""
    if start.form or start.outcomes:
        page.error(
            start,
            "子流程的开始事件不能有表单和办理结果，没有人在这里填写。",
            "the start event of a sub-process may have no form and no outcome: nobody is asked there.",
            ("请改用用户任务。", "Use a user task."),
        )


def _check_outcomes(page: Page, element: Element) -> None:
    if element.tag == "userTask" and not element.outcomes:
        page.error(
            element,
            f"用户任务“{named(element)}”没有办理结果（gw:outcome），办理人无法提交。",
            f"user task “{element.id}” has no outcome (gw:outcome), so it cannot be completed.",
        )
    seen: set[str] = set()
    for outcome in element.outcomes:
        if outcome.id in seen:
            page.error(element, f"办理结果“{outcome.id}”重复。", f"outcome “{outcome.id}” is given twice.")
        seen.add(outcome.id)
        _check_targets(page, element, outcome)


def _check_targets(page: Page, element: Element, outcome: Outcome) -> None:
    if outcome.targets and outcome.kind != "return":
        page.error(
            element,
            f"只有退回类结果可以有退回对象，“{outcome.name[0]}”不是退回。",
            f"only an outcome of kind return may have targets; “{outcome.id}” is not one.",
        )
        return
    forward = reach(followers(page, page.process.elements.values()), [element.id])
    for target in outcome.targets:
        found = page.process.elements.get(target)
        if found is None or found.tag != "userTask":
            page.error(
                element,
                f"“{outcome.name[0]}”的退回对象“{target}”不是本流程的用户任务。",
                f"the target “{target}” of “{outcome.id}” is no user task of this process.",
            )
        elif found.parent == element.parent and target not in forward:
            page.error(
                element,
                f"从“{named(element)}”没有连线能退回到“{named(found)}”。",
                f"no flow leads from “{element.id}” back to “{target}”.",
                ("请画出退回的连线。", "Draw the flow that leads back."),
            )


def _check_task(page: Page, element: Element) -> None:
    if not element.assignments:
        lane: Lane | None = page.process.lanes.get(element.lane_id or "")
        where = f"所在的泳道“{lane.name[0] or lane.id}”没有配置办理人" if lane else "不在任何泳道里"
        page.error(
            element,
            f"用户任务“{named(element)}”{where}，没有人能办理。",
            f"user task “{element.id}” is in no lane with an assignment; nobody could act.",
            ("请在泳道上配置gw:assignment。", "Give the lane a gw:assignment."),
        )
    if element.deadline is not None:
        days = element.deadline.working_days.removeprefix("=").strip()
        if _CONSTANT.fullmatch(days) and not (days.isdecimal() and int(days) > 0):
            page.error(
                element,
                f"办理期限“{days}”应为正整数（工作日）。",
                f"the deadline “{days}” must be a whole number of working days, at least 1.",
            )
    for other, outcome in element.stood_aside:
        asked = page.process.elements.get(other)
        if asked is None or outcome not in {one.id for one in asked.outcomes}:
            page.error(
                element,
                f"回避要求引用的“{other}”没有办理结果“{outcome}”。",
                f"notActorOf names the outcome “{outcome}” of “{other}”, which there is not.",
            )
    for other in element.not_actor_of:
        found = page.process.elements.get(other)
        if found is None or found.tag not in _ASKED:
            page.error(
                element,
                f"回避要求引用的“{other}”不是本流程的用户任务或开始事件。",
                f"notActorOf names “{other}”, which is no user task or start event of this process.",
            )
        elif other == element.id:
            page.error(element, "不能要求与自己回避。", "a task cannot exclude its own actor.")


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
        page.error(at, "没有名称，用户看不到它是什么。", "it has no name for users to read.")
    elif name[0] == name[1] and _CHINESE.search(name[0]):
        page.warn(at, f"“{name[0]}”没有英文名称。", f"“{name[0]}” has no English name.")
