"""Values as text: what ``string()`` says, and how values are written inside lists and contexts. Knows no syntax."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.feel.environment import Environment
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.values import Range, lift, number


def number_text(value: Decimal) -> str:
    """Digits without exponent and without idle zeros, as browsers write it."""
    if not value:
        return "0"
    if value == value.to_integral_value():
        return format(value.quantize(Decimal(1)) if abs(value.adjusted()) < 27 else value, "f").split(".")[0] or "0"
    return format(value, "f").rstrip("0")


def plain_text(value: Any) -> str:
    """A value of JSON that is no list and no context, as people read it: a number with its digits and no exponent."""
    made = number(value) if isinstance(value, float | Decimal) else None
    return str(value) if made is None else number_text(made)


def amount_text(value: Any) -> str:
    """An amount of money as people read it, 1,234.50; parts of a fen stay, and what is no number stands as it is."""
    text = plain_text(value)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    parts = amount.as_tuple().exponent
    return f"{amount:,.{max(2, -parts)}f}" if isinstance(parts, int) else text


def text_of(value: Any, env: Environment) -> str:
    """The text of any value but null. Raises ``BudgetExceeded``."""
    value = lift(value)
    if type(value) is str:
        return value
    pieces = _Pieces(env)
    _write(value, pieces, env)
    env.check_text(pieces.length)
    return "".join(pieces.all)


class _Pieces:
    """What has been written of a text so far: no longer than a text may be."""

    def __init__(self, env: Environment) -> None:
        self.all: list[str] = []
        self.length = 0
        self._env = env

    def append(self, piece: str) -> None:
        """The next piece. Raises ``BudgetExceeded``."""
        self.length += len(piece)
        self._env.check_length(self.length)
        self.all.append(piece)


def _write(value: Any, pieces: _Pieces, env: Environment) -> None:
    env.charge(6)
    value = lift(value)
    kind = type(value)
    if kind is str:
        env.check_text(len(value))
        pieces.append('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')
    elif kind is list:
        _write_many("[", (("", item) for item in value), "]", pieces, env)
    elif kind is dict:
        _write_many("{", ((f"{key}: ", item) for key, item in value.items()), "}", pieces, env)
    elif kind is Range and value.apart:
        pieces.append("!= ")
        _write(value.low, pieces, env)
    elif kind is Range:
        pieces.append("[" if value.low_closed else "(")
        _write(value.low, pieces, env)
        pieces.append(" .. ")
        _write(value.high, pieces, env)
        pieces.append("]" if value.high_closed else ")")
    else:
        if kind is Decimal:
            env.charge(abs(value.adjusted()) // 64)
        pieces.append(_plain(value))


def _write_many(
    opening: str, items: Iterable[tuple[str, Any]], closing: str, pieces: _Pieces, env: Environment
) -> None:
    pieces.append(opening)
    for index, (label, item) in enumerate(items):
        pieces.append((", " if index else "") + label)
        _write(item, pieces, env)
    pieces.append(closing)


def _plain(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, FeelFunction | Builtin):
        return "function"
    return str(value)
