"""The kinds of cases that a person may start, and for which of his organisations. Changes nothing."""

from __future__ import annotations

from engine.cases.base import Parts
from engine.definition import Definition
from engine.directory.actors import Actor
from engine.operations.holders import resolve
from engine.views import OrganisationName, Startable
from storage.database import Connection


class Startables:
    """Asked by pages on which something can be started."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def startable(self, actor: Actor) -> tuple[Startable, ...]:
        """What the person may start, and for which of his organisations."""
        with self._parts.database.read() as connection:
            found = [(one, _places(connection, actor, one)) for one in self._parts.catalog.all(connection)]
        return tuple(_kind(one, places) for one, places in found if places)

    def any_for(self, actor: Actor) -> bool:
        """Whether there is anything that the person may start."""
        if not actor.candidates:
            return False
        held = {one.role for one in actor.held}
        with self._parts.database.read() as connection:
            known = self._parts.catalog.all(connection)
            his = (one for one in known if held & {rule.role for rule in one.process.starters})
            return any(_places(connection, actor, one) for one in his)


def _kind(definition: Definition, places: tuple[OrganisationName, ...]) -> Startable:
    process = definition.process
    return Startable(definition.key, process.name, process.description, places, process.group)


def _places(connection: Connection, actor: Actor, definition: Definition) -> tuple[OrganisationName, ...]:
    rules = [(a.role, a.where, a.kinds) for a in definition.process.starters]
    held = {one.organisation.code: one.organisation for one in actor.memberships}
    places = []
    for organisation in held.values():
        found = [resolve(connection, organisation, [rule]) for rule in rules]
        if any(one and f"{one[0]}@{one[1].code}" in actor.candidates for one in found):
            places.append(OrganisationName(organisation.code, organisation.name))
    return tuple(places)
