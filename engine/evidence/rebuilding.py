"""A case made again from its events alone, with its own definition and the recorded answers. Reads no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import semantics, spiff
from engine.cases.event_types import (
    ACT_TAKEN_BACK,
    CASE_HANDED_OVER,
    CASE_STARTED,
    DEADLINES,
    ENDINGS,
    FILE_ATTACHED,
    HAPPENED,
    HOLDINGS,
    MOVING,
    TASK_CLAIMED,
    TASK_COMPLETED,
    TIMER_RECOMPUTED,
    CaseCalledOff,
    CaseCutOff,
    CaseOpened,
    CaseStarted,
    FileAttached,
    Happened,
    TaskCompleted,
    TaskHeld,
    TimerRecomputed,
    completed_for,
    payload,
)
from engine.cases.filling import started_as
from engine.cases.handover_types import HandedOver
from engine.cases.involving import changed, give, gone
from engine.cases.recording.handed_over import handed_over
from engine.cases.recording.projection import case_values, deadline_rows, task_rows, wait_rows
from engine.cases.recording.public_pages import page_rows
from engine.cases.restoring import case_before, deadlines_before, tasks_before
from engine.cases.sealed_types import Handed, handed
from engine.cases.sealing import entry_of, kept_files, key_row
from engine.cases.verb_types import ActTakenBack
from engine.definition import Definition
from engine.diagram import Outcome
from engine.evidence.moved import handed_in, moved
from engine.evidence.rebuilt import Rebuilt
from engine.feel import allowance
from engine.model import RunResult
from engine.runtime import commands
from storage import deadlines, events
from storage.events import LoggedEvent
from storage.passages import no_passages
from storage.rows import CaseRow


class _Recorded:
    """Gives back the recorded answers in their order."""

    def __init__(self, answers: list[list[Any]]) -> None:
        self._answers = iter(answers)

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        asked, answer = next(self._answers, ("nothing", None))
        if asked != name:
            raise RuntimeError(f"the diagram asks {name}, the event has {asked}")
        return answer


def rebuild(definition: Definition, log: list[LoggedEvent], case_id: int) -> Rebuilt:
    """Play the events through the engine's heart with the recorded answers.

    Raises Runaway when the time is over that the proof may take (``engine.feel.budget``).
    """
    found = Rebuilt()
    for built in played(definition, log, case_id):
        found = built
    return found


def played(
    definition: Definition, log: list[LoggedEvent], case_id: int, after: int = 0, built: Rebuilt | None = None
) -> Iterator[Rebuilt]:
    """The case after each event, one by one; the same object goes on being changed. Raises Runaway like ``rebuild``.

    ``after``: how many events ``built`` has played already.
    """
    built, given = built or Rebuilt(), allowance()
    for event in log[after:]:
        given.must_last()
        if event["name"] == ACT_TAKEN_BACK:
            earlier = log[: payload(event, ActTakenBack)["sequence"] - 1]
            built = restored(rebuild(definition, earlier, case_id), built, event["at"])
        else:
            _play(built, definition, event)
        yield built


def _play(built: Rebuilt, definition: Definition, event: LoggedEvent) -> None:
    """One event that takes nothing back."""
    now, version = event["at"], event["semantics"]
    if event["name"] == CASE_STARTED:
        started = payload(event, CaseStarted)
        built.opened = _new_case(event, started)
        at = started["element"] if definition.elements[started["element"]].opens else ""
        answers = _Recorded(started["answers"])
        result = commands.start(definition, started["variables"], now, answers, at=at, semantics=version)
        _apply(built, definition, event, result)
    elif event["name"] == TASK_COMPLETED:
        _complete(built, definition, event)
    elif event["name"] in HAPPENED.values():
        came = payload(event, Happened)
        place, answers = (came["number"], came["element"]), _Recorded(came["answers"])
        result = commands.fire(
            definition, built.case["state"], *place, came["payload"], now, answers, beside=built.pieces,
            semantics=version,
        )  # fmt: skip
        _apply(built, definition, event, result)
    elif event["name"] == TIMER_RECOMPUTED:
        told = payload(event, TimerRecomputed)
        place, answers = (told["number"], told["element"]), _Recorded(told["answers"])
        result = commands.recount(
            definition, built.case["state"], *place, now, answers, beside=built.pieces, semantics=version
        )
        _apply(built, definition, event, result)
    elif event["name"] in ENDINGS:
        _call_off(built, definition, event)
    else:
        _note(built, event)


def restored(earlier: Rebuilt, built: Rebuilt, at: datetime) -> Rebuilt:
    """A case as before its last act: what was written and handed in so far stays."""
    return replace(
        earlier,
        opened=case_before(earlier.case, built.case, at),
        tasks=tasks_before(earlier.tasks, built.tasks, at),
        deadlines=deadlines_before(earlier.deadlines, built.deadlines),
        changes=built.changes,
        files=built.files,
        sealed=built.sealed,
        keys=built.keys,
        opened_keys=built.opened_keys,
    )


def _note(built: Rebuilt, event: LoggedEvent) -> None:
    """What an event says that moves no token."""
    if event["name"] in DEADLINES:
        number = payload(event, TaskHeld)["task"]
        file = moved(built.deadlines[number], built.tasks[number], event)
        built.files += [handed_in(event, file)] if file is not None else []
    elif event["name"] in HOLDINGS:
        held = payload(event, TaskHeld)
        task, taken = built.tasks[held["task"]], event["name"] == TASK_CLAIMED
        own = (held["acted_for"][0]["id"], held["acted_for"][0]["name"]) if "acted_for" in held else None
        who = own or (event["actor_id"], event["actor_name"])
        task["claimed_by"], task["claimed_name"] = who if taken else (None, None)
    elif event["name"] in MOVING:
        task = built.tasks[payload(event, TaskHeld)["task"]]
        built.people[task["number"]] = changed(built.people.get(task["number"], ()), task, event)
        give(task, event)
    elif event["name"] == CASE_HANDED_OVER:
        _hand_over(built, event, payload(event, HandedOver))
    elif event["name"] == FILE_ATTACHED:
        built.files.append(handed_in(event, payload(event, FileAttached)))


def _hand_over(built: Rebuilt, event: LoggedEvent, said: HandedOver) -> None:
    """What stood in the name of an organisation or a person stands in that of its successor."""
    built.opened = handed_over(built.case, said)
    for number, candidate, name in said["tasks"]:
        task = built.tasks[number]
        task["candidate"], task["organisation_name"] = candidate, name
        task["claimed_by"] = task["claimed_name"] = None
    if said["records"]:
        told = [(register, number, data, search, event["at"]) for register, number, data, search in said["records"]]
        built.changes[event["seq"]] = told


def _new_case(event: LoggedEvent, started: CaseStarted) -> CaseRow:
    told = started_as(started)
    parent = payload(event, CaseOpened)["parent"] if "parent" in event["data"] else None
    return {
        "id": event["case_id"], "number": told["number"], "key": told["key"], "digest": started["definition"],
        "organisation_code": told["organisation"]["code"], "organisation_name": told["organisation"]["name"],
        "organisation_path": "", "starter_id": event["actor_id"] or 0, "starter_name": event["actor_name"],
        "starter_candidate": event["actor_role"], "opened_at": event["at"], "updated_at": event["at"],
        "ended_at": None, "end_element": None, "title": "", "summary": "", "status": "running", "decided": False,
        "revision": 0, "head": events.FIRST, "state": b"", "listed_by": None, "passages": no_passages(),
        "parent_id": parent["id"] if parent else None, "parent_seq": parent["event"] if parent else None,
    }  # fmt: skip


def _complete(built: Rebuilt, definition: Definition, event: LoggedEvent) -> None:
    said, now = payload(event, TaskCompleted), event["at"]
    answers, submission, number = _Recorded(said["answers"]), said["submission"], said["task"]
    result = commands.complete(
        definition, built.case["state"], number, submission, now, answers, beside=built.pieces,
        semantics=event["semantics"],
    )  # fmt: skip
    chosen = submission.get("outcome")
    found = next((one for one in definition.elements[said["element"]].outcomes if one.id == chosen), None)
    task = built.tasks[number]
    task |= {"status": "completed", "completed_at": now, "completed_by": event["actor_id"]}
    task["completed_for"] = completed_for(event["data"])
    task |= {"outcome": chosen, "outcome_kind": found.kind if found else "submit"}
    built.people[number] = gone(built.people.get(number, ()), now)
    _seal(built, event, task["candidate"], handed(definition.elements[said["element"]], submission))
    if number in built.deadlines:
        row = built.deadlines[number]
        row["status"] = "late" if deadlines.is_over(row["due_at"], now) else "met"
    _apply(built, definition, event, result, found)


def _seal(built: Rebuilt, event: LoggedEvent, candidate: str, said: Handed) -> None:
    """What was handed in sealed or opened by an act, its files, and the key that it made."""
    built.files += [handed_in(event, file) for file in kept_files(said)]
    element = payload(event, TaskCompleted)["element"]
    entry = entry_of(event["case_id"], event["seq"], element, candidate, said)
    built.sealed += [entry] if entry is not None else []
    made = key_row(event["case_id"], event["seq"], said)
    if made is not None:
        built.keys[made["id"]] = made
    opened = said.get("opened_key")
    if opened is not None:
        built.opened_keys[opened] = event["seq"]


def _call_off(built: Rebuilt, definition: Definition, event: LoggedEvent) -> None:
    now, state = event["at"], built.case["state"]
    if "told" in event["data"]:
        said = payload(event, CaseCalledOff)
        answers = _Recorded(said["answers"])
        version = event["semantics"]
        result = commands.call_off(
            definition, state, said["told"], now, answers, beside=built.pieces, semantics=version
        )
        if result is None:
            raise RuntimeError("the diagram has nothing for a case that is called off")
        _apply(built, definition, event, result)
        status = said["status"]
    else:
        cut = payload(event, CaseCutOff)
        _close(built, cut["closed"], now)
        built.waits.clear()
        built.concerned = ()
        status = cut["status"]
    built.opened = {**built.case, "status": status, "ended_at": now, "updated_at": now}


def _apply(
    built: Rebuilt, definition: Definition, event: LoggedEvent, result: RunResult, chosen: Outcome | None = None
) -> None:
    if event["semantics"] == semantics.FIRST:
        result = _numbered(built, event, result)
    built.pieces.follow(result.pieces)
    built.opened = {**built.case, **case_values(definition, built.case, result, chosen, event)}
    for row in task_rows(definition, event["case_id"], result, event["at"]):
        built.tasks[row["number"]] = row
    built.deadlines |= {row["number"]: row for row in deadline_rows(definition, event["case_id"], result, event["at"])}
    built.concerned = result.concerned
    _close(built, result.closed, event["at"])
    for place in result.unwaited:
        built.waits.pop(place, None)
    built.waits |= {(row["number"], row["element"]): row for row in wait_rows(result)}
    shown = page_rows(event["case_id"], result, event["seq"], event["at"])
    built.public |= {(page["page"], page["key"]): page for page in shown}
    by = (event["actor_id"], event["actor_name"], event["at"])
    built.files += [(event["seq"], file.name, file.size, file.digest, *by) for file in result.files]
    written = [(c.register, c.number, dict(c.data), c.search, event["at"]) for c in result.changes]
    if written:
        built.changes[event["seq"]] = written


def _numbered(built: Rebuilt, event: LoggedEvent, result: RunResult) -> RunResult:
    """The result with the numbers that the first program gave to the tasks it opened."""
    said = payload(event, TaskCompleted)["opened"]
    if [task.element for task in result.opened] != [element for _, element in said]:
        raise RuntimeError(f"event {event['seq']} opened other tasks")
    numbers = {task.number: number for task, (number, _) in zip(result.opened, said, strict=True)}
    opened = tuple(replace(task, number=numbers[task.number]) for task in result.opened)
    after = 1 + max([*built.tasks, *numbers.values()])
    built.pieces.follow(result.pieces)
    state = spiff.numbered(result.state, built.pieces, numbers, after)
    return replace(result, opened=opened, state=state, pieces=dict.fromkeys(built.pieces.all()))


def _close(built: Rebuilt, numbers: Iterable[int], at: datetime) -> None:
    for number in numbers:
        built.tasks[number] |= {"status": "cancelled", "completed_at": at}
        built.people[number] = gone(built.people.get(number, ()), at)
        if number in built.deadlines:
            built.deadlines[number]["status"] = "cancelled"
