"""Who must stand aside at the open tasks of a case, kept as rows, as the present act leaves it.

What decides it is ``engine.cases.recusal``; nobody is let through by these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import cast

from engine.cases.event_types import TASK_COMPLETED, TaskHeld, completed_for, payload
from engine.cases.recusal import Recusal, asks, counts_at, reaches
from engine.definition import Definition
from engine.model import RunResult
from storage import cases as rows
from storage import recusals
from storage.database import Connection
from storage.events import LoggedEvent, NewEvent
from storage.rows import CaseRow, TaskRow

Definitions = Callable[[Connection, CaseRow], Definition]
"""By which definition a case runs."""


def follow_run(
    connection: Connection, definition: Definition, case: CaseRow, event: NewEvent, result: RunResult
) -> None:
    """Keep it as a run leaves it: of the tasks that it has opened, and of those that the act of a person concerns."""
    acted = event["name"] == TASK_COMPLETED
    if acted:
        recusals.spread(connection, case["number"], people_of(event))
    if not definition.recusing:
        return
    said = payload(cast(LoggedEvent, event), TaskHeld) if acted else None
    over = [*result.closed, *([said["task"]] if said is not None else [])]
    for number in over:
        recusals.forget(connection, case["id"], number)
    recusal = Recusal(connection, {**case, "state": result.state}, definition)
    for task in result.opened:
        if task.element in definition.recusing:
            people = recusal.by(task.element, task.other_cases, task.instances)
            recusals.put(connection, case["id"], task.number, people, task.other_cases)
    at = (said["element"], said["task"]) if said is not None else None
    _follow(connection, recusal, definition, case, at, {task.number for task in result.opened})


def foresee(connection: Connection, definition: Definition, case: CaseRow, closed: Collection[int] = ()) -> None:
    """Evaluate for which cases people stand aside at the open tasks but these. ``case``: as it will be."""
    asking = {name for name in definition.recusing if asks(definition.elements[name])}
    recusal = Recusal(connection, case, definition)
    for task in recusals.open_at(connection, case["id"], asking) if asking else ():
        if task["number"] not in closed:
            recusal.other_cases(definition.elements[task["element"]], task["number"])


def follow_answer(
    connection: Connection, definition: Definition, case: CaseRow, task: TaskRow, people: Iterable[int]
) -> None:
    """Keep it when these people have answered as delegates or signers of a task."""
    who = set(people)
    if not who:
        return
    recusals.spread(connection, case["number"], who)
    if definition.recusing:
        at = (task["element"], task["number"])
        _follow(connection, Recusal(connection, case, definition), definition, case, at, set())


def follow_case(connection: Connection, definition: Definition, case: CaseRow) -> None:
    """Decide it again for every open task of a case."""
    if definition.recusing:
        waiting = recusals.open_at(connection, case["id"], definition.recusing)
        _decide(connection, Recusal(connection, case, definition), definition, case, waiting)


def follow_citing(connection: Connection, definition_of: Definitions, number: str) -> None:
    """The same for the cases at whose tasks people stand aside for what they did in the case of that number."""
    for case_id in recusals.citing(connection, number):
        case = rows.get(connection, case_id)
        assert case is not None
        follow_case(connection, definition_of(connection, case), case)


def people_of(event: NewEvent) -> set[int]:
    """Who has acted, and everybody in whose place he did."""
    if event["actor_id"] is None:
        return set()
    return rows.people_of(
        {"completed_by": event["actor_id"], "completed_for": completed_for(event["data"]), "instances": None}
    )


def _follow(
    connection: Connection, recusal: Recusal, definition: Definition, case: CaseRow, at: tuple[str, int] | None,
    known: set[int],
) -> None:  # fmt: skip
    """Decide again where what was done counts (``at``: the element and the task), and where the data name the cases."""
    elements = definition.elements
    concerned = {
        name
        for name in definition.recusing
        if asks(elements[name]) or (at is not None and counts_at(elements[name], at[0]))
    }
    others = recusals.open_at(connection, case["id"], concerned) if concerned else []
    others = [task for task in others if task["number"] not in known]
    if not others:
        return
    done = rows.task(connection, case["id"], at[1]) if at is not None else None
    where = done["instances"] if done is not None else None
    reached = [one for one in others if reaches(where, one["instances"]) or asks(elements[one["element"]])]
    _decide(connection, recusal, definition, case, reached)


def _decide(
    connection: Connection, recusal: Recusal, definition: Definition, case: CaseRow, tasks: Iterable[TaskRow]
) -> None:
    for task in tasks:
        element = definition.elements[task["element"]]
        others = recusal.other_cases(element, task["number"])
        people = recusal.by(element.id, others, task["instances"])
        recusals.change(connection, case["id"], task["number"], people, others)
