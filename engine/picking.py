"""A part of a mapping, by the names of what is in it. Knows nothing of what that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

Value = TypeVar("Value")


def only(values: Mapping[str, Value], names: Iterable[str]) -> dict[str, Value]:
    """What bears one of the names, in their order; what is not there is left out."""
    return {name: values[name] for name in names if name in values}
