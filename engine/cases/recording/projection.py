"""From a ``RunResult`` to the rows that it means: the same for who writes and for who proves them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.definition import Definition
from engine.model import RunResult, Wait
from storage.tables import NO_DUE
from storage.waits import COUNTED

Row = Mapping[str, Any]


def wait_rows(result: RunResult) -> list[dict[str, Any]]:
    """What a run newly waits for, as ``storage.waits.of_case`` tells it without the case."""
    return [
        {"number": wait.number, "element": wait.element, "kind": wait.kind} | _awaited(wait) for wait in result.waits
    ]


def _awaited(wait: Wait) -> dict[str, Any]:
    if wait.due_at is None:
        return {"name": wait.name, "key": wait.key}
    return {"run_at": datetime.fromisoformat(wait.due_at), "payload": COUNTED if wait.counted else {}}


def case_values(definition: Definition, case: Row, result: RunResult, decides: bool, now: datetime) -> dict[str, Any]:
    """What a run makes of the row of its case. ``decides``: whether the outcome that a person chose does."""
    ended = result.ended_at_element is not None
    return {
        "status": status_after(definition, result),
        "title": result.title[:300] if result.title else case["title"] or definition.process.name[0],
        "summary": (result.summary or "")[:1000],
        "updated_at": now,
        "ended_at": now if ended else None,
        "end_element": result.ended_at_element or None,
        "decided": case["decided"] or decides,
        "state": result.state,
    }


def status_after(definition: Definition, result: RunResult) -> str:
    """How the case stands: running, or what the end event that it reached declares (``gw:ending``)."""
    if result.ended_at_element is None:
        return "running"
    return definition.elements[result.ended_at_element].ending if result.ended_at_element else "completed"


def task_rows(definition: Definition, case_id: int, result: RunResult, now: datetime) -> list[dict[str, Any]]:
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
            "status": "open",
            "opened_at": now,
            **due_values(task.deadline or {}),
        }
        for task in result.opened
    ]


def due_values(told: Row) -> dict[str, Any]:
    """The columns of a task that say when it is due, from what a deadline tells."""
    due_at, warn_at = told.get("due_at"), told.get("warn_at")
    return {
        "due_at": due_at and datetime.fromisoformat(due_at),
        "due_key": due_at or NO_DUE,
        "warn_at": warn_at and datetime.fromisoformat(warn_at),
    }


def deadline_rows(definition: Definition, case_id: int, result: RunResult, now: datetime) -> list[dict[str, Any]]:
    """The rows of the deadlines that begin with the tasks a run has opened."""
    found = []
    for task in result.opened:
        declared = definition.elements[task.element].deadline
        if task.deadline is None or declared is None or not task.deadline.get("due_at"):
            continue
        since = datetime.fromisoformat(task.deadline["since"]) if "since" in task.deadline else now
        told = {name: task.deadline[name] for name in ("days", "calendar", "provisional", "ledger")}
        moments = {name: datetime.fromisoformat(task.deadline[name]) for name in ("due_at", "warn_at")}
        begun = {"case_id": case_id, "number": task.number, "element": task.element, "started_at": since}
        acts = {"extra": task.deadline.get("extra", 0), "pauses": task.deadline.get("pauses", [])}
        fresh: dict[str, Any] = {**acts, "status": "open", "warn_days": declared.warn_days}
        found.append({**begun, **fresh, **told, **moments})
    return found
