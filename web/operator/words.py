"""What the operator's pages call jobs, routines, acts and answers. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext

from engine.cases import event_types as events
from engine.damage import READ
from engine.desks.anchors import ANCHOR_HOUSE, PROVE
from engine.desks.operator import NAME, RETRY, SETTLE, SKIP, TERMINATE
from engine.jobs.scheduler import BULK, LOOK
from engine.jobs.timetable import EXECUTED, FAILED, MISSED
from engine.jobs.upkeep import CHECK_CALENDAR, CLEAN_UP
from engine.notifying.courier import NOTIFY

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
    READ: lazy_gettext("读取数据"),
    PROVE: lazy_gettext("核验证据"),
    "open": lazy_gettext("自动发起事项"),
    "fill": lazy_gettext("补充旧事项的列表数据"),
    "round": lazy_gettext("按时发起事项"),
    "remind": lazy_gettext("到期提醒"),
    "escalate": lazy_gettext("逾期上报"),
}
ROUTINES = {
    LOOK: lazy_gettext("执行到期任务"),
    BULK: lazy_gettext("批量办理"),
    CHECK_CALENDAR: lazy_gettext("检查放假通知"),
    CLEAN_UP: lazy_gettext("清理过期数据"),
    NOTIFY: lazy_gettext("推送消息"),
    ANCHOR_HOUSE: lazy_gettext("核验并锚定证据"),
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
    "news": lazy_gettext("清除动态记录"),
    "bulks": lazy_gettext("清除批量办理记录"),
    "page_keys": lazy_gettext("清除防重复提交记录"),
    "notifications": lazy_gettext("清除推送记录"),
    "sent": lazy_gettext("已发送"),
    "not_sent": lazy_gettext("没有发出"),
    "left_for_backup": lazy_gettext("因备份推迟"),
    "files": lazy_gettext("清除未写完的文件"),
    "anchored": lazy_gettext("已锚定的项数"),
    "differences": lazy_gettext("核验不符"),
}
"""What a routine tells of its last time."""
ANSWERS = {
    SETTLE: lazy_gettext("标为已处理"),
    RETRY: lazy_gettext("重新执行"),
    SKIP: lazy_gettext("跳过"),
    TERMINATE: lazy_gettext("终止事项"),
    NAME: lazy_gettext("指定办理人"),
}
DONE: Mapping[str, object] = {
    SETTLE: lazy_gettext("已标为处理完毕。"),
    RETRY: lazy_gettext("任务已重新排队，将立即执行。"),
    SKIP: lazy_gettext("任务已跳过，不再执行。"),
    TERMINATE: lazy_gettext("事项已终止，已通知发起人。"),
}
