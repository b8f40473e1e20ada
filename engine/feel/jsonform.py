"""FEEL values as plain JSON and back, and as what a case keeps.

JSON has no dates: they go out as ISO text and come back as text. A case keeps its variables as they are: a date, a
time, a duration and a long number are stored as FEEL writes them after ``@``: ``{"@": "2026-01-31"}``, a range as
a list of what it is made of: ``{"@": [1, true, 5, false, false]}``. A context that happens to have that one name is
wrapped once more, so that nobody's data is taken for a date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from engine.feel import errors
from engine.feel.budget import USUAL
from engine.feel.errors import BudgetExceeded
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.texts import parse_temporal
from engine.feel.values import Date, DateTime, DaysDuration, MonthsDuration, Range, Time, lift, number, offset_at
from engine.words import say
from storage.exact import plain, read

MARK: Final = "@"
_WRITTEN: Final = frozenset({Date, DateTime, Time, DaysDuration, MonthsDuration, Decimal, Range})
_PARTS: Final = ("low", "low_closed", "high", "high_closed", "apart")
"""Of a range: what stands of it in a list."""
MOST = USUAL.items
MOST_TEXT = 5 * USUAL.text  # characters of all texts together
DEEPEST = 100
DIGITS = say("数字大小")


class _Left:
    """How much more may be written, and how: ``kept`` leaves dates and the like as they are."""

    def __init__(self, kept: bool = False, exact: bool = True) -> None:
        self.items, self.text = MOST, MOST_TEXT
        self.kept, self.exact = kept, exact

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


def to_json(value: Any, exact: bool = True) -> Any:
    """A FEEL value with dates, times and durations as ISO text, ranges as contexts, numbers as int, float or Decimal.

    A named zone becomes its offset, a function null. ``exact`` false: long numbers as the nearest float, as once.
    Raises ``BudgetExceeded`` for values too large to be stored.
    """
    return _out(value, _Left(exact=exact), 0)


def to_kept(value: Any) -> Any:
    """The same for a variable of a case: dates, times, durations and ranges stay what they are, in contexts, too."""
    return _out(value, _Left(kept=True), 0)


def _out(value: Any, left: _Left, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return left.write(value)
    if kind is bool or value is None:
        return value
    value = lift(value)
    kind = type(value)
    if kind is Decimal:
        return plain(value) if left.exact else _rounded(value)
    if kind is list:
        left.take(1 + len(value), depth)
        return [_out(item, left, depth + 1) for item in value]
    if kind is dict:
        left.take(1 + len(value), depth)
        return {left.write(key): _out(item, left, depth + 1) for key, item in value.items()}
    if kind is Range:
        left.take(4, depth)
        ends = {"start": _out(value.low, left, depth + 1), "end": _out(value.high, left, depth + 1)}
        return value if left.kept else {**ends, "start included": value.low_closed, "end included": value.high_closed}
    if kind is FeelFunction or kind is Builtin or value is None:
        return None
    if left.kept:
        left.take(1, depth)
        return value
    return left.write(str(_with_offset(value) if kind is DateTime or kind is Time else value))


def _with_offset(value: DateTime | Time) -> DateTime | Time:
    """ISO 8601 knows offsets but no names of zones."""
    if value.zone is None or isinstance(value.zone, int):
        return value
    days = value.date.days if isinstance(value, DateTime) else 0
    return replace(value, zone=offset_at(value.zone, days, value.nanos))


def _rounded(value: Decimal) -> int | float:
    if value.adjusted() < 18 and value == value.to_integral_value():
        return int(value)
    plain = float(value)
    if not math.isfinite(plain):
        raise BudgetExceeded(DIGITS)
    return plain


def to_stored(value: Any) -> Any:
    """What a case keeps, as JSON that keeps it (see above). Undone by ``from_stored``."""
    kind = type(value)
    if kind is dict:
        inner = {key: to_stored(item) for key, item in value.items()}
        return {MARK: inner} if inner.keys() == {MARK} else inner
    if kind is list:
        return [to_stored(item) for item in value]
    return written(value) if kind in _WRITTEN else value


def from_stored(value: Any) -> Any:
    """What ``to_stored`` was given. Raises ValueError for what it never gives."""
    if type(value) is dict:
        if value.keys() == {MARK}:
            inner = value[MARK]
            return _read(inner) if type(inner) is not dict else {key: from_stored(item) for key, item in inner.items()}
        return {key: from_stored(item) for key, item in value.items()}
    return [from_stored(item) for item in value] if type(value) is list else value


def written(value: Any) -> dict[str, Any]:
    """One value that JSON lacks. Raises TypeError for what a case does not keep."""
    if type(value) is Range:
        return {MARK: [to_stored(getattr(value, name)) for name in _PARTS]}
    if type(value) not in _WRITTEN:
        raise TypeError(f"{type(value).__name__} is nothing that a case keeps")
    return {MARK: str(value)}


def _read(text: Any) -> Any:
    if isinstance(text, list) and len(text) == len(_PARTS):
        return Range(*map(from_stored, text))
    value = (parse_temporal(text) or number(text)) if isinstance(text, str) else None
    if value is None:
        raise ValueError("nothing that a case keeps")
    return value


def parse_json(text: str | bytes) -> Any:
    """JSON from outside with every digit of its numbers. Raises ValueError, RecursionError."""
    return read(text)


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
