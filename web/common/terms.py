"""The words that a page explains beside them. Knows no page: ``macros.html`` draws the question mark and the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask_babel import lazy_gettext


class Term(NamedTuple):
    """A word as the pages say it, and what it means to whoever reads it for the first time."""

    word: Any
    meaning: Any


TERMS: Final[Mapping[str, Term]] = {
    "case": Term(
        lazy_gettext("全部事项"),
        lazy_gettext("您可以查看的所有事项，不论轮到谁办理：本单位和下级单位的，以及您发起、办理过或抄送给您的。"),
    ),
    "claim": Term(
        lazy_gettext("签收"),
        lazy_gettext("告诉同岗位的人员由您来办，免得两人同时办一件。签收后可以取消；不签收也可以直接办理。"),
    ),
    "deadline": Term(
        lazy_gettext("办理期限"),
        lazy_gettext("一个环节可以用多少个工作日。收到当日不计入，自次日起算，周末、放假和停办的日子不计入。"),
    ),
    "ledger": Term(
        lazy_gettext("计时明细"),
        lazy_gettext("期限内的每一天计入还是不计入，以及理由。应办结日就是这样一天一天数出来的。"),
    ),
    "provisional": Term(
        lazy_gettext("暂定"),
        lazy_gettext("所涉年度的放假通知还没有公布，先按法定节日推算；通知生效后自动重新计算，并记入流转记录。"),
    ),
    "suspension": Term(
        lazy_gettext("中止期限"),
        lazy_gettext("依照规定让期限暂停，例如等待补充材料。中止的日子不计入，恢复后接着算；可以中止的天数有上限。"),
    ),
    "supervision": Term(
        lazy_gettext("期限督办"),
        lazy_gettext("本单位及下级单位正在计算的办理期限，先到期的在前；逾期的写明时间用在了谁手里。"),
    ),
    "tamper": Term(
        lazy_gettext("防篡改校验"),
        lazy_gettext("每条记录都带有由本条内容和上一条算出的摘要值。改动、删除或插入任何一条，后面的就对不上。"),
    ),
    "register": Term(
        lazy_gettext("台账"),
        lazy_gettext("办结的事项自动登记的清单。不能直接修改：要改一条记录，须办理相应的事项，原来的版本仍然保留。"),
    ),
    "stranded": Term(
        lazy_gettext("无人办理"),
        lazy_gettext("任务已经到达，却没有人可以办：岗位空缺、单位停用，或者本人账号停用。应尽快安排接替的人。"),
    ),
    "job": Term(
        lazy_gettext("后台任务"),
        lazy_gettext("系统到时间自动做的事，如发送消息、到期提醒、推进流程。失败的会自动重试，多次失败列为故障。"),
    ),
    "worker": Term(
        lazy_gettext("执行程序"),
        lazy_gettext("执行后台任务的程序。至少要有一个在运行，否则消息和提醒都不会发出。"),
    ),
    "routine": Term(
        lazy_gettext("定时工作"),
        lazy_gettext("系统按固定时间做的维护，如检查放假通知、清理过期数据。错过的会补做一次。"),
    ),
    "incident": Term(
        lazy_gettext("故障"),
        lazy_gettext("需要人来处理的失败。排除原因后重新执行；不再需要的可以跳过；不能继续的事项可以终止。"),
    ),
    "chain": Term(
        lazy_gettext("记录链"),
        lazy_gettext("日志各条的摘要值一条扣一条。核验时从头算起，有一处对不上就说明日志被改动过。"),
    ),
    "decision": Term(
        lazy_gettext("决策表"),
        lazy_gettext("把规定写成表格：每行一条规则，左边是条件，右边是结论。命中策略说明几条规则同时成立时怎么取。"),
    ),
    "duty": Term(
        lazy_gettext("三员分设"),
        lazy_gettext("系统管理员、安全管理员、审计管理员由不同的人担任，也不担任业务角色，以便互相监督。"),
    ),
    "make-up": Term(
        lazy_gettext("调休上班"),
        lazy_gettext("放假通知规定要上班的周末。这一天计入工作日。"),
    ),
    "closure": Term(
        lazy_gettext("单位停办"),
        lazy_gettext("因搬迁、天气等原因，一个单位及其下级单位在这些日子不办公，不计入它们的工作日。"),
    ),
    "succession": Term(
        lazy_gettext("单位变更"),
        lazy_gettext("单位更名、合并或撤销时，把它名下的事项、任务、台账记录和人员一次移交给接替单位。"),
    ),
}
