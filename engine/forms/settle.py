"""Derived values, hidden fields and read-only conditions: they depend on each other, so they are settled in rounds.

Each round takes the client's clean values, takes away what the round before found hidden, puts back what it found
read-only, derives, and asks the conditions again, which see every derived value, hidden or not; until two rounds
agree. The first round takes for hidden what was not sent, as a browser sends no hidden field: so clean data settles
as itself. (A program that sends only the fields it sets says nothing about the read-only ones.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.feel import Environment, Expression, to_json
from engine.forms import messages
from engine.forms.clean import Cleaned, start_values
from engine.forms.expressions import Evaluator, Scope
from engine.forms.model import MAX_CONDITIONS_ROUNDS, RESERVED_NAMES, Field, Path
from engine.forms.trees import MISSING, copy, get, put, put_at, rows_in, take_away
from engine.picking import only
from engine.words import Said, Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the conditions say: paths hidden, and paths that are read-only now."""

    hidden: frozenset[Path]
    readonly: frozenset[Path] = frozenset()

    def hides(self, path: Path) -> bool:
        """Whether the value at a path is hidden, by itself or with what holds it."""
        return any(path[:length] in self.hidden for length in range(1, len(path) + 1))


@dataclass(slots=True)
class Settled:
    """The data as the case would keep it, the verdict on it, and what could not be worked out."""

    data: dict[str, Any]
    verdict: Verdict
    errors: dict[Path, Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Answer:
    inputs: dict[str, Any]
    value: Any
    refused: bool
    why: Words | None


class _AsJson(Mapping[str, Any]):
    """The context as a browser has it, whose conditions must come to the same: dates are texts there.

    Turned into JSON name by name, as it is asked for: conditions name little of what a case knows.
    """

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._known: dict[str, object] = {}

    def __getitem__(self, name: str) -> object:
        if name not in self._known and name in self._context:
            self._known[name] = to_json(self._context.get(name))
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._context

    def __iter__(self) -> Iterator[str]:
        return iter(self._context)

    def __len__(self) -> int:
        return len(self._context)


class Settler:
    """Settles one submission of one form."""

    def __init__(
        self,
        fields: Sequence[Field],
        derive: Sequence[tuple[str, Expression]],
        context: Mapping[str, Any],
        environment: Environment,
        initial: Mapping[str, Any],
    ) -> None:
        self.fields, self.derive, self.context, self.initial = fields, derive, context, initial
        self._untouched: dict[str, Any] | None = None
        self._plain = _AsJson(context)
        self.evaluator = Evaluator(environment)
        self._answers: dict[str, _Answer] = {}

    def settle(self, cleaned: Cleaned) -> Settled:
        """Run the rounds. Conditions that never come to rest are an error at each field that they cannot decide."""
        verdict = Verdict(frozenset(cleaned.absent - cleaned.fixed if cleaned.partial else cleaned.absent))
        before = verdict
        for _ in range(MAX_CONDITIONS_ROUNDS):
            settled = self._round(cleaned, verdict)
            before, verdict = verdict, self.judge(settled.data)
            settled.errors = {path: text for path, text in settled.errors.items() if not before.hides(path)}
            if verdict == before:
                break
        _strip(settled.data, before.hidden)
        if verdict == before:
            return settled
        known = dict(_by_names(self.fields, ()))
        for path in (before.hidden ^ verdict.hidden) | (before.readonly ^ verdict.readonly):
            item = known[tuple(part for part in path if isinstance(part, str))]
            settled.errors[path] = messages.contradiction(item, path)
        return settled

    def _round(self, cleaned: Cleaned, verdict: Verdict) -> Settled:
        settled = Settled(copy(cleaned.data), verdict)
        for path in verdict.readonly & cleaned.standing.keys():
            put_at(settled.data, path, copy(cleaned.standing[path]))
        _strip(settled.data, verdict.hidden)
        self.compute(settled)
        return settled

    def compute(self, settled: Settled) -> None:
        """Apply ``derive`` in order, then every computed field."""
        for name, expression in self.derive:
            self._derive(settled, name, expression)
        if _has_computed(self.fields):
            self._computed(settled, self.fields, settled.data, Scope.root(self.context, settled.data), ())

    def _derive(self, settled: Settled, name: str, expression: Expression) -> None:
        answer = self._answer(name, expression, settled.data)
        target = next((item for item in self.fields if item.path == (name,)), None)
        fits = target is None or not target.children or _fits(target, answer.value)
        if answer.refused or not fits:
            settled.errors[(name,)] = messages.not_computed(target, name, (name,), answer.why)
        if fits:
            settled.data[name] = copy(answer.value)

    def _answer(self, name: str, expression: Expression, data: dict[str, Any]) -> _Answer:
        """The value of a derivation; the one of the round before if nothing that it names has changed."""
        inputs = only(data, expression.names)
        known = self._answers.get(name)
        if known is not None and known.inputs == inputs and not expression.names & RESERVED_NAMES - {"case"}:
            return known
        value = self.evaluator.told(expression, Scope.root(self.context, data))
        refused = self.evaluator.refusal is not None
        answer = self._answers[name] = _Answer(copy(inputs), value, refused, self.evaluator.why())
        return answer

    def _computed(self, settled: Settled, fields: Sequence[Field], data: Any, scope: Scope, path: Path) -> None:
        for item in fields:
            if item.expression is not None:
                put(data, item.path, self.evaluator.told(item.expression, scope))
                if self.evaluator.refusal is not None:
                    where = (*path, *item.path)
                    settled.errors[where] = messages.not_computed(item, item.id, where, self.evaluator.why())
            elif item.repeating:
                for index, row in rows_in(get(data, item.path)):
                    self._computed(settled, item.children, row, scope.row(row, index), (*path, *item.path, index))
            elif item.children and _has_computed(item.children):
                self._computed(settled, item.children, _inner(item, data), scope, (*path, *item.path))

    def judge(self, data: Mapping[str, Any]) -> Verdict:
        """What the conditions say about this data."""
        hidden: set[Path] = set()
        readonly: set[Path] = set()
        self._judge(self.fields, data, self._scope(data, self._plain), (), False, (hidden, readonly))
        return Verdict(frozenset(hidden), frozenset(readonly))

    def scope(self, data: Mapping[str, Any]) -> Scope:
        """What limits and options see. As in form-js, a hidden field of the form itself reads as if untouched."""
        return self._scope(data, self.context)

    def _scope(self, data: Mapping[str, Any], context: Mapping[str, Any]) -> Scope:
        if self._untouched is None:
            self._untouched = start_values(self.fields, self.initial)
        return Scope.root(context, {**self._untouched, **data})

    def _judge(
        self,
        fields: Sequence[Field],
        data: Any,
        scope: Scope,
        path: Path,
        gone: bool,
        found: tuple[set[Path], set[Path]],
    ) -> None:
        for item in fields:
            where = (*path, *item.path)
            hidden = gone or self.evaluator.holds(item.hide, scope)
            if item.is_input or item.repeating:
                if hidden:
                    found[0].add(where)
                elif item.readonly and not item.fixed and self.evaluator.holds(item.readonly, scope):
                    found[1].add(where)
            if item.repeating and not hidden:
                for index, row in rows_in(get(data, item.path)):
                    self._judge(item.children, row, scope.row(row, index), (*where, index), False, found)
            elif item.children and not item.repeating:
                inner = get(data, item.path)
                self._judge(item.children, {} if inner is MISSING else inner, scope, where, hidden, found)


def _inner(item: Field, data: Any) -> dict[str, Any]:
    """The context of a group, made when it is not there yet."""
    inner = get(data, item.path)
    if not isinstance(inner, dict):
        inner = {}
        put(data, item.path, inner)
    return inner


def _fits(target: Field, value: Any) -> bool:
    if target.repeating:
        return isinstance(value, list) and all(isinstance(row, dict) for row in value)
    return isinstance(value, dict)


def _strip(data: dict[str, Any], hidden: frozenset[Path]) -> None:
    for path in hidden:
        take_away(data, path)


def _has_computed(fields: Sequence[Field]) -> bool:
    return any(item.computed or _has_computed(item.children) for item in fields)


def _by_names(fields: Sequence[Field], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Every field that a verdict can name, by its path without row numbers."""
    for item in fields:
        where = (*path, *item.path)
        if item.is_input or item.repeating:
            yield where, item
        yield from _by_names(item.children, where)
