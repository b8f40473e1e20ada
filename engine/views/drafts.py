"""What a person has typed and not handed in, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.words import Text


@dataclass(frozen=True, slots=True)
class Draft:
    """Of an open task (``task_id``) or of a start form (``key``, ``code``). ``open``: one may go on with it now."""

    id: str
    kind: Text
    title: str
    step: Text
    number: str
    organisation: str
    saved_at: datetime
    open: bool
    task_id: str | None = None
    key: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page of them. One more than ``MOST_COUNTED`` stands for more than that."""

    rows: tuple[Draft, ...]
    total: int
    next: str | None
