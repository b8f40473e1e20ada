"""A decision on a task is carried out: at once, or when those have signed who must. Knows no policy and no form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, Protocol, cast

from engine.cases.event_types import TASK_COMPLETED, TASK_DECIDED, completed_for, payload
from engine.cases.involving import changed, everybody, holder_of, pending
from engine.cases.recording.record import Recorder, foresee, note, run_data, write_result
from engine.cases.recusal import PresentAct, excluded_next
from engine.cases.turns import with_substitutes
from engine.cases.verb_types import Moved, TaskDecided
from engine.definition import Definition
from engine.diagram import Outcome
from engine.messages.kinds import SIGN_ASKED, SUBSTITUTED
from engine.messages.telling import tell
from engine.model import RunResult
from engine.operations.registry import FindExcluded, Scene
from engine.runtime import commands
from storage import cases as rows
from storage import deadlines, involvements
from storage.database import Connection
from storage.events import By, LoggedEvent, NewEvent
from storage.involvements import TAKING_PART, InvolvementRow
from storage.pieces import Pieces
from storage.rows import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class Decided:
    """What was handed in at a task, by whom. ``held``: the event by which it was, when others had to sign first."""

    by: By
    submission: dict[str, Any]
    consulted: list[list[Any]]
    place: Mapping[str, Any]  # in whose place, as an event says it
    held: int | None = None


@dataclass(frozen=True, slots=True)
class AtTask:
    """An open task of a case that is locked, with the people who were brought into it."""

    case: CaseRow
    task: TaskRow
    definition: Definition
    people: Sequence[InvolvementRow]


def hold(connection: Connection, case: CaseRow, task: TaskRow, decision: Decided, now: datetime) -> None:
    """Keep a decision until those have signed who are yet to."""
    people = involvements.of_task(connection, case["id"], task["number"])
    said: TaskDecided = {
        "task": task["number"], "element": task["element"], "submission": decision.submission,
        "consulted": decision.consulted, "held_by": None,
    }  # fmt: skip
    event = told(case, {"name": TASK_DECIDED, "at": now, "data": {**said, **decision.place}, **decision.by})
    payload(event, TaskDecided)["held_by"] = holder_of(changed(people, task, event), None)
    by_name, step = decision.by["actor_name"], (task["name_zh"], task["name_en"])
    for one in write(connection, case, task, people, event):
        if one["status"] == "open" and one not in people:
            people_told = with_substitutes(connection, [one["user_id"]], case["key"], now)
            tell(connection, now, SIGN_ASKED, people_told, case, task=task["number"], by=by_name, step=step)


def told(case: CaseRow, event: NewEvent) -> LoggedEvent:
    """A new event as it will be read."""
    return cast(LoggedEvent, {**event, "case_id": case["id"], "seq": case["revision"] + 1})


def write(
    connection: Connection, case: CaseRow, task: TaskRow, people: Sequence[InvolvementRow], event: LoggedEvent
) -> list[InvolvementRow]:
    """The event, the people of the task as it leaves them, and who has the task. Raises Conflict."""
    said = ("name", "at", "data", "actor_id", "actor_name", "actor_role")
    note(connection, case, cast(NewEvent, {name: event[name] for name in said}))  # type: ignore[literal-required]
    after = changed(people, task, event)
    involvements.keep(connection, [row for row in after if row not in people])
    holder = payload(event, Moved)["held_by"]
    rows.claim(connection, case["id"], task["number"], *(holder or (None, None)))
    return after


class Asking(Protocol):
    """Answers the operations of a run by what a scene shows."""

    scene: Scene

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """The answer to one."""


def played(
    definition: Definition, case: CaseRow, number: int, acts: PresentAct, submission: Mapping[str, Any], ask: Asking
) -> tuple[RunResult, FindExcluded]:
    """What completing a task makes of its case, of which nothing is written; and who stands aside at what follows."""
    connection, now = ask.scene.connection, ask.scene.now
    aside = cache(partial(excluded_next, connection, case, definition, acts))
    ask.scene.find_excluded = aside
    pieces = Pieces(connection, case["id"])
    return commands.complete(definition, case["state"], number, submission, now, ask, beside=pieces), aside


def carry_out(
    scene: Scene, connection: Connection, at: AtTask, decision: Decided, now: datetime
) -> tuple[RunResult, FindExcluded]:
    """Complete the task and let the case go on; the result, and who must stand aside at what follows."""
    case, task, definition = at.case, at.task, at.definition
    element, outcome = definition.elements[task["element"]], decision.submission.get("outcome")
    chosen = next((one for one in element.outcomes if one.id == outcome), None)
    signed = [row for row in at.people if row["kind"] in TAKING_PART and row["status"] == "done"]
    beside = {who for row in signed for who in everybody(row)}
    away = {int(one["id"]) for one in decision.place.get("acted_for", ())}
    people = frozenset({decision.by["actor_id"] or 0, *away, *beside})
    acts = PresentAct(people, element.id, chosen.id if chosen else None, task["instances"])
    ask = Recorder(scene)
    done, aside = played(definition, case, task["number"], acts, decision.submission, ask)
    said = {"task": task["number"], "element": element.id, "submission": decision.submission}
    said |= {"consulted": decision.consulted, **run_data(done, ask), **decision.place}
    said |= {} if decision.held is None else {"decided": decision.held}
    event: NewEvent = {"name": TASK_COMPLETED, "at": now, "data": said, **decision.by}
    foresee(connection, definition, case, event, done)
    _finish(connection, task, chosen, event)
    if pending(at.people):
        involvements.lapse(connection, case["id"], task["number"], now)
    tell(connection, now, SUBSTITUTED, away, case, by=decision.by["actor_name"].partition("（")[0], step=element.name)
    write_result(connection, definition, case, event, done, chosen, seen=scene.versions)
    return done, aside


def _finish(connection: Connection, task: TaskRow, chosen: Outcome | None, event: NewEvent) -> None:
    """Close a completed task, and its deadline as met or late."""
    now, place = event["at"], completed_for(event["data"])
    finished = {"status": "completed", "completed_at": now, "completed_by": event["actor_id"], "completed_for": place}
    finished |= {"outcome": chosen.id if chosen else None, "outcome_kind": chosen.kind if chosen else "submit"}
    rows.finish_task(connection, task["case_id"], task["number"], finished)
    if task["due_at"] is not None:
        late = deadlines.is_over(task["due_at"], now)
        deadlines.close(connection, task["case_id"], task["number"], "late" if late else "met")
