"""Small tools on nested JSON: read, write and take away at a path. Knows no form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.forms.model import Path

MISSING: Any = object()


def get(data: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of names, or MISSING."""
    for name in path:
        if not isinstance(data, Mapping) or name not in data:
            return MISSING
        data = data[name]
    return data


def rows_in(value: Any) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a list with their numbers from 0; what is no row is left out."""
    return [(index, row) for index, row in enumerate(value) if isinstance(row, dict)] if isinstance(value, list) else []


def put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set the value at a path of names, making the contexts on the way."""
    for name in path[:-1]:
        inner = data.get(name)
        if not isinstance(inner, dict):
            inner = data[name] = {}
        data = inner
    data[path[-1]] = value


def put_at(data: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at a path with row numbers; nothing happens where the way is not there."""
    holder = _walk(data, path[:-1])
    if isinstance(holder, dict):
        holder[path[-1]] = value


def take_away(data: dict[str, Any], path: Path) -> None:
    """Remove the value at a path and every context that this leaves empty; rows stay."""
    holders: list[Any] = [data]
    for part in path[:-1]:
        holders.append(_step(holders[-1], part))
    for depth in range(len(path) - 1, -1, -1):
        holder, part = holders[depth], path[depth]
        if not isinstance(holder, dict) or part not in holder:
            return
        del holder[part]
        if holder:
            return


def copy(value: Any) -> Any:
    """A deep copy of JSON."""
    if isinstance(value, dict):
        return {key: copy(kept) for key, kept in value.items()}
    return [copy(item) for item in value] if isinstance(value, list) else value


def _walk(data: Any, path: Path) -> Any:
    for part in path:
        data = _step(data, part)
    return data


def _step(data: Any, part: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(part)
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return data[part]
    return None
