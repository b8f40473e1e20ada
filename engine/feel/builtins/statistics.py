"""Functions that draw one value from a list: sums, averages, extremes, all and any (clause 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.keys import key_of
from engine.feel.operators import ZONED, arithmetic, comparable, order_key
from engine.feel.values import NUMBERS, DateTime, DaysDuration, MonthsDuration, Time, lift
from engine.words import say

SUMMABLE = (Decimal, DaysDuration, MonthsDuration)


def _numbers(env: Environment, items: list[Any]) -> list[Decimal] | None:
    """The members if all are numbers and there are any."""
    values = [lift(item) for item in env.each(items)]
    if not values or not all(type(value) is Decimal for value in values):
        env.null(say("列表须全是数字且不为空"))
        return None
    return values


def _extreme(env: Environment, items: list[Any], greatest: bool) -> Any:
    values = [lift(item) for item in env.each(items)]
    if not values:
        return env.null(say("列表为空"))
    if not all(comparable(values[0], value) for value in values):
        return env.null(say("列表成员不能比较大小"))
    if type(values[0]) in (Time, DateTime):
        env.charge(ZONED * len(values))
    return (max if greatest else min)(env.each(values), key=order_key)


@builtin("min(list: list...)")
def minimum(env: Environment, items: list[Any]) -> Any:
    return _extreme(env, items, False)


@builtin("max(list: list...)")
def maximum(env: Environment, items: list[Any]) -> Any:
    return _extreme(env, items, True)


@builtin("sum(list: list...)")
def total(env: Environment, items: list[Any]) -> Any:
    """The sum of numbers, or of durations of one kind; null for an empty list."""
    if not items:
        return env.null(say("列表为空"))
    value = lift(items[0])
    kind = type(value)
    if kind not in SUMMABLE or not all(type(lift(item)) is kind for item in items):
        return env.null(say("列表须全是数字，或全是同一种时长"))
    for item in env.each(items[1:]):
        value = arithmetic("+", value, lift(item), env)
        if value is None:
            return None
    return value


@builtin("mean(list: list...)")
def mean(env: Environment, items: list[Any]) -> Any:
    value = total(env, items)
    return None if value is None else arithmetic("/", value, Decimal(len(items)), env)


@builtin("product(list: list...)")
def product(env: Environment, items: list[Any]) -> Any:
    values = _numbers(env, items)
    if values is None:
        return None
    result: Any = Decimal(1)
    for value in env.each(values):
        result = arithmetic("*", result, value, env)
        if result is None:
            return None
    return result


@builtin("median(list: list...)")
def median(env: Environment, items: list[Any]) -> Any:
    values = _numbers(env, items)
    if values is None:
        return None
    values.sort()
    half = len(values) // 2
    if len(values) % 2:
        return values[half]
    return arithmetic("/", arithmetic("+", values[half - 1], values[half], env), Decimal(2), env)


@builtin("stddev(list: list...)", cost=20)
def stddev(env: Environment, items: list[Any]) -> Any:
    """Of a sample: the sum of squares is divided by one less than the count."""
    values = _numbers(env, items)
    if values is None or len(values) < 2:
        return None if values is None else env.null(say("至少需要两个数字"))
    middle = mean(env, list(values))
    if middle is None:
        return None
    squares: Any = Decimal(0)
    for value in env.each(values):
        env.charge(1)
        away = arithmetic("-", value, middle, env)
        squares = arithmetic("+", squares, arithmetic("*", away, away, env), env)
    spread = arithmetic("/", squares, Decimal(len(values) - 1), env)
    return None if spread is None else NUMBERS.sqrt(spread)


@builtin("mode(list: list...)")
def mode(env: Environment, items: list[Any]) -> list[Decimal] | None:
    """The most frequent numbers, in order; none of an empty list."""
    values = _numbers(env, items) if items else []
    if not values:
        return None if values is None else []
    counts: dict[bytes | None, int] = {}
    first: dict[bytes | None, Decimal] = {}
    for value in values:
        key = key_of(value, env)
        counts[key] = counts.get(key, 0) + 1
        first.setdefault(key, value)
    most = max(counts.values())
    return sorted(first[key] for key, times in counts.items() if times == most)


def _decided(env: Environment, items: list[Any], decisive: bool) -> bool | None:
    if any(item is decisive for item in env.each(items)):
        return decisive
    return not decisive if all(type(item) is bool for item in items) else None


@builtin("all(list: list...)")
def all_(env: Environment, items: list[Any]) -> bool | None:
    return _decided(env, items, False)


@builtin("any(list: list...)")
def any_(env: Environment, items: list[Any]) -> bool | None:
    return _decided(env, items, True)
