"""Deadlines as their readers see them: when, why that day, what was done to them, and what one may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.words import Said, Text


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One day of the ledger: whether it was counted, and why."""

    day: date
    counted: bool
    why: Said


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: from when until when at the latest, and when it was resumed (all UTC)."""

    start: datetime
    until: datetime
    resumed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HolderShare:
    """Working days for which somebody had a task, and how many of them after it was due."""

    holder: str
    days: int
    late: int


@dataclass(frozen=True, slots=True)
class TaskDeadline:
    """The deadline of one task. ``status``: open, passed (late and open), met, late, cancelled."""

    case_id: str
    task_id: str
    task: Text
    holder: str  # who has it: the organisation, or the person who claimed it
    status: str
    suspended: bool
    started_at: datetime
    due_at: datetime
    days: int  # working days, as the diagram says
    extra: int  # granted since
    days_left: int  # working days, of one that has ended as it ended; negative when late
    warn_days: int
    calendar: str  # version
    provisional: bool
    ledger: tuple[LedgerLine, ...]
    pauses: tuple[Pause, ...]
    shares: tuple[HolderShare, ...] = ()  # of each who had it, in that order
    may: frozenset[str] = frozenset()  # suspend, resume, extend
    extend_left: int = 0  # working days that may still be granted
    suspend_left: int = 0  # working days that it may still stand still
    mark: str = ""  # to be handed back with an act on it, as what the person saw


@dataclass(frozen=True, slots=True)
class RunningDeadline:
    """One line of the list of running deadlines in somebody's subtree."""

    case_id: str
    task_id: str
    case_number: str
    title: str
    place: str  # the organisation of the case
    task: Text
    holder: str
    due_at: datetime
    days_left: int
    warn_days: int
    late: bool
    suspended: bool
    provisional: bool
    own: HolderShare | None = None  # of whoever has it now, when it is late


@dataclass(frozen=True, slots=True)
class RunningFilters:
    """What is looked for among running deadlines; empty means: do not filter."""

    standing: str = ""  # late, suspended, near
    q: str = ""  # as in the inbox
    key: str = ""  # process
    place: str = ""  # code of an organisation; its subtree counts
    claimed_by: int | None = None  # by who leads there: who has claimed the task
    after: str = ""  # ``RunningPage.next`` of the page before
    limit: int = 50


@dataclass(frozen=True, slots=True)
class RunningPage:
    """One page of running deadlines, the one due first first. ``next`` is None on the last page.

    ``counts``: how many stand how, all under an empty text, whatever standing was asked for; ``total``: how many the
    filters leave. One more than ``MOST_COUNTED`` stands for more than that.
    """

    rows: tuple[RunningDeadline, ...]
    total: int
    next: str | None
    counts: Mapping[str, int]
    person: str = ""  # whom the filters name
