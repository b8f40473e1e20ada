"""Who must stand aside at a task (``gw:notActorOf``): he acted at another step, or in the case that this one is about.

Knows the diagram and the rows of tasks; that nobody acts against it is for the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Any

from engine.cases.base import stands
from engine.definition import Definition
from engine.diagram import Element
from engine.feel.formats import number_text
from engine.feel.values import lift
from engine.runtime.aside import PERSON, people_of
from engine.spiff import Stored
from storage import accounts, involvements
from storage import cases as rows
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import CaseRow, TaskRow


class Recusal:
    """Who must stand aside at the open tasks of a case. Each is asked with what it sees, what is the same once."""

    def __init__(self, connection: Connection, case: CaseRow, definition: Definition) -> None:
        self._connection, self._case, self._definition = connection, case, definition
        self._stored: Stored | None = None
        self._known: dict[tuple[str, tuple[str, ...], str | None], set[int]] = {}
        self._acts: dict[str, _Acts] = {}

    def at(self, task: TaskRow, element: str) -> set[int]:
        """Ids of the people who may not act on a task, which stands at ``element``."""
        found = self._definition.elements[element]
        return self.by(element, self.other_cases(found, task["number"]), task["instances"])

    def by(self, element: str, other_cases: tuple[str, ...], instances: str | None) -> set[int]:
        """The same of a task of which is known for which cases people stand aside there."""
        asked = (element, other_cases, instances)
        if asked not in self._known:
            if element not in self._acts:
                self._acts[element] = _acts_of(self._connection, self._case, self._definition, element)
            self._known[asked] = _excluded(self._connection, self._acts[element], other_cases, instances)
        return self._known[asked]

    def other_cases(self, element: Element, number: int) -> tuple[str, ...]:
        """The numbers that the diagram gives for one task, and ``@login`` of people; an older case may have let one
        open."""
        if not asks(element):
            return ()
        self._stored = self._stored or Stored(self._case["state"], Pieces(self._connection, self._case["id"]))
        seen = self._stored.seen(number)
        found = [lift(stands(self._definition, self._case, seen, text)) for text in element.not_actor_of_cases]
        people = [people_of(stands(self._definition, self._case, seen, text)) for text in element.not_people]
        return (*(_number(one) for one in found if isinstance(one, str | Decimal)), *chain.from_iterable(people))


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
    return _excluded(connection, _acts_of(connection, case, definition, name), other_cases, instances)


@dataclass(frozen=True, slots=True)
class _Acts:
    """What was done in a case that keeps people from an element, whatever the instances."""

    done: Sequence[rows.Done]
    beside: Sequence[involvements.TookPart]
    starter: frozenset[int]


def _acts_of(connection: Connection, case: CaseRow, definition: Definition, name: str) -> _Acts:
    element, case_id = definition.elements[name], case["id"]
    done: list[rows.Done] = []
    beside: list[involvements.TookPart] = []
    for other, outcome in element.stood_aside:
        done += rows.done_with(connection, case_id, other, outcome)
        beside += involvements.took_part(connection, case_id, [other], outcome)
    if not element.not_actor_of:
        return _Acts(done, beside, frozenset())
    done += rows.done_at(connection, case_id, element.not_actor_of)
    beside += involvements.took_part(connection, case_id, element.not_actor_of)
    start = definition.process.start
    began = start is not None and start.id in element.not_actor_of
    return _Acts(done, beside, frozenset({case["starter_id"]} if began else ()))


def _excluded(connection: Connection, acts: _Acts, other_cases: Sequence[str], instances: str | None) -> set[int]:
    elsewhere = (_aside(connection, one) for one in other_cases)
    return set().union(acts.starter, _of(acts.done, instances), _beside(acts.beside, instances), *elsewhere)


def _aside(connection: Connection, named: str) -> set[int]:
    """Who stands aside for what a task names: who took part in a case, or the person of a login."""
    if not named.startswith(PERSON):
        return rows.actors_in(connection, named)
    row = accounts.user_by_login(connection, named.removeprefix(PERSON))
    return set() if row is None else {row["id"]}


def excluded_first(
    connection: Connection, definition: Definition, starter_id: int, name: str, other_cases: Sequence[str],
    instances: str | None,
) -> set[int]:  # fmt: skip
    """The same at a step with which a case begins: so far only its starter has acted."""
    people = {who for one in other_cases for who in _aside(connection, one)}
    start = definition.process.start
    return people | {starter_id} if start and start.id in definition.elements[name].not_actor_of else people


def _of(done: Iterable[rows.Done], instances: str | None) -> set[int]:
    return {who for one in done if reaches(one["instances"], instances) for who in rows.people_of(one)}


def _beside(found: Iterable[involvements.TookPart], instances: str | None) -> set[int]:
    """Whoever answered there as a delegate or signed has acted; whoever passed on, or was asked, has not."""
    reached = (one for one in found if reaches(one["instances"], instances))
    return {who for one in reached for who in involvements.everybody(one["completed_by"], one["settled_by"])}


def reaches(one: str | None, other: str | None) -> bool:
    """Whether what was done in ``one`` counts in ``other``: not in another instance of the same multi-instance.

    Both are ``instances`` of a task (``engine.model.OpenedTask``). A task that knows of none, counts everywhere.
    """
    for near, far in zip((one or "").split("/"), (other or "").split("/"), strict=False):
        if near != far:
            return near.split(":")[0] != far.split(":")[0]
    return True


def asks(element: Element) -> bool:
    """Whether the data of the case say who must stand aside there."""
    return bool(element.not_actor_of_cases or element.not_people)


def counts_at(element: Element, other: str) -> bool:
    """Whether what somebody did at another element of the case may keep him from this one."""
    return other in element.not_actor_of or any(other == one for one, _ in element.stood_aside)


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
