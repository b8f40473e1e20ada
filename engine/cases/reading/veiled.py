"""The veil over a row of a list, where there is one: a list asks no case for what nothing hides. Changes nothing."""

from __future__ import annotations

from engine.cases.veil import Veil, is_hung
from engine.definition import Definition
from engine.directory.actors import Actor
from storage import cases as rows
from storage.database import Connection


def veil_over(connection: Connection, actor: Actor, case_id: int, definition: Definition) -> Veil | None:
    """What is hidden of a case on a list; None: nothing is."""
    case = rows.get(connection, case_id) if is_hung(actor, definition) else None
    return None if case is None else Veil(connection, actor, case, definition)
