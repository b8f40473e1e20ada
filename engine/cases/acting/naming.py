"""An operator names who gets a task for which the diagram's own rules found nobody (``engine.errors.NoHolder``).

What failed is then done again: by the person who was refused, or by its job. Knows neither page nor incident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.cases.base import Parts, not_before
from engine.cases.event_types import HOLDER_NAMED
from engine.cases.recording.record import note
from engine.cases.verb_types import HolderNamed
from engine.directory import in_force
from engine.directory.actors import Actor, personal
from engine.errors import CaseNotOpen
from engine.operations.holders import must_be_holder
from engine.words import Text
from storage import cases as rows
from storage import people
from storage.database import Connection
from storage.events import By

MOST_NAMED = 50
"""People who are offered at once."""


@dataclass(frozen=True, slots=True)
class Nameable:
    """Somebody who may be named, and a place where he acts. ``office``: the inbox key of all who act so there."""

    key: str
    office: str
    name: str
    login: str
    role: Text
    place: str


@dataclass(frozen=True, slots=True)
class Naming:
    """Names holders."""

    parts: Parts

    def offered(self, connection: Connection, words: str) -> tuple[Nameable, ...]:
        """Who may be named: active people whose name, login or organisation holds every word, in a role that acts."""
        return tuple(self._offered(connection, words))

    def _offered(self, connection: Connection, words: str) -> Iterator[Nameable]:
        roles = {one.id: one for one in in_force.in_force(connection).roles.values() if one.acts}
        for row in people.found(connection, words, sorted(roles), MOST_NAMED):
            office = f"{row['role']}@{row['organisation_code']}"
            role = roles[row["role"]].name
            yield Nameable(personal(row["id"]), office, row["name"], row["login"], role, row["organisation_name"])

    def name(self, connection: Connection, actor: Actor, case_id: int, element: str, key: str, reason: str) -> None:
        """Say who gets the task at an element from now on whenever its rules give nobody, in the caller's transaction.

        ``key``: an inbox key. Whether the actor may is for the caller to know. Raises CaseNotOpen, and BadInput for
        somebody who cannot act.
        """
        case = rows.lock(connection, case_id)
        if case is None or case["status"] != "running":
            raise CaseNotOpen()
        holder = must_be_holder(connection, key)
        said: HolderNamed = {
            "element": element, "candidate": holder["candidate"], "successor": holder["organisation"], "reason": reason,
        }  # fmt: skip
        by: By = {"actor_id": actor.user_id, "actor_name": actor.name, "actor_role": ""}
        now = not_before(connection, case, self.parts.now())
        note(connection, case, {"name": HOLDER_NAMED, "at": now, "data": said, **by})
