"""How an effective table is told where it was used. Pictures without rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.words import Text


@dataclass(frozen=True, slots=True)
class TableUse:
    """That an effective table answered: by which version, for which day, by which rows.

    ``rows``: their numbers, from 1; none where the answer came from no row, or the table can no longer be read.
    """

    name: Text
    version: int  # of the publication
    digest: str
    since: date
    until: date | None
    on: date
    rows: tuple[int, ...]
