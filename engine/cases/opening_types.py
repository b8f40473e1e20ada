"""What the first event of a case says of what has opened it, when no person has. Stored: grows, is never renamed."""

from __future__ import annotations

from typing import TypedDict


class OpenedBy(TypedDict):
    """The case that has opened another one, and its event that did."""

    id: int
    number: str
    event: int


class OfRound(TypedDict):
    """The round of a start event's timer that has opened a case, and for what: a record's number, a code."""

    due_at: str  # ISO, UTC
    subject: str
