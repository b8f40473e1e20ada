"""One thing in which the house is not what was anchored, with its place. Knows no proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from engine.words import Words


@dataclass(frozen=True, slots=True)
class Mismatch:
    """``kind``: a table, or what else is proved; ``subject``: the row's key, as people can read it.

    ``case_id``, ``event``: the case and the event that it is or belongs to, where there is one.
    """

    kind: str
    subject: str
    told: Words
    case_id: int | None = None
    event: int | None = None


@dataclass(slots=True)
class Survey:
    """What was found. ``young``: by kind, how many rows or events the last anchor does not know yet."""

    findings: list[Mismatch] = field(default_factory=list)
    young: dict[str, int] = field(default_factory=dict)
    proved: dict[str, int] = field(default_factory=dict)

    def count(self, into: dict[str, int], kind: str, many: int = 1) -> None:
        """One more, or some more."""
        if many:
            into[kind] = into.get(kind, 0) + many

    def merge(self, other: Survey) -> None:
        """Take what another has found."""
        self.findings += other.findings
        for mine, its in ((self.young, other.young), (self.proved, other.proved)):
            for kind, many in its.items():
                self.count(mine, kind, many)


def readable(subject: str) -> str:
    """A key as people read it."""
    key = orjson.loads(subject) if subject else []
    return " / ".join(map(str, key)) if isinstance(key, list) else str(key)


def counted(of: Mapping[str, int]) -> int:
    """How many in all."""
    return sum(of.values())
