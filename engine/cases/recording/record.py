"""From a ``RunResult`` to rows and events. The one writer of what a run has done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from engine import semantics
from engine.cases.event_types import KeptFile, Run
from engine.cases.recording import columns, concerns, recusals, sealed
from engine.cases.recording.attachments import enter
from engine.cases.recording.messages import tell_of_gone, tell_of_run
from engine.cases.recording.projection import case_values, deadline_rows, task_rows, wait_rows
from engine.cases.recording.public_pages import page_rows
from engine.definition import Definition
from engine.diagram import Outcome
from engine.errors import BadInput, Conflict, NotAllowed, NotFound, OperationFailed
from engine.model import RunResult
from engine.operations.registry import REGISTRY, Scene, ask
from storage import cases as rows
from storage import deadlines, events, involvements, jobs, pieces, public_pages, records, waits
from storage.cases import CaseValues, NextRevision
from storage.database import Connection, is_foreseen
from storage.events import By, NewEvent
from storage.rows import CaseRow, TaskRow

SYSTEM: Final[By] = {"actor_id": None, "actor_name": "", "actor_role": ""}
"""Who acts when nobody does, as an event keeps it."""


class Recorder:
    """Runs the operations and keeps every answer, for the event and for a replay.

    What an operation refuses, the diagram asked for and not the person: it becomes OperationFailed.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.answers: list[list[Any]] = []

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        try:
            answer = ask(self.scene, name, parameters)
        except (BadInput, NotAllowed, NotFound) as refusal:
            label = REGISTRY[name].label if name in REGISTRY else name
            raise OperationFailed(operation=label, reason=refusal.words) from refusal
        self.answers.append([name, answer])
        return answer


def run_data(result: RunResult, recorder: Recorder) -> Run:
    """What an event says of a run."""
    return {
        "answers": recorder.answers,
        "passed": list(result.passed),
        "decisions": [one.told() for one in result.decisions],
        "opened": [[task.number, task.element] for task in result.opened],
        "closed": list(result.closed),
        "ended": result.ended_at_element,
    }


def write_result(
    connection: Connection,
    definition: Definition,
    case: CaseRow,
    event: NewEvent,
    result: RunResult,
    chosen: Outcome | None = None,
    status: str | None = None,
    *,
    seen: Mapping[tuple[str, str], int],
) -> None:
    """Write the event, the tasks, the records and the jobs of a run, and the case's next revision.

    ``chosen``: the outcome by which a person let the case go on. ``status``: how it ends whatever its diagram says,
    because somebody called it off. ``seen``: which versions of records the run has
    read. Raises Conflict when the case has moved on since it was read.
    """
    foresee(connection, definition, case, event, result)
    now = event["at"]
    values = case_values(definition, case, result, chosen, event)
    values["status"] = status or values["status"]
    revision = _append(connection, case, event, values, goes_on=values["status"] == case["status"])
    rows.open_tasks(connection, task_rows(definition, case["id"], result, now))
    begun = deadline_rows(definition, case["id"], result, now)
    deadlines.add(connection, begun, case["organisation_code"])
    for row in begun:
        deadlines.schedule(connection, row, revision, now)
    gone = _close(connection, case["id"], result.closed, now)
    for change in result.changes:
        records.add_version(
            connection,
            {
                "register": change.register, "number": change.number, "data": dict(change.data),
                "organisation_path": change.path, "search": change.search, "valid_from": now, "valid_to": None,
                "case_id": case["id"], "event_seq": revision,
            },
        )  # fmt: skip
    if definition.process.concerns:
        concerns.keep(connection, case["id"], result.concerned, seen, now)
    if result.changes:
        concerns.tell_others(connection, case, result.changes, now)
    _write_state(connection, case["id"], revision, result)
    recusals.follow_run(connection, definition, case, event, result)
    columns.follow_run(connection, definition, case, event, result)
    for page in page_rows(case["id"], result, revision, now):
        public_pages.put(connection, page)
    sealed.follow_run(connection, definition, case, event)
    for file in result.files:
        kept: KeptFile = {
            "name": file.name, "media_type": file.media_type, "size": file.size, "digest": file.digest,
        }  # fmt: skip
        enter(connection, case, event, kept)
    beside: jobs.Place = {"case_id": case["id"], "event_seq": revision}
    after: CaseRow = {**case, "title": values["title"], "status": values["status"]}
    tell_of_gone(connection, after, gone, now, event["actor_id"])
    tell_of_run(connection, definition, after, event, result, chosen)
    _send(connection, result, now, beside)


def foresee(connection: Connection, definition: Definition, case: CaseRow, event: NewEvent, result: RunResult) -> None:
    """Where an act is only foreseen, evaluate now what it evaluates after its first writing."""
    if is_foreseen(connection):
        columns.foresee(definition, result.variables, event["at"])
        recusals.foresee(connection, definition, {**case, "state": result.state}, result.closed)


def _send(connection: Connection, result: RunResult, now: datetime, beside: jobs.Place) -> None:
    """Queue what is done after the commit: messages, signals, cases to be opened, definitions to be put in force."""
    for thrown in result.thrown:
        jobs.add(connection, {"kind": "throw", "payload": asdict(thrown), "run_at": now, **beside})
    for start in result.starts:
        jobs.add(connection, {"kind": jobs.OPEN, "payload": {"start": asdict(start)}, "run_at": now, **beside})
    for one in result.publications:
        jobs.add(connection, {"kind": jobs.PUBLISH, "payload": asdict(one), "run_at": now, **beside})


def _close(connection: Connection, case_id: int, numbers: Iterable[int], now: datetime) -> list[TaskRow]:
    """Close the open tasks that a run has taken away; as they were."""
    gone = [task for number in numbers if (task := rows.task(connection, case_id, number)) is not None]
    for number in (task["number"] for task in gone):
        deadlines.close(connection, case_id, number, "cancelled")
        rows.finish_task(connection, case_id, number, {"status": "cancelled", "completed_at": now})
        involvements.lapse(connection, case_id, number, now)
        rows.drop_drafts(connection, f"task:{case_id}-{number}")
    return gone


def _write_state(connection: Connection, case_id: int, revision: int, result: RunResult) -> None:
    """The pieces of the state, and what the case waits for.

    No longer for what is over, but for what is new (a cycle's next round takes the place of one).
    """
    pieces.write(connection, case_id, result.pieces)
    fresh = {(wait.number, wait.element): wait for wait in result.waits}
    waits.drop(connection, case_id, dict.fromkeys([*result.unwaited, *fresh]))
    rows = wait_rows(result)
    waits.add(connection, [{"case_id": case_id, **row} for row in rows if row["kind"] != "timer"])
    beside: jobs.Place = {"case_id": case_id, "event_seq": revision}
    waits.add_timers(connection, [{**row, **beside} for row in rows if row["kind"] == "timer"])


def note(connection: Connection, case: CaseRow, event: NewEvent) -> None:
    """Append an event and move the case's revision on; ``case`` is its row as it is to stand. Raises Conflict."""
    values: CaseValues = {
        "status": case["status"], "title": case["title"], "summary": case["summary"],
        "updated_at": case["updated_at"], "ended_at": case["ended_at"], "end_element": case["end_element"],
        "decided": case["decided"], "passages": case["passages"], "state": case["state"],
    }  # fmt: skip
    _append(connection, case, event, values)


def _append(
    connection: Connection, case: CaseRow, event: NewEvent, values: CaseValues, *, goes_on: bool = False
) -> int:
    """Write the next event and the row of its case, which is new before its first; the revision. Raises Conflict."""
    revision = case["revision"] + 1
    sealed = events.sealed(case["id"], revision, case["head"], event, semantics.CURRENT)
    moved: NextRevision = {**values, "revision": revision, "head": sealed["link"]["hash"]}
    if revision == 1:
        rows.add(connection, {**case, **moved})
    elif not rows.advance(connection, case["id"], case["revision"], moved, goes_on=goes_on):
        raise Conflict()
    if revision == 1 or (values["title"], values["summary"]) != (case["title"], case["summary"]):
        rows.index(connection, {**case, **moved})
    events.append(connection, sealed)
    return revision
