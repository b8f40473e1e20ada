"""New definitions are checked and started for the first time in a process of their own, with limits.

What comes from outside may be slow, large or deadly to a parser; whoever publishes it only reads what that process
(``engine.files.apart``) said of it. It gets the definitions and what exists around them.

Every definition goes this way, those that ship with the product and those published before too: they are files that
somebody may have changed, and one way is easier to trust than two. Knows no folder, no row and no page.
"""

from __future__ import annotations

import json
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypedDict

from engine.checks.around import OperationFacts, ParameterFacts, Surroundings
from engine.checks.equivalents import ForeignItem, equivalents
from engine.checks.scope import Scope, scope_of
from engine.definition import (
    Definition,
    Files,
    assemble,
    check,
    digest_of,
)
from engine.dmn.effective import Promised
from engine.errors import OperationFailed, Problem, Refusal, Runaway
from engine.files.apart import MEGABYTE, Heard, Limits, NotStarted, Withdrawn, answer, ask, ready
from engine.files.children import Withdrawal
from engine.publishing.playing import PRESENT, play
from engine.publishing.starts import AskedStart, StartForm, asked_starts, start_form
from engine.publishing.statistics import Choices, choices_of
from engine.publishing.telling import ToldProblem, heard_problem, pair, told_problem
from engine.publishing.writers import WrittenRegister, written
from engine.runtime import commands
from engine.words import Text, Words, say


@dataclass(frozen=True, slots=True)
class Finding:
    """What the other process found. ``name`` is the process's, or the key where there is none to be had."""

    problems: tuple[Problem, ...]
    name: Text
    start: StartForm | None = None
    asked: tuple[AskedStart, ...] = ()
    writes: tuple[WrittenRegister, ...] = ()
    columns: Choices = field(default_factory=dict)
    scope: Scope | None = None
    foreign: Mapping[str, list[ForeignItem]] = field(default_factory=dict)


class QuarantineFailed(Refusal):
    """The process that checks definitions did not start: the fault is ours, not that of a definition."""

    sentence = say("检查程序没有启动，什么也没有发布。请检查安装是否完整（{detail}）。")


LIMITS = Limits(seconds=20, memory=512 * MEGABYTE, patience=60)
MOST_KNOWN = 256  # findings that are remembered

_known: dict[tuple[str, str, Limits], Finding] = {}
_one_at_a_time = threading.Lock()  # however many ask, a server has one process beside it


def inspect(
    definitions: Mapping[str, Files], around: Surroundings, limits: Limits = LIMITS,
    withdrawal: Withdrawal | None = None,
) -> dict[str, Finding]:  # fmt: skip
    """What another process found of definitions (files by key). Never raises for their content.

    One that passes a limit or ends the process has a problem that says so. What was found is remembered by digest as
    long as this process lives: the same bytes among the same surroundings give the same answer, and a server shows
    its definitions again and again. Raises QuarantineFailed when the fault is ours. ``withdrawal``: by which it is
    called off, and then Withdrawn is raised; what is asked so is being drawn: it changes all the time and is not
    remembered, and its finding has the scope of its expressions and what other software has said, by diagram.
    """
    told = json.dumps(asdict(around))
    names = {key: (digest_of(key, files), told, limits) for key, files in definitions.items()}
    with _one_at_a_time:
        found = {key: _known[name] for key, name in names.items() if name in _known and withdrawal is None}
        waiting = {key: files for key, files in definitions.items() if key not in found}
        while waiting:
            if withdrawal is not None and withdrawal.said:
                raise Withdrawn
            finished, why = _asked(waiting, told, limits, withdrawal)
            for key, finding in finished.items():
                del waiting[key]
                if withdrawal is None:
                    _remember(names[key], finding)
            found |= finished
            if not finished:  # it ended at the very first one: nothing that came before it can be to blame
                key = next(iter(waiting))
                del waiting[key]
                found[key] = Finding((Problem(key, "files", *why),), (key, key))
    return {key: found[key] for key in definitions}


def _remember(name: tuple[str, str, Limits], finding: Finding) -> None:
    _known[name] = finding
    if len(_known) > MOST_KNOWN:
        del _known[next(iter(_known))]


def _asked(
    waiting: Mapping[str, Files], told: str, limits: Limits, withdrawal: Withdrawal | None
) -> tuple[dict[str, Finding], tuple[Words, Words]]:
    """The findings of one process, and why there are no more of them. One order a line, one finding a line."""
    drawn = withdrawal is not None
    orders = [json.dumps(asdict(limits)), told, json.dumps(drawn), *map(json.dumps, _orders(waiting))]
    try:
        heard = ask(__name__, [order.encode() for order in orders], limits.patience * len(waiting), withdrawal)
    except NotStarted as fault:
        raise QuarantineFailed(detail=fault) from fault
    return dict(zip(waiting, _heard(heard.lines), strict=False)), _why(heard, limits)


def _orders(waiting: Mapping[str, Files]) -> Iterator[Any]:
    for key, files in waiting.items():
        yield [key, {name: b64encode(data).decode() for name, data in files.items()}]


def _heard(lines: list[bytes]) -> Iterator[Finding]:
    """The findings up to the first line that is none: one cut off by a limit, or nonsense."""
    with suppress(ValueError, TypeError, KeyError):
        for line in lines:
            said: _Found = json.loads(line)
            writes = tuple(WrittenRegister(str(element), str(register)) for element, register in said["writes"])
            problems = tuple(map(heard_problem, said["problems"]))
            columns = {str(name): tuple(map(str, choices)) for name, choices in said["columns"].items()}
            yield Finding(problems, pair(said["name"]), *_starts(said), writes, columns, said["scope"], said["foreign"])


def _starts(said: _Found) -> tuple[StartForm | None, tuple[AskedStart, ...]]:
    start = None
    if said["start"] is not None:
        fields, required = (tuple(map(str, part)) for part in said["start"])
        start = StartForm(fields, required, bool(said["hears"]))
    asked = ((str(element), str(process), tuple(map(str, fields))) for element, process, fields in said["asked"])
    return start, tuple(AskedStart(*one) for one in asked)


def _why(heard: Heard, limits: Limits) -> tuple[Words, Words]:
    smaller = say("请减少文件的数量、大小或复杂程度。")
    if heard.out_of_time:
        what = say("检查用时超过{seconds}秒，不能发布。", seconds=limits.seconds)
    elif heard.out_of_memory:
        size = limits.memory // MEGABYTE
        what = say("检查所用内存超过{size}MB，不能发布。", size=size)
    else:
        what = say("检查进程意外终止（{code}），不能发布。", code=heard.code)
    return what, smaller


# -- the other process ---------------------------------------------------------------------------------------------


def main() -> None:
    """Answer each definition on the standard input with a line of JSON."""
    ready()
    lines = sys.stdin.buffer
    limits = Limits(**json.loads(next(lines)))
    around = _surroundings(json.loads(next(lines)))
    drawn: bool = json.loads(next(lines))

    def finding(line: bytes) -> bytes:
        key, files = json.loads(line)
        content = {name: b64decode(data) for name, data in files.items()}
        found = find(key, content, around)
        start = None if found.start is None else [list(found.start.fields), list(found.start.required)]
        asked = [(one.element, one.process, list(one.fields)) for one in found.asked]
        told: _Found = {
            "problems": list(map(told_problem, found.problems)), "name": found.name, "start": start, "asked": asked,
            "hears": found.start is not None and found.start.hears,
            "writes": [(one.element, one.register) for one in found.writes],
            "columns": {name: list(choices) for name, choices in found.columns.items()},
            "scope": scope_of(content) if drawn else None, "foreign": _foreign(content, around) if drawn else {},
        }  # fmt: skip
        return json.dumps(told).encode()

    answer(finding, limits)


class _Operation(TypedDict):
    read_only: bool
    parameters: list[dict[str, Any]]


class _Said(TypedDict):
    """The surroundings as the other process hears them: those of ``asdict``."""

    roles: list[str]
    kinds: list[str]
    operations: dict[str, _Operation]
    registers: dict[str, dict[str, str]]
    tables: dict[str, list[str]]


class _Found(TypedDict):
    """``start``: fields and needed fields of the start form; ``asked``: element, process and fields of each start;
    ``writes``: element and register; ``columns``: those with choices; ``scope``, ``foreign``: of what is drawn."""

    problems: list[ToldProblem]
    name: Text
    start: list[list[str]] | None
    hears: bool
    asked: list[tuple[str, str, list[str]]]
    writes: list[tuple[str, str]]
    columns: dict[str, list[str]]
    scope: Scope | None
    foreign: dict[str, list[ForeignItem]]


def _foreign(files: Files, around: Surroundings) -> dict[str, list[ForeignItem]]:
    diagrams = {name: data for name, data in files.items() if name.endswith(".bpmn")}
    return {name: equivalents(data, name, around.roles) for name, data in diagrams.items()}


def _surroundings(said: _Said) -> Surroundings:
    operations = {
        name: OperationFacts(one["read_only"], tuple(ParameterFacts(**parameter) for parameter in one["parameters"]))
        for name, one in said["operations"].items()
    }
    tables = {name: tuple(inputs) for name, inputs in said["tables"].items()}
    return Surroundings(tuple(said["roles"]), tuple(said["kinds"]), operations, said["registers"], tables)


def find(key: str, files: Files, around: Surroundings) -> Finding:
    """Check a definition, and start it when nothing is wrong: all in this process."""
    problems = check(key, files, around)
    if key.startswith("_") or any(problem.severity == "error" for problem in problems):
        return Finding(problems, (key, key))
    definition = replace(assemble(key, files, 0), tables=Promised(around.tables.keys()))
    told = (*problems, *first_run(definition), *play(definition))
    between = start_form(definition), asked_starts(definition), written(definition), choices_of(definition)
    return Finding(told, definition.process.name, *between)


def first_run(definition: Definition) -> tuple[Problem, ...]:
    """From each start to the first person, with nothing filled in and no operation to ask: what runs wild does so here.

    That it is refused for want of data says nothing; that it never reaches a person is worth a warning.
    """
    plain = [""] if definition.process.start is not None else []
    for at in [*plain, *(own.id for own in definition.process.elements.values() if own.opens)]:
        try:
            commands.start(definition, {}, PRESENT, _answer, at=at)
        except Runaway as refusal:
            what = say("试运行（什么也不填写）没有到达任何人工环节：{why}", why=refusal.words)
            hint = say("请检查其中的循环。")
            process = definition.process.id
            return (Problem(f"{definition.key}/process.bpmn", process, what, hint, severity="warning"),)
        except Refusal:
            pass
    return ()


def _answer(operation: str, parameters: Mapping[str, Any]) -> Any:
    """Whose task it is, and until when; no other operation answers here."""
    if operation not in ("assignment", "deadline"):
        raise OperationFailed(operation=operation, reason=say("试运行中没有服务"))
    return dict.fromkeys(("candidate", "organisation", "due_at", "warn_at"), "")
