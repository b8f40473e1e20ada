"""The kinds of messages: the one table that says for each what it is called and how its title reads. Knows no person.

A new kind is a line here. Names are stored: none is renamed. Facts of a title are given where it is told; the number
and the title of the case stand under it by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.words import Words, say

NOW, DIGEST, NEVER = "now", "digest", "never"
"""How a kind is told outside: each by itself, in a list of the day or the week, not at all."""
TASKS, RESULTS, DEADLINES, TALK = "of_tasks", "of_results", "of_deadlines", "of_talk"


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message. ``opens``: who is told may read the case by it; ``group``: under which he finds and sets it.

    ``of_task``: it is about a task, and news no longer when that is over. ``mode``: how it is told outside unless its
    reader chooses otherwise. ``urgent``: it waits for no working hour there.
    """

    name: str
    group: str
    label: Words
    title: Words
    opens: bool = False
    of_task: bool = False
    mode: str = NOW
    urgent: bool = False


GROUPS: Final[dict[str, Words]] = {
    TASKS: say("待办任务"),
    RESULTS: say("办理结果"),
    DEADLINES: say("期限和催办"),
    TALK: say("抄送和沟通"),
}

ARRIVED = MessageKind("arrived", TASKS, say("任务到达"), say("“{step}”待您办理"), of_task=True, mode=DIGEST)
RETURNED = MessageKind("returned", TASKS, say("退回"), say("“{step}”被退回，请您重新办理"), of_task=True)
GIVEN = MessageKind("given", TASKS, say("转办给您"), say("{by}将“{step}”转给您办理"), of_task=True)
DELEGATED = MessageKind("delegated", TASKS, say("委派给您"), say("{by}委派您办理“{step}”"), of_task=True)
CAME_BACK = MessageKind(
    "came_back", TASKS, say("委派办毕"), say("您委派的“{step}”已由{by}办毕，请您继续办理"), of_task=True
)
SIGN_ASKED = MessageKind("sign_asked", TASKS, say("请您加签"), say("{by}请您对“{step}”加签"), of_task=True)
SIGNED = MessageKind("signed", TASKS, say("加签办毕"), say("{by}已对“{step}”加签"), of_task=True, mode=DIGEST)
NOT_NEEDED = MessageKind("not_needed", TASKS, say("不再需要办理"), say("“{step}”已不需要您办理"), mode=DIGEST)
HANDED_OVER = MessageKind("handed_over", TASKS, say("工作移交"), say("{by}的工作已移交给您，共{count}项"))
SUBSTITUTES = MessageKind("substitutes", TASKS, say("代理"), say("{by}请您代为办理：{since}至{until}"))
SUBSTITUTED = MessageKind("substituted", TASKS, say("代理办理"), say("{by}已代您办理“{step}”"), mode=DIGEST)
UNDONE = MessageKind("undone", TASKS, say("代理撤回"), say("{by}已撤回代您办理的“{step}”"), mode=DIGEST)
DECIDED = MessageKind("decided", RESULTS, say("办理结果"), say("您发起的事项已办结：{result}"))
CALLED_OFF = MessageKind("called_off", RESULTS, say("事项终止"), say("您发起的事项已由{by}{act}"))
NOTICE = MessageKind("notice", RESULTS, say("通知"), say("通知"), opens=True, mode=DIGEST)
WARNED = MessageKind("warned", DEADLINES, say("快到期"), say("“{step}”快到期"), opens=True, of_task=True)
LATE = MessageKind("late", DEADLINES, say("逾期"), say("“{step}”已逾期"), opens=True)
URGED = MessageKind("urged", DEADLINES, say("催办提醒"), say("{by}催办“{step}”"), of_task=True, urgent=True)
COPIED = MessageKind("copied", TALK, say("抄送给您"), say("{by}将本事项抄送给您"), opens=True, mode=DIGEST)
ASKED = MessageKind("question", TALK, say("提问"), say("{by}就“{step}”向您提问"), opens=True)
ANSWERED = MessageKind("reply", TALK, say("收到答复"), say("{by}答复了您就“{step}”的提问"))

KINDS: Final = {
    kind.name: kind
    for kind in (
        *(ARRIVED, RETURNED, GIVEN, DELEGATED, CAME_BACK, SIGN_ASKED, SIGNED, NOT_NEEDED, HANDED_OVER),
        *(SUBSTITUTES, SUBSTITUTED, UNDONE, DECIDED, CALLED_OFF, NOTICE, WARNED, LATE, URGED, COPIED, ASKED, ANSWERED),
    )
}


def kinds_of(group: str) -> list[MessageKind]:
    """The kinds of a group, in their order."""
    return [kind for kind in KINDS.values() if kind.group == group]
