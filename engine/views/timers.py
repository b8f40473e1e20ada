"""Times that a case waits for and that the working calendar gave, as their readers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.views.deadlines import LedgerLine
from engine.words import Text


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """A period that a time rests on: from when, how many days, natural or working ones, and every day of it."""

    days: int
    natural: bool
    ledger: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True)
class CountedTime:
    """A time that a case waits for. ``element``: the event of the diagram; ``periods``: what was counted for it."""

    element: Text
    due_at: datetime
    calendar: str  # version
    provisional: bool
    periods: tuple[CountedPeriod, ...]
