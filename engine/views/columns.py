"""The columns that a process declares for lists, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.words import Text


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a list. ``type``: text, number, date, boolean or choice; ``choices``: what it may be.

    ``choices_en``: the English of each, or nothing. ``board``: whether there is a board with a lane for each choice.
    """

    id: str
    name: Text
    type: str
    choices: tuple[str, ...] = ()
    choices_en: tuple[str, ...] = ()
    board: bool = False

    def named(self, choice: str) -> Text:
        """What a choice is called."""
        english = dict(zip(self.choices, self.choices_en, strict=False))
        return (choice, english.get(choice, choice))


@dataclass(frozen=True, slots=True)
class ColumnAsked:
    """What a column is to be, as typed: that (of a text: holding that), or between two values; empty: whatever."""

    id: str
    is_: str = ""
    low: str = ""
    high: str = ""
