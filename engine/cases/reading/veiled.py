"""The veil over lists of cases, where there is one: a list asks no case for what nothing hides. Changes nothing.

A list finds and counts no case by a step that its reader may not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from engine.cases.base import Parts, TaskPlace, task_and_case, task_id
from engine.cases.veil import Veil, is_hung
from engine.definition import Definition
from engine.directory.actors import Actor, personal
from engine.errors import DataUnreadable
from storage import cases as rows
from storage import takers
from storage.database import Connection
from storage.rows import TaskRow


def veil_over(connection: Connection, actor: Actor, case_id: int, definition: Definition) -> Veil | None:
    """What is hidden of a case on a list; None: nothing is."""
    case = rows.get(connection, case_id) if is_hung(actor, definition) else None
    return None if case is None else Veil(connection, actor, case, definition)


def hides_holder(connection: Connection, actor: Actor, task: TaskPlace, definition: Definition) -> bool:
    """Whether it is hidden from a reader who has a task."""
    if not definition.keeps_secrets:
        return False
    row, case = task_and_case(connection, task_id(task))
    return not Veil(connection, actor, case, definition).task(row)


def unseen_tasks(
    parts: Parts, connection: Connection, actor: Actor, candidates: Sequence[str], due: bool = False
) -> tuple[tuple[int, int], ...]:
    """Of the tasks that wait for these inbox keys (``due``: that have a deadline, too) those of which the reader may
    not hear for whom they wait, nor when they are due."""
    own = takers.Takers(candidates=candidates, due=due)
    found = _veiled(parts, connection, actor, own) if candidates or due else ()
    return tuple((task["case_id"], task["number"]) for task, veil in found if not veil.task(task))


def unseen_parts(
    parts: Parts, connection: Connection, actor: Actor, people: Iterable[int | None], since: datetime | None = None
) -> tuple[tuple[int, int], ...]:
    """(person, case): of these people the cases of which the reader may not hear that they take or took part.

    ``since``: of what is done nothing from before; None: all.
    """
    named = sorted({one for one in people if one is not None})
    own = takers.Takers(named, since, personal=[personal(one) for one in named])
    found = _veiled(parts, connection, actor, own) if named else ()
    told = {(one, task["case_id"]) for task, veil in found for one in named if veil.hides(one)}
    return tuple(sorted(told))


def _veiled(parts: Parts, connection: Connection, actor: Actor, of: takers.Takers) -> Iterator[tuple[TaskRow, Veil]]:
    """Their tasks at steps that are confidential as a whole, each with the veil over its case."""
    definitions: dict[str, Definition] = {}
    for digest in takers.digests(connection, of):
        with suppress(DataUnreadable):  # told at each case of it
            definitions[digest] = parts.catalog.definition(connection, digest)
    kept = {digest: names for digest, one in definitions.items() if (names := _confidential_steps(one))}
    veils: dict[int, Veil] = {}
    for task in takers.tasks_at(connection, of, kept) if kept else ():
        case = rows.get(connection, task["case_id"]) if task["case_id"] not in veils else None
        if case is not None:
            veils[case["id"]] = Veil(connection, actor, case, definitions[case["digest"]])
        yield task, veils[task["case_id"]]


def _confidential_steps(definition: Definition) -> frozenset[str]:
    """The steps that are confidential as a whole until an event, with who has them."""
    steps = definition.elements.values()
    return frozenset(one.id for one in steps if any(not kept.fields for kept in one.confidential))
