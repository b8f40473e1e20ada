"""Who gets a task by the data of the case: what a rule must say, and that what it names is an organisation or a person.

Compiles no FEEL but constants; that a text is FEEL and names what exists is told with the expressions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.checks.feel_trees import constant
from engine.checks.registers import Registers
from engine.checks.report import Page, named
from engine.diagram import Assignment, Lane
from engine.feel import FeelError
from engine.registers.register import DERIVED
from engine.words import Words, listed, say


def check_assigned(pages: Collection[Page], registers: Registers) -> None:
    """Every rule of every lane."""
    for page in pages:
        for lane in page.process.lanes.values():
            for rule in lane.assignments:
                for what, hint in (*_said(rule), *(_of_record(rule, registers) if rule.where == "register" else ())):
                    page.report.error(
                        page.file, lane.id, say("泳道“{name}”：{what}", name=named(lane), what=what), hint
                    )
            _check_start(page, lane)


def _check_start(page: Page, lane: Lane) -> None:
    """Where a case starts there are no data of it yet."""
    start = page.process.start
    if page.main and start is not None and start.lane_id == lane.id and any(one.by_data for one in lane.assignments):
        page.error(
            start,
            say("开始事件所在的泳道按数据确定办理人，发起时还没有数据。"),
            say("请把开始事件放进按角色和单位确定办理人的泳道。"),
        )


def _said(rule: Assignment) -> Iterator[tuple[Words, Words]]:
    """What a rule says too little or too much."""
    if not rule.by_data:
        extra = [name for name, text in (("of", rule.of), ("register", rule.register), ("field", rule.field)) if text]
        if extra:
            what = say("{extra}只用于按数据确定的办理人。", extra=listed(extra))
            yield what, say("请删去，或把where改为organisation、person或register。")
        return
    if not rule.of:
        yield say("没有写明按什么数据确定办理人（of）。"), say('请写FEEL，例如of="=contract.contractor"。')
    elif not _may_be_text(rule.of):
        yield say("of得不出单位编码、账号或记录编号：{of}", of=rule.of), say("请写出得到文字的FEEL。")
    if rule.where == "organisation" and not rule.role:
        yield say("没有写明由那个单位的什么角色承办。"), say("请补上role。")
    if rule.where == "person" and (rule.role or rule.kinds):
        yield say("交给个人的，不写角色和单位类型。"), say("请删去role和kinds。")
    if rule.where != "register" and (rule.register or rule.field):
        yield say('register和field只用于where="register"。'), say("请删去，或把where改为register。")


def _of_record(rule: Assignment, registers: Registers) -> Iterator[tuple[Words, Words]]:
    """That the register is there, and that its field names an organisation or a person."""
    if not rule.register:
        yield say("没有写明是哪个台账的记录（register）。"), say("请补上register。")
        return
    if not registers:
        return
    if rule.register not in registers:
        known = listed(sorted(registers), by=", ")
        yield say("没有台账“{name}”。", name=rule.register), say("可用的有：{known}。", known=known)
        return
    kinds = {name: kind for name, kind in registers[rule.register].items() if kind != DERIVED}
    kind = kinds.get(rule.field)
    fitting = listed(sorted(name for name, one in kinds.items() if name and one), by=", ")
    if not kind:
        what = say("台账“{register}”的字段“{field}”不是单位或人员。", register=rule.register, field=rule.field)
        if not rule.field:
            what = say("台账“{register}”没有当事人（person）。", register=rule.register)
        yield what, say("可用的有：{known}。", known=fitting)
    elif kind == "organisation" and not rule.role:
        yield say("没有写明由那个单位的什么角色承办。"), say("请补上role。")
    elif kind == "person" and (rule.role or rule.kinds):
        yield say("交给个人的，不写角色和单位类型。"), say("请删去role和kinds。")


def _may_be_text(text: str) -> bool:
    try:
        return isinstance(constant(text), str)
    except (FeelError, LookupError):
        return True
