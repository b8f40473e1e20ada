"""The proof: a case rebuilt from its events with its own definition must be the case that is stored. Writes nothing.

Checked are the chain of hashes, the numbering without a gap, the state byte for byte, the case row, every task row,
every version of a record and every file. What differs is named. Not checked is where an organisation stands in the
tree: that follows the tree and no event of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from engine.cases.event_types import (
    CASE_STARTED,
    DEADLINES,
    ENDINGS,
    FILE_ATTACHED,
    HAPPENED,
    HOLDINGS,
    TASK_CLAIMED,
    TASK_COMPLETED,
    TIMER_RECOMPUTED,
)
from engine.cases.recording.projection import case_values, deadline_rows, due_values, task_rows, wait_rows
from engine.definition import Definition
from engine.errors import NotFound, Refusal
from engine.model import RunResult
from engine.publishing.catalog import Catalog
from engine.runtime import commands
from storage import cases as rows
from storage import deadlines, events, records, waits
from storage.database import Connection

Row = Mapping[str, Any]
Text = tuple[str, str]
_COMPUTED = ("extra", "pauses", "calendar", "provisional", "ledger")
_DONE = ("completed_at", "completed_by", "outcome", "outcome_kind", "claimed_by", "claimed_name")
_NAMED = ("element", "name_zh", "name_en", "candidate", "organisation_name")
_ASKED = (*_NAMED, "opened_at", "due_at", "due_key", "warn_at")
_FILE_FIELDS = ("event_seq", "name", "size", "digest", "added_by", "added_name", "added_at")


class Difference(str):
    """A line for the console, which may name stored values; ``told`` says it without them, in Chinese and English."""

    told: Text

    def __new__(cls, line: str, zh: str, en: str = "") -> Self:
        made = super().__new__(cls, line)
        made.told = (zh, en or line)
        return made


@dataclass(slots=True)
class Rebuilt:
    """A case as its events alone make it."""

    case: dict[str, Any] = field(default_factory=dict)
    tasks: dict[int, dict[str, Any]] = field(default_factory=dict)
    changes: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    waits: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    deadlines: dict[int, dict[str, Any]] = field(default_factory=dict)


class _Recorded:
    """Gives back the recorded answers in their order."""

    def __init__(self, answers: list[list[Any]]) -> None:
        self._answers = iter(answers)

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        asked, answer = next(self._answers, ("nothing", None))
        if asked != name:
            raise RuntimeError(f"the diagram asks {name}, the event has {asked}")
        return answer


def differences(connection: Connection, catalog: Catalog, case_id: int) -> list[Difference]:
    """Everything in which the stored case differs from its rebuilt one; empty when it is proved. Raises NotFound."""
    case = rows.get(connection, case_id)
    if case is None:
        raise NotFound(what=("这个事项", "This case"))
    log = events.of_case(connection, case_id)
    found = chain_breaks(log, case)
    try:
        built = rebuild(catalog.definition(connection, case["digest"]), log, case_id)
    except (Refusal, RuntimeError, KeyError, ValueError) as error:
        return [*found, Difference(f"cannot be rebuilt: {error}", "无法由流转记录重建", "cannot be rebuilt")]
    if built.case.get("state") != case["state"]:
        found.append(Difference("state differs", "流程状态与流转记录不一致"))
    found += [
        Difference(
            f"{name} is {case[name]}, the events say {value}", f"事项的 {name} 与流转记录不一致", f"{name} differs"
        )
        for name, value in built.case.items()
        if name != "state" and case[name] != value
    ]
    if [tuple(row[name] for name in _FILE_FIELDS) for row in rows.attachments_of(connection, case_id)] != built.files:
        found.append(Difference("the files differ", "附件与流转记录不一致"))
    found += _wait_differences(connection, case_id, built) + _deadline_differences(connection, case_id, built)
    return [*found, *_task_differences(connection, case_id, built), *_record_differences(connection, case_id, built)]


def chain_breaks(log: list[Row], case: Row) -> list[Difference]:
    """Gaps in the numbering, hashes that do not follow from what stands there, and a head that is not the last."""
    found: list[Difference] = []
    previous = events.FIRST
    for expected, event in enumerate(log, start=1):
        if event["seq"] != expected:
            found.append(Difference(f"event {expected} is missing", f"第 {expected} 条流转记录缺失"))
            break
        if event["previous"] != previous or events.event_hash({**event, "data": event["text"]}) != event["hash"]:
            found.append(Difference(f"event {expected} was changed", f"第 {expected} 条流转记录被改动"))
        previous = event["hash"]
    if case["head"] != previous or case["revision"] != len(log):
        found.append(Difference("the case does not end with its last event", "事项的末条与流转记录不符"))
    return found


def rebuild(definition: Definition, log: list[Row], case_id: int) -> Rebuilt:
    """Play the events through the engine's heart with the recorded answers."""
    built = Rebuilt()
    for event in log:
        data, now = event["data"], event["at"]
        if event["name"] == CASE_STARTED:
            built.case = _new_case(event)
            result = commands.start(definition, data["variables"], now, _Recorded(data["answers"]))
            _apply(built, definition, event, result, case_id, False)
        elif event["name"] == TASK_COMPLETED:
            _complete(built, definition, event, case_id)
        elif event["name"] in HAPPENED.values():
            place, payload, answers = (data["number"], data["element"]), data["payload"], _Recorded(data["answers"])
            result = commands.fire(definition, built.case["state"], *place, payload, now, answers)
            _apply(built, definition, event, result, case_id, False)
        elif event["name"] == TIMER_RECOMPUTED:
            place, answers = (data["number"], data["element"]), _Recorded(data["answers"])
            result = commands.recount(definition, built.case["state"], *place, now, answers)
            _apply(built, definition, event, result, case_id, False)
        elif event["name"] in ENDINGS:
            _call_off(built, definition, event, case_id)
        elif event["name"] in DEADLINES:
            _change_deadline(built, data)
            _handed_in(built, event, data.get("file"))
        elif event["name"] in HOLDINGS:
            holder = (event["actor_id"], event["actor_name"]) if event["name"] == TASK_CLAIMED else (None, None)
            built.tasks[data["task"]] |= {"claimed_by": holder[0], "claimed_name": holder[1]}
        elif event["name"] == FILE_ATTACHED:
            _handed_in(built, event, data)
    return built


def _new_case(event: Row) -> dict[str, Any]:
    told = event["data"]["variables"]["case"]
    return {
        **{name: told[name] for name in ("number", "key")},
        "digest": event["data"]["definition"],
        "organisation_code": told["organisation"]["code"],
        "organisation_name": told["organisation"]["name"],
        "starter_id": event["actor_id"],
        "starter_name": event["actor_name"],
        "starter_candidate": event["actor_role"],
        "opened_at": event["at"],
        "title": "",
        "decided": False,
    }


def _complete(built: Rebuilt, definition: Definition, event: Row, case_id: int) -> None:
    data, now = event["data"], event["at"]
    answers, submission = _Recorded(data["answers"]), data["submission"]
    result = commands.complete(definition, built.case["state"], data["task"], submission, now, answers)
    chosen = submission.get("outcome")
    found = next((one for one in definition.elements[data["element"]].outcomes if one.id == chosen), None)
    kind = found.kind if found else "submit"
    done = {"status": "completed", "completed_at": now, "completed_by": event["actor_id"]}
    built.tasks[data["task"]] |= {**done, "outcome": chosen, "outcome_kind": kind}
    if data["task"] in built.deadlines:
        row = built.deadlines[data["task"]]
        row["status"] = "late" if deadlines.is_over(row["due_at"], now) else "met"
    _apply(built, definition, event, result, case_id, found is not None and found.decides)


def _call_off(built: Rebuilt, definition: Definition, event: Row, case_id: int) -> None:
    data, now = event["data"], event["at"]
    if "told" in data:
        state = built.case["state"]
        result = commands.call_off(definition, state, data["told"], now, _Recorded(data["answers"]))
        if result is None:
            raise RuntimeError("the diagram has nothing for a case that is called off")
        _apply(built, definition, event, result, case_id, False)
    else:
        _close(built, data["closed"], now)
        built.waits.clear()
    built.case |= {"status": data["status"], "ended_at": now, "updated_at": now}


def _apply(built: Rebuilt, definition: Definition, event: Row, result: RunResult, case_id: int, decides: bool) -> None:
    built.case |= case_values(definition, built.case, result, decides, event["at"])
    for row in task_rows(definition, case_id, result, event["at"]):
        built.tasks[row["number"]] = {**row, **dict.fromkeys(_DONE)}
    built.deadlines |= {row["number"]: row for row in deadline_rows(definition, case_id, result, event["at"])}
    _close(built, result.closed, event["at"])
    for place in result.unwaited:
        built.waits.pop(place, None)
    built.waits |= {(row["number"], row["element"]): row for row in wait_rows(result)}
    by = (event["actor_id"], event["actor_name"], event["at"])
    built.files += [(event["seq"], file.name, file.size, file.digest, *by) for file in result.files]
    written = [(c.register, c.number, dict(c.data), c.search, event["at"]) for c in result.changes]
    if written:
        built.changes[event["seq"]] = written


def _close(built: Rebuilt, numbers: Any, at: datetime) -> None:
    for number in numbers:
        built.tasks[number] |= {"status": "cancelled", "completed_at": at}
        if number in built.deadlines:
            built.deadlines[number]["status"] = "cancelled"


def _change_deadline(built: Rebuilt, data: Row) -> None:
    row = built.deadlines[data["task"]]
    row |= {name: data[name] for name in ("status", *_COMPUTED) if name in data}
    if "warn_at" in data:
        due = due_values(data)
        row |= {name: due[name] for name in ("due_at", "warn_at")}
        built.tasks[data["task"]] |= due


def _handed_in(built: Rebuilt, event: Row, file: Row | None) -> None:
    """A file that came with an event, if one did."""
    if file is not None:
        by = (event["actor_id"], event["actor_name"], event["at"])
        built.files.append((event["seq"], file["name"], file["size"], file["digest"], *by))


def _task_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    stored = {task["number"]: task for task in rows.tasks_of(connection, case_id)}
    found = [
        Difference(f"task {number} is only on one side", f"任务 {number} 只有一方存在")
        for number in sorted(stored.keys() ^ built.tasks.keys())
    ]
    for number in sorted(stored.keys() & built.tasks.keys()):
        for name in ("status", *_ASKED, *_DONE):
            if stored[number][name] != built.tasks[number].get(name):
                line = f"task {number}: {name} is {stored[number][name]!r}, the events say otherwise"
                told = (f"任务 {number} 的 {name} 与流转记录不一致", f"task {number}: {name} differs")
                found.append(Difference(line, *told))
    return found


def _wait_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    """What the case waits for, and of a timer when it is due (one that failed keeps that moment)."""
    stored = {(row["number"], row["element"]): _awaited(row) for row in waits.of_case(connection, case_id)}
    told = {place: _awaited(row) for place, row in built.waits.items()}
    return [
        Difference(
            f"wait {number} {element} differs", f"等待“{element}”与流转记录不一致", f"a wait at {element} differs"
        )
        for number, element in sorted(stored.keys() | told.keys())
        if stored.get((number, element)) != told.get((number, element))
    ]


def _awaited(row: Row) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("kind", "name", "key", "run_at", "payload"))


def _deadline_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    stored = {row["number"]: row for row in deadlines.of_case(connection, case_id)}
    return [
        Difference(f"the deadline of task {number} differs", f"任务 {number} 的期限与流转记录不一致")
        for number in sorted(stored.keys() | built.deadlines.keys())
        if stored.get(number) != built.deadlines.get(number)
    ]


def _record_differences(connection: Connection, case_id: int, built: Rebuilt) -> list[Difference]:
    found = []
    written = {seq: records.of_event(connection, case_id, seq) for seq in records.event_seqs(connection, case_id)}
    for seq in sorted(written.keys() | built.changes.keys()):
        names = ("register", "number", "data", "search", "valid_from")
        stored = [tuple(row[name] for name in names) for row in written.get(seq, [])]
        told = sorted(built.changes.get(seq, []), key=lambda one: one[:2])
        if stored != told:
            line, zh = f"the records written by event {seq} differ", f"第 {seq} 条流转记录写入的台账不一致"
            found.append(Difference(line, zh))
    return found
