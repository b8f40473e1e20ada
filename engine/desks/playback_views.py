"""What a playback shows of one position of a case. Pictures without rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.views import HistoryLine
from engine.words import Text

Ledger = tuple[tuple[str, bool, Text], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """How an element of the diagram stands: ``state``: done, current or returned; how many tokens, how often passed."""

    state: str
    tokens: int
    times: int


@dataclass(frozen=True, slots=True)
class PlayedTask:
    """A task that is open at this position. ``holder``: who has taken it; empty: nobody yet."""

    name: Text
    waits_for: Text
    holder: str
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FilledField:
    """One field as it was handed in, and before."""

    label: Text
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether it differs."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the case as JSON. ``changed``: by this event."""

    name: str
    value: str
    before: str
    changed: bool


@dataclass(frozen=True, slots=True)
class PlayedDecision:
    """A decision that was asked: its name, the rows that matched, and what went in and out, as JSON."""

    name: str
    rows: tuple[str, ...]
    inputs: str
    output: str


@dataclass(frozen=True, slots=True)
class PlayedDeadline:
    """A deadline as it was known then, with every day of its ledger: date, whether it counts, why."""

    step: Text
    started_at: datetime
    due_at: datetime
    days: int
    extra: int
    paused: bool
    provisional: bool
    status: str
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """A version of a record that this event wrote, field by field."""

    register: Text
    number: str
    fields: tuple[FilledField, ...]


@dataclass(frozen=True, slots=True)
class PlayedRelative:
    """Another case that this event has opened, or, with ``above``, whose event ``seq`` has opened this one."""

    case_id: int
    number: str
    seq: int
    above: bool


@dataclass(frozen=True, slots=True)
class OpenedCases:
    """The cases that one event has opened: those that are named, and how many more there are."""

    named: tuple[PlayedRelative, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """A case right after one of its events."""

    line: HistoryLine
    status: str
    marks: Mapping[str, Mark]
    tasks: tuple[PlayedTask, ...]
    form: tuple[FilledField, ...]
    variables: tuple[Variable, ...]
    decisions: tuple[PlayedDecision, ...]
    deadlines: tuple[PlayedDeadline, ...]
    records: tuple[WrittenRecord, ...]
    files: tuple[str, ...]
    family: tuple[PlayedRelative, ...]
    family_more: int  # cases opened by this event beyond those named
    confidential: bool  # what was written at a confidential step is left out


@dataclass(frozen=True, slots=True)
class Playback:
    """A case to be played: its events, one line each. ``opened``: personal fields are shown to this reader."""

    case_id: int
    number: str
    kind: Text
    xml: str
    lines: tuple[HistoryLine, ...]
    opened: bool
