"""FEEL ends in time wherever it stands: in every loop, with every value, however often it is asked in one step."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from engine.errors import Refusal
from engine.feel import (
    UNHURRIED,
    Allowance,
    Budget,
    BudgetExceeded,
    DateTime,
    Environment,
    compile_expression,
    compile_unary_tests,
    keys,
    step,
)
from engine.feel.keys import key_of
from engine.feel.values import Date, at_instant

NOW = datetime(2026, 1, 5, tzinfo=UTC)
NO_STEPS = 1 << 62
PRIME = 2**61 - 1
"""Numbers that differ by a multiple of it have one hash in Python."""


def ticking(by: float) -> Callable[[], float]:
    """A processor's clock that goes on by so much whenever somebody looks at it."""
    looks = count()
    return lambda: next(looks) * by


def evaluate(text: str, allowance: Allowance, **data: Any) -> Any:
    with step(allowance):
        return compile_expression(text).evaluate(data, Environment(NOW))


LISTS = "{ n: for i in 1..9000 return i, t: for i in n return string(i), r: "
LONG = '{ s: string join(for i in 1..9000 return "aaaaaaaaaaaaaaaaaaab"), r: '


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..100000, j in 1..100000 return i",
        "some i in 1..1000000000 satisfies i < 0",
        "every i in 1..1000000000 satisfies i > 0",
        LISTS + "n[for x in n return x = item] }",
        LISTS + "for x in n return list contains(n, -1) }",
        LISTS + "for x in n return index of(n, x) }",
        LISTS + "for x in n return distinct values(n) }",
        LISTS + "for x in n return union(n, n) }",
        LISTS + "for x in n return mode(n) }",
        LISTS + "for x in n return sort(n) }",
        LISTS + "for x in n return median(n) }",
        LISTS + "for x in n return stddev(n) }",
        LISTS + "for x in n return sum(n) }",
        LISTS + "for x in n return max(t) }",
        LISTS + "for x in n return all(n) }",
        LISTS + "for x in n return reverse(n) }",
        LISTS + "for x in n return flatten([n]) }",
        LISTS + 'for x in n return string join(t, ",") }',
        LISTS + "for x in n return n = n }",
        LISTS + "for x in n return x in (n) }",
        LISTS + "for x in n return list replace(n, function(a, b) a = b, 0) }",
        LISTS + "for x in n return context put({}, t, 1) }",
        LISTS + "for x in n return string(n) }",
        LONG + 'for x in 1..9000 return matches(s, "(a+)+$") }',
        LONG + 'for x in 1..9000 return count(split(s, "b")) }',
        LONG + 'for x in 1..9000 return replace(s, "b", "c") }',
        LONG + 'for x in 1..9000 return contains(s, "bb") }',
        LONG + "for x in 1..9000 return upper case(s) }",
        "for i in 1..99000 return modulo(1e6144, 3e-6111)",
        "for i in 1..99000 return decimal(1e6000 / 3, 6000)",
        "for i in 1..99000 return 1.0000001 ** 999999999",
        "for i in 1..99000 return exp(log(i))",
        'for i in 1..99000 return (@"P999999999D" * 1e6000) = null',
        'for i in 1..99000 return @"2026-01-01T00:00:00@Europe/Paris" + @"P999999999D"',
        'for i in 1..99000 return matches("a", "\\\\w{900}" + string(i))',
        "{ f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(60) }",
    ],
)
def test_whatever_takes_long_is_stopped_by_the_clock_alone(text: str) -> None:
    with pytest.raises(BudgetExceeded) as refused:
        evaluate(text, Allowance(budget=Budget(steps=NO_STEPS, seconds=0.02)))
    assert refused.value.slow and "0.02" in str(refused.value)


def test_the_clock_of_the_thread_counts_and_no_other() -> None:
    idle = Allowance(cpu=lambda: 7.0)  # others have the processor: nothing is refused because they are busy
    assert evaluate("count(for i in 1..9000 return i * i)", idle) == 9000
    assert 1.9 < idle.left < 2  # what nobody looked at is taken for what its steps cost


def test_a_step_has_its_seconds_for_all_expressions_together() -> None:
    shared = Allowance(seconds=2.0, cpu=ticking(0.1))
    work = "count(for i in 1..200 return i * i)"
    with step(shared), pytest.raises(BudgetExceeded, match="2"):
        for _ in range(100):
            compile_expression(work).evaluate({}, Environment(NOW))
    assert shared.left <= 0
    with step(shared), pytest.raises(BudgetExceeded):  # not even a short one
        compile_expression("1 = 1").evaluate({}, Environment(NOW))


def test_a_step_inside_of_a_step_has_what_that_one_has_left() -> None:
    with step() as outer, step() as inner:
        assert inner is outer
    with step() as outer, step(Allowance()) as inner:
        assert inner is not outer


def test_time_between_two_evaluations_is_nobodys() -> None:
    now = iter([0.0, 0.0, 0.1, 100.0, 100.1])
    allowance = Allowance(cpu=lambda: next(now))
    work = "count(for i in 1..150 return i * i)"
    with step(allowance):
        environment = Environment(NOW)
        assert compile_expression(work).evaluate({}, environment) == 150
        assert compile_expression(work).evaluate({}, environment) == 150


ENDLESS = "(count(for i in 1..1000000000 return i) = 1)"


@pytest.mark.parametrize(
    "text",
    [
        ENDLESS,
        f"false or {ENDLESS}",
        f"{ENDLESS} and null",
        f"if {ENDLESS} then 1 else 2",
        f"not({ENDLESS})",
        f"string({ENDLESS})",
        f"[1, 2][{ENDLESS}]",
        f"sort([2, 1], function(a, b) {ENDLESS})",
        f"get value({{a: {ENDLESS}}}, null)",
        f"{ENDLESS} instance of number",
        f"1 in ({ENDLESS})",
        f"is({ENDLESS}, 1)",
        f"number({ENDLESS})",
        f"some x in [1] satisfies {ENDLESS}",
        f"{{f: function(x: number) {ENDLESS}, r: f(1)}}",
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_what_is_stopped_becomes_no_value_whatever_stands_around_it(text: str, strict: bool) -> None:
    environment = Environment(NOW, budget=Budget(steps=3_000), strict=strict)
    with pytest.raises(BudgetExceeded) as refused:
        compile_expression(text).evaluate({}, environment)
    assert text[:50] in str(refused.value), "it names the expression"
    with pytest.raises(BudgetExceeded):
        compile_unary_tests(f"? = {text}").matches(1, {}, environment)


def test_the_refusal_names_the_expression_the_element_and_what_to_do() -> None:
    refused = BudgetExceeded(errors_seconds())
    refused.of("count(x)", "Gateway_1")
    refused.of("count(x) > 1", "Process_1")  # whoever is farther away adds nothing
    said = refused.message("zh")
    assert "Gateway_1" in said and "“count(x)”" in said and "请" in said and "Process_1" not in said
    english = refused.message("en")
    assert "Gateway_1" in english and english.isascii() is False and "simplify" in english.lower()


def errors_seconds() -> Any:
    from engine.feel import errors

    return errors.SECONDS.about(seconds=0.5)


# -- values that are chosen to be slow -------------------------------------------------------------------------------


def colliding() -> Iterator[tuple[str, list[Any]]]:
    numbers = [Decimal(1 + PRIME * n) for n in range(20_000)]
    assert len({hash(one) for one in numbers}) == 1
    yield "numbers", numbers
    yield "whole numbers", [1 + PRIME * n for n in range(20_000)]
    yield "lists", [[one] for one in numbers]
    yield "contexts", [{"a": one, "b": [one]} for one in numbers]
    yield "dates", [Date(2026, 1, 1 + n % 28) for n in range(20_000)]
    yield "moments", [at_instant(n * 1_000_000_000, 0) for n in range(20_000)]


@pytest.mark.parametrize(("kind", "values"), list(colliding()), ids=lambda one: one if isinstance(one, str) else "")
def test_values_that_share_a_hash_are_told_apart_at_once(kind: str, values: list[Any]) -> None:
    budget = Budget(steps=NO_STEPS, seconds=10.0)  # one by one they would take minutes
    environment = Environment(NOW, budget=budget)
    data = {"many": values}
    found = compile_expression("count(distinct values(many))").evaluate(data, environment)
    assert found == (28 if kind == "dates" else 20_000)
    assert compile_expression("count(union(many, many))").evaluate(data, environment) == found
    if kind == "numbers":
        assert compile_expression("count(mode(many))").evaluate(data, environment) == 20_000


EQUAL: list[list[Any]] = [
    [Decimal("1"), Decimal("1.0"), Decimal("10E-1"), 1, 1.0],
    [Decimal("0"), Decimal("-0"), Decimal("0E+9")],
    ["1"], [True], [False], [None], [[]], [{}], [""],
    [[1, [2]], [Decimal("1.0"), [Decimal(2)]]],
    [[1, 2]], [[1], [Decimal(1)]],
    [{"a": 1, "b": 2}, {"b": Decimal("2.0"), "a": 1}],
    [{"a": 1}], [{"b": 1}], [{"a": [1]}],
    [Date(2026, 1, 1)],
    [at_instant(0, 0), at_instant(0, 3600)],
    [DateTime(Date(1970, 1, 1), 0)],
]  # fmt: skip


def test_keys_are_the_same_for_what_is_equal_and_for_nothing_else() -> None:
    environment = Environment(NOW)
    for here, group in enumerate(EQUAL):
        for there, other in enumerate(EQUAL):
            for a in group:
                for b in other:
                    same = key_of(a, environment) == key_of(b, environment)
                    assert same is (here == there), (a, b)


def test_no_result_and_no_order_depends_on_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [one for group in EQUAL for one in group] * 2
    text = "{ d: distinct values(many), u: union(many, many), m: mode([3, 1, 3, 1, 2]) }"
    found = []
    for secret in (b"a" * 32, b"b" * 32):
        monkeypatch.setattr(keys, "_SECRET", secret)
        found.append(compile_expression(text).evaluate({"many": values}, Environment(NOW)))
    assert found[0] == found[1] and found[0]["d"][0] == 1 and len(found[0]["d"]) == len(EQUAL)


def test_what_holds_a_function_is_still_told_apart() -> None:
    text = "{ f: function(x) x, g: function(x) x + 1, r: count(distinct values([f, g, f, [f], [f], 1])) }.r"
    assert compile_expression(text).evaluate({}, Environment(NOW)) == 4


# -- memory ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "string(for i in 1..20000 return 1e6000)",
        "{a0: [1]," + ",".join(f"a{i + 1}: [a{i}, a{i}]" for i in range(40)) + ", s: flatten(a40)}",
        "{a0: [1]," + ",".join(f"a{i + 1}: [a{i}, a{i}]" for i in range(40)) + ", s: string(a40)}",
        "{a0: [1]," + ",".join(f"a{i + 1}: concatenate(a{i}, a{i})" for i in range(40)) + "}",
        '{a0: "a",' + ",".join(f"a{i + 1}: a{i} + a{i}" for i in range(40)) + "}",
        "for i in 1..100000000 return i",
    ],
)
def test_nothing_grows_without_end_even_where_no_limit_of_time_holds(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Refusal):
            evaluate(text, Allowance(seconds=60.0, budget=UNHURRIED))
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()
