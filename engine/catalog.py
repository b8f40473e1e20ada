"""Published definitions, parsed once and kept by digest. Knows no case.

A definition is a folder of files; its name is the hash of its key and their contents. What is published never
changes; a running case keeps the digest that it began with. Folders that begin with ``_`` are shared: ``_shared``
(decisions, articles, called processes) is part of every definition, ``_registers`` holds the schemas of the registers.
"""

from __future__ import annotations

import hashlib
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import engine.operations  # noqa: F401 - enters the operations into the registry
from engine.checks import check_definition
from engine.decisions import Decision, load_decisions
from engine.diagram import Element, Process, read_diagram
from engine.errors import DefinitionInvalid, NotFound, Problem
from engine.forms import Form, load_form
from engine.organisations import kinds
from engine.registers import Register, load_register
from engine.roles import roles
from engine.services import REGISTRY
from engine.spiff_model import Specs, build_specs
from storage import definitions as rows
from storage.database import Connection, Database

SHARED = "_shared"
REGISTERS = "_registers"
LEFT_OUT = "scenarios"
"""Walks that test a definition; they are no part of what runs."""

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Definition:
    """A published process with everything that it needs. Immutable and shared by all its cases."""

    digest: str
    key: str
    version: int
    process: Process
    elements: Mapping[str, Element]
    xml: bytes
    specs: Specs
    forms: Mapping[str, Form]
    decisions: Mapping[str, Decision]
    articles: Mapping[str, Text]

    def form_of(self, element: str) -> Form | None:
        """The form that a person fills in at an element."""
        name = self.elements[element].form
        return self.forms.get(name) if name else None


class Catalog:
    """The definitions of one database. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._definitions: dict[str, Definition] = {}
        self._registers: tuple[str, Mapping[str, Register]] = ("", {})
        self._lock = threading.Lock()

    def definition(self, connection: Connection, digest: str) -> Definition:
        """The definition of that digest. Raises NotFound."""
        found = self._definitions.get(digest)
        if found is None:
            row = rows.get(connection, digest)
            if row is None:
                raise NotFound(what=("流程定义", "The definition"))
            made = replace(assemble(row["key"], row["files"], row["version"]), digest=digest)
            with self._lock:
                found = self._definitions.setdefault(digest, made)
        return found

    def current(self, connection: Connection, key: str) -> Definition:
        """The current definition of ``key``. Raises NotFound."""
        digest = None if key.startswith("_") else rows.current_digests(connection).get(key)
        if digest is None:
            raise NotFound(what=("这类事项", "This kind of case"))
        return self.definition(connection, digest)

    def all(self, connection: Connection) -> tuple[Definition, ...]:
        """The current definitions by key."""
        digests = rows.current_digests(connection)
        return tuple(self.definition(connection, digest) for key, digest in sorted(digests.items()) if key[0] != "_")

    def registers(self, connection: Connection) -> Mapping[str, Register]:
        """The current schemas of all registers by name."""
        digest = rows.current_digests(connection).get(REGISTERS, "")
        if digest != self._registers[0]:
            row = rows.get(connection, digest)
            files = row["files"] if row else {}
            self._registers = (digest, {r.name: r for r in (load_register(n, d) for n, d in sorted(files.items()))})
        return self._registers[1]

    def publish(self, folder: Path, now: datetime, by: int | None = None) -> list[tuple[str, int, bool]]:
        """Publish every process under ``folder`` that has changed: (key, version, whether it is new).

        One transaction. Raises DefinitionInvalid with every problem of every folder; then nothing is published.
        """
        problems = [problem for problem in check_folder(folder) if problem.severity == "error"]
        if problems:
            raise DefinitionInvalid(tuple(problems))
        published = []
        with self._database.write() as connection:
            current = rows.current_digests(connection)
            for key, files in read_folder(folder).items():
                digest = digest_of(key, files)
                fresh = current.get(key) != digest
                name = (key, key) if key.startswith("_") else assemble(key, files, 0).process.name
                version = rows.publish(connection, key, digest, name, files, now, by) if fresh else 0
                published.append((key, version, fresh))
        return published


def read_folder(folder: Path) -> dict[str, dict[str, bytes]]:
    """The files of every definition under ``folder`` by key; those of ``_shared`` are in each of them."""
    shared = _files(folder / SHARED, f"{SHARED}/")
    found = {REGISTERS: _files(folder / REGISTERS, "")} if (folder / REGISTERS).is_dir() else {}
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith(("_", ".")):
            found[path.name] = {**_files(path, ""), **shared}
    return found


def _files(folder: Path, prefix: str) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = {path: path.relative_to(folder) for path in paths}
    return {prefix + name.as_posix(): path.read_bytes() for path, name in names.items() if name.parts[0] != LEFT_OUT}


def digest_of(key: str, files: Mapping[str, bytes]) -> str:
    """SHA-256 over the key, and the names and contents: two kinds made of the same files are two."""
    total = hashlib.sha256(f"{len(key)}:{key}\n".encode())
    for name, data in sorted(files.items()):
        total.update(f"{len(name)}:{name}:{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def check_folder(folder: Path) -> tuple[Problem, ...]:
    """Everything wrong with the definitions under ``folder``; nothing is published or run."""
    problems: list[Problem] = []
    for key, files in read_folder(folder).items():
        found = _check_registers(files) if key == REGISTERS else check_files(files)
        problems += [_placed(key, problem) for problem in found]
    return tuple(problems)


def check_files(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Everything wrong with one definition."""
    problems = check_definition(files, roles=roles(), operations=REGISTRY, kinds=kinds())
    if any(problem.severity == "error" for problem in problems):
        return problems
    try:
        assemble("", files, 0)
    except DefinitionInvalid as invalid:
        return (*problems, *invalid.problems)
    return problems


def _check_registers(files: Mapping[str, bytes]) -> list[Problem]:
    problems: list[Problem] = []
    for name, data in files.items():
        try:
            load_register(name, data)
        except DefinitionInvalid as invalid:
            problems += invalid.problems
    return problems


def _placed(key: str, problem: Problem) -> Problem:
    texts = (problem.zh, problem.en, problem.hint_zh, problem.hint_en)
    return Problem(f"{key}/{problem.file}", problem.place, *texts, severity=problem.severity)


def assemble(key: str, files: Mapping[str, bytes], version: int) -> Definition:
    """Parse the files of a definition. Raises DefinitionInvalid."""
    bpmn = {name: data for name, data in files.items() if name.endswith(".bpmn")}
    diagrams = [read_diagram(name, data) for name, data in bpmn.items()]
    main = next((d for d in diagrams if d.file == "process.bpmn"), None)
    process = next((p for p in main.processes if p.executable), None) if main else None
    if main is None or process is None:
        raise DefinitionInvalid(
            (Problem("process.bpmn", key, "没有可执行的流程。", "there is no executable process."),)
        )
    elements = {name: e for d in diagrams for p in d.processes for name, e in p.elements.items()}
    decisions = {
        name: decision
        for file, data in files.items()
        if file.endswith(".dmn")
        for name, decision in load_decisions(file, data).items()
    }
    return Definition(
        digest=digest_of(key, files),
        key=key,
        version=version,
        process=process,
        elements=elements,
        xml=main.xml,
        specs=build_specs(process.id, bpmn),
        forms=_forms(files),
        decisions=decisions,
        articles=_articles(files),
    )


def _forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    ending = ".form.json"
    names = [name for name in files if name.endswith(ending)]
    return {name.rsplit("/", 1)[-1].removesuffix(ending): load_form(name, files[name]) for name in names}


def _articles(files: Mapping[str, bytes]) -> dict[str, Text]:
    text = files.get(f"{SHARED}/articles.toml", b"").decode("utf-8")
    rows = tomllib.loads(text).get("article", [])
    return {str(row["number"]): (row["zh"], row["en"]) for row in rows}
