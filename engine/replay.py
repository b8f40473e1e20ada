"""The proof: a case rebuilt from its events with its own definition must be the case that is stored. Writes nothing.

Checked are the chain of hashes, the numbering without a gap, the state byte for byte, the case row, every task row and
every version of a record. What differs is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import runtime
from engine.cases.record import status_after, task_rows
from engine.catalog import Catalog, Definition
from engine.errors import NotFound, Refusal
from engine.model import Outcome
from storage import cases as rows
from storage import events, records
from storage.database import Connection

Row = Mapping[str, Any]
_ENDED_BY = {"case_withdrawn", "case_cancelled"}
_TASK_FIELDS = ("element", "candidate", "status", "opened_at", "due_at", "completed_at", "completed_by", "outcome")


@dataclass(slots=True)
class Rebuilt:
    """A case as its events alone make it."""

    state: bytes = b""
    status: str = "running"
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    changes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)


class _Recorded:
    """Gives back the recorded answers in their order."""

    def __init__(self, answers: list[list[Any]]) -> None:
        self._answers = iter(answers)

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        asked, answer = next(self._answers, ("nothing", None))
        if asked != name:
            raise RuntimeError(f"the diagram asks {name}, the event has {asked}")
        return answer


def differences(connection: Connection, catalog: Catalog, case_id: int) -> list[str]:
    """Everything in which the stored case differs from its rebuilt one; empty when it is proved. Raises NotFound."""
    case = rows.get(connection, case_id)
    if case is None:
        raise NotFound(what=("这个事项", "This case"))
    log = events.of_case(connection, case_id)
    found = chain_breaks(log, case)
    try:
        built = rebuild(catalog.definition(connection, case["digest"]), log, case_id)
    except (Refusal, RuntimeError, KeyError, ValueError) as error:
        return [*found, f"cannot be rebuilt: {error}"]
    if built.state != case["state"]:
        found.append("state differs")
    if built.status != case["status"]:
        found.append(f"status is {case['status']}, the events say {built.status}")
    return [*found, *_task_differences(connection, case_id, built), *_record_differences(connection, case_id, built)]


def chain_breaks(log: list[Row], case: Row) -> list[str]:
    """Gaps in the numbering, hashes that do not follow from what stands there, and a head that is not the last."""
    found = []
    previous = events.FIRST
    for expected, event in enumerate(log, start=1):
        if event["seq"] != expected:
            found.append(f"event {expected} is missing")
            break
        if event["previous"] != previous or events.event_hash({**event, "data": event["text"]}) != event["hash"]:
            found.append(f"event {expected} was changed")
        previous = event["hash"]
    if case["head"] != previous or case["revision"] != len(log):
        found.append("the case does not end with its last event")
    return found


def rebuild(definition: Definition, log: list[Row], case_id: int) -> Rebuilt:
    """Play the events through the engine's heart with the recorded answers."""
    built = Rebuilt()
    for event in log:
        data, now = event["data"], event["at"]
        if event["name"] == "case_started":
            outcome = runtime.start(definition, data["variables"], now, _Recorded(data["answers"]))
            _apply(built, definition, event, outcome, case_id)
        elif event["name"] == "task_completed":
            answers, submission = _Recorded(data["answers"]), data["submission"]
            outcome = runtime.complete(definition, built.state, data["task"], submission, now, answers)
            chosen = submission.get("outcome")
            done = {"status": "completed", "completed_at": now, "completed_by": event["actor_id"], "outcome": chosen}
            built.tasks[data["task"]] |= done
            _apply(built, definition, event, outcome, case_id)
        elif event["name"] in _ENDED_BY:
            built.status = data["status"]
            _close(built, data["closed"], now)
    return built


def _apply(built: Rebuilt, definition: Definition, event: Row, outcome: Outcome, case_id: int) -> None:
    built.state = outcome.state
    blank = {"completed_at": None, "completed_by": None, "outcome": None}
    for row in task_rows(definition, case_id, outcome, event["at"]):
        built.tasks[row["number"]] = {**row, **blank}
    _close(built, outcome.closed, event["at"])
    written = [{"register": c.register, "number": c.number, "data": dict(c.data)} for c in outcome.changes]
    if written:
        built.changes[event["seq"]] = written
    built.status = status_after(definition, outcome)


def _close(built: Rebuilt, numbers: Any, at: datetime) -> None:
    for number in numbers:
        built.tasks[number] |= {"status": "cancelled", "completed_at": at}


def _task_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[str]:
    stored = {task["number"]: task for task in rows.tasks_of(connection, case_id)}
    found = [f"task {number} is only on one side" for number in sorted(stored.keys() ^ built.tasks.keys())]
    for number in sorted(stored.keys() & built.tasks.keys()):
        for name in _TASK_FIELDS:
            if stored[number][name] != built.tasks[number].get(name):
                found.append(f"task {number}: {name} is {stored[number][name]!r}, the events say otherwise")
    return found


def _record_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[str]:
    found = []
    written = {seq: records.of_event(connection, case_id, seq) for seq in records.event_seqs(connection, case_id)}
    for seq in sorted(written.keys() | built.changes.keys()):
        stored = [(row["register"], row["number"], row["data"]) for row in written.get(seq, [])]
        told = sorted((c["register"], c["number"], c["data"]) for c in built.changes.get(seq, []))
        if stored != told:
            found.append(f"the records written by event {seq} differ")
    return found
