"""FEEL under fire: random expressions and cells give a value that is plain data, or a refusal, and touch nothing.

The values are chosen to be slow: numbers of one hash, huge and tiny ones, long and deep lists, texts and contexts. Every
third input has ten times the steps, as in a proof, so that the clock must stop it first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from engine.feel import UNHURRIED, Budget, Environment, compile_expression, compile_unary_tests, to_json
from storage import exact
from tests.soak.grammar import FUNCTIONS, Grammar
from tests.soak.watch import MEGABYTE, Score, Watch, attempt

COUNT = 100_000
NOW = datetime(2026, 1, 5, tzinfo=UTC)
KNOWN = frozenset({"人 数", "city_review"})
ONE_IN_CELLS = 8
ONE_BY_CLOCK = 3
BY_CLOCK = replace(UNHURRIED, seconds=0.1)
PRIME = 2**61 - 1  # numbers that differ by a multiple of it have one hash in Python
LIMIT = 0.5


class Secret:
    """An object that no expression may reach."""

    key = "the secret"

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"an expression reached {name} of a Python object")


def nested(depth: int) -> Any:
    """Lists and contexts in each other."""
    made: Any = 1
    for level in range(depth):
        made = [made, level] if level % 2 else {"a": made, "b": level}
    return made


DEEP = nested(90)
CONTEXT: dict[str, Any] = {
    "a": 1,
    "b": "text",
    "list": [1, 2.5, None, "x", [1, [2]]],
    "long": "ab" * 99_000,
    "wide": "职工a" * 60_000,
    "many": list(range(20_000)),
    "rows": [{"a": n, "b": f"行{n}"} for n in range(50)],
    "职工": {"人 数": 12000, "city": "石家庄"},
    "人 数": 3,
    "same": [1 + PRIME * n for n in range(9_000)],
    "alike": [{"a": [1 + PRIME * n], "b": Decimal(1 + PRIME * n)} for n in range(3_000)],
    "huge": [Decimal(f"{n}e{6_000 - n}") for n in range(1, 2_000)],
    "tiny": [Decimal(f"{n}e-{6_000 - n}") for n in range(1, 2_000)],
    "deep": DEEP,
    "days": [f"{2000 + n % 900}-0{1 + n % 9}-1{n % 9}" for n in range(5_000)],
    "spans": [f"P{n}DT{n}H{n}.{n:09}S" for n in range(3_000)],
    "keys": {f"k{n:05}": n for n in range(9_000)},
    "texts": ["a" * 999 + str(n) for n in range(150)],
    "secret": Secret(),
    "opened": open,
    "case": {"organisation": {"code": "130102", "workers": 50000}},
    "city_review": {"outcome": "pass", "opinion": ""},
}


def act(text: str, cell: bool, budget: Budget | None = None) -> str:
    """One evaluation from text to plain JSON; how it ended."""
    environment = Environment(NOW, budget=budget)
    if cell:
        matched = compile_unary_tests(text, KNOWN).matches(CONTEXT["list"], CONTEXT, environment)
        return "matched" if matched else "unmatched"
    value = to_json(compile_expression(text, KNOWN).evaluate(CONTEXT, environment))
    said = exact.dumps(value).decode()
    assert Secret.key not in said and " object at 0x" not in said and "<built-in" not in said, said[:200]
    return "null" if value is None else "value"


def again(text: str, cell: bool, budget: Budget | None, number: int) -> str:
    """Try it; a later try differs by a space, so that it compiles again."""
    return act(text + " " * number, cell, budget)


def warm() -> None:
    """What the first use loads: patterns, zones, the codec of decimals."""
    for name in FUNCTIONS:
        for values in ("", '"a"', '"a", "a"', "[1, 2]", '"2026-01-01"', '"10:00:00@Asia/Shanghai"'):
            compile_expression(f"{name}({values})").evaluate({}, Environment(NOW))
    for zone in ("Asia/Shanghai", "Europe/Berlin"):
        compile_expression(f'string(@"2026-01-01T00:00:00@{zone}")').evaluate({}, Environment(NOW))


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` inputs, the same for the same seed."""
    warm()
    chance, watch = Random(seed), Watch()
    grammar = Grammar(chance)
    score = Score("feel", limit=LIMIT, growth=200 * MEGABYTE)
    for number in range(count):
        cell = number % ONE_IN_CELLS == 0
        text = grammar.tests() if cell else grammar.text()
        budget = BY_CLOCK if number % ONE_BY_CLOCK == 0 else None
        attempt(score, watch, text, partial(again, text, cell, budget))
    score.notes = f"slowest: {score.slowest[:200]!r}; "
    return score
