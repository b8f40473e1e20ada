"""What FEEL costs: expressions against the same expressions as plain Python closures, and a large decision table.

The closures do what an interpreter without null, budgets or types would do: one function a node, over ``Decimal``.
"""

from __future__ import annotations

import operator
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from engine.dmn.decisions import Decision, load_decisions
from engine.feel import Environment, compile_expression
from tests.benchmarks.measure import Comparison, compare
from tests.engine.dmn.dmn_files import data, decision, definitions, table

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CALLS = 40  # evaluations a measurement: few, so that both ways see the same machine
ROWS, COLUMNS = 100, 5
INPUTS = [f"i{column}" for column in range(COLUMNS)]
Closure = Callable[[Mapping[str, Any]], Any]
CONTEXT: dict[str, Any] = {
    "amount": Decimal(1200),
    "limit": Decimal(1000),
    "kind": "a",
    "workers": [Decimal(n) for n in range(20)],
    "review": {"outcome": "pass"},
}


def name(key: str) -> Closure:
    return lambda context: context[key]


def constant(value: Any) -> Closure:
    return lambda context: value


def joined(act: Callable[[Any, Any], Any], left: Closure, right: Closure) -> Closure:
    return lambda context: act(left(context), right(context))


def both(left: Closure, right: Closure) -> Closure:
    return lambda context: left(context) and right(context)


def choice(condition: Closure, yes: Closure, no: Closure) -> Closure:
    return lambda context: yes(context) if condition(context) else no(context)


def member(holder: Closure, key: str) -> Closure:
    return lambda context: holder(context)[key]


def total(items: Closure, key: str, body: Closure) -> Closure:
    return lambda context: sum((body({**context, key: item}) for item in items(context)), Decimal(0))


SAME: dict[str, Closure] = {
    'review.outcome = "pass"': joined(operator.eq, member(name("review"), "outcome"), constant("pass")),
    'if amount > limit and kind = "a" then (amount - limit) * 0.1 + 50 else amount * 0.05': choice(
        both(joined(operator.gt, name("amount"), name("limit")), joined(operator.eq, name("kind"), constant("a"))),
        joined(
            operator.add,
            joined(operator.mul, joined(operator.sub, name("amount"), name("limit")), constant(Decimal("0.1"))),
            constant(Decimal(50)),
        ),
        joined(operator.mul, name("amount"), constant(Decimal("0.05"))),
    ),
    "sum(for w in workers return w * 2 + 1)": total(
        name("workers"),
        "w",
        joined(operator.add, joined(operator.mul, name("w"), constant(Decimal(2))), constant(Decimal(1))),
    ),
}


def expressions(pairs: int = 100) -> list[Comparison]:
    """Each expression, evaluated as often both ways; prints a line each, in milliseconds a batch."""
    return [_compared(text, plain, pairs) for text, plain in SAME.items()]


def _compared(text: str, plain: Closure, pairs: int) -> Comparison:
    expression, environment = compile_expression(text), Environment(NOW)
    assert expression.evaluate(CONTEXT, environment) == plain(CONTEXT), text

    def ours() -> None:
        for _ in range(CALLS):
            expression.evaluate(CONTEXT, environment)

    def floor() -> None:
        for _ in range(CALLS):
            plain(CONTEXT)

    found = compare(text[:40], floor, ours, pairs=pairs)
    print(found.line(), flush=True)
    return found


def large_table() -> Decision:
    """A hundred rows over five inputs: numbers in ranges, texts, and dashes; just one row fits an input."""
    rows = []
    for row in range(ROWS):
        cells = [f"[{row * 10}..{row * 10 + 10})", f'"k{row % 7}", "k{row % 5}"', f"< {row + 1000}", "-", f"not({row})"]
        rows.append((" ; ".join(cells), str(row)))
    inputs = [data(one, "string" if one == INPUTS[1] else "number") for one in INPUTS]
    asked = [f"Input:{one}" for one in INPUTS]
    made = definitions(*inputs, decision("quota", table("UNIQUE", INPUTS, ["rate"], rows), *asked))
    return load_decisions("quota.dmn", made)["quota"]


def decisions(times: int = 50) -> float:
    """Microseconds a decision, the median; prints it."""
    decided, chance = large_table(), Random(1)
    picked = [chance.randrange(ROWS) for _ in range(CALLS)]
    asked = [{"i0": row * 10 + 3, "i1": f"k{row % 5}", "i2": row, "i3": 1, "i4": ROWS + 1} for row in picked]

    assert [decided.evaluate(inputs, Environment(NOW)).value for inputs in asked] == picked
    microseconds = statistics.median(_seconds(decided, asked) for _ in range(times)) * 1e6 / CALLS
    what = f"one decision of {ROWS} rows × {COLUMNS} inputs"
    print(f"{what:<40} {microseconds:8.0f} µs of the processor   (n={times * CALLS})", flush=True)
    return microseconds


def _seconds(decided: Decision, asked: list[dict[str, Any]]) -> float:
    """Of the processor: there is no floor beside it that a busy machine would slow as well."""
    began = time.process_time()
    for inputs in asked:
        decided.evaluate(inputs, Environment(NOW))
    return time.process_time() - began


def measure() -> None:
    """Both."""
    expressions()
    decisions()


if __name__ == "__main__":
    measure()
