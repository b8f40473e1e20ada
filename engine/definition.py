"""What a definition is: a folder of files, named by a hash, checked and parsed. Knows no database and no case.

A folder whose name begins with ``_`` is shared: ``_shared`` (decisions, articles, called processes) is part of every
definition; ``_registers`` holds the schemas of the registers, ``_directory`` roles, kinds of organisation and figures,
``_tables`` the effective tables, a folder each, ``_statistics`` what is counted for who leads. What exists around a
definition is told, so that a process without the installation can check one (``engine.publishing.quarantine``).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from engine.calendar.feel_functions import WORKING_DAYS
from engine.checks import check_definition
from engine.checks.around import Surroundings
from engine.checks.directory import check_directory
from engine.checks.effective import check_table
from engine.checks.folder import FORM, MAX_FILE, MAX_FILES, MAX_NAME, MAX_TOTAL, is_safe, oversize
from engine.checks.personal import undeclared
from engine.checks.statistics import STATISTICS, check_statistics
from engine.diagram import PART, Element, Process, read_diagram
from engine.directory.contents import DIRECTORY
from engine.dmn.decisions import Decision, DecisionResult, decision_functions, load_decisions
from engine.dmn.effective import Tables, decide, table_functions
from engine.documents import WORD
from engine.errors import DefinitionInvalid, Problem
from engine.feel import Environment, FeelFunction, Owner
from engine.forms import Form, load_form
from engine.registers import Register, dangling, impossible, load_register, underived
from engine.spiff import Specs, build_specs
from engine.words import Text, listed, say

SHARED = "_shared"
REGISTERS = "_registers"
_APART = {DIRECTORY: check_directory, STATISTICS: check_statistics}
APART = (REGISTERS, *_APART)
"""What is published by itself and no process."""
TABLES = "_tables"
"""A folder each, of effective tables: each is published by itself, under ``_tables/`` and its name."""
LEFT_OUT = "scenarios"
"""Walks that test a definition; they are no part of what runs."""

MAX_KEY = 100
"""Characters of a definition's key: as many as the database keeps."""

MAX_ALL = 100 * 1024 * 1024
"""Bytes of all definitions that are read together, those of ``_shared`` counted in each."""

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Definition:
    """A process with everything that it needs. Immutable and shared by all its cases."""

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
    documents: Mapping[str, bytes]  # templates by name
    recusing: frozenset[str] = frozenset()  # elements at which somebody may have to stand aside (``gw:notActorOf``)
    owner: Owner | None = None  # whom its expressions are evaluated for; None where nobody keeps watch
    tables: Tables | None = None  # the effective tables that it may ask, which are no part of it

    def functions(self, told: Callable[[DecisionResult], None]) -> dict[str, FeelFunction]:
        """What its expressions may call beside FEEL's own; ``told`` hears of every decision that is taken so."""
        return table_functions(self.tables, told) | decision_functions(self.decisions, told) | WORKING_DAYS

    def decide(self, name: str, inputs: Mapping[str, Any], environment: Environment) -> DecisionResult:
        """What one of its decisions answers, or an effective table. Raises as they do."""
        if name in self.decisions or self.tables is None:
            return self.decisions[name].evaluate(inputs, environment)
        return decide(self.tables, name, inputs, environment)

    @property
    def keeps_secrets(self) -> bool:
        """Whether something of its cases is confidential until an event."""
        return any(one.confidential for one in self.elements.values())

    def form_of(self, element: str) -> Form | None:
        """The form that a person fills in at an element."""
        name = self.elements[element].form
        return self.forms.get(name) if name else None

    def element_of(self, name: str) -> Element | None:
        """The element that an event of a case names, also by one part of it; None when there is none."""
        return self.elements.get(name.partition(PART)[0])

    def waited(self, name: str) -> Element:
        """The event that a wait names: one part of an event with several triggers."""
        return self.elements[name.partition(PART)[0]].part(name)


def definitions_in(files: Mapping[str, bytes | str]) -> dict[str, dict[str, bytes]]:
    """The files of every definition by key, from files by path (``leave/process.bpmn``); those of ``_shared`` in each.

    Text becomes UTF-8. Takes little more than the limits of ``engine.checks.folder`` allow, which then refuse it.
    Raises DefinitionInvalid for a path without a folder or with an unknown ``_`` one, for text that no file can hold,
    and for more than MAX_ALL bytes altogether.
    """
    folders: dict[str, dict[str, str]] = {}
    for path in files:
        key, _, name = spoken(path).partition("/")
        if key == TABLES:
            own, _, name = name.partition("/")
            key = f"{TABLES}/{own}"
        elif key.startswith("_") and key not in (SHARED, *APART):
            name = ""
        if not name:
            raise DefinitionInvalid((_nowhere(path),))
        if name.split("/")[0] != LEFT_OUT:
            folders.setdefault(key, {})[name] = path
    shared = {f"{SHARED}/{name}": data for name, data in _taken(files, folders.pop(SHARED, {})).items()}
    found, total = dict[str, dict[str, bytes]](), 0
    for key in sorted(folders, key=lambda key: (key not in APART, key)):
        found[key] = _taken(files, folders[key]) | ({} if key in APART or table_of(key) else shared)
        total += sum(map(len, found[key].values()))
        if total > MAX_ALL:
            raise DefinitionInvalid((_too_much(key),))
    return found


def table_of(key: str) -> str:
    """The name of the effective table that is published under a key; nothing for any other key."""
    return key.removeprefix(f"{TABLES}/") if key.startswith(f"{TABLES}/") else ""


def _taken(files: Mapping[str, bytes | str], paths: Mapping[str, str]) -> dict[str, bytes]:
    found, total = dict[str, bytes](), 0
    for name, path in sorted(paths.items())[: MAX_FILES + 1]:
        found[name] = _bytes(path, files[path])[: MAX_FILE + 1]
        total += len(found[name])
        if total > MAX_TOTAL:
            break
    return found


def _bytes(path: str, data: bytes | str) -> bytes:
    try:
        return data.encode() if isinstance(data, str) else data
    except UnicodeEncodeError as error:
        raise DefinitionInvalid((_unwritable(path),)) from error


def spoken(name: str) -> str:
    """A name of a file as text that can be written down; what is no text never makes a safe name."""
    return name.encode("utf-8", "replace").decode()


def _nowhere(path: str) -> Problem:
    what = say("文件应在流程的文件夹里，或在{shared}、{apart}里。", shared=SHARED, apart=listed((*APART, TABLES)))
    return Problem(
        _shown(path), "file", what, say("请写成“文件夹/文件”；按日期施行的决策表写成“_tables/表的标识/施行日期.dmn”。")
    )


def _unwritable(path: str) -> Problem:
    what = say("含有不能写入文件的字符。")
    return Problem(_shown(path), "file", what, say("请删去后重试。"))


def _shown(path: str) -> str:
    return spoken(path)[:MAX_NAME]


def _too_much(key: str) -> Problem:
    what = say("流程定义合计超过{size}MB。", size=MAX_ALL // 1024 // 1024)
    return Problem(key, "files", what, say("请分几个文件夹检查和发布。"))


def digest_of(key: str, files: Files) -> str:
    """SHA-256 over the key, and the names and contents: two kinds made of the same files are two."""
    total = hashlib.sha256(f"{len(key)}:{key}\n".encode())
    for name, data in sorted(files.items()):
        total.update(f"{len(name)}:{name}:{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def check(key: str, files: Files, around: Surroundings) -> tuple[Problem, ...]:
    """Everything wrong with one definition, or what is published apart; each problem names key and file."""
    if key == REGISTERS:
        found = tuple(_check_registers(files))
    elif key in _APART:
        found = _APART[key](files)
    elif table_of(key) and len(key) <= MAX_KEY:
        found = check_table(table_of(key), files)
    elif "/" in key or len(key) > MAX_KEY or not is_safe(key):
        found = (_unsafe(key),)
    else:
        found = check_files(files, around)
    return tuple(_placed(key, problem) for problem in found)


def check_files(files: Files, around: Surroundings) -> tuple[Problem, ...]:
    """Everything wrong with the files of one definition."""
    problems = check_definition(
        files,
        roles=around.roles,
        operations=around.operations,
        kinds=around.kinds,
        registers=around.registers,
        tables=around.tables,
    )
    if any(problem.severity == "error" for problem in problems):
        return problems
    try:
        assemble("", files, 0)
    except DefinitionInvalid as invalid:
        return (*problems, *invalid.problems)
    return problems


def _unsafe(key: str) -> Problem:
    what = say("文件夹名不能作流程的标识：只能用文字、数字、点、横线和下划线，最多{most}字。", most=MAX_KEY)
    return Problem(".", "key", what, say("请给文件夹改名。"))


def _check_registers(files: Files) -> Iterator[Problem]:
    large = list(oversize(files))
    yield from large
    loaded: dict[str, Register] = {}
    for name, data in () if large else files.items():
        try:
            register = load_register(name, data)
            loaded[register.name] = register
            yield from impossible(register, name)
        except DefinitionInvalid as invalid:
            yield from invalid.problems
    if len(loaded) == len(files):  # else what is missing may be what could not be read
        for register in loaded.values():
            yield from dangling(register, loaded)
            yield from underived(register, loaded)
            yield from undeclared(register)


def _placed(key: str, problem: Problem) -> Problem:
    return replace(problem, file=f"{key}/{problem.file}")


def assemble(key: str, files: Files, version: int) -> Definition:
    """Parse the files of a definition. Raises DefinitionInvalid."""
    bpmn = {name: data for name, data in files.items() if name.endswith(".bpmn")}
    diagrams = [read_diagram(name, data) for name, data in bpmn.items()]
    main = next((d for d in diagrams if d.file == "process.bpmn"), None)
    process = next((p for p in main.processes if p.executable), None) if main else None
    if main is None or process is None:
        raise DefinitionInvalid((Problem("process.bpmn", key, say("没有可执行的流程。")),))
    elements = {name: e for d in diagrams for p in d.processes for name, e in p.elements.items()}
    models = {file: data for file, data in files.items() if file.endswith(".dmn")}
    decisions: dict[str, Decision] = {}
    for file, data in models.items():
        decisions |= load_decisions(file, data, {other: models[other] for other in models if other != file})
    return Definition(
        digest=digest_of(key, files),
        key=key,
        version=version,
        process=process,
        elements=elements,
        xml=main.xml,
        specs=build_specs(process.id, diagrams),
        forms=_forms(files),
        decisions=decisions,
        articles=articles_in(files),
        documents={name.rsplit("/", 1)[-1]: data for name, data in files.items() if name.endswith(WORD)},
        recusing=frozenset(name for name, one in elements.items() if _recuses(one)),
    )


def _recuses(element: Element) -> bool:
    return bool(element.not_actor_of or element.stood_aside or element.not_actor_of_cases or element.not_people)


def _forms(files: Files) -> dict[str, Form]:
    named = [(name, data) for name, data in files.items() if name.endswith(FORM)]
    return {name.rsplit("/", 1)[-1].removesuffix(FORM): load_form(name, data) for name, data in named}


class _Article(TypedDict):
    """An article of the regulation with our summary, as the file of them has it once it is checked."""

    number: str | int
    zh: str
    en: str


def articles_in(files: Files) -> dict[str, Text]:
    """The articles of the catalogue in its order: number to a summary in our own words."""
    text = files.get(f"{SHARED}/articles.toml", b"").decode("utf-8")
    rows: list[_Article] = tomllib.loads(text).get("article", [])
    return {str(row["number"]): (row["zh"], row["en"]) for row in rows}
