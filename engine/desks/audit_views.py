"""What the auditor's desk shows: the log of accounts, cases and their proofs. Pictures without rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.evidence.differences import ProofResult
from engine.words import Said
from storage import accounts


@dataclass(frozen=True, slots=True)
class Chain:
    """The log of accounts: how many events, the last one's hash, and where it does not hold (None: not asked)."""

    count: int
    head: str
    broken: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One event: whose account, who did it (name, login), from where. None: nobody known."""

    sequence: int
    at: datetime
    kind: str
    account: accounts.Name | None
    by: accounts.Name | None
    address: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, the newest first. ``next``: the ``after`` of the following page, empty on the last."""

    rows: tuple[AccountEvent, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """Which cases an auditor looks for. ``word``: in the number; ``key``: of the process; days in legal time."""

    word: str = ""
    key: str = ""
    state: str = ""
    opened_from: date | None = None
    opened_to: date | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case by its number. ``differences``: None when it was not proved, empty when the proof holds; else why not,
    which ``verdict`` says in one word.
    """

    id: int
    number: str
    status: str
    opened_at: datetime | None  # None: cannot be read
    events: int
    head: str
    differences: tuple[Said, ...] | None = None
    verdict: ProofResult | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases in the order of their opening. ``next``: the ``after`` of the following page, empty on the last."""

    rows: tuple[CaseLine, ...]
    total: int
    next: str

    @property
    def proved(self) -> int:
        """How many of its cases were proved, whatever came of it."""
        return sum(line.verdict is not None for line in self.rows)

    @property
    def wrong(self) -> int:
        """How many of its cases differ from their events."""
        return sum(line.verdict is ProofResult.DIFFERS for line in self.rows)

    @property
    def late(self) -> int:
        """Of how many of its cases the proof was given up."""
        return sum(line.verdict is ProofResult.LATE for line in self.rows)
