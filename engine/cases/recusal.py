"""Who must stand aside at a task (``gw:notActorOf``): he acted at another step, or in the case that this one is about.

Knows the diagram and the rows of tasks; that nobody acts against it is for the policy.
"""

from __future__ import annotations

from engine.cases.base import stands
from engine.definition import Definition
from engine.diagram import Element
from storage import cases as rows
from storage.database import Connection
from storage.rows import CaseRow


def excluded(connection: Connection, case: CaseRow, definition: Definition, element: Element) -> set[int]:
    """Ids of the people who may not act at ``element`` of this case."""
    people = _elsewhere(connection, case, element)
    for other, outcome in element.stood_aside:
        people |= rows.actors_with(connection, case["id"], other, outcome)
    if not element.not_actor_of:
        return people
    people |= rows.actors_of(connection, case["id"], element.not_actor_of)
    start = definition.process.start
    return people | {case["starter_id"]} if start and start.id in element.not_actor_of else people


def excluded_next(
    connection: Connection, case: CaseRow, definition: Definition, acts: tuple[int, str, str | None] | None, name: str
) -> set[int]:
    """The same at a step that the present act opens. ``acts``: who acts, at which element, with which outcome."""
    element = definition.elements[name]
    people = excluded(connection, case, definition, element)
    if acts is not None and (acts[1] in element.not_actor_of or acts[1:] in element.stood_aside):
        people.add(acts[0])
    return people


def _elsewhere(connection: Connection, case: CaseRow, element: Element) -> set[int]:
    """Who took part in the cases whose numbers the diagram names."""
    people: set[int] = set()
    for text in element.not_actor_of_cases:
        people |= rows.actors_in(connection, str(stands(case, text)))
    return people
