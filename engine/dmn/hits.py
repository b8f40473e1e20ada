"""Hit policies: what the rules that matched come to (clause 8.2.8). Knows no XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.dmn.refusals import RulesOverlap
from engine.feel import UnaryTests
from engine.feel.builtins.statistics import maximum, minimum, total
from engine.feel.compiler import Run
from engine.feel.environment import Environment
from engine.feel.operators import equal
from engine.feel.scope import Scope
from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Output:
    """A column of answers. ``priorities`` gives its allowed values, highest first; ``default`` answers for no match."""

    name: str
    label: str
    kind: FeelType
    allowed: UnaryTests | None
    priorities: Run | None
    default: Run | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and its answers."""

    rule: str
    values: list[Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """``many``: the answer is a list. ``empty``: the answer when no rule matches, if that is no gap."""

    name: str
    many: bool = False
    first_only: bool = False
    by_priority: bool = False
    aggregate: Callable[[Environment, list[Any]], Any] | None = None
    empty: Callable[[], Any] | None = None


def _count(env: Environment, values: list[Any]) -> Decimal:
    return Decimal(len(values))


POLICIES: dict[tuple[str, str], Policy] = {
    ("UNIQUE", ""): Policy("UNIQUE"),
    ("ANY", ""): Policy("ANY"),
    ("FIRST", ""): Policy("FIRST", first_only=True),
    ("PRIORITY", ""): Policy("PRIORITY", by_priority=True),
    ("RULE ORDER", ""): Policy("RULE ORDER", many=True, empty=list),
    ("OUTPUT ORDER", ""): Policy("OUTPUT ORDER", many=True, by_priority=True, empty=list),
    ("COLLECT", ""): Policy("COLLECT", many=True, empty=list),
    ("COLLECT", "SUM"): Policy("COLLECT", aggregate=total),
    ("COLLECT", "MIN"): Policy("COLLECT", aggregate=minimum),
    ("COLLECT", "MAX"): Policy("COLLECT", aggregate=maximum),
    ("COLLECT", "COUNT"): Policy("COLLECT", aggregate=_count, empty=lambda: Decimal(0)),
}


def settle(
    decision: str, policy: Policy, outputs: tuple[Output, ...], hits: list[Hit], env: Environment
) -> tuple[list[Hit], Any]:
    """The hits that count and the table's answer. ``hits`` is not empty. Raises RulesOverlap."""
    if len(hits) > 1 and (policy.name == "UNIQUE" or (policy.name == "ANY" and not _agree(hits, env))):
        raise RulesOverlap(decision=decision, rules=", ".join(hit.rule for hit in hits))
    if policy.by_priority:
        hits = _by_priority(hits, outputs, env)
    if not policy.many and policy.aggregate is None:
        hits = hits if policy.name == "ANY" else hits[:1]
        return hits, _answer(hits[0], outputs)
    answers = [_answer(hit, outputs) for hit in hits]
    return hits, answers if policy.aggregate is None else policy.aggregate(env, answers)


def _answer(hit: Hit, outputs: tuple[Output, ...]) -> Any:
    if len(outputs) == 1:
        return hit.values[0]
    return {column.name: value for column, value in zip(outputs, hit.values, strict=True)}


def _agree(hits: list[Hit], env: Environment) -> bool:
    return all(equal(hits[0].values, hit.values, env) is True for hit in env.each(hits[1:]))


def _by_priority(hits: list[Hit], outputs: tuple[Output, ...], env: Environment) -> list[Hit]:
    """Highest first; the first output weighs most, then the next; equals stay in the order of the rules."""
    scope = Scope(env, {}, None)
    orders = [(index, out.priorities(scope)) for index, out in enumerate(outputs) if out.priorities is not None]

    def rank(hit: Hit) -> list[int]:
        return [_position(hit.values[index], order, env) for index, order in orders]

    ranked = [(rank(hit), hit) for hit in hits]
    ranked.sort(key=lambda pair: pair[0])
    return [hit for _, hit in ranked]


def _position(value: Any, order: list[Any], env: Environment) -> int:
    return next((at for at, item in enumerate(env.each(order)) if equal(value, item, env) is True), len(order))
