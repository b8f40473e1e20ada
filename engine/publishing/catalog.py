"""Published definitions, parsed once and kept by digest; and publishing, which first has them tried. Knows no case.

What is published never changes; a running case keeps the digest that it began with.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

import engine.operations  # noqa: F401 - enters the operations into the registry
from engine.calendar.days import LEGAL_ZONE
from engine.checks.around import OperationFacts, ParameterFacts, Surroundings
from engine.damage import legible, note
from engine.database import writing
from engine.definition import (
    REGISTERS,
    Definition,
    Files,
    assemble,
    definitions_in,
    digest_of,
    table_of,
)
from engine.directory.contents import DIRECTORY, Directory
from engine.dmn.effective import EffectiveTable, read_table
from engine.errors import Conflict, DataUnreadable, DefinitionInvalid, NotFound, Problem, Refusal
from engine.operations.registry import REGISTRY
from engine.publishing import reasons, timed_starts, withdrawing
from engine.publishing.counted import in_force, unfit_counts
from engine.publishing.directory import Offer, directory_in, offered, put_in_force, tried
from engine.publishing.quarantine import Finding, inspect
from engine.publishing.records import keep_keys, registers_in
from engine.publishing.starts import asked_starts, start_form, unfit
from engine.publishing.suspending import Suspensions, Watch
from engine.publishing.tables import PublishedTables, TableChange, differing, inputs_of
from engine.publishing.writers import unfit as unfit_writes
from engine.publishing.writers import written
from engine.registers import Register, load_register
from engine.words import Words, say
from storage import case_columns, fills
from storage import definitions as rows
from storage.database import Connection, Database, Unreachable

COLUMNS: Final = "columns:"
"""Before the key of a process: the fill by which its cases get the columns of a new version."""


@dataclass(frozen=True, slots=True)
class Publishable:
    """Definitions that were checked to be put in force. ``directory``: the digest of the one that held then."""

    definitions: Mapping[str, Files]
    findings: Mapping[str, Finding]
    tables: TableChange
    offer: Offer | None
    directory: str | None


class Catalog:
    """The definitions of one database. Safe to share between threads."""

    def __init__(self, database: Database, *, guarded: bool = False) -> None:
        """``guarded``: whoever publishes processes changes no directory, and gives a reason for other changes."""
        self._database = database
        self.suspensions = Suspensions(database)
        self.tables = PublishedTables(database)
        self._guarded = guarded
        self._definitions: dict[str, Definition] = {}
        self._listed: dict[tuple[str, str | None], Definition] = {}
        self._registers: tuple[str, Mapping[str, Register]] = ("", {})
        self._lock = threading.Lock()

    def definition(self, connection: Connection, digest: str) -> Definition:
        """The definition of that digest. Raises NotFound, DataUnreadable."""
        found = self._definitions.get(digest)
        if found is None:
            made = self._read(connection, digest)
            with self._lock:
                found = self._definitions.setdefault(digest, made)
        return found

    def listed(self, connection: Connection, digest: str, columns_of: str | None) -> Definition:
        """A definition with the columns for lists that another version of it declares; None: with none."""
        own = self.definition(connection, digest)
        if columns_of == digest or (columns_of is None and not own.process.columns):
            return own
        found = self._listed.get((digest, columns_of))
        if found is None:
            columns = self.definition(connection, columns_of).process.columns if columns_of is not None else ()
            made = replace(own, process=replace(own.process, columns=columns))
            with self._lock:
                found = self._listed.setdefault((digest, columns_of), made)
        return found

    def current(self, connection: Connection, key: str) -> Definition:
        """The current definition of ``key``. Raises NotFound, DefinitionWithdrawn."""
        digest = None if key.startswith("_") else rows.current_digests(connection).get(key)
        if digest is None:
            raise withdrawing.gone(connection, key)
        return self.definition(connection, digest)

    def all(self, connection: Connection) -> tuple[Definition, ...]:
        """The current definitions by key; one that cannot be read is left out, and noted."""
        digests = rows.current_digests(connection)
        own = [(key, digest) for key, digest in sorted(digests.items()) if key[0] != "_"]
        return tuple(legible(own, lambda one: self.definition(connection, one[1]), _named))

    def registers(self, connection: Connection) -> Mapping[str, Register]:
        """The current schemas of all registers by name; none, which is noted, when they cannot be read."""
        digest = rows.current_digests(connection).get(REGISTERS, "")
        if digest != self._registers[0]:
            try:
                self._registers = (digest, self.registers_of(connection, digest))
            except Unreachable:
                raise
            except Exception as error:  # whoever needs one of them fails, nobody else
                note(_named((REGISTERS, digest))[0], error)
                return {}
        return self._registers[1]

    def registers_of(self, connection: Connection, digest: str) -> Mapping[str, Register]:
        """The schemas of all registers as they were published under a digest; empty for none."""
        stored = rows.get(connection, digest)
        return registers_in(stored.files, digest) if stored else {}

    def publish(
        self, files: Mapping[str, bytes | str], now: datetime, by: int | None = None, reason: str = ""
    ) -> list[tuple[str, int, bool]]:
        """Publish what has changed in ``files`` (by path), the directory first: (key, version, whether it is new).

        One transaction. ``reason``: why no case decides on it, kept as an event; where it is guarded, what replaces a
        version needs one. Raises DefinitionInvalid with every problem of every definition, and records that new rules
        of a register would not let stand; NoDirectory, DirectoryGuarded, ReasonMissing, and Conflict when another
        publication was first; then nothing is published.
        """
        checked = self.checked(files, now)
        with writing(self._database) as connection:
            if self._guarded and not reason:
                reasons.must_be_new(connection, checked.definitions)
            done = self.put(connection, checked, now, by)
            reasons.keep(connection, done, reason, now, by)
            return done

    def checked(self, files: Mapping[str, bytes | str], now: datetime) -> Publishable:
        """What ``put`` may put in force: all checks of publishing, and what held then. Raises as ``publish`` does."""
        definitions, today = definitions_in(files), now.astimezone(LEGAL_ZONE).date()
        directory = definitions.pop(DIRECTORY, None)
        with self._database.read() as connection:
            held = rows.digest_of_directory(connection)
            offer = offered(connection, directory, guarded=self._guarded)
            known, others, counted = self.registers(connection), self.all(connection), in_force(connection)
            tables = TableChange(self.tables.all(connection), readable_tables(definitions))
        inputs = inputs_of(tables.after, today)
        around = surroundings(offer.directory, {**known, **readable_registers(definitions)}, inputs)
        findings = inspect(definitions, around)
        problems = [p for finding in findings.values() for p in finding.problems if p.severity == "error"]
        stay, registers = [one for one in others if one.key not in findings], readable_registers(definitions)
        registers = {**known, **registers}
        between = [*unfit_starts(findings, stay), *unfit_writers(findings, stay, registers)]
        between += unfit_counts(definitions, counted, findings, stay, registers, offer.directory)
        problems += [problem for problem in between if problem.severity == "error"]
        problems += tables.unfit(self._database, around, definitions, today)
        if problems:
            raise DefinitionInvalid(tuple(problems))
        return Publishable(definitions, findings, tables, offer if directory is not None else None, held)

    def put(
        self, connection: Connection, checked: Publishable, now: datetime, by: int | None = None
    ) -> list[tuple[str, int, bool]]:
        """Put in force what was checked, in the caller's transaction; what ``publish`` answers. Raises Conflict."""
        published = []
        definitions, findings, tables = checked.definitions, checked.findings, checked.tables
        current = rows.current_digests(connection)
        if current.get(DIRECTORY) != checked.directory or tables.overtaken(current):
            raise Conflict
        if checked.offer is not None:
            version, _ = put_in_force(connection, checked.offer, now, by, definitions)
            published.append((DIRECTORY, version, bool(version)))
        for key, own in definitions.items():
            digest = digest_of(key, own)
            fresh = current.get(key) != digest or not rows.readable(connection, digest)
            name = tables.name(key) or findings[key].name
            if fresh and key == REGISTERS:
                keep_keys(connection, registers_in(own, digest))
            version = rows.publish(connection, key, digest, name, own, now, by) if fresh else 0
            if fresh and not key.startswith("_"):
                timed = timed_starts.has_any(own)
                made = self._read(connection, digest) if timed else None
                timed_starts.keep(connection, key, made, now)
            if fresh and case_columns.has_cases(connection, key):
                fills.begin(connection, f"{COLUMNS}{key}", now)
            published.append((key, version, fresh))
        return published

    def _read(self, connection: Connection, digest: str) -> Definition:
        """Parsed in this process: it was tried in the other one before it was published."""
        try:
            stored = rows.get(connection, digest)
            if stored is not None:
                made = assemble(stored.key, stored.files, stored.version)
                owner = Watch(self.suspensions, digest, made.process.name, stored.version)
                return replace(made, digest=digest, owner=owner, tables=self.tables.named_in(connection, stored.files))
        except Unreachable:
            raise
        except Exception as error:
            raise DataUnreadable(what=say("流程定义")) from error
        raise NotFound(what=say("流程定义"))


def unfit_starts(findings: Mapping[str, Finding], others: Iterable[Definition]) -> list[Problem]:
    """Where cases ask for cases of another kind that do not fit; ``others``: what is in force and stays so."""
    beside = list(others)
    forms = {one.key: start_form(one) for one in beside} | {key: one.start for key, one in findings.items()}
    asked = {one.key: asked_starts(one) for one in beside} | {key: one.asked for key, one in findings.items()}
    return [problem for key, own in asked.items() for problem in unfit(key, own, forms)]


def unfit_writers(
    findings: Mapping[str, Finding], others: Iterable[Definition], registers: Mapping[str, Register]
) -> list[Problem]:
    """Where cases write registers that do not let them; ``others``: what is in force and stays so."""
    steps = {one.key: written(one) for one in others} | {key: one.writes for key, one in findings.items()}
    return [problem for key, own in steps.items() for problem in unfit_writes(key, own, registers)]


def _named(one: tuple[str, str]) -> tuple[Words, None]:
    return say("流程定义{key}（重新发布同一文件夹即可恢复）", key=one[0]), None


def problems_in(
    files: Mapping[str, bytes | str], beside: Mapping[str, bytes | str], today: date = date.min
) -> tuple[Problem, ...]:
    """Everything wrong with the definitions in ``files``; nothing is published. Raises as ``definitions_in`` does.

    ``beside``: where the directory is that holds when ``files`` have none. ``today``: versions of effective tables that
    are over by then need nobody to fit them.
    """
    definitions = definitions_in(files)
    try:
        offer = tried(definitions.pop(DIRECTORY, {}) or directory_in(beside))
    except DefinitionInvalid as invalid:
        return invalid.problems  # roles and kinds are not known: everything else would be told to lack them
    tables = readable_tables(definitions)
    around = surroundings(offer.directory, readable_registers(definitions), inputs_of(tables, today))
    findings = inspect(definitions, around)
    found = [problem for finding in findings.values() for problem in finding.problems]
    found += [problem for one in tables.values() for problem in differing(one, today)]
    if any(one.severity == "error" for one in found):
        return tuple(found)
    registers = readable_registers(definitions)
    between = [*unfit_starts(findings, ()), *unfit_writers(findings, (), registers)]
    return (*found, *between, *unfit_counts(definitions, (), findings, (), registers, offer.directory))


def readable_registers(definitions: Mapping[str, Files]) -> dict[str, Register]:
    """The registers that are published with the definitions, as far as they can be read; the rest is told with them."""
    found = {}
    for name, data in definitions.get(REGISTERS, {}).items():
        with suppress(DefinitionInvalid):
            register = load_register(name, data)
            found[register.name] = register
    return found


def readable_tables(definitions: Mapping[str, Files]) -> dict[str, EffectiveTable]:
    """The effective tables that are published with the definitions, as far as they can be read."""
    found = {}
    for key, files in definitions.items():
        with suppress(DefinitionInvalid, Refusal):
            if table_of(key):
                found[table_of(key)] = read_table(table_of(key), files)
    return found


def surroundings(
    directory: Directory,
    registers: Mapping[str, Register] = MappingProxyType({}),
    tables: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Surroundings:
    """What an installation with this directory, these registers and these effective tables offers to definitions."""
    operations = {
        name: OperationFacts(one.read_only, tuple(ParameterFacts(p.name, p.required) for p in one.parameters))
        for name, one in REGISTRY.items()
    }
    fields = {name: register.kinds() for name, register in registers.items()}
    return Surroundings(tuple(directory.roles), tuple(directory.kinds), operations, fields, dict(tables))
