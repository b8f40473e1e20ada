"""How a case ends before its time: what it waits for is taken away, and one event says who ended it and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.accounts import Actor
from engine.cases.base import Base, Row
from engine.cases.record import note, open_tasks_of
from engine.errors import CaseNotOpen
from storage import cases as rows
from storage import deadlines, jobs, waits
from storage.database import Connection

CANCELLED = "cancelled"


def end_case(connection: Connection, case: Row, event: Mapping[str, Any], status: str, reason: str) -> None:
    """End a running case that is locked. ``event``: its name, moment and actor. Raises CaseNotOpen."""
    if case["status"] != "running":
        raise CaseNotOpen()
    now = event["at"]
    closed = [task["number"] for task in open_tasks_of(connection, case["id"])]
    for number in closed:
        rows.finish_task(connection, case["id"], number, {"status": "cancelled", "completed_at": now})
        rows.drop_drafts(connection, f"task:{case['id']}-{number}")
        deadlines.close(connection, case["id"], number, "cancelled")
    waits.drop_all(connection, case["id"])
    data = {"reason": reason, "closed": closed, "status": status}
    note(connection, case, {**event, "data": data}, status=status, ended_at=now, updated_at=now)


class Endings(Base):
    """Ends cases that cannot go on."""

    def terminate(self, connection: Connection, actor: Actor, case_id: int, reason: str) -> None:
        """End a case that its process cannot bring to an end, in the caller's transaction; whoever opened it is told.

        Whether the actor may is for the caller to know: he is an operator and sees no business. Raises CaseNotOpen.
        """
        case = rows.lock(connection, case_id)
        if case is None:
            raise CaseNotOpen()
        now = self._clock.now()
        by = {"actor_id": actor.user_id, "actor_name": actor.name, "actor_role": ""}
        end_case(connection, case, {"name": "case_cancelled", "at": now, **by}, CANCELLED, reason)
        title = f"事项 {case['number']} 因故障已被系统管理员终止"
        payload = {"user": case["starter_id"], "title": title, "text": reason}
        place = {"case_id": case_id, "event_seq": case["revision"] + 1}
        jobs.add(connection, {"kind": "message", "payload": payload, "run_at": now, **place})
