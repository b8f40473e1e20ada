"""Which verbs the diagram allows at a task, and whom one may urge there. Changes nothing."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.cases.access import holders
from engine.cases.event_types import TASK_URGED, payload
from engine.cases.involving import pending, waits_for
from engine.cases.turns import with_substitutes
from engine.cases.verb_types import ASK, DECISION, Name, TaskUrged
from engine.definition import Definition
from engine.diagram.verbs import Verb, verb_of
from engine.directory.actors import Actor
from engine.errors import NotAllowed
from engine.words import say
from storage import accounts, events, involvements
from storage.database import Connection
from storage.rows import CaseRow, TaskRow

NAMES: Final = {
    "forward": say("转办"), "delegate": say("委派"), "sign": say("加签"), "ask": say("沟通"), "copy": say("抄送"),
    "urge": say("催办"), "takeBack": say("撤回"), "bulk": say("批量办理"),
}  # fmt: skip


def must_be_allowed(definition: Definition, task: TaskRow, name: str) -> Verb:
    """What the diagram says of a verb at a task. Raises NotAllowed where it forbids it."""
    verb = verb_of(definition.elements[task["element"]].verbs, name)
    if not verb.allowed:
        raise NotAllowed(act=NAMES[name], reason=say("这一环节不允许"))
    return verb


def urgeable(
    connection: Connection, actor: Actor, case: CaseRow, task: TaskRow, definition: Definition, now: datetime
) -> list[Name]:
    """Those whom the actor may urge at an open task now. Raises NotAllowed."""
    verb = must_be_allowed(definition, task, "urge")
    rows = involvements.of_task(connection, case["id"], task["number"])
    row = waits_for(rows)
    asked = [one for one in pending(rows) if one["status"] == "open" and one["kind"] not in (ASK, DECISION)]
    whom = holders(connection, task, case["key"], now) if row is None else {
        *with_substitutes(connection, [one["user_id"] for one in asked], case["key"], now)
    }  # fmt: skip
    if not whom or actor.user_id in whom:
        raise NotAllowed(act=NAMES["urge"], reason=say("正由您办理") if whom else say("这项任务没有人办理"))
    today = now.astimezone(LEGAL_ZONE).date()
    urged = [
        one for one in events.named(connection, case["id"], TASK_URGED)
        if one["actor_id"] == actor.user_id and payload(one, TaskUrged)["task"] == task["number"]
        and one["at"].astimezone(LEGAL_ZONE).date() == today
    ]  # fmt: skip
    if len(urged) >= verb.per_day:
        raise NotAllowed(act=NAMES["urge"], reason=say("今天已催办{count}次，请明天再催", count=len(urged)))
    return [[one, name] for one, (name, _) in sorted(accounts.names_of(connection, whom).items(), key=itemgetter(0))]
