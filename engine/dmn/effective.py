"""Effective tables: a decision in several versions, each in force from a day on, and how FEEL asks for one by a day.

A version holds until the next one begins, or until the last day that the name of its file says. Knows no case, no
storage and no clock: who asks says the day, or leaves it to whoever answers ``IN_FORCE``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from engine.dmn.decisions import Decision, DecisionResult, load_decisions
from engine.dmn.reading import attribute, child, children
from engine.errors import DefinitionInvalid, Problem
from engine.feel import Environment, FeelFunction, to_json
from engine.files.xml import parse
from engine.model import TableVersion
from engine.words import say

ON: Final = "on"
"""The input by which a caller says for which day it asks; every effective table has it, and no file declares it."""
IN_FORCE: Final = "table.in_force"
"""The operation that answers which version of a table is in force on a day."""
_NAME: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:_(\d{4}-\d\d-\d\d))?\.dmn")


class Days(NamedTuple):
    """The days on which a version is in force, both included; ``until`` None: until the next one begins."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """One version: its days, as they follow from those of the others too, and its decision."""

    file: str
    since: date
    until: date | None
    decision: Decision
    outputs: tuple[str, ...]  # names of the entries of its answer; none: it is one value
    rules: tuple[str, ...]  # ids of the rows of its table, in their order


@dataclass(frozen=True, slots=True)
class EffectiveTable:
    """A table as one publication has it: all its versions, the oldest first."""

    id: str
    digest: str
    version: int
    versions: tuple[Dated, ...]

    def on(self, day: date) -> Dated | None:
        """The version in force on a day; None when there is none."""
        found = next((one for one in reversed(self.versions) if one.since <= day), None)
        return None if found is None or (found.until is not None and day > found.until) else found

    def from_now(self, today: date) -> tuple[Dated, ...]:
        """The versions that are in force or to come: what a caller must fit."""
        return tuple(one for one in self.versions if one.until is None or one.until >= today)

    def file(self, name: str) -> Dated:
        """The version of that file. Raises LookupError."""
        found = next((one for one in self.versions if one.file == name), None)
        if found is None:
            raise LookupError(name)
        return found


class Tables(Protocol):
    """The effective tables that a definition may ask."""

    @property
    def names(self) -> Collection[str]: ...

    def version(self, digest: str, file: str) -> Dated:
        """A version, by the digest of its publication. Raises NotFound, DataUnreadable, LookupError."""
        ...


@dataclass(frozen=True, slots=True)
class Promised:
    """Tables of which only the names are known, where a definition is played: none of them is ever in force."""

    names: Collection[str]

    def version(self, digest: str, file: str) -> Dated:
        """Raises LookupError."""
        raise LookupError(digest)


def days_of(file: str) -> Days | None:
    """``2026-01-01.dmn``, or ``2026-01-01_2026-12-31.dmn`` with a last day. None for any other name."""
    found = _NAME.fullmatch(file)
    if found is None:
        return None
    since, until = found.groups()
    try:
        return Days(date.fromisoformat(since), date.fromisoformat(until) if until else None)
    except ValueError:
        return None


def read_table(name: str, files: Mapping[str, bytes], digest: str = "", version: int = 0) -> EffectiveTable:
    """The versions in a folder of a table that was checked. Raises DefinitionInvalid."""
    named = [(days, file) for file in sorted(files) if (days := days_of(file)) is not None]
    found = []
    for at, (days, file) in enumerate(named):
        until = days.until
        if at + 1 < len(named):  # until the day before the next one begins
            before = named[at + 1][0].since - timedelta(days=1)
            until = before if until is None else min(until, before)
        decision = load_decisions(file, files[file]).get(name)
        if decision is None:
            raise DefinitionInvalid((Problem(file, name, say("文件里没有id为“{name}”的决策。", name=name)),))
        found.append(Dated(file, days.since, until, decision, *_outputs_and_rules(file, files[file], name)))
    return EffectiveTable(name, digest, version, tuple(found))


def _outputs_and_rules(file: str, data: bytes, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the entries of a table's answer, none where it is one value; and the ids of its rows."""
    found = next(one for one in children(parse(data, what=file), "decision") if attribute(one, "id") == name)
    table = child(found, "decisionTable")
    outputs, rules = (children(table, tag) if table is not None else [] for tag in ("output", "rule"))
    names = tuple(attribute(one, "name") for one in outputs) if len(outputs) > 1 else ()
    return names, tuple(attribute(one, "id") for one in rules)


def decide(tables: Tables, name: str, given: Mapping[str, Any], environment: Environment) -> DecisionResult:
    """What a table answers by the version in force on the day ``given["on"]``, by default the day of the step.

    Raises what the operation refuses: no version in force, a day that is none.
    """
    inputs = {key: value for key, value in given.items() if key != ON}
    day = to_json(given.get(ON, environment.now.date()))  # of the step, whenever the time of a wait is counted again
    asked = {"table": name, "on": day if day is not None else ""}  # no day is not today
    found: TableVersion | None = environment.ask(IN_FORCE, asked)
    if found is None:  # where a definition is played nobody answers
        return DecisionResult(name, None, (), inputs)
    result = tables.version(found["digest"], found["file"]).decision.evaluate(inputs, environment)
    return result.by(found)


def table_functions(tables: Tables | None, on_result: Callable[[DecisionResult], None]) -> dict[str, FeelFunction]:
    """Every effective table as a FEEL function, called with the names of its inputs and ``on``."""

    def call(name: str, environment: Environment, given: Mapping[str, Any]) -> Any:
        assert tables is not None
        result = decide(tables, name, given, environment)
        environment.decided(name, result, on_result)
        return result.value

    names = tables.names if tables is not None else ()
    return {one: FeelFunction(one, (), partial(call, one), named=True, told=on_result) for one in names}
