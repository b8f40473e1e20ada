"""The columns that a process declares for lists, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Text


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a list. ``type``: text, number, date, boolean or choice; ``choices``: what it may be."""

    id: str
    name: Text
    type: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnAsked:
    """What a column is to be, as typed: that (of a text: holding that), or between two values; empty: whatever."""

    id: str
    is_: str = ""
    low: str = ""
    high: str = ""
