"""FEEL values as plain JSON and back. JSON has no dates: they go out as ISO text and come back as text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine.feel import errors
from engine.feel.environment import Budget
from engine.feel.errors import BudgetExceeded
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.values import DateTime, Range, Time, lift, offset_at
from engine.words import say

MOST = Budget().items
MOST_TEXT = 5 * Budget().text  # characters of all texts together
DEEPEST = 100
DIGITS = say("数字大小")


class _Left:
    """How much more may be written."""

    def __init__(self) -> None:
        self.items, self.text = MOST, MOST_TEXT

    def take(self, items: int, depth: int) -> None:
        self.items -= items
        if self.items < 0:
            raise BudgetExceeded(errors.ITEMS)
        if depth > DEEPEST:
            raise BudgetExceeded(errors.DEPTH)

    def write(self, text: str) -> str:
        self.text -= len(text)
        if self.text < 0:
            raise BudgetExceeded(errors.TEXT)
        return text


def to_json(value: Any) -> Any:
    """A FEEL value with numbers as int or float, dates, times and durations as ISO text, ranges as contexts.

    A named zone becomes its offset, a function null. Raises ``BudgetExceeded`` for values too large to be stored.
    """
    return _out(value, _Left(), 0)


def _out(value: Any, left: _Left, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return left.write(value)
    if kind is bool or value is None:
        return value
    value = lift(value)
    kind = type(value)
    if kind is Decimal:
        return _plain_number(value)
    if kind is list:
        left.take(1 + len(value), depth)
        return [_out(item, left, depth + 1) for item in value]
    if kind is dict:
        left.take(1 + len(value), depth)
        return {left.write(key): _out(item, left, depth + 1) for key, item in value.items()}
    if kind is Range:
        left.take(4, depth)
        ends = {"start": _out(value.low, left, depth + 1), "end": _out(value.high, left, depth + 1)}
        return {**ends, "start included": value.low_closed, "end included": value.high_closed}
    if kind is FeelFunction or kind is Builtin or value is None:
        return None
    return left.write(str(_with_offset(value) if kind is DateTime or kind is Time else value))


def _with_offset(value: DateTime | Time) -> DateTime | Time:
    """ISO 8601 knows offsets but no names of zones."""
    if value.zone is None or isinstance(value.zone, int):
        return value
    days = value.date.days if isinstance(value, DateTime) else 0
    return replace(value, zone=offset_at(value.zone, days, value.nanos))


def _plain_number(value: Decimal) -> int | float:
    if value.adjusted() < 18 and value == value.to_integral_value():
        return int(value)
    plain = float(value)
    if not math.isfinite(plain):
        raise BudgetExceeded(DIGITS)
    return plain


def from_json(value: Any) -> Any:
    """Plain JSON as FEEL values, all the way down. Evaluation does not need it: it lifts what it reads."""
    return _in(value, _Left(), 0)


def _in(value: Any, left: _Left, depth: int) -> Any:
    left.take(1, depth)
    if isinstance(value, Mapping):
        return {str(key): _in(item, left, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_in(item, left, depth + 1) for item in value]
    return lift(value)
