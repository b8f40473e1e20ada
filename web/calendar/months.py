"""The days of a year as a page shows them, month by month. Knows no request."""

from __future__ import annotations

from flask_babel import lazy_gettext

from engine.calendar.days import WEEKEND, WORKING, Calendar, LedgerDay
from web.calendar.parts import Cell

WEEK = 7
SHORT_WEEKDAYS = (
    lazy_gettext("一"),
    lazy_gettext("二"),
    lazy_gettext("三"),
    lazy_gettext("四"),
    lazy_gettext("五"),
    lazy_gettext("六"),
    lazy_gettext("日"),
)
MONTHS = (
    lazy_gettext("1 月"),
    lazy_gettext("2 月"),
    lazy_gettext("3 月"),
    lazy_gettext("4 月"),
    lazy_gettext("5 月"),
    lazy_gettext("6 月"),
    lazy_gettext("7 月"),
    lazy_gettext("8 月"),
    lazy_gettext("9 月"),
    lazy_gettext("10 月"),
    lazy_gettext("11 月"),
    lazy_gettext("12 月"),
)
ORDINARY = {WORKING, *WEEKEND}
WORKED = ("work", "shift")


def cell_of(calendar: Calendar, entry: LedgerDay) -> Cell:
    """A day as the year shows it."""
    if calendar.closed(entry.day):
        kind = "closed"
    elif entry.why in ORDINARY:
        kind = "work" if entry.counted else "rest"
    else:
        kind = "shift" if entry.counted else "off"
    return Cell(entry.day, kind, entry.why, entry.provisional)


def _weeks(cells: list[Cell], month: int) -> list[list[Cell | None]]:
    """The weeks of a month, Monday first; None where another month's day would stand."""
    days: list[Cell | None] = [cell for cell in cells if cell.day.month == month]
    first = days[0]
    lead = first.day.weekday() if first else 0
    padded = [None] * lead + days
    padded += [None] * (-len(padded) % WEEK)
    return [padded[start : start + WEEK] for start in range(0, len(padded), WEEK)]
