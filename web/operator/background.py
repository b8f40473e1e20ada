"""The operator's pages: background work, and what failed. Shows no business."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.cases import event_types as events
from engine.desks.operator import RETRY, SETTLE, SKIP, TERMINATE
from engine.errors import BadInput
from engine.jobs.report import SHOWN
from engine.jobs.scheduler import LOOK
from engine.jobs.timetable import EXECUTED, FAILED, MISSED
from engine.jobs.upkeep import CHECK_CALENDAR, CLEAN_UP
from web.common.context import actor, application
from web.common.errors import status_of
from web.common.i18n import language

pages = Blueprint("operation_pages", __name__)

JOB_STATES = {
    "waiting": lazy_gettext("等待执行"),
    "done": lazy_gettext("已完成"),
    "failed": lazy_gettext("失败待处理"),
    "abandoned": lazy_gettext("已跳过"),
}
ACTS = {
    "start": lazy_gettext("发起事项"),
    "complete": lazy_gettext("办理任务"),
    events.CASE_WITHDRAWN: lazy_gettext("撤回事项"),
    events.CASE_CANCELLED: lazy_gettext("撤销事项"),
    "call_off": lazy_gettext("撤销善后"),
    events.TASK_CLAIMED: lazy_gettext("签收任务"),
    events.TASK_RELEASED: lazy_gettext("取消签收"),
    "suspend_deadline": lazy_gettext("中止期限"),
    "resume_deadline": lazy_gettext("恢复计算"),
    "extend_deadline": lazy_gettext("延长期限"),
    events.DEADLINE_RECOMPUTED: lazy_gettext("期限重新计算"),
    events.TIMER_RECOMPUTED: lazy_gettext("到期日重新计算"),
    "comment": lazy_gettext("留言"),
    "attach": lazy_gettext("上传附件"),
    "message": lazy_gettext("发送消息"),
    "timer": lazy_gettext("定时事件"),
    "signal": lazy_gettext("信号事件"),
    "happen": lazy_gettext("定时或信号事件"),  # of older incidents
    "throw": lazy_gettext("传递消息或信号"),
    "remind": lazy_gettext("到期提醒"),
    "escalate": lazy_gettext("逾期上报"),
}
ROUTINES = {
    LOOK: lazy_gettext("执行到期任务"),
    CHECK_CALENDAR: lazy_gettext("检查放假通知"),
    CLEAN_UP: lazy_gettext("清理过期数据"),
}
OUTCOMES = {
    EXECUTED: ("green", lazy_gettext("已执行")),
    FAILED: ("red", lazy_gettext("出错")),
    MISSED: ("amber", lazy_gettext("错过")),
}
COUNTED = {
    "years": lazy_gettext("缺少通知的年份"),
    "sessions": lazy_gettext("清除登录"),
    "drafts": lazy_gettext("清除草稿"),
}
"""What a routine tells of its last time."""
ANSWERS = {
    SETTLE: lazy_gettext("标为已处理"),
    RETRY: lazy_gettext("重新执行"),
    SKIP: lazy_gettext("跳过"),
    TERMINATE: lazy_gettext("终止事项"),
}
DONE = {
    SETTLE: lazy_gettext("已标为处理完毕。"),
    RETRY: lazy_gettext("任务已重新排队，将立即执行。"),
    SKIP: lazy_gettext("任务已跳过，不再执行。"),
    TERMINATE: lazy_gettext("事项已终止，已通知发起人。"),
}


@pages.get("/operations")
def desk() -> str:
    """How the background work stands, what failed, what was settled last."""
    return _desk()


def _desk(error: str = "", wrong: int = 0, reason: str = "") -> str:
    standing = application().operator.standing(actor())
    words: dict[str, Any] = {"job_states": JOB_STATES, "acts": ACTS, "answers": ANSWERS}
    words |= {"routines": ROUTINES, "outcomes": OUTCOMES, "counted": COUNTED}
    return render_template("operations/desk.html", standing=standing, error=error, wrong=wrong, reason=reason, **words)


@pages.post("/operations/incidents/<int(max=2147483647):incident_id>")
def answer(incident_id: int) -> ResponseReturnValue:
    """Settle an incident, run its job again or give it up; a reason is needed."""
    chosen, reason = request.form.get("answer", ""), request.form.get("reason", "")
    try:
        application().operator.answer(actor(), incident_id, chosen, reason)
    except BadInput as refused:
        return _desk(refused.message(language()), incident_id, reason), status_of(refused)
    flash(str(DONE[chosen]), "success")
    return redirect(url_for("operation_pages.desk"), code=303)


@pages.get("/operations/downtimes/<int(max=2147483647):downtime>")
def caught_up(downtime: int) -> str:
    """What should have happened while nobody looked, and when it did."""
    gap, held = application().operator.caught_up(actor(), downtime)
    words = {"job_states": JOB_STATES, "acts": ACTS, "most": SHOWN}
    return render_template("operations/downtime.html", gap=gap, held=held, **words)
