"""The veil over a row of a list, where there is one: a list asks no case for what nothing hides. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.cases.base import TaskPlace, task_and_case, task_id
from engine.cases.veil import Veil, is_hung
from engine.definition import Definition
from engine.directory.actors import Actor
from storage import cases as rows
from storage.database import Connection
from storage.inbox import OfCase

L = TypeVar("L", bound=OfCase)


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


def without_hidden(
    connection: Connection,
    actor: Actor,
    found: Sequence[L],
    people: Sequence[int | None],
    of: Callable[[str], Definition],
) -> list[L]:
    """The rows of a list of somebody's work, but those of cases of which nobody may hear that he takes part.

    ``people``: whose work it is; ``of``: the definition by its digest.
    """
    named = [one for one in people if one is not None]
    return [row for row in found if not (named and _takes_part(connection, actor, row, named, of(row["digest"])))]


def _takes_part(
    connection: Connection, actor: Actor, row: OfCase, people: Sequence[int], definition: Definition
) -> bool:
    veil = veil_over(connection, actor, row["id"], definition) if definition.keeps_secrets else None
    return veil is not None and any(map(veil.hides, people))
