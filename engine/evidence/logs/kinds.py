"""How event logs call each kind of event: a name where there is no step, and a transition of the standard life cycle.

IEEE 1849-2016, lifecycle extension: the transitions of the standard model. What it has no word for is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from engine.cases import event_types as events
from engine.words import Text, both, say

COMPLETE, UNKNOWN = "complete", "unknown"


class LoggedKind(NamedTuple):
    """A kind of event."""

    name: Text
    transition: str


KINDS: Final[Mapping[str, LoggedKind]] = {
    events.CASE_STARTED: LoggedKind(both(say("发起事项")), COMPLETE),
    events.TASK_COMPLETED: LoggedKind(both(say("办理任务")), COMPLETE),
    events.TASK_CLAIMED: LoggedKind(both(say("签收任务")), "assign"),
    events.TASK_RELEASED: LoggedKind(both(say("取消签收")), "schedule"),
    events.COMMENT_ADDED: LoggedKind(both(say("留言")), COMPLETE),
    events.FILE_ATTACHED: LoggedKind(both(say("上传附件")), COMPLETE),
    events.CASE_WITHDRAWN: LoggedKind(both(say("撤回事项")), "pi_abort"),
    events.CASE_CANCELLED: LoggedKind(both(say("撤销事项")), "pi_abort"),
    events.TIMER_FIRED: LoggedKind(both(say("到达时间")), COMPLETE),
    events.MESSAGE_RECEIVED: LoggedKind(both(say("收到消息")), COMPLETE),
    events.SIGNAL_RECEIVED: LoggedKind(both(say("收到信号")), COMPLETE),
    events.TIMER_RECOMPUTED: LoggedKind(both(say("到期日重新计算")), UNKNOWN),
    events.CASE_HANDED_OVER: LoggedKind(both(say("移交事项")), "reassign"),
    events.DEADLINE_WARNED: LoggedKind(both(say("到期提醒")), UNKNOWN),
    events.DEADLINE_PASSED: LoggedKind(both(say("逾期上报")), UNKNOWN),
    events.DEADLINE_SUSPENDED: LoggedKind(both(say("中止期限")), "suspend"),
    events.DEADLINE_RESUMED: LoggedKind(both(say("恢复计算")), "resume"),
    events.DEADLINE_EXTENDED: LoggedKind(both(say("延长期限")), UNKNOWN),
    events.DEADLINE_RECOMPUTED: LoggedKind(both(say("期限重新计算")), UNKNOWN),
    events.TASK_FORWARDED: LoggedKind(both(say("转办任务")), "reassign"),
    events.TASK_DELEGATED: LoggedKind(both(say("委托办理")), "reassign"),
    events.SIGNERS_ADDED: LoggedKind(both(say("增加会签")), UNKNOWN),
    events.QUESTION_ASKED: LoggedKind(both(say("征求意见")), UNKNOWN),
    events.TASK_ANSWERED: LoggedKind(both(say("答复")), UNKNOWN),
    events.SIGNER_REMOVED: LoggedKind(both(say("取消会签")), UNKNOWN),
    events.TASK_DECIDED: LoggedKind(both(say("提交会签")), UNKNOWN),
    events.CASE_COPIED: LoggedKind(both(say("抄送")), UNKNOWN),
    events.TASK_URGED: LoggedKind(both(say("催办")), UNKNOWN),
    events.ACT_TAKEN_BACK: LoggedKind(both(say("收回操作")), UNKNOWN),
    events.HOLDER_NAMED: LoggedKind(both(say("指定办理人")), "assign"),
    events.ENTRY_REFUSED: LoggedKind(both(say("拒收密封件")), UNKNOWN),
    events.UNSEALING_FAILED: LoggedKind(both(say("开启未成")), UNKNOWN),
}


def kind_of(event: str) -> LoggedKind:
    """How a kind of event is called; one of another program by its own name."""
    return KINDS.get(event) or LoggedKind((event, event), UNKNOWN)
