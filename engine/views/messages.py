"""What the system told a person: the bell.

``engine.cases.reading`` tells it, ``engine.cases.acting`` notes that it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.words import Text


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence to one person. ``case_id`` is where it leads; ``read_at`` is None while it is new."""

    id: str
    at: datetime
    text: Text
    case_id: str | None = None
    number: str = ""
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Messages:
    """The newest messages first, and how many of all are unread."""

    rows: tuple[Message, ...]
    unread: int
