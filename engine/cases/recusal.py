"""Who must stand aside at a task (``gw:notActorOf``): he acted at another step, or in the case that this one is about.

Knows the diagram and the rows of tasks; that nobody acts against it is for the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.cases.base import stands
from engine.definition import Definition
from engine.diagram import Element
from engine.feel.formats import number_text
from engine.feel.values import lift
from engine.spiff import Stored
from storage import cases as rows
from storage import involvements
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import CaseRow, TaskRow


class Recusal:
    """Who must stand aside at the open tasks of a case. Each is asked with what it sees, what is the same once."""

    def __init__(self, connection: Connection, case: CaseRow, definition: Definition) -> None:
        self._connection, self._case, self._definition = connection, case, definition
        self._stored: Stored | None = None
        self._known: dict[tuple[str, tuple[str, ...], str | None], set[int]] = {}

    def at(self, task: TaskRow, element: str) -> set[int]:
        """Ids of the people who may not act on a task, which stands at ``element``."""
        found = self._definition.elements[element]
        asked = (element, self._other_cases(found, task["number"]), task["instances"])
        if asked not in self._known:
            self._known[asked] = excluded(self._connection, self._case, self._definition, *asked)
        return self._known[asked]

    def _other_cases(self, element: Element, number: int) -> tuple[str, ...]:
        """The numbers that the diagram gives for one task; an older case may have let one open."""
        if not element.not_actor_of_cases:
            return ()
        self._stored = self._stored or Stored(self._case["state"], Pieces(self._connection, self._case["id"]))
        seen = self._stored.seen(number)
        found = [lift(stands(self._definition, self._case, seen, text)) for text in element.not_actor_of_cases]
        return tuple(_number(one) for one in found if isinstance(one, str | Decimal))


def _number(value: Any) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)


def standing_aside(connection: Connection, case: CaseRow, definition: Definition, task: TaskRow) -> set[int]:
    """Ids of the people who may not act on an open task of this case."""
    return Recusal(connection, case, definition).at(task, task["element"])


def excluded(
    connection: Connection, case: CaseRow, definition: Definition, name: str, other_cases: Sequence[str],
    instances: str | None,
) -> set[int]:  # fmt: skip
    """Ids of the people who may not act at the element ``name`` of this case, in these instances, nor did in those
    other cases."""
    element = definition.elements[name]
    people: set[int] = set()
    for number in other_cases:
        people |= rows.actors_in(connection, number)
    for other, outcome in element.stood_aside:
        people |= _of(rows.done_with(connection, case["id"], other, outcome), instances)
        people |= _beside(involvements.took_part(connection, case["id"], [other], outcome), instances)
    if not element.not_actor_of:
        return people
    people |= _of(rows.done_at(connection, case["id"], element.not_actor_of), instances)
    people |= _beside(involvements.took_part(connection, case["id"], element.not_actor_of), instances)
    start = definition.process.start
    return people | {case["starter_id"]} if start and start.id in element.not_actor_of else people


def _of(done: Iterable[rows.Done], instances: str | None) -> set[int]:
    return {who for one in done if reaches(one["instances"], instances) for who in rows.people_of(one)}


def _beside(found: Iterable[involvements.TookPart], instances: str | None) -> set[int]:
    """Whoever answered there as a delegate or signed has acted; whoever passed on, or was asked, has not."""
    return {one["completed_by"] for one in found if reaches(one["instances"], instances)}


def reaches(one: str | None, other: str | None) -> bool:
    """Whether what was done in ``one`` counts in ``other``: not in another instance of the same multi-instance.

    Both are ``instances`` of a task (``engine.model.OpenedTask``). A task that knows of none, counts everywhere.
    """
    for near, far in zip((one or "").split("/"), (other or "").split("/"), strict=False):
        if near != far:
            return near.split(":")[0] != far.split(":")[0]
    return True


@dataclass(frozen=True, slots=True)
class PresentAct:
    """The present act: who and for whom, at which element, with which outcome, in which instances."""

    people: frozenset[int]
    element: str
    outcome: str | None
    instances: str | None


def excluded_next(
    connection: Connection, case: CaseRow, definition: Definition, acts: PresentAct | None,
    name: str, other_cases: Sequence[str], instances: str | None,
) -> set[int]:  # fmt: skip
    """The same at a step that the present act opens."""
    element = definition.elements[name]
    people = excluded(connection, case, definition, name, other_cases, instances)
    if acts is None or not reaches(acts.instances, instances):
        return people
    if acts.element in element.not_actor_of or (acts.element, acts.outcome) in element.stood_aside:
        people |= acts.people
    return people
