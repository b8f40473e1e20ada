"""What happened, in plain words: the names of events as sentences. Knows no process and no step."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from engine.views import HistoryLine
from web.common.i18n import pick

GROUPS = {
    "decided": lazy_gettext("办理"),
    "deadline": lazy_gettext("期限"),
    "said": lazy_gettext("留言和附件"),
    "system": lazy_gettext("系统"),
}
SENTENCES = {
    "case_started": lazy_gettext("提交了申请"),
    "task_completed": lazy_gettext("办理了“%(step)s”"),
    "task_claimed": lazy_gettext("签收了“%(step)s”"),
    "task_released": lazy_gettext("取消签收“%(step)s”"),
    "task_opened": lazy_gettext("“%(step)s”等待办理"),
    "draft_saved": lazy_gettext("保存了“%(step)s”的草稿"),
    "case_withdrawn": lazy_gettext("撤回了申请"),
    "case_cancelled": lazy_gettext("撤销了事项"),
    "case_completed": lazy_gettext("事项办结"),
    "case_ended": lazy_gettext("事项办结"),
    "comment_added": lazy_gettext("发表了留言"),
    "file_attached": lazy_gettext("上传了附件%(file)s"),
    "deadline_warned": lazy_gettext("“%(step)s”即将到期，已提醒"),
    "deadline_passed": lazy_gettext("“%(step)s”已经逾期"),
    "deadline_suspended": lazy_gettext("中止了“%(step)s”的期限"),
    "deadline_resumed": lazy_gettext("恢复计算“%(step)s”的期限"),
    "deadline_extended": lazy_gettext("延长了“%(step)s”的期限"),
    "deadline_recomputed": lazy_gettext("因工作日历变更，重新计算了“%(step)s”的期限"),
    "timer_recomputed": lazy_gettext("因工作日历变更，重新计算了“%(step)s”的到期日"),
    "timer_fired": lazy_gettext("“%(step)s”的时限到了"),
    "message_received": lazy_gettext("收到消息“%(step)s”"),
    "signal_received": lazy_gettext("收到信号“%(step)s”"),
}
SAID = {"comment_added", "file_attached"}


def sentence(line: HistoryLine) -> str:
    """What was done, without who and when. An event of a newer engine is named as it is."""
    words = SENTENCES.get(line.event)
    if words is None:
        return str(gettext("系统事件：%(event)s", event=line.event))
    file = line.facts.get("name", "")
    return str(words) % {"step": pick(line.element) or "—", "file": f"“{file}”" if file else ""}


def group_of(event: str) -> str:
    """For the filter of the history page."""
    if event in SAID:
        return "said"
    if event.startswith("deadline_") or event == "timer_recomputed":
        return "deadline"
    return "decided" if event.startswith(("task_completed", "case_")) else "system"
