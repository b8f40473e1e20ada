"""Leaving fields out of what was handed in. Pure: knows no reader and no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.cases.event_types import CASE_STARTED, CaseStarted, TaskCompleted, payload
from engine.definition import Definition
from engine.forms.model import CHOSEN
from storage.events import LoggedEvent

OPINION: Final = "opinion"
_BESIDE: Final = frozenset({"outcome", "return_to", "by", "at"})
"""What stands beside the fields of a submission and goes with whoever sees that it was handed in."""
_FIRST: Final = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True)
class Extent:
    """Which fields of a form are shown. ``only`` None: all but ``without``."""

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.only is None and not self.without

    def has(self, name: str) -> bool:
        """Whether a field is shown."""
        return name not in self.without and (self.only is None or name in self.only)


ALL: Final = Extent()


def cut(definition: Definition, event: LoggedEvent, shown: Extent) -> dict[str, object]:
    """What of an event's payload takes the place of what it carries, so that no hidden field is in it."""
    data = event["data"]
    element = definition.element_of(str(data.get("element")))
    found: dict[str, object] = {}
    if event["name"] == CASE_STARTED and element is not None:
        into = element.into or element.id
        found["variables"] = {into: _left(payload(event, CaseStarted)["variables"].get(into) or {}, shown)}
    if "submission" in data:
        found["submission"] = _left(payload(event, TaskCompleted)["submission"], shown)
    if not shown.has(OPINION):
        found |= {name: "" for name in ("opinion", "reason") if name in data}
    return found


def _left(submission: Mapping[str, Any], shown: Extent) -> dict[str, object]:
    found: dict[str, object] = {name: value for name, value in submission.items() if name in _BESIDE or shown.has(name)}
    chosen = submission.get(CHOSEN)
    if isinstance(chosen, Mapping):  # the words of what was chosen, by the place of the field
        found[CHOSEN] = {place: said for place, said in chosen.items() if shown.has(_FIRST.split(place)[0])}
    return found


def texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)
