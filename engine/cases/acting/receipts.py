"""The answer to who has acted: where the case stands, what was opened, what he can go on with. Writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.calendar.days import Calendar
from engine.cases.base import open_tasks_of, task_id
from engine.cases.recording.projection import status_after, task_rows
from engine.cases.shown import open_task
from engine.cases.veil import Veil, is_hung
from engine.definition import Definition
from engine.directory import policy
from engine.directory.actors import Actor
from engine.model import RunResult
from engine.operations.registry import FindExcluded
from engine.views import Receipt
from engine.words import Text
from storage import todo
from storage.database import Connection
from storage.rows import CaseRow


def receipt(
    case: CaseRow,
    definition: Definition,
    result: RunResult | None,
    actor: Actor,
    calendar: Calendar,
    now: datetime,
    done: Text = ("", ""),
) -> Receipt:
    """The answer to an act. ``done``: the name of what the person chose or did."""
    made = task_rows(definition, case["id"], result, now) if result else []
    status = status_after(definition, result) if result else case["status"]
    opened = tuple(open_task(row, definition, actor, calendar, now) for row in made)
    return Receipt(str(case["id"]), case["number"], opened, status, done)


def without_aside(told: Receipt, result: RunResult, actor: Actor, kind: str, who: FindExcluded) -> Receipt:
    """The answer to an act, in which no task is the person's own at which he must stand aside."""
    opened = [
        replace(one, mine=False, aside=True)
        if one.mine
        and policy.aside(actor, made.candidate, kind, who(made.element, made.other_cases, made.instances)) else one
        for one, made in zip(told.opened, result.opened, strict=True)
    ]  # fmt: skip
    return told if opened == [*told.opened] else replace(told, opened=tuple(opened))


def with_next(connection: Connection, told: Receipt, actor: Actor, case: CaseRow, definition: Definition) -> Receipt:
    """With the task to go on with: the person's own that the act opened, else the most urgent of his inbox.

    What of the opened tasks is hidden from him is left out.
    """
    if is_hung(actor, definition):
        opened = {task_id(row): row for row in open_tasks_of(connection, case["id"])}
        pairs = [(opened[one.id], one) for one in told.opened if one.id in opened]
        seen = Veil(connection, actor, case, definition).open_tasks(pairs)
        told = replace(told, opened=tuple(one for _, one in seen))
    own = next((one.id for one in told.opened if one.mine), None)
    if own is None:
        first = todo.most_urgent(connection, policy.reached(actor))
        own = None if first is None else task_id({"case_id": first[0], "number": first[1]})
    return replace(told, next_task=own)
