"""The saved form of a running case: the one place where an instance is written and read back.

A state holds the variables of the case, its scopes and their tokens; never a spec, an object or finished history (that
is in the events). Everything has a small number, given in order of creation: the same acts give the same state. It says
its format; each that ever landed is read.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any, Final, TypedDict, cast

import orjson

from engine.errors import DataUnreadable
from engine.feel.jsonform import MARK, from_stored
from engine.spiff.first_states import is_first, read_first, without_flows
from engine.spiff.instance import Instance
from engine.spiff.marks import ROOT
from engine.spiff.stored import dumps, is_marked, loads
from engine.spiff.tokens import Scope, filled
from engine.words import say

_EXTRAS: Final = ("data", "waits", "log", "interrupted", "over", "broken", "depth", "ended_by")
"""What of a scope is stored beside its tokens, when there is something to store."""


FORMAT: Final = 3
"""How a state is written now: a variable as what it is. In 2 a date was a text; 1 says no format, 0 has other parts."""

_READ: Final = (1, 2, FORMAT)
_LIKE_A_MARK: Final = f'"{MARK}'.encode()
_PARTS: Final = frozenset("nvms")


class Content(TypedDict):
    """What a state holds, under short names."""

    f: int  # the format
    n: int  # the next number
    v: dict[str, Any]  # the variables of the case
    m: list[Any] | None  # the scope of the process itself
    s: dict[str, str]  # all others, asleep, by number


def save(instance: Instance, variables: dict[str, Any]) -> bytes:
    """The instance and the variables of its case as bytes."""
    rows = {str(number): _row(scope) for number, scope in instance.scopes.items()}
    content: Content = {
        "f": FORMAT,
        "n": instance.next_number,
        "v": variables,
        "m": rows.pop(str(ROOT), None),
        "s": instance.asleep | {number: dumps(row).decode() for number, row in rows.items()},
    }
    return dumps(content)


class Stored:
    """The variables of a stored state as its tokens see them, without waking the instance."""

    def __init__(self, state: bytes) -> None:
        content = _read(state)
        self.variables = content["v"]
        self._main = content["m"]
        self._asleep = content["s"]
        self._scopes: dict[int, list[Any]] = {}
        self._places: dict[str, int] = {}

    def seen(self, number: int) -> Mapping[str, Any]:
        """What the token of that number sees: its own variables, those of the scopes around it, those of the case."""
        if not self._scopes:
            self._read()
        layers: list[dict[str, Any]] = []
        scope = self._places.get(str(number))
        while scope is not None:
            around, _, tokens, *more = self._scopes[scope]
            own = filled(tokens[str(number)])[3], (more[0] if more else {}).get("data")
            layers += [one for one in own if one]
            scope, number = around or (None, 0)
        return ChainMap(*layers, self.variables) if layers else self.variables

    def _read(self) -> None:
        if self._main is not None:
            self._scopes[ROOT] = self._main
        self._scopes |= {int(number): loads(text) for number, text in self._asleep.items()}
        self._places = {token: number for number, row in self._scopes.items() for token in row[2]}


def readable(state: bytes) -> bool:
    """Whether ``load`` can read a state."""
    try:
        _read(state)
    except ValueError:
        return False
    return True


def same(one: bytes, other: bytes) -> bool:
    """Whether two states mean the same, each in its own format; what cannot be read means nothing."""
    if one == other:
        return True
    try:
        parsed = [orjson.loads(state) for state in (one, other)]
        read = [_awake(_read(state)) for state in (one, other)]
    except ValueError:
        return False
    if any(map(is_first, parsed)):
        for content in read:
            content["m"] = without_flows(content["m"])
    return read[0] == read[1]


def numbered(state: bytes, numbers: Mapping[int, int], after: int) -> bytes:
    """A state whose tokens have other numbers, and the next one is ``after``: as a program before gave them."""
    content = _read(state)
    main = content["m"]
    if main is not None:
        tokens = {str(numbers.get(int(number), int(number))): text for number, text in main[2].items()}
        main = [*main[:2], tokens, *main[3:]]
    return dumps({**content, "m": main, "n": after})


def going_on(state: bytes, after: bytes) -> bytes:
    """A state of before, in which the next number is that of another one: none is given twice."""
    return dumps({**_read(state), "n": _read(after)["n"]})


def retold(state: bytes, told: Mapping[str, Any]) -> bytes:
    """A state in which the diagram knows something else of its case: ``told`` takes the place of that in ``case``."""
    content = _read(state)
    case = {**content["v"].get("case", {}), **told}
    return dumps({**content, "v": {**content["v"], "case": case}})


def load(instance: Instance, state: bytes) -> dict[str, Any]:
    """Lay a stored state into a fresh instance, all but the process itself asleep; its variables."""
    content = _read(state)
    instance.next_number, instance.asleep = content["n"], content["s"]
    if content["m"] is not None:
        instance.wake(ROOT, content["m"])
    return content["v"]


def _read(state: bytes) -> Content:
    """A state of any format, as one of today's. Raises DataUnreadable, a ValueError, for what is none."""
    try:
        return _parsed(state)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DataUnreadable(what=say("流程状态")) from error


def _parsed(state: bytes) -> Content:
    if not isinstance(state, bytes):
        raise ValueError("a state is bytes")  # whatever stands in a row that was tampered with
    parsed = orjson.loads(state)
    if is_first(parsed):
        parsed = read_first(parsed)
    if not isinstance(parsed, dict) or parsed.get("f", 1) not in _READ or not parsed.keys() >= _PARTS:
        raise ValueError("no state of a case that this program can read")
    if parsed.get("f") == FORMAT:
        return from_stored(parsed) if is_marked(state) else cast(Content, parsed)
    content = cast(Content, {name: parsed[name] for name in sorted(_PARTS)} | {"f": FORMAT})
    return _kept(content) if _LIKE_A_MARK in state else content


def _kept(content: Content) -> Content:
    """A state before format 3, in which nothing was marked: a context of one name that looks so was just that."""
    rows = {number: orjson.loads(row) for number, row in content["s"].items()}
    for row in (content["m"], *rows.values()):
        if row is not None:
            row[2] = {number: dumps(orjson.loads(token)).decode() for number, token in row[2].items()}
    return {**content, "s": {number: dumps(row).decode() for number, row in rows.items()}}


def _awake(content: Content) -> Content:
    """The content with its scopes as values, for a comparison: their text may differ where they do not."""
    awake = {number: orjson.loads(text) for number, text in content["s"].items()}
    return cast(Content, {**content, "s": awake})


def _row(scope: Scope) -> list[Any]:
    """Its place first: by that a scope is found asleep."""
    extras = {name: getattr(scope, name) for name in _EXTRAS}
    kept = {name: value for name, value in extras.items() if value}
    row = [scope.place, scope.spec.name, scope.texts()]
    return [*row, kept] if kept else row
