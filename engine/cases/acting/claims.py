"""What somebody has claimed goes back to his colleagues when he can no longer act. Knows no rule of accounts."""

from __future__ import annotations

from datetime import datetime

from engine.cases.recording.record import SYSTEM, note
from storage import cases as rows
from storage.database import Connection


def give_back(connection: Connection, user_id: int, candidate: str | None, now: datetime) -> None:
    """Release the open tasks that a person has claimed as ``candidate`` (role@code), or all of them for None.

    Each release is an event of its case, by the system itself. Raises Conflict.
    """
    for task in rows.claimed_by(connection, user_id):
        if candidate not in (None, task["candidate"]):
            continue
        case = rows.lock(connection, task["case_id"])
        assert case is not None
        rows.claim(connection, case["id"], task["number"], None, None)
        told = {"task": task["number"], "element": task["element"]}
        note(connection, case, {"name": "task_released", "at": now, "data": told, **SYSTEM})
