"""What a designer chooses from and never types: roles, kinds, operations, registers, tables, articles, processes.

Knows no page and nothing of what a design holds: its own decisions and forms are read where it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.feel_functions import WORKING_DAYS
from engine.definition import articles_in
from engine.designing.keeping import ACT
from engine.diagram.schema import Word, words
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.feel.builtins import BUILTINS
from engine.model import Clock
from engine.operations.registry import REGISTRY
from engine.publishing.catalog import Catalog
from engine.publishing.tables import inputs_of
from engine.words import Text, both
from storage import definitions as published
from storage.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Offered:
    """Something that exists: what stands in the diagram, and how people call it."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class OfferedParameter:
    """A parameter of an operation; ``type``: text, number, list, context or any."""

    id: str
    name: Text
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class OfferedOperation:
    """An operation that a service task may ask for."""

    id: str
    name: Text
    parameters: tuple[OfferedParameter, ...]


@dataclass(frozen=True, slots=True)
class OfferedRegister:
    """A register with its fields."""

    id: str
    name: Text
    fields: tuple[Offered, ...]


@dataclass(frozen=True, slots=True)
class OfferedFunction:
    """A function that an expression may call, with the names of its parameters."""

    id: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """All of it, with the schema of our words.

    ``tables``: effective tables with the names of their inputs. ``functions``: those of FEEL and of working days.
    """

    words: tuple[Word, ...]
    roles: tuple[Offered, ...]
    kinds: tuple[Offered, ...]
    operations: tuple[OfferedOperation, ...]
    registers: tuple[OfferedRegister, ...]
    tables: Mapping[str, tuple[str, ...]]
    articles: tuple[Offered, ...]
    functions: tuple[OfferedFunction, ...]


class Offering:
    """Reads what exists in this installation."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    def offer(self, actor: Actor) -> Stock:
        """What there is to choose from now."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            registers = self._catalog.registers(connection)
            tables = self._catalog.tables.all(connection)
            articles = _articles(connection)
        return Stock(
            words=tuple(words().values()),
            roles=tuple(Offered(one.id, one.name) for one in actor.directory.roles.values()),
            kinds=tuple(Offered(one.id, one.name) for one in actor.directory.kinds.values()),
            operations=_operations(),
            registers=tuple(
                OfferedRegister(name, one.title, tuple(Offered(key, own.label) for key, own in one.columns.items()))
                for name, one in sorted(registers.items())
            ),
            tables=inputs_of(tables, self._clock.now().astimezone(LEGAL_ZONE).date()),
            articles=tuple(Offered(number, summary) for number, summary in articles.items()),
            functions=_FUNCTIONS,
        )


def _articles(connection: Connection) -> Mapping[str, Text]:
    """Those that were published with any process; all of them have the same."""
    for key, digest in sorted(published.current_digests(connection).items()):
        stored = published.get(connection, digest) if not key.startswith("_") else None
        if stored is not None:
            return articles_in(stored.files)
    return {}


def _operations() -> tuple[OfferedOperation, ...]:
    return tuple(
        OfferedOperation(
            name,
            both(one.label),
            tuple(OfferedParameter(p.name, both(p.label), p.type, p.required) for p in one.parameters),
        )
        for name, one in sorted(REGISTRY.items())
    )


_FUNCTIONS: Final = (
    *(OfferedFunction(name, one.signatures[0].parameters) for name, one in sorted(BUILTINS.items())),
    *(OfferedFunction(name, one.parameters) for name, one in sorted(WORKING_DAYS.items())),
)
