"""Papers that are not made yet, as they are read before somebody signs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or a table of a paper. ``look``: title, strong, right, center or plain; ``rows``: of a table."""

    text: str = ""
    look: str = "plain"
    indented: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPaper:
    """A paper as it would be made now. ``content``: the Word file, marked as a draft; ``pieces``: what it says."""

    name: str
    content: bytes
    pieces: tuple[Piece, ...]
