"""What the events of a case make of it, row by row. Plays nothing and reads no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine import spiff
from engine.model import Concerned
from storage.involvements import InvolvementRow
from storage.public_pages import NewPage
from storage.rows import CaseRow, DeadlineRow, TaskRow
from storage.sealed import SealedEntryRow, SealingKeyRow
from storage.waits import Awaited


@dataclass(slots=True)
class Rebuilt:
    """A case as its events alone make it."""

    opened: CaseRow | None = None
    tasks: dict[int, TaskRow] = field(default_factory=dict)
    changes: dict[int, list[tuple[Any, ...]]] = field(default_factory=dict)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    sealed: list[SealedEntryRow] = field(default_factory=list)
    keys: dict[str, SealingKeyRow] = field(default_factory=dict)  # made here; when each is used says its own case
    opened_keys: dict[str, int] = field(default_factory=dict)  # with the event that opened
    waits: dict[tuple[int, str], Awaited] = field(default_factory=dict)
    deadlines: dict[int, DeadlineRow] = field(default_factory=dict)
    people: dict[int, list[InvolvementRow]] = field(default_factory=dict)
    concerned: tuple[Concerned, ...] = ()
    public: dict[tuple[str, str], NewPage] = field(default_factory=dict)
    pieces: spiff.Memory = field(default_factory=spiff.Memory)

    @property
    def case(self) -> CaseRow:
        """The row of the case. Raises RuntimeError when no event has opened it."""
        if self.opened is None:
            raise RuntimeError("no event opens the case")
        return self.opened
