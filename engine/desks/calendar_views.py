"""What the calendar's pages show: a calendar, a proposal, and what a proposal would do. Facts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.calendar.days import Calendar
from engine.calendar.in_force import Change, days_of
from engine.directory import organisations
from engine.directory.organisations import Organisation
from engine.words import Said, Text, Words
from storage import accounts
from storage.calendars import DecidedProposal
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class CalendarView:
    """The calendar of one organisation (None: the official one). ``choices``: those of the reader himself."""

    calendar: Calendar
    organisation: Organisation | None
    choices: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that was proposed. ``decision`` is empty while it waits; ``replaced``: a later one took its place."""

    id: int
    kind: str
    year: int | None
    organisation: Organisation | None
    title: str
    off: Mapping[date, Text]
    working: Mapping[date, Text]
    amends: bool  # a supplement: all other days stay as they are
    plain: Mapping[date, Text]
    digest: str
    replaces: int | None
    proposed_at: datetime
    proposed_by: str  # empty: the command line
    decision: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with what it would do while it waits, and the answers that the reader may give.

    ``expected`` consequences there are; ``foreseen`` tells them to those who may see all of them.
    """

    proposal: Proposal
    change: Change | None
    doubts: tuple[Words, ...]
    foreseen: tuple[Said, ...]
    expected: int
    answers: tuple[str, ...]


def told(connection: Connection, row: DecidedProposal, gone: set[int]) -> Proposal:
    """A proposal of a row; ``gone``: the ids of those that a later one has taken the place of."""
    names = accounts.names_of(connection, [row["proposed_by"], row["decided_by"]])
    place = row["organisation_code"]
    return Proposal(
        id=row["id"],
        kind=row["kind"],
        year=row["year"],
        title=row["title"],
        digest=row["digest"],
        replaces=row["replaces"],
        proposed_at=row["proposed_at"],
        decided_at=row["decided_at"],
        organisation=organisations.get(connection, place) if place else None,
        off=days_of(row["content"]["off"]),
        working=days_of(row["content"]["working"]),
        amends=bool(row["content"].get("amends")),
        plain=days_of(row["content"].get("plain", {})),
        proposed_by=names.get(row["proposed_by"], ("", ""))[0],
        decision=row["decision"] or "",
        reason=row["reason"] or "",
        decided_by=names.get(row["decided_by"], ("", ""))[0],
        replaced=row["id"] in gone,
    )
