"""How a case ends before its time: what it waits for is taken away, and one event says who ended it and why.

A diagram may say what is put in order then (an event sub-process that starts with the error ``gw:calledOff``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from engine.cases.base import Parts, admit, not_before, open_tasks_of
from engine.cases.event_types import CASE_CANCELLED, CaseCalledOff, CaseCutOff
from engine.cases.recording.incidents import report
from engine.cases.recording.messages import tell_of_gone
from engine.cases.recording.record import Recorder, note, run_data, write_result
from engine.definition import Definition
from engine.diagram import PARENT_CALLED_OFF
from engine.directory.actors import Actor
from engine.errors import CaseNotOpen, Refusal
from engine.feel import BudgetExceeded
from engine.messages.telling import notice
from engine.model import Thrown
from engine.operations.registry import Scene
from engine.runtime import commands
from engine.words import say
from storage import case_columns, concerns, deadlines, families, involvements, jobs, recusals, waits
from storage import cases as rows
from storage.database import Connection
from storage.events import By, Happening
from storage.pieces import Pieces
from storage.rows import CaseRow

CANCELLED: Final = "cancelled"


def call_off(
    connection: Connection, definition: Definition, case: CaseRow, scene: Scene, event: Happening, status: str,
    reason: str,
) -> None:  # fmt: skip
    """End a running case that is locked, as its diagram says. ``event``: its name, moment and actor.

    Raises CaseNotOpen, and what the process itself may raise.
    """
    if case["status"] != "running":
        raise CaseNotOpen()
    told = {"reason": reason, "status": status, "by": event["actor_name"]}
    ask = Recorder(scene)
    result = commands.call_off(definition, case["state"], told, event["at"], ask, beside=Pieces(connection, case["id"]))
    if result is None:
        cut_off(connection, case, event, reason, status)
    else:
        said: CaseCalledOff = {"reason": reason, "status": status, "told": told, **run_data(result, ask)}
        write_result(connection, definition, case, {**event, "data": said}, result, status=status, seen=scene.versions)
        _tell_children(connection, case, event["at"], told)


def cut_off(connection: Connection, case: CaseRow, event: Happening, reason: str, status: str) -> None:
    """End a running case that is locked, whatever its diagram says."""
    now = event["at"]
    gone = open_tasks_of(connection, case["id"])
    closed = [task["number"] for task in gone]
    for number in closed:
        rows.finish_task(connection, case["id"], number, {"status": "cancelled", "completed_at": now})
        involvements.lapse(connection, case["id"], number, now)
        rows.drop_drafts(connection, f"task:{case['id']}-{number}")
        deadlines.close(connection, case["id"], number, "cancelled")
        recusals.forget(connection, case["id"], number)
        case_columns.lift(connection, case["id"], number)
    tell_of_gone(connection, case, gone, now, event["actor_id"])
    waits.drop_all(connection, case["id"])
    concerns.drop(connection, case["id"])
    said = CaseCutOff(reason=reason, status=status, closed=closed)
    ended: CaseRow = {**case, "status": status, "ended_at": now, "updated_at": now}
    note(connection, ended, {**event, "data": said})
    _tell_children(connection, case, now, {"reason": reason, "status": status, "by": event["actor_name"]})


def _tell_children(connection: Connection, case: CaseRow, now: datetime, told: Mapping[str, str]) -> None:
    """Send word to every open case that one has opened, after the commit; its diagram says what it does then."""
    sent: jobs.Place = {"case_id": case["id"], "event_seq": case["revision"] + 1}
    payload = {"number": case["number"], **told}
    for _, number in families.running(connection, case["id"]):
        thrown = Thrown("message", PARENT_CALLED_OFF, number, payload, forget=True, format=2)
        jobs.add(connection, {"kind": "throw", "payload": asdict(thrown), "run_at": now, **sent})


@dataclass(frozen=True, slots=True)
class Endings:
    """Ends cases that cannot go on."""

    parts: Parts

    def terminate(self, connection: Connection, actor: Actor, case_id: int, reason: str) -> None:
        """End a case that its process cannot bring to an end, in the caller's transaction; whoever opened it is told.

        What the diagram would put in order and cannot is left undone, and an incident says so. Whether the actor may
        is for the caller to know: he is an operator and sees no business. Raises CaseNotOpen.
        """
        case = rows.lock(connection, case_id)
        if case is None:
            raise CaseNotOpen()
        now = not_before(connection, case, self.parts.now())
        by: By = {"actor_id": actor.user_id, "actor_name": actor.name, "actor_role": ""}
        event: Happening = {"name": CASE_CANCELLED, "at": now, **by}
        definition, scene = self.parts.definition(connection, case), self.parts.scene_of(connection, case, now)
        try:
            admit(definition)
            call_off(connection, definition, case, scene, event, CANCELLED, reason)
        except CaseNotOpen:
            raise
        except (Refusal, BudgetExceeded) as failure:  # raised before anything is written
            cut_off(connection, case, event, reason, CANCELLED)
            report(connection, case_id, "call_off", failure, actor.user_id, now)
        title = say("事项 {number} 因故障已被系统管理员终止", number=case["number"])
        notice(connection, now, [case["starter_id"]], title, reason, case)
