"""The pieces of a large state that are stored beside it, one row each, read when they are asked for.

A piece has a place and an item: ``("45", 7)`` is instance 7 of the activity at which token 45 stands, ``("123", 0)``
says with which instance token or scope 123 is stored, ``("=posts", 0)`` is the variable "posts". Knows no token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from engine.errors import DataUnreadable
from engine.model import Piece
from engine.spiff.stored import loads
from engine.words import say

VARIABLE: Final = "="
"""Before the name of a variable in the place of a piece; other places are numbers."""


class Kept(Protocol):
    """Where the pieces of one case are."""

    def one(self, place: str, item: int) -> str | None:
        """One piece as it was written; None when there is none."""

    def under(self, place: str) -> Mapping[int, str]:
        """All pieces of a place, by item."""

    def all(self) -> Mapping[Piece, str]:
        """All pieces."""


class Memory:
    """Pieces that no database keeps: of a replay, and of a diagram that is tried out."""

    def __init__(self, pieces: Mapping[Piece, str | None] | None = None) -> None:
        self._pieces: dict[Piece, str] = {}
        self.follow(pieces or {})

    def one(self, place: str, item: int) -> str | None:
        """One piece as it was written; None when there is none."""
        return self._pieces.get((place, item))

    def under(self, place: str) -> dict[int, str]:
        """All pieces of a place, by item."""
        return {item: text for (own, item), text in self._pieces.items() if own == place}

    def all(self) -> dict[Piece, str]:
        """All pieces."""
        return dict(self._pieces)

    def follow(self, changes: Mapping[Piece, str | None]) -> None:
        """Take over what a run has changed."""
        for piece, text in changes.items():
            self._pieces.pop(piece, None)
            if text is not None:
                self._pieces[piece] = text


NOTHING: Final = Memory()
"""The pieces of a state that has none."""


class Pieces:
    """The pieces of one case during a run: those kept, and over them what the run has changed."""

    def __init__(self, kept: Kept = NOTHING, fresh: int = 1) -> None:
        self._kept = kept
        self._fresh = fresh  # numbers from here on are given in this run: nothing is kept under them
        self.changed: dict[Piece, str | None] = {}

    def get(self, place: str, item: int = 0) -> str | None:
        """One piece; None when there is none."""
        if (place, item) in self.changed:
            return self.changed[place, item]
        return self._kept.one(place, item) if self._may_be_kept(place) else None

    def under(self, place: str) -> dict[int, str]:
        """All pieces of a place, by item, in order."""
        found: dict[int, str | None] = {**self._kept.under(place)} if self._may_be_kept(place) else {}
        found |= {item: text for (own, item), text in self.changed.items() if own == place}
        return {item: text for item, text in sorted(found.items()) if text is not None}

    def all(self) -> dict[Piece, str]:
        """All pieces."""
        merged: dict[Piece, str | None] = {**self._kept.all(), **self.changed}
        return {piece: text for piece, text in merged.items() if text is not None}

    def put(self, place: str, item: int, text: str | None) -> None:
        """Write a piece, or take it away."""
        if text is None and not self._may_be_kept(place):
            self.changed.pop((place, item), None)
        else:
            self.changed[place, item] = text

    def _may_be_kept(self, place: str) -> bool:
        return place.startswith(VARIABLE) or int(place) < self._fresh


def place_of(pieces: Pieces, number: int) -> Piece | None:
    """With which instance of which activity a token or scope is stored; None for one that stands in the state."""
    text = pieces.get(str(number))
    if text is None:
        return None
    whole, _, item = text.partition(".")
    return whole, int(item)


def read(text: str) -> Any:
    """What a piece holds. Raises DataUnreadable, a ValueError."""
    try:
        return loads(text)
    except ValueError as error:
        raise DataUnreadable(what=say("流程状态")) from error


def read_row(text: str) -> list[Any]:
    """A piece that holds several things in order. Raises DataUnreadable, a ValueError."""
    found = read(text)
    if not isinstance(found, list):
        raise DataUnreadable(what=say("流程状态"))
    return found
