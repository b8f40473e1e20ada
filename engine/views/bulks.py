"""Many tasks that are handled in one go: what is chosen and asked for, what would happen, and how each went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.views.cases import OutcomeView
from engine.words import Said, Text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with each task of a group.

    ``data``: what was filled in once for all, as texts by field; ``people``: ids of accounts.
    """

    outcome: str = ""
    words: str = ""  # the opinion or the reason
    return_to: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """A task that somebody has chosen, as he saw its case. ``part``: the number of its group."""

    task_id: str
    revision: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class BulkTask:
    """One chosen task as a page names it."""

    task_id: str
    revision: int
    number: str  # of the case
    title: str


@dataclass(frozen=True, slots=True)
class BulkField:
    """What is filled in once for all tasks of a group. ``options``: (value, label) of a choice."""

    name: str
    label: Text
    kind: str  # textfield, textarea, number, checkbox, date, time, datetime, choice
    required: bool
    options: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True)
class BulkGroup:
    """Chosen tasks that stand at the same step and are answered in the same way. ``allowed``: in one go at all."""

    process: Text
    step: Text
    tasks: tuple[BulkTask, ...]
    outcomes: tuple[OutcomeView, ...]
    fields: tuple[BulkField, ...] = ()
    allowed: bool = True


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """What was chosen. ``left_out``: how many of them are no tasks of the person; ``total``: how many match in all."""

    groups: tuple[BulkGroup, ...]
    left_out: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would happen to one task, or why not."""

    picked: Picked
    passes: bool
    said: Said


@dataclass(frozen=True, slots=True)
class BulkResult:
    """How one task went: waiting, done, refused, failed, stopped. ``title``: empty where he may no longer see it."""

    case_id: str
    task_id: str
    number: str
    title: str
    status: str
    said: Text


@dataclass(frozen=True, slots=True)
class BulkView:
    """One go: ``counts`` by status; ``results`` only where they are asked for."""

    id: int
    verb: str
    made_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]
    results: tuple[BulkResult, ...] = ()

    @property
    def total(self) -> int:
        """How many tasks it has."""
        return sum(self.counts.values())

    @property
    def settled(self) -> int:
        """How many of them have been tried."""
        return self.total - self.counts.get("waiting", 0)
