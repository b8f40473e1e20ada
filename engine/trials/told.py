"""Views as JSON from one process to the other, and read there by the types of their fields: nothing else comes of them.

What a view makes for a language (a form's schema) is told in both. Knows no view.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from engine.words import Sayable, Words, both

T = TypeVar("T")
LANGUAGES = ("zh", "en")


def told(value: Any) -> Any:
    """A view as JSON."""
    if isinstance(value, Sayable):
        return list(both(value))
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: told(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): told(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(told(one) for one in value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if callable(value):
        return {language: told(value(language)) for language in LANGUAGES}
    return value


def read(kind: type[T], said: Any) -> T:
    """The view that was told. Raises ValueError when it is none of that kind."""
    try:
        return cast(T, _read(kind, said))
    except (AttributeError, KeyError, LookupError, TypeError) as error:
        raise ValueError(str(error)) from error


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, said: Any) -> Any:
    if kind is Any or said is None:
        return said
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _one_of([one for one in get_args(kind) if one is not type(None)], said)
    if kind is datetime:
        return datetime.fromisoformat(said)
    if is_dataclass(kind):
        hints = _hints(cast(Any, kind))
        return cast(Any, kind)(**{name: _read(hints[name], one) for name, one in said.items()})
    if is_typeddict(kind):
        hints = _hints(kind)
        return {name: _read(hints.get(name, Any), one) for name, one in said.items()}
    return _compound(kind, origin, said)


def _one_of(kinds: list[Any], said: Any) -> Any:
    """What is said in words comes as a pair of texts."""
    if Words in kinds:
        return tuple(said) if isinstance(said, list) else said
    return _read(kinds[0], said) if len(kinds) == 1 else said


def _compound(kind: Any, origin: Any, said: Any) -> Any:
    inner = get_args(kind)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is not Ellipsis:
            return tuple(_read(one, part) for one, part in zip(inner, said, strict=True))
        return tuple(_read(inner[0] if len(inner) < 3 else Any, one) for one in said)
    if origin is frozenset:
        return frozenset(said)
    if origin is list:
        return [_read(inner[0], one) for one in said]
    if origin is Callable:
        return lambda language: said["zh" if language == "zh" else "en"]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {name: _read(inner[1], one) for name, one in said.items()}
    return said
