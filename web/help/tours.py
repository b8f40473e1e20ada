"""The steps of the tour: what a person may use, in the order in which he needs it. Knows no role, only what one may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from flask_babel import lazy_gettext

from engine.directory.actors import Actor
from web.common.landing import DESKS, may_start


@dataclass(frozen=True, slots=True)
class TourStep:
    """A place of the pages. ``at``: the page to which it leads, by which the place is found; ``of``: who uses it."""

    at: str
    title: Any
    words: Any
    of: Callable[[Actor], bool]


def _works(actor: Actor) -> bool:
    return bool(actor.candidates)


def _leads(actor: Actor) -> bool:
    return bool(actor.leads)


def _in_business(actor: Actor) -> bool:
    return actor.in_business


def _may(power: str, actor: Actor) -> bool:
    return actor.may(power)


def _everybody(actor: Actor) -> bool:
    return True


_DESK_WORDS: Mapping[str, object] = {
    "people_pages.users": lazy_gettext(
        "建立账号、授予和收回角色、重置密码。人员离开时，打开账号办理“离职交接”，一次移交全部工作。"
    ),
    "invitation_pages.invitations": lazy_gettext(
        "给外部单位的人发一次性链接，由本人设置用户名和密码；不用的可以撤销。"
    ),
    "operation_pages.desk": lazy_gettext(
        "后台任务是否正常、有没有故障，都在这里。故障可以重新执行、跳过或者终止，须写明原因。"
    ),
    "import_pages.organisations": lazy_gettext(
        "用一张表格新增或更新单位。先预览，确认无误后再导入；有一处错误就不作任何更改。"
    ),
    "audit_pages.accounts": lazy_gettext("谁在何时对账号、权限、日历做了什么；并可核验事项和日志有没有被改动。"),
    "workshop_pages.designs": lazy_gettext(
        "复制现行流程、新建或上传，在图上修改，边画边保存、边检查。设计稿不影响正在办理的事项。"
    ),
    "definition_pages.definitions": lazy_gettext("已发布流程的各个版本：流程图、决策表、表单和检查结果。"),
}
STEPS: Final = (
    TourStep(
        "overview_pages.home",
        lazy_gettext("首页"),
        lazy_gettext(
            "每天从这里开始：今天和本周到期的、已经逾期的、正等他人办理的，以及您近期办了多少件。点数字，就打开对应的列表。"
        ),
        _in_business,
    ),
    TourStep(
        "inbox_pages.inbox",
        lazy_gettext("我的事项"),
        lazy_gettext(
            "轮到您办理的任务在“待办”，最急的在前。点开任务，核对内容，在页面下方选择办理结果（也可以按数字键）；"
            "办完自动回到列表，点“下一件”接着办。您办过的在“已办”。"
        ),
        _works,
    ),
    TourStep(
        "start_pages.kinds",
        lazy_gettext("发起事项"),
        lazy_gettext(
            "选择事项类型，填写后提交。没有写完也会自动保存，在“草稿箱”里接着填；提交后在“我发起的”里跟踪进度。"
        ),
        may_start,
    ),
    TourStep(
        "case_list_pages.cases",
        lazy_gettext("全部事项"),
        lazy_gettext(
            "您能查看的所有事项，不论轮到谁办理。可以搜索、筛选和导出；页面顶部的查找框也能直接找到一件事项。"
        ),
        _in_business,
    ),
    TourStep(
        "running_pages.deadlines",
        lazy_gettext("期限督办"),
        lazy_gettext("本单位和下级单位正在计算的办理期限：哪些快到期，哪些已逾期，是在谁手里用去的时间。"),
        _leads,
    ),
    TourStep(
        "absence_pages.own",
        lazy_gettext("外出代理"),
        lazy_gettext("外出、休假时，请同单位的人代办您的任务；到期自动结束，办理记录写明代谁办理。"),
        _works,
    ),
    TourStep(
        "register_pages.registers",
        lazy_gettext("台账"),
        lazy_gettext("办结的事项自动登记在这里。打开一条记录，可以看到每次变更和作出变更的事项。"),
        _in_business,
    ),
    *(TourStep(desk.page, desk.label, _DESK_WORDS[desk.page], partial(_may, desk.power)) for desk in DESKS),
    TourStep(
        "message_pages.messages",
        lazy_gettext("消息"),
        lazy_gettext("任务到达、被退回、有了结果、快要到期或有人催办时，铃铛上会显示数字。"),
        _everybody,
    ),
    TourStep(
        "help_pages.help_page",
        lazy_gettext("使用帮助"),
        lazy_gettext("点右上角您的名字，可以修改密码、查看个人资料，随时回到“使用帮助”。页面上的问号解释旁边的词语。"),
        _everybody,
    ),
)


def steps_of(actor: Actor) -> list[TourStep]:
    """The tour of this person."""
    return [step for step in STEPS if step.of(actor)]
