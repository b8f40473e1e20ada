"""Who must stand aside at a task (``gw:notActorOf``): he acted at another step, or in the case that this one is about.

Knows the diagram and the rows of tasks; that nobody acts against it is for the policy.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.cases.base import TaskPlace, stands
from engine.definition import Definition
from engine.diagram import Element
from engine.feel.formats import number_text
from engine.feel.values import lift
from engine.spiff import Stored
from storage import cases as rows
from storage.database import Connection
from storage.rows import CaseRow, TaskRow


class Recusal:
    """Who must stand aside at the open tasks of a case. Each is asked with what it sees, what is the same once."""

    def __init__(self, connection: Connection, case: CaseRow, definition: Definition) -> None:
        self._connection, self._case, self._definition = connection, case, definition
        self._stored: Stored | None = None
        self._known: dict[tuple[str, tuple[str, ...]], set[int]] = {}

    def at(self, task: TaskPlace, element: str) -> set[int]:
        """Ids of the people who may not act on a task, which stands at ``element``."""
        found = self._definition.elements[element]
        asked = (element, self._other_cases(found, task["number"]))
        if asked not in self._known:
            self._known[asked] = excluded(self._connection, self._case, self._definition, found, asked[1])
        return self._known[asked]

    def _other_cases(self, element: Element, number: int) -> tuple[str, ...]:
        """The numbers that the diagram gives for one task; an older case may have let one open."""
        if not element.not_actor_of_cases:
            return ()
        self._stored = self._stored or Stored(self._case["state"])
        seen = self._stored.seen(number)
        found = [lift(stands(self._case, seen, text)) for text in element.not_actor_of_cases]
        return tuple(_number(one) for one in found if isinstance(one, str | Decimal))


def _number(value: Any) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)


def standing_aside(connection: Connection, case: CaseRow, definition: Definition, task: TaskRow) -> set[int]:
    """Ids of the people who may not act on an open task of this case."""
    return Recusal(connection, case, definition).at(task, task["element"])


def excluded(
    connection: Connection, case: CaseRow, definition: Definition, element: Element, other_cases: Sequence[str]
) -> set[int]:
    """Ids of the people who may not act at ``element`` of this case, nor did in those others."""
    people: set[int] = set()
    for number in other_cases:
        people |= rows.actors_in(connection, number)
    for other, outcome in element.stood_aside:
        people |= rows.actors_with(connection, case["id"], other, outcome)
    if not element.not_actor_of:
        return people
    people |= rows.actors_of(connection, case["id"], element.not_actor_of)
    start = definition.process.start
    return people | {case["starter_id"]} if start and start.id in element.not_actor_of else people


def excluded_next(
    connection: Connection, case: CaseRow, definition: Definition, acts: tuple[int, str, str | None] | None,
    name: str, other_cases: Sequence[str],
) -> set[int]:  # fmt: skip
    """The same at a step that the present act opens. ``acts``: who acts, at which element, with which outcome."""
    element = definition.elements[name]
    people = excluded(connection, case, definition, element, other_cases)
    if acts is not None and (acts[1] in element.not_actor_of or acts[1:] in element.stood_aside):
        people.add(acts[0])
    return people
