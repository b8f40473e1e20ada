"""What happened, in plain words: the names of events as sentences. Knows no process and no step."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from engine.cases import event_types as events
from engine.views import HistoryLine
from web.common.i18n import pick

GROUPS = {
    "decided": lazy_gettext("办理"),
    "deadline": lazy_gettext("期限"),
    "said": lazy_gettext("留言和附件"),
    "system": lazy_gettext("系统"),
}
SENTENCES = {
    events.CASE_STARTED: lazy_gettext("提交了申请"),
    events.TASK_COMPLETED: lazy_gettext("办理了“%(step)s”"),
    events.TASK_CLAIMED: lazy_gettext("签收了“%(step)s”"),
    events.TASK_RELEASED: lazy_gettext("取消签收“%(step)s”"),
    events.CASE_WITHDRAWN: lazy_gettext("撤回了申请"),
    events.CASE_CANCELLED: lazy_gettext("撤销了事项"),
    events.COMMENT_ADDED: lazy_gettext("发表了留言"),
    events.FILE_ATTACHED: lazy_gettext("上传了附件%(file)s"),
    events.DEADLINE_WARNED: lazy_gettext("“%(step)s”即将到期，已提醒"),
    events.DEADLINE_PASSED: lazy_gettext("“%(step)s”已经逾期"),
    events.DEADLINE_SUSPENDED: lazy_gettext("中止了“%(step)s”的期限"),
    events.DEADLINE_RESUMED: lazy_gettext("恢复计算“%(step)s”的期限"),
    events.DEADLINE_EXTENDED: lazy_gettext("延长了“%(step)s”的期限"),
    events.DEADLINE_RECOMPUTED: lazy_gettext("因工作日历变更，重新计算了“%(step)s”的期限"),
    events.TIMER_RECOMPUTED: lazy_gettext("因工作日历变更，重新计算了“%(step)s”的到期日"),
    events.TIMER_FIRED: lazy_gettext("“%(step)s”的时限到了"),
    events.MESSAGE_RECEIVED: lazy_gettext("收到消息“%(step)s”"),
    events.SIGNAL_RECEIVED: lazy_gettext("收到信号“%(step)s”"),
    events.TASK_FORWARDED: lazy_gettext("把“%(step)s”转办给%(people)s"),
    events.TASK_DELEGATED: lazy_gettext("把“%(step)s”委派给%(people)s"),
    events.SIGNERS_ADDED: lazy_gettext("在“%(step)s”加签%(people)s"),
    events.QUESTION_ASKED: lazy_gettext("就“%(step)s”向%(people)s提问"),
    events.TASK_ANSWERED: lazy_gettext("在“%(step)s”答复"),
    events.SIGNER_REMOVED: lazy_gettext("在“%(step)s”撤去%(people)s"),
    events.TASK_DECIDED: lazy_gettext("办理了“%(step)s”，等待其他人签署"),
    events.CASE_COPIED: lazy_gettext("抄送给%(people)s"),
    events.TASK_URGED: lazy_gettext("催办“%(step)s”"),
    events.ACT_TAKEN_BACK: lazy_gettext("撤回了自己在“%(step)s”的操作"),
    events.ENTRY_REFUSED: lazy_gettext("在“%(step)s”提交密封件，已过截止时间，没有收下"),
    events.UNSEALING_FAILED: lazy_gettext("在“%(step)s”开启密封件，口令或恢复码不对，没有开启"),
    events.HOLDER_NAMED: lazy_gettext("为“%(step)s”指定办理人“%(after)s”"),
    events.CASE_HANDED_OVER: lazy_gettext("由“%(before)s”移交“%(after)s”"),
}
BEGUN = {
    "case": lazy_gettext("作为发起人，由另一个事项自动发起"),
    "round": lazy_gettext("作为发起人，到时自动发起"),
}
"""How a case was opened in the name of a person who did not do it himself."""
_DECIDED = events.ENDINGS | events.VERBS | {events.CASE_STARTED, events.TASK_COMPLETED}


NAMES = {
    "decided": (_DECIDED, frozenset()),
    "deadline": (events.ABOUT_TIME, frozenset()),
    "said": (events.SAYINGS, frozenset()),
    "system": (frozenset(), _DECIDED | events.ABOUT_TIME | events.SAYINGS),
}
"""The events of each group: only these, or any but those."""


def sentence(line: HistoryLine) -> str:
    """What was done, without who and when. An event of a newer engine is named as it is."""
    words = BEGUN.get(line.facts.get("opened_by", "")) or SENTENCES.get(line.event)
    if words is None:
        return str(gettext("系统事件：%(event)s", event=line.event))
    file = line.facts.get("name", "")
    names = {"before": line.facts.get("predecessor", ""), "after": line.facts.get("successor", "")}
    names["people"] = gettext("、").join(line.facts.get("people", ()))
    return str(words) % {**names, "step": pick(line.element) or "—", "file": f"“{file}”" if file else ""}


def group_of(event: str) -> str:
    """For the filter of the history page."""
    if event in events.SAYINGS:
        return "said"
    if event in events.ABOUT_TIME:
        return "deadline"
    return "decided" if event in _DECIDED else "system"
