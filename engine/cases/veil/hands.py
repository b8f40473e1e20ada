"""Whose hand something is of: the reader's own, or that of the organisation for which he acts. Hides nothing."""

from __future__ import annotations

from functools import cached_property

from engine.cases.event_types import TASK_COMPLETED, TaskCompleted, payload
from engine.definition import Definition
from engine.directory import policy
from engine.directory.actors import Actor
from storage import accounts
from storage import cases as rows
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import CaseRow, TaskRow


class Hands:
    """The hands in one case, as one reader sees them. ``actor`` None: nothing is of his."""

    def __init__(self, connection: Connection, actor: Actor | None, case: CaseRow, definition: Definition) -> None:
        self._connection, self._actor, self._case, self._definition = connection, actor, case, definition

    def holds(self, task: TaskRow) -> bool:
        """Whether a task is or was the reader's own, or is his post's."""
        actor = self._actor
        if actor is None:
            return False
        if actor.user_id in (task["completed_by"], task["claimed_by"]):
            return True
        return task["completed_by"] is None and bool(policy.ways_to(actor, task["candidate"], self._case["key"]))

    def did(self, event: LoggedEvent) -> bool:
        """Whether the reader did it, or his organisation; what a person does for himself is that person's alone."""
        actor = self._actor
        if actor is None or event["actor_id"] is None:
            return False
        if event["actor_id"] == actor.user_id:
            return True
        role, _, code = event["actor_role"].partition("@")
        if code:
            return code in actor.places and not actor.directory.acts_for_himself(role)
        return not role and event["actor_id"] in self._colleagues

    def gets_back(self, event: LoggedEvent) -> bool:
        """Whether somebody has returned something to the reader by it: then what was said is said to him."""
        if event["name"] != TASK_COMPLETED:
            return False
        said = payload(event, TaskCompleted)
        element = self._definition.element_of(said["element"])
        kinds = {one.id: one.kind for one in element.outcomes} if element else {}
        if kinds.get(str(said["submission"].get("outcome"))) != "return":
            return False
        return any(number in self._numbers for number, _ in said["opened"])

    @cached_property
    def _numbers(self) -> frozenset[int]:
        tasks = rows.tasks_of(self._connection, self._case["id"])
        return frozenset(task["number"] for task in tasks if self.holds(task))

    @cached_property
    def _colleagues(self) -> frozenset[int]:
        actor = self._actor
        if actor is None:
            return frozenset()
        held = [one for one in actor.held if not actor.directory.acts_for_himself(one.role)]
        codes = {one.organisation.code for one in held}
        return frozenset(one["id"] for code in sorted(codes) for one in accounts.members(self._connection, code))
