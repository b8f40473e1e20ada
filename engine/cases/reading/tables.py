"""Which versions of effective tables an event tells of, as people read them. Knows no case as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Final

from engine.definition import Definition
from engine.dmn.effective import Dated
from engine.errors import DataUnreadable, NotFound
from engine.model import TableVersion
from engine.views.tables import TableUse

_TABLE: Final = 4
"""Where in a decision of an event the version of an effective table stands (``engine.model.DecisionTaken``)."""


def tables_of(definition: Definition, decisions: Sequence[list[Any]]) -> tuple[TableUse, ...]:
    """The effective tables among the decisions of an event, each version and row once."""
    return tuple(dict.fromkeys(_uses(definition, decisions)))


def _uses(definition: Definition, decisions: Sequence[list[Any]]) -> Iterator[TableUse]:
    for one in decisions:
        if len(one) > _TABLE:
            said: TableVersion = one[_TABLE]
            version = _version(definition, said)
            fired = version.rules if version is not None else ()
            yield TableUse(
                name=version.decision.name if version is not None else (said["table"], said["table"]),
                version=said["version"],
                digest=said["digest"],
                since=date.fromisoformat(said["since"]),
                until=date.fromisoformat(said["until"]) if said["until"] else None,
                on=date.fromisoformat(said["on"]),
                rows=tuple(fired.index(rule) + 1 for rule in one[1] if rule in fired),
            )


def _version(definition: Definition, said: TableVersion) -> Dated | None:
    """None where it cannot be read any longer: the history can."""
    with suppress(DataUnreadable, NotFound, LookupError):
        return definition.tables.version(said["digest"], said["file"]) if definition.tables is not None else None
    return None
