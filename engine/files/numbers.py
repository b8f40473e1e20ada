"""Numbers of a workbook as the text that its writer sees: dates, leading zeros, digits. Knows no sheet."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Of the formats that have a number only, those of dates and times (ECMA-376-1, 18.8.30, with the Chinese ones)."""
MOST_DIGITS: Final = 15  # that a workbook keeps
_UNSEEN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
_FIRST, _FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)
_NO_DAY: Final = 60  # 29 February 1900, which was none
_LAST: Final = 2_958_466  # 31 December 9999, and a day


def format_of(number: int, code: str) -> str:
    """``date``, the zeros to which a number is filled up, or nothing. ``code`` is empty where the number says all."""
    if not code:
        return "date" if number in DATES else ""
    seen = _UNSEEN.sub("", code.partition(";")[0])
    if re.fullmatch("0{2,30}", seen):
        return seen
    return "date" if re.search("[ymdhs]", seen, re.IGNORECASE) and "general" not in seen.lower() else ""


def shown(value: str, style: str, *, since_1904: bool) -> str | None:
    """The number as its writer sees it; none when that cannot be known: digits are lost, or no such day is."""
    number = float(value) if len(value) <= MOST_DIGITS * 4 else math.nan
    if not math.isfinite(number):
        return None
    if style == "date":
        return _moment(number, since_1904=since_1904)
    if abs(number) >= 10**MOST_DIGITS:
        return None
    if number.is_integer():
        whole = int(number)
        return f"{'-' * (whole < 0)}{str(abs(whole)).zfill(len(style))}"
    return f"{Decimal(format(number, f'.{MOST_DIGITS}g')):f}"


def _moment(number: float, *, since_1904: bool) -> str | None:
    days, seconds = divmod(round(number * 86_400), 86_400)
    clock = str(timedelta(seconds=seconds)).zfill(8)
    if not 0 <= days < _LAST or (days == _NO_DAY and not since_1904):
        return None
    if not days and not since_1904:
        return clock
    first = _FIRST_1904 if since_1904 else _FIRST + timedelta(days=days < _NO_DAY)
    try:
        day = first + timedelta(days=days)
    except OverflowError:
        return None
    return f"{datetime(day.year, day.month, day.day):%Y-%m-%d}" + (f" {clock}" if seconds else "")
