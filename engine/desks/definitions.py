"""The designer's desk: what is published, in which version, and what it says. Knows no process, publishes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from engine.damage import legible
from engine.definition import Definition
from engine.desks.definition_views import DefinitionView, FieldLine, FormFacts, Published
from engine.diagram import shown
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.dmn.facts import read_facts
from engine.errors import NotFound
from engine.forms import Form
from engine.forms.model import Field
from engine.publishing.catalog import Catalog, surroundings
from engine.publishing.quarantine import inspect
from engine.views.basic import MOST_COUNTED
from engine.words import Words, say
from storage import accounts
from storage import definitions as rows
from storage.database import Connection, Database

_ACT = say("查看流程定义")
_NO_DEFINITION = say("这个流程定义")
VERSIONS: Final = 20
"""On a page."""


class DefinitionDesk:
    """The door of the designer. Writes nothing."""

    def __init__(self, database: Database, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog

    def current(self, actor: Actor) -> tuple[Published, ...]:
        """The current version of every process, by key; ``running`` counts the cases of all its versions."""
        require(actor, DESIGNS, _ACT)
        with self._database.read() as connection:
            found = [row for row in rows.current(connection) if not row["key"].startswith("_")]
            return _lines(connection, found)

    def view(
        self, actor: Actor, key: str, version: int | None = None, after: str = "", limit: int = VERSIONS
    ) -> DefinitionView:
        """A version of a process, the current one when none is named, and a page of all. Raises NotFound."""
        require(actor, DESIGNS, _ACT)
        with self._database.read() as connection:
            one = _one(connection, key, version)
            listing = rows.versions(key)
            found, following = listing.piece(connection, after, limit)
            versions, total = _lines(connection, found), listing.count(connection, MOST_COUNTED)
            definition = self._catalog.definition(connection, one.digest)
            stored = rows.get(connection, one.digest)
            registers = self._catalog.registers(connection)
        files: Mapping[str, bytes] = stored.files if stored else {}
        return DefinitionView(
            published=one,
            versions=versions,
            total=total,
            next=following,
            description=definition.process.description,
            starters=definition.process.starters,
            steps=tuple(element for element in definition.elements.values() if element.name[0]),
            decisions=tuple(
                f for name in sorted(files) if name.endswith(".dmn") for f in read_facts(name, files[name])
            ),
            forms=tuple(_form(definition, name, form) for name, form in sorted(definition.forms.items())),
            problems=inspect({key: files}, surroundings(actor.directory, registers))[key].problems,
        )

    def diagram(self, actor: Actor, key: str, version: int) -> str:
        """The BPMN text of a version, laid out if nobody has drawn it. Raises NotFound."""
        require(actor, DESIGNS, _ACT)
        with self._database.read() as connection:
            one = _one(connection, key, version)
            return shown(key, self._catalog.definition(connection, one.digest).xml)


def _one(connection: Connection, key: str, version: int | None) -> Published:
    found = None if key.startswith("_") else rows.version(connection, key, version)
    for one in _lines(connection, [found] if found else []):
        return one
    raise NotFound(what=_NO_DEFINITION)


def _lines(connection: Connection, found: Sequence[rows.ListedDefinition]) -> tuple[Published, ...]:
    names = accounts.names_of(connection, [row["published_by"] for row in found])
    return tuple(legible(found, lambda row: _line(row, names), _named))


def _named(row: rows.ListedDefinition) -> tuple[Words, None]:
    return say("流程定义{key}第{version}版", key=row["key"], version=row["version"]), None


def _line(row: rows.ListedDefinition, names: Mapping[int | None, accounts.Name]) -> Published:
    by = names.get(row["published_by"], ("", ""))[0]
    name = (row["name_zh"], row["name_en"])
    return Published(
        row["digest"], row["key"], row["version"], name, row["published_at"], by, row["current"], row["running"]
    )


def _form(definition: Definition, name: str, form: Form) -> FormFacts:
    steps = tuple(element.name for element in definition.elements.values() if element.form == name)
    return FormFacts(name, steps, tuple(_fields(form.fields, 0)))


def _fields(fields: tuple[Field, ...], depth: int) -> Iterator[FieldLine]:
    for one in fields:
        if one.is_input or (one.children and one.label[0]):
            choices = tuple(option.label for option in one.options or ())
            named = (one.label, ".".join(one.path))
            yield FieldLine(depth, *named, one.type, one.rules.required, one.fixed, choices)
        yield from _fields(one.children, depth + 1)
