"""The saved form of a running case: the one place where an instance is written and read back.

A state holds the variables of the case, its scopes and their tokens; never a spec, an object or finished history (that
is in the events). Everything has a small number, given in order of creation: the same acts give the same bytes.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import orjson

from engine.spiff.instance import Instance
from engine.spiff.tokens import ROOT, Scope, filled

_SORTED: Final = orjson.OPT_SORT_KEYS
_EXTRAS: Final = ("data", "waits", "log", "interrupted", "broken", "depth", "ended_by")
"""What of a scope is stored beside its tokens, when there is something to store."""


class Content(TypedDict):
    """What a state holds, under short names."""

    n: int  # the next number
    v: dict[str, Any]  # the variables of the case
    m: list[Any] | None  # the scope of the process itself
    s: dict[str, str]  # all others, asleep, by number


def save(instance: Instance, variables: dict[str, Any]) -> bytes:
    """The instance and the variables of its case as bytes."""
    rows = {str(number): _row(scope) for number, scope in instance.scopes.items()}
    content: Content = {
        "n": instance.next_number,
        "v": variables,
        "m": rows.pop(str(ROOT), None),
        "s": instance.asleep | {number: orjson.dumps(row, option=_SORTED).decode() for number, row in rows.items()},
    }
    return orjson.dumps(content, option=_SORTED)


class Stored:
    """The variables of a stored state as its tokens see them, without waking the instance."""

    def __init__(self, state: bytes) -> None:
        content: Content = orjson.loads(state)
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
        self._scopes |= {int(number): orjson.loads(text) for number, text in self._asleep.items()}
        self._places = {token: number for number, row in self._scopes.items() for token in row[2]}


def load(instance: Instance, state: bytes) -> dict[str, Any]:
    """Lay a stored state into a fresh instance, all but the process itself asleep; its variables."""
    content: Content = orjson.loads(state)
    instance.next_number, instance.asleep = content["n"], content["s"]
    if content["m"] is not None:
        instance.wake(ROOT, content["m"])
    return content["v"]


def _row(scope: Scope) -> list[Any]:
    """Its place first: by that a scope is found asleep."""
    extras = {name: getattr(scope, name) for name in _EXTRAS}
    kept = {name: value for name, value in extras.items() if value}
    row = [scope.place, scope.spec.name, scope.texts()]
    return [*row, kept] if kept else row
