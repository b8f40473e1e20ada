"""The values of a case for the columns that its process declares (``gw:column``), and how they sort. Knows no row.

A value that is not of its column's type is none: a list never keeps a case from going on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine import letters
from engine.definition import Definition
from engine.diagram.columns import Column
from engine.feel import BudgetExceeded, Environment, FeelError, compile_expression
from engine.feel.formats import number_text, text_of
from engine.feel.values import lift

LONGEST: Final = 200
"""Letters of a value."""
SORTED: Final = 60
"""Letters by which texts are put in order."""
_ZERO: Final = 10_000
_TURNED: Final = str.maketrans("0123456789", "9876543210")


@dataclass(frozen=True, slots=True)
class Value:
    """``key`` sorts as the value does, whatever its type; ``shown`` is its plain text. Both empty: there is none."""

    key: str = ""
    shown: str = ""


NONE: Final = Value()


def values_of(definition: Definition, variables: Mapping[str, Any], now: datetime) -> dict[str, Value]:
    """The value of each column of the case's process, by its id. Raises BudgetExceeded."""
    environment = Environment(now=now, owner=definition.owner)
    return {one.id: _value(one, variables, environment) for one in definition.process.columns}


def key_of(kind: str, text: str) -> str:
    """What a person types, as a value of that type sorts; empty for what is none."""
    text = letters.tidy(letters.narrow(text))
    if kind == "number":
        try:
            number = Decimal(text)
        except ArithmeticError:
            return ""
        return number_key(number) if number.is_finite() else ""
    if kind == "date":
        return _day(text)
    return letters.folded(text)[:SORTED] if kind == "text" else text


def number_key(number: Decimal) -> str:
    """A text of digits that sorts as the number does, in the order of any database."""
    if not number:
        return "1"
    digits = "".join(map(str, number.as_tuple().digits)).lstrip("0").rstrip("0")
    size = f"{number.adjusted() + _ZERO:05}{digits}"
    return f"2{size}" if number > 0 else f"0{size.translate(_TURNED)}z"


def _value(column: Column, variables: Mapping[str, Any], environment: Environment) -> Value:
    try:
        found = lift(compile_expression(column.value).evaluate(variables, environment))
        if found is None:
            return NONE
        return _of_type(column, found, text_of(found, environment)[:LONGEST])
    except BudgetExceeded:
        raise
    except FeelError:
        return NONE


def _of_type(column: Column, found: Any, text: str) -> Value:
    if column.type == "number":
        return Value(number_key(found), number_text(found)) if isinstance(found, Decimal) else NONE
    if column.type == "boolean":
        return Value(text, text) if isinstance(found, bool) else NONE
    if column.type == "date":
        day = _day(text)
        return Value(day, day)
    if column.type == "choice":
        return Value(text, text) if text in column.choices else NONE
    return Value(letters.folded(text)[:SORTED], text) if isinstance(found, str | Decimal) else NONE


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
