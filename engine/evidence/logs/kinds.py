"""How event logs call each kind of event: a name where there is no step, and a transition of the standard life cycle.

IEEE 1849-2016, lifecycle extension: the transitions of the standard model. What it has no word for is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from engine.cases import event_types as events
from engine.words import Text, both, say

COMPLETE, UNKNOWN = "complete", "unknown"


class Kind(NamedTuple):
    """A kind of event."""

    name: Text
    transition: str


KINDS: Final[Mapping[str, Kind]] = {
    events.CASE_STARTED: Kind(both(say("发起事项")), COMPLETE),
    events.TASK_COMPLETED: Kind(both(say("办理任务")), COMPLETE),
    events.TASK_CLAIMED: Kind(both(say("签收任务")), "assign"),
    events.TASK_RELEASED: Kind(both(say("取消签收")), "schedule"),
    events.COMMENT_ADDED: Kind(both(say("留言")), COMPLETE),
    events.FILE_ATTACHED: Kind(both(say("上传附件")), COMPLETE),
    events.CASE_WITHDRAWN: Kind(both(say("撤回事项")), "pi_abort"),
    events.CASE_CANCELLED: Kind(both(say("撤销事项")), "pi_abort"),
    events.TIMER_FIRED: Kind(both(say("到达时间")), COMPLETE),
    events.MESSAGE_RECEIVED: Kind(both(say("收到消息")), COMPLETE),
    events.SIGNAL_RECEIVED: Kind(both(say("收到信号")), COMPLETE),
    events.TIMER_RECOMPUTED: Kind(both(say("到期日重新计算")), UNKNOWN),
    events.CASE_HANDED_OVER: Kind(both(say("移交事项")), "reassign"),
    events.DEADLINE_WARNED: Kind(both(say("到期提醒")), UNKNOWN),
    events.DEADLINE_PASSED: Kind(both(say("逾期上报")), UNKNOWN),
    events.DEADLINE_SUSPENDED: Kind(both(say("中止期限")), "suspend"),
    events.DEADLINE_RESUMED: Kind(both(say("恢复计算")), "resume"),
    events.DEADLINE_EXTENDED: Kind(both(say("延长期限")), UNKNOWN),
    events.DEADLINE_RECOMPUTED: Kind(both(say("期限重新计算")), UNKNOWN),
    events.TASK_FORWARDED: Kind(both(say("转办任务")), "reassign"),
    events.TASK_DELEGATED: Kind(both(say("委托办理")), "reassign"),
    events.SIGNERS_ADDED: Kind(both(say("增加会签")), UNKNOWN),
    events.QUESTION_ASKED: Kind(both(say("征求意见")), UNKNOWN),
    events.TASK_ANSWERED: Kind(both(say("答复")), UNKNOWN),
    events.SIGNER_REMOVED: Kind(both(say("取消会签")), UNKNOWN),
    events.TASK_DECIDED: Kind(both(say("提交会签")), UNKNOWN),
    events.CASE_COPIED: Kind(both(say("抄送")), UNKNOWN),
    events.TASK_URGED: Kind(both(say("催办")), UNKNOWN),
    events.ACT_TAKEN_BACK: Kind(both(say("收回操作")), UNKNOWN),
    events.HOLDER_NAMED: Kind(both(say("指定办理人")), "assign"),
    events.ENTRY_REFUSED: Kind(both(say("拒收密封件")), UNKNOWN),
    events.UNSEALING_FAILED: Kind(both(say("开启未成")), UNKNOWN),
}


def kind_of(event: str) -> Kind:
    """How a kind of event is called; one of another program by its own name."""
    return KINDS.get(event) or Kind((event, event), UNKNOWN)
