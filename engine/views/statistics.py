"""What is counted for who leads: tables of numbers, each number with what its list is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from engine.views.registers import RegisterFilters
from engine.views.visible import CaseFilters
from engine.words import Text

Asked: TypeAlias = CaseFilters | RegisterFilters


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a list has; one more than ``MOST_COUNTED`` of cases for more."""

    count: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row: a number for each of ``StatisticView.series``.

    ``share``: in per cent of the last number, None where that is none; ``over``: it is above the limit, computed
    exactly; ``days``: of 24 hours, the middle one of the cases that have ended, None where none has.
    """

    name: Text
    cells: tuple[Counted, ...]
    share: Decimal | None = None
    over: bool = False
    days: float | None = None


@dataclass(frozen=True, slots=True)
class StatisticView:
    """One table. ``by_place``: a row is an organisation; ``register``: whose records are counted, empty for cases;
    ``share``: whose share is told, empty for none; ``limit``: in per cent; ``deadlines``: these are what is told."""

    id: str
    name: Text
    series: tuple[Text, ...]
    rows: tuple[CountedRow, ...]
    by_place: bool = False
    register: str = ""
    share: Text = ("", "")
    limit: int | None = None
    limit_name: Text = ("", "")
    days: bool = False
    deadlines: bool = False


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """All tables of a year; ``years``: which may be asked for, the latest first."""

    year: int
    years: tuple[int, ...]
    statistics: tuple[StatisticView, ...]
