"""The designer's desk: what is published, in which version, and what it says. Knows no process, publishes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.damage import legible
from engine.definition import Definition, table_of
from engine.desks.definition_views import (
    DefinitionView,
    FieldLine,
    FormFacts,
    Published,
    TableVersionView,
    TableView,
)
from engine.diagram import shown
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.dmn.effective import EffectiveTable
from engine.dmn.facts import read_facts
from engine.errors import NotFound
from engine.forms import Form
from engine.forms.model import Field
from engine.model import Clock
from engine.publishing.catalog import Catalog, surroundings
from engine.publishing.quarantine import inspect
from engine.publishing.tables import inputs_of
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

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    def current(self, actor: Actor) -> tuple[Published, ...]:
        """The current version of every process, by key; ``running`` counts the cases of all its versions."""
        require(actor, DESIGNS, _ACT)
        with self._database.read() as connection:
            found = [row for row in rows.current(connection) if not row["key"].startswith("_")]
            return _lines(connection, found)

    def withdrawn(self, actor: Actor) -> tuple[Published, ...]:
        """The newest version of every process of which none is in force any more, by key."""
        require(actor, DESIGNS, _ACT)
        with self._database.read() as connection:
            return _lines(connection, [row for row in rows.withdrawn(connection) if not row["key"].startswith("_")])

    def tables(self, actor: Actor) -> tuple[TableView, ...]:
        """Every effective table as it was published last."""
        require(actor, DESIGNS, _ACT)
        today = self._clock.now().astimezone(LEGAL_ZONE).date()
        with self._database.read() as connection:
            found = self._catalog.tables.all(connection)
            lines = _lines(connection, [row for row in rows.current(connection) if table_of(row["key"]) in found])
            return tuple(
                _table(found[table_of(one.key)], one, stored.files, today)
                for one in lines
                if (stored := rows.get(connection, one.digest)) is not None
            )

    def table(self, actor: Actor, name: str) -> TableView:
        """One of them. Raises NotFound."""
        for one in self.tables(actor):
            if one.id == name:
                return one
        raise NotFound(what=say("这张决策表"))

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
            in_force = key in rows.current_digests(connection)
            registers = self._catalog.registers(connection)
            tables = self._catalog.tables.all(connection)
        files: Mapping[str, bytes] = stored.files if stored else {}
        inputs = inputs_of(tables, self._clock.now().astimezone(LEGAL_ZONE).date())
        around = surroundings(actor.directory, registers, inputs)
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
            problems=inspect({key: files}, around)[key].problems,
            tables=tuple(sorted(definition.tables.names)) if definition.tables is not None else (),
            in_force=in_force,
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


def _table(table: EffectiveTable, published: Published, files: Mapping[str, bytes], today: date) -> TableView:
    in_force = table.on(today)
    versions = []
    for one in reversed(table.versions):
        state = "now" if one is in_force else "coming" if one.since > today else "over"
        versions.append(TableVersionView(one.file, one.since, one.until, state, read_facts(one.file, files[one.file])))
    return TableView(table.id, published, tuple(versions))


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
