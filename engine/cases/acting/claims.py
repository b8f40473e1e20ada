"""Who works on a task: claimed, released, given back when its holder can no longer act. Knows no rule of accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.cases.access import must_act, must_stand_in
from engine.cases.acting.ahead import ahead
from engine.cases.acting.transaction import Transactions, event_by
from engine.cases.base import Parts, not_before, task_and_case
from engine.cases.event_types import TASK_CLAIMED, TASK_RELEASED, TaskHeld
from engine.cases.recording.record import SYSTEM, note
from engine.directory.actors import Actor
from storage import cases as rows
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Claims:
    """Acts on open tasks that leave the token where it is."""

    parts: Parts
    transactions: Transactions

    def claim(self, actor: Actor, task_id: str) -> None:
        """Take a task, so that nobody else works on it at the same time. Raises NotAllowed, TaskNotOpen."""
        self._hold(actor, task_id, TASK_CLAIMED)

    def release(self, actor: Actor, task_id: str) -> None:
        """Give a claimed task back. Raises NotAllowed, TaskNotOpen."""
        self._hold(actor, task_id, TASK_RELEASED)

    @ahead
    def _hold(self, actor: Actor, task_id: str, name: str) -> None:
        with self.transactions.act(name, actor, task_id) as (connection, now):
            task, case = task_and_case(connection, task_id, lock=True)
            now = not_before(connection, case, now)
            place = must_act(self.parts, connection, actor, task, case)
            must_stand_in(connection, actor, place, now)
            own = (actor.user_id, actor.name) if place is None else place.path[0]  # a substitute takes it for him
            user_id, holder = own if name == TASK_CLAIMED else (None, None)
            if task["claimed_by"] == user_id:
                return
            rows.claim(connection, case["id"], task["number"], user_id, holder)
            data = TaskHeld(task=task["number"], element=task["element"])
            note(connection, case, event_by(actor, task["candidate"], name, now, data, place))


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
        told = TaskHeld(task=task["number"], element=task["element"])
        at = not_before(connection, case, now)
        note(connection, case, {"name": TASK_RELEASED, "at": at, "data": told, **SYSTEM})
