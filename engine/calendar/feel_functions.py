"""Working days in FEEL: functions by the words of the field, answered by operations. Knows no calendar.

An answer is recorded like that of any operation, so that a replay gives the same day after a newer notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.feel import Environment, FeelFunction, compile_expression, from_json, to_json

FEEL_NAMES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "add working days": ("calendar.add_working_days", ("from", "days")),
    "add natural days": ("calendar.add_natural_days", ("from", "days")),
    "count working days": ("calendar.count_working_days", ("from", "to")),
    "is working day": ("calendar.is_working_day", ("day",)),
}
"""Function of FEEL to the operation that answers it, and its parameters."""


def _function(name: str, operation_name: str, parameters: tuple[str, ...]) -> FeelFunction:
    """A null argument gives null, as with FEEL's own functions."""

    def call(environment: Environment, *values: Any) -> Any:
        if any(value is None for value in values):
            return None
        answer = environment.ask(operation_name, dict(zip(parameters, map(to_json, values), strict=True)))
        if isinstance(answer, str):
            return compile_expression(f'date and time("{answer}")').evaluate({}, environment)
        return from_json(answer)

    return FeelFunction(name, parameters, call)


WORKING_DAYS: Final[dict[str, FeelFunction]] = {name: _function(name, *told) for name, told in FEEL_NAMES.items()}
"""The functions for an environment, which asks (``Environment.ask``)."""
