"""A board: the cases of a kind in lanes, one for each choice of the column by which its diagram says so."""

from __future__ import annotations

from dataclasses import dataclass

from engine.views.columns import ColumnView
from engine.views.visible import CaseFilters, ListedCase
from engine.words import Text


@dataclass(frozen=True, slots=True)
class Lane:
    """A choice of the column: its first cases, how many there are, and what their list is asked.

    One more than ``MOST_COUNTED`` stands for more than that.
    """

    name: Text
    cases: tuple[ListedCase, ...]
    total: int
    asked: CaseFilters


@dataclass(frozen=True, slots=True)
class Board:
    """``columns``: those of the kind, as each case has values for them; ``column``: the one that makes the lanes."""

    kind: Text
    column: ColumnView
    columns: tuple[ColumnView, ...]
    lanes: tuple[Lane, ...]
    asked: CaseFilters
    filling: bool
