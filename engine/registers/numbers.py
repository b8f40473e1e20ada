"""JSON Schema that knows numbers of any length: a long one is a ``Decimal``. Knows no register."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Any, Final

from jsonschema import Draft202012Validator, ValidationError, validators

_WIDE: Final = Context(prec=120, traps=[])  # twice the digits that any number here has: nothing is rounded


def _is_integer(checker: Any, value: Any) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value(context=_WIDE)
    return bool(Draft202012Validator.TYPE_CHECKER.is_type(value, "integer"))


def _multiple_of(validator: Any, divisor: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    if validator.is_type(value, "number") and _WIDE.remainder(Decimal(str(value)), Decimal(str(divisor))) != 0:
        yield ValidationError(f"{value} is not a multiple of {divisor}")


Validator: Final = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"multipleOf": _multiple_of},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
