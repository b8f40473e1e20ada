"""Papers and other texts against each other, by paragraph or by line. Knows no other file of the folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.comparing.texts import blocks, pieces
from engine.comparing.views import Change, Kind
from engine.documents.read_word import pieces as read
from engine.words import Words, both, say

_PARAGRAPH, _LINE = say("第{number}段"), say("第{number}行")
_TEXT: Final = say("文字")
_CELL: Final = " | "


def paper_changes(before: bytes, after: bytes) -> list[Change]:
    """The paragraphs and rows of two Word files that differ; an empty file has none. Raises what python-docx does."""
    old, new = ([*_paragraphs(data)] if data else [] for data in (before, after))
    return _changes(old, new, _PARAGRAPH)


def line_changes(before: bytes, after: bytes) -> list[Change]:
    """The lines of two texts that differ. Raises UnicodeDecodeError."""
    return _changes(before.decode().splitlines(), after.decode().splitlines(), _LINE)


def _paragraphs(data: bytes) -> list[str]:
    found: list[str] = []
    for piece in read(data):
        found += [_CELL.join(row) for row in piece.rows] if piece.rows else [piece.text]
    return found


def _changes(before: Sequence[str], after: Sequence[str], called: Words) -> list[Change]:
    found: list[Change] = []
    for same, (i, j, k, m) in blocks(before, after):
        if same:
            continue
        for step in range(max(j - i, m - k)):
            old = before[i + step] if i + step < j else None
            new = after[k + step] if k + step < m else None
            found.append(_change(called, old, new, (k if new is not None else i) + step + 1))
    return found


def _change(called: Words, old: str | None, new: str | None, number: int) -> Change:
    kind: Kind = "added" if old is None else "removed" if new is None else "changed"
    label = both(called.about(number=number))
    own = pieces(old or "", new or "")
    return {
        "id": str(number), "kind": kind, "label": label, "sort": "", "moved": False,
        "values": [{"kind": kind, "label": both(_TEXT), "pieces": own}],
    }  # fmt: skip
