"""From a ``RunResult`` to the rows that it means: the same for who writes and for who proves them. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, cast

from engine.calendar.deadlines import DueFacts, TaskDue
from engine.cases.event_types import TaskCompleted, payload
from engine.cases.recording.passages import counted
from engine.definition import Definition
from engine.diagram import Outcome
from engine.model import OpenedTask, RunResult, Wait
from storage.cases import CaseValues
from storage.events import LoggedEvent, NewEvent
from storage.rows import CaseRow, DeadlineRow, TaskRow
from storage.tables import NO_DUE
from storage.waits import COUNTED, Awaited


class DueValues(TypedDict):
    """The columns of a task that say when it is due."""

    due_at: datetime | None
    due_key: str
    warn_at: datetime | None


def wait_rows(result: RunResult) -> list[Awaited]:
    """What a run newly waits for, as ``storage.waits.of_case`` tells it without the case."""
    return [_awaited(wait) for wait in result.waits]


def _awaited(wait: Wait) -> Awaited:
    place: Awaited = {"number": wait.number, "element": wait.element, "kind": wait.kind}
    if wait.due_at is None:
        return {**place, "name": wait.name, "key": wait.key}
    due_at = datetime.fromisoformat(wait.due_at)
    return {**place, "run_at": due_at, "payload": COUNTED if wait.counted else {}}


def case_values(
    definition: Definition, case: CaseRow, result: RunResult, chosen: Outcome | None, event: NewEvent | LoggedEvent
) -> CaseValues:
    """What a run makes of the row of its case. ``chosen``: the outcome by which a person let it go on."""
    returned = payload(event, TaskCompleted)["element"] if chosen is not None and chosen.kind == "return" else ""
    now = event["at"]
    ended = result.ended_at_element is not None
    return {
        "status": status_after(definition, result),
        "title": result.title[:300] if result.title else case["title"] or definition.process.name[0],
        "summary": (result.summary or "")[:1000],
        "updated_at": now,
        "ended_at": now if ended else None,
        "end_element": result.ended_at_element or None,
        "decided": case["decided"] or (chosen is not None and chosen.decides),
        "passages": counted(case["passages"], result, now, returned),
        "state": result.state,
    }


def status_after(definition: Definition, result: RunResult) -> str:
    """How the case stands: running, or what the end event that it reached declares (``gw:ending``)."""
    if result.ended_at_element is None:
        return "running"
    return definition.elements[result.ended_at_element].ending if result.ended_at_element else "completed"


def task_rows(definition: Definition, case_id: int, result: RunResult, now: datetime) -> list[TaskRow]:
    """The rows of the tasks that a run has opened."""
    return [
        {
            "case_id": case_id,
            "number": task.number,
            "element": task.element,
            "name_zh": definition.elements[task.element].name[0],
            "name_en": definition.elements[task.element].name[1],
            "candidate": task.candidate,
            "organisation_name": task.organisation,
            "instances": task.instances,
            "status": "open",
            "opened_at": now,
            **due_values(_due(task)),
            "claimed_by": None,
            "claimed_name": None,
            "completed_at": None,
            "completed_by": None,
            "completed_for": None,
            "outcome": None,
            "outcome_kind": None,
        }
        for task in result.opened
    ]


def _due(task: OpenedTask) -> TaskDue | None:
    """What the service of deadlines said of a task; None when it has no deadline."""
    return cast(TaskDue, task.deadline) if task.deadline and task.deadline.get("due_at") else None


def due_values(told: DueFacts | None) -> DueValues:
    """The columns of a task that say when it is due, from what a deadline tells."""
    if told is None:
        return {"due_at": None, "due_key": NO_DUE, "warn_at": None}
    moments = datetime.fromisoformat(told["due_at"]), datetime.fromisoformat(told["warn_at"])
    return {"due_at": moments[0], "due_key": told["due_at"], "warn_at": moments[1]}


def deadline_rows(definition: Definition, case_id: int, result: RunResult, now: datetime) -> list[DeadlineRow]:
    """The rows of the deadlines that begin with the tasks a run has opened."""
    found: list[DeadlineRow] = []
    for task in result.opened:
        declared, told = definition.elements[task.element].deadline, _due(task)
        if told is None or declared is None or "ledger" not in told:  # the first program kept no ledger
            continue
        found.append({
            "case_id": case_id, "number": task.number, "element": task.element, "status": "open",
            "started_at": datetime.fromisoformat(told["since"]) if "since" in told else now,
            "days": told["days"], "warn_days": declared.warn_days,
            "extra": told.get("extra", 0), "pauses": told.get("pauses", []),
            "due_at": datetime.fromisoformat(told["due_at"]), "warn_at": datetime.fromisoformat(told["warn_at"]),
            "calendar": told["calendar"], "provisional": told["provisional"], "ledger": told["ledger"],
        })  # fmt: skip
    return found
