"""What evaluations gave before others had to wait for them, given again if all that they rest on is the same. Knows no
expression: each is known by a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import thread_time
from typing import Any, Final, Protocol, TypeVar, cast

from engine.errors import Conflict

R = TypeVar("R")
WORTH_SECONDS: Final = 0.001
"""Of the processor: what takes less is done again as quickly as it is compared. So is what takes less than ``TIMES`` of
what it takes to copy all that it rests on."""
TIMES: Final = 4
_NONE: Final = object()


@dataclass(slots=True)
class Beside:
    """What an evaluation does beside giving a value: what it asks, with the answers, and the decisions it takes."""

    asked: list[tuple[str, Mapping[str, Any], Any]] = field(default_factory=list)
    decided: list[tuple[str, Any]] = field(default_factory=list)


class _Told(Protocol):
    @property
    def told(self) -> Callable[[Any], None] | None: ...


class Evaluating(Protocol):
    """What an evaluation uses, as far as it matters here (``engine.feel.environment``)."""

    now: datetime
    semantics: int
    strict: bool
    warnings: list[Any]
    rules: list[str]
    beside: Beside | None
    functions: Mapping[str, Any]

    @property
    def owner(self) -> object:
        """Whose expressions they are."""

    def ask(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Ask the world outside."""

    def function(self, name: str) -> _Told | None:
        """A function that was handed in."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One evaluation: what it saw, what it gave or raised, and what it did beside."""

    facts: tuple[Any, ...]
    seen: Mapping[str, Any]
    value: Any
    failure: Exception | None
    beside: Beside
    notes: tuple[list[Any], list[Any]]


class WorkedOut:
    """The evaluations of one step. ``now``: its moment, then and when it is done. ``noting``: they are worked out.

    ``changed``: seconds that were taken again by what rests on something else by now.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.noting = True
        self.changed = 0.0
        self.found: dict[str, list[_Found]] = {}

    def give(
        self, what: str, names: Iterable[str], context: Mapping[str, Any], environment: Evaluating,
        work: Callable[[], R],
    ) -> R:  # fmt: skip
        """The value of ``work``, which rests on these ``names`` of the context alone, as worked out before or now.

        Raises Conflict when the world answers otherwise by now.
        """
        facts = (
            environment.now, environment.semantics, environment.strict, environment.owner,
            frozenset(environment.functions),
        )  # fmt: skip
        seen = {name: context.get(name, _NONE) for name in names}
        if self.noting:
            return self._noted(what, facts, seen, environment, work)
        found = self.found.get(what)
        if found is None:
            return work()
        for one in found:
            if one.facts == facts and same(one.seen, seen):
                return cast(R, _again(one, environment))
        began = thread_time()
        try:
            return work()
        finally:
            self.changed += thread_time() - began

    def _noted(
        self,
        what: str,
        facts: tuple[Any, ...],
        seen: Mapping[str, Any],
        environment: Evaluating,
        work: Callable[[], R],
    ) -> R:
        began, beside, failure, value = thread_time(), Beside(), None, None
        marks = len(environment.warnings), len(environment.rules)
        environment.beside = beside
        try:
            value = work()
            return value
        except Exception as error:
            failure = error
            raise
        finally:
            environment.beside = None
            ended = thread_time()
            if ended - began > WORTH_SECONDS:
                kept = _kept(seen)  # a form fills in its rows while it goes on
                if ended - began >= TIMES * (thread_time() - ended):
                    notes = environment.warnings[marks[0] :], environment.rules[marks[1] :]
                    self.found.setdefault(what, []).append(_Found(facts, kept, value, failure, beside, notes))


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _kept(item) for key, item in value.items()}
    return [_kept(item) for item in value] if type(value) is list else value


def _again(one: _Found, environment: Evaluating) -> Any:
    """The same value. The world is asked again, as its answers are told in the events. Raises Conflict for others."""
    if not all(same(environment.ask(name, parameters), answer) for name, parameters, answer in one.beside.asked):
        raise Conflict()
    for name, result in one.beside.decided:
        function = environment.function(name)
        assert function is not None and function.told is not None
        function.told(result)
    environment.warnings += one.notes[0]
    environment.rules += one.notes[1]
    if one.failure is not None:
        raise one.failure
    return one.value


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, kinds included: to Python 1 and true are equal."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
