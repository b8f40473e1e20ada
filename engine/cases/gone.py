"""What the loser of a race is told: who or what was first with a task that is no longer open."""

from __future__ import annotations

from typing import Final, TypedDict

from engine.calendar.days import LEGAL_ZONE
from engine.cases.event_types import (
    CASE_CANCELLED,
    CASE_WITHDRAWN,
    MESSAGE_RECEIVED,
    SIGNAL_RECEIVED,
    TASK_COMPLETED,
    TIMER_FIRED,
    payload,
)
from engine.definition import Definition
from engine.errors import TaskNotOpen
from engine.words import say
from storage import accounts, events
from storage.database import Connection
from storage.rows import TaskRow


class Closing(TypedDict, total=False):
    """What of an event says which tasks it took away, and where it happened."""

    closed: list[int]
    element: str


_BY: Final = {
    TIMER_FIRED: say("已于{at}因“{name}”到时而撤销"),
    MESSAGE_RECEIVED: say("已于{at}因收到“{name}”而撤销"),
    SIGNAL_RECEIVED: say("已于{at}因收到“{name}”而撤销"),
    TASK_COMPLETED: say("已于{at}因“{name}”已经办理而不再需要"),
    CASE_WITHDRAWN: say("已于{at}因事项已经撤回而终止"),
    CASE_CANCELLED: say("已于{at}因事项已经撤销而终止"),
}
"""Events that may close a task."""


def gone(connection: Connection, definition: Definition, task: TaskRow) -> TaskNotOpen:
    """The refusal that says why a task is no longer open, and since when."""
    at = task["completed_at"]
    when = f"{at.astimezone(LEGAL_ZONE):%m-%d %H:%M}" if at else ""
    if task["completed_by"] is not None:
        (name, _) = accounts.names_of(connection, [task["completed_by"]]).get(task["completed_by"], ("", ""))
        return TaskNotOpen(say("已于{at}由{name}办结", at=when, name=name))
    for event in reversed(events.of_case(connection, task["case_id"])):
        run = payload(event, Closing)
        if task["number"] in run.get("closed", ()) and event["name"] in _BY:
            element = definition.element_of(str(run.get("element")))
            return TaskNotOpen(_BY[event["name"]].about(at=when, name=element.name if element else ""))
    return TaskNotOpen()
