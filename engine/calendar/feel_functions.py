"""Working days in FEEL: functions by the words of the field, answered by operations. Knows no calendar.

An answer is recorded like that of any operation, so that a replay gives the same day after a newer notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.feel import FeelFunction, compile_expression, from_json, to_json

FEEL_NAMES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "add working days": ("calendar.add_working_days", ("from", "days")),
    "add natural days": ("calendar.add_natural_days", ("from", "days")),
    "count working days": ("calendar.count_working_days", ("from", "to")),
    "is working day": ("calendar.is_working_day", ("day",)),
}
"""Function of FEEL to the operation that answers it, and its parameters."""


def feel_functions(ask: Callable[[str, Mapping[str, Any]], Any]) -> dict[str, FeelFunction]:
    """The functions for an environment; ``ask`` answers them. A null argument gives null, as FEEL's own do."""
    return {name: _function(name, ask) for name in FEEL_NAMES}


def _function(name: str, ask: Callable[[str, Mapping[str, Any]], Any]) -> FeelFunction:
    operation_name, parameters = FEEL_NAMES[name]

    def call(environment: Any, *values: Any) -> Any:
        if any(value is None for value in values):
            return None
        answer = ask(operation_name, dict(zip(parameters, map(to_json, values), strict=True)))
        if isinstance(answer, str):
            return compile_expression(f'date and time("{answer}")').evaluate({}, environment)
        return from_json(answer)

    return FeelFunction(name, parameters, call)
