"""The saved form of a running case: the one place where an instance is written and read back.

A state holds the variables of the case, its scopes and their tokens; never a spec, an object or finished history (that
is in the events). Everything has a small number, given in order of creation: the same acts give the same bytes.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from engine.spiff.instance import Instance
from engine.spiff.tokens import Scope

_EXTRAS: Final = ("data", "waits", "log", "interrupted", "depth", "ended_by")
"""What of a scope is stored beside its tokens, when there is something to store."""


def save(instance: Instance, variables: dict[str, Any]) -> bytes:
    """The instance and the variables of its case as bytes."""
    rows = [*instance.asleep.values(), *(_row(scope) for scope in instance.scopes.values())]
    rows.sort(key=lambda row: row[0])
    content = {"n": instance.next_number, "v": variables, "s": rows}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def read_variables(state: bytes) -> dict[str, Any]:
    """Only the variables of a stored state, without waking the instance."""
    variables: dict[str, Any] = orjson.loads(state)["v"]
    return variables


def load(instance: Instance, state: bytes) -> dict[str, Any]:
    """Lay a stored state into a fresh instance, asleep; its variables."""
    content = orjson.loads(state)
    instance.next_number = content["n"]
    instance.asleep = {row[0]: row for row in content["s"]}
    variables: dict[str, Any] = content["v"]
    return variables


def _row(scope: Scope) -> list[Any]:
    extras = {name: getattr(scope, name) for name in _EXTRAS}
    kept = {name: value for name, value in extras.items() if value}
    row = [scope.number, scope.place, scope.spec.name, scope.rows()]
    return [*row, kept] if kept else row
