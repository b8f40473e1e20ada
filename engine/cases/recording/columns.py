"""The values of a case for the columns of lists, kept as rows in the transaction by which they change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.cases.columns import Value, values_of
from engine.cases.event_types import TASK_COMPLETED, TaskCompleted, payload
from engine.definition import Definition
from engine.model import RunResult
from engine.spiff import Stored
from storage import case_columns as rows
from storage.database import Connection
from storage.events import NewEvent
from storage.pieces import Pieces
from storage.rows import CaseRow


def follow_run(
    connection: Connection, definition: Definition, case: CaseRow, event: NewEvent, result: RunResult
) -> None:
    """Keep them as a run leaves them, and for the tasks that it has opened; of a process without columns nothing."""
    if not definition.process.columns:
        return
    values = _put(connection, case, values_of(definition, result.variables, event["at"]))
    over = [payload(event, TaskCompleted)["task"]] if event["name"] == TASK_COMPLETED else []
    for number in (*result.closed, *over):
        rows.lift(connection, case["id"], number)
    for task in result.opened:
        rows.place(connection, case["id"], task.number, task.candidate, values)


def foresee(definition: Definition, variables: Mapping[str, Any], now: datetime) -> None:
    """Evaluate what will be, with these variables."""
    values_of(definition, variables, now)


def follow_case(connection: Connection, definition: Definition, case: CaseRow, now: datetime) -> None:
    """The same of a case as it stands."""
    if not definition.process.columns:
        return
    _put(connection, case, _as_it_stands(connection, definition, case, now))
    rows.place_all(connection, case["id"])


def list_by(connection: Connection, definition: Definition, case: CaseRow, current: Definition, now: datetime) -> None:
    """Let a case have the columns of another version of its process from now on. ``definition``: its own with these."""
    found = _as_it_stands(connection, definition, case, now)  # before anything is written: others wait for that
    rows.forget(connection, case["id"], [f"{case['key']}.{one.id}" for one in current.process.columns])
    rows.list_by(connection, case["id"], current.digest if current.process.columns else None)
    _put(connection, case, found)
    rows.place_all(connection, case["id"])


def _as_it_stands(connection: Connection, definition: Definition, case: CaseRow, now: datetime) -> Mapping[str, Value]:
    if not definition.process.columns:
        return {}
    return values_of(definition, Stored(case["state"], Pieces(connection, case["id"])).variables, now)


def _put(connection: Connection, case: CaseRow, found: Mapping[str, Value]) -> dict[str, str]:
    """Let them be these; how each sorts, by field."""
    said = {f"{case['key']}.{name}": (one.key, one.shown) for name, one in found.items()}
    rows.put(connection, case["id"], said)
    return {field: key for field, (key, _) in said.items()}
