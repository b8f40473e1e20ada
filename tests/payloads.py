"""Whether the events of a case carry just what is declared for them (``engine.cases.event_types``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NotRequired, get_origin, get_type_hints

from engine.cases.event_types import PAYLOADS


def misfits(log: Iterable[Mapping[str, Any]]) -> list[str]:
    """The events whose payload is none of those declared, with its keys."""
    return [f"{event['name']} carries {sorted(event['data'])}" for event in log if not _declared(event)]


def _declared(event: Mapping[str, Any]) -> bool:
    return any(_fits(kind, event["data"]) for kind in PAYLOADS.get(event["name"], ()))


def _fits(kind: Any, data: Mapping[str, Any]) -> bool:
    hints = get_type_hints(kind, include_extras=True)  # the keys of the class itself count every key as required
    required = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}
    return required <= set(data) <= set(hints)
