"""The kinds of cases that a person may start, and for which of his organisations. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definition import Definition
from engine.directory.actors import Actor
from engine.operations.holders import resolve
from engine.views import OrganisationName, Startable
from storage.database import Connection


def startable(connection: Connection, actor: Actor, known: Iterable[Definition]) -> tuple[Startable, ...]:
    """What he may start of these."""
    found = [(one, _places(connection, actor, one)) for one in known]
    return tuple(_kind(one, places) for one, places in found if places)


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
