"""Dates, times and durations from their ISO texts (clause 10.3.2.3). A text that is not one gives None.

Beyond the specification a time may leave its seconds out, as ISO 8601 has it: so forms write it in every browser.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from engine.feel.values import DAY, SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time, Zone
from engine.semantics import FEEL_LETTER, TIMES_WITHOUT_SECONDS

_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_CLOCK = r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,30}))?)?"
_ZONE = r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,3})?"
_AS_DATE = re.compile(_DATE)
_AS_TIME = re.compile("T?" + _CLOCK + _ZONE)
_AS_MOMENT = re.compile(_DATE + "T" + _CLOCK + _ZONE)
_AS_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,19})Y)?(?:([0-9]{1,19})M)?")
_AS_DAYS = re.compile(
    r"(-?)P(?:([0-9]{1,19})D)?(?:T(?:([0-9]{1,19})H)?(?:([0-9]{1,19})M)?(?:([0-9]{1,19})(?:\.([0-9]{0,30}))?S)?)?"
)
_READ_SINCE = re.compile(r"24:00:00|\.S|(?<![.0-9])[0-9]{16,}[YMDHS.]")
LONGEST = 120
MOST_OFFSET = 18 * 3600
_BAD_ZONE = object()
ZONES = frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())
"""The zones that exist. Looking for another would open files and import code while an expression is evaluated."""


def parse_date(text: str) -> Date | None:
    """``2026-01-31``; years may have up to nine digits and a minus sign."""
    found = _AS_DATE.fullmatch(text) if len(text) <= LONGEST else None
    return Date.make(int(found[1]), int(found[2]), int(found[3])) if found else None


def parse_time(text: str) -> Time | None:
    """``08:30`` or ``08:30:00``, with a fraction, ``Z``, ``+08:00`` or ``@Asia/Shanghai`` if wished."""
    found = _AS_TIME.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        return None
    nanos = _nanos(found[1], found[2], found[3], found[4])
    zone = parse_zone(found[5])
    return None if nanos is None or zone is _BAD_ZONE else Time(nanos % DAY, zone)  # type: ignore[arg-type]


def parse_moment(text: str) -> DateTime | None:
    """A date, ``T`` and a time. A date alone is its midnight; 24:00:00 is the midnight of the next day."""
    found = _AS_MOMENT.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        date = parse_date(text)
        return DateTime(date, 0) if date else None
    date = Date.make(int(found[1]), int(found[2]), int(found[3]))
    nanos = _nanos(found[4], found[5], found[6], found[7])
    zone = parse_zone(found[8])
    if date is None or nanos is None or zone is _BAD_ZONE:
        return None
    if nanos == DAY:
        date, nanos = Date.from_days(date.days + 1), 0
    return DateTime(date, nanos, zone) if date else None  # type: ignore[arg-type]


def readable(text: str, semantics: int) -> bool:
    """Whether a version of FEEL reads what is written here: a time of hours and minutes only, or 24:00:00 and so on."""
    if semantics < FEEL_LETTER and _READ_SINCE.search(text):
        return False
    if semantics >= TIMES_WITHOUT_SECONDS:
        return True
    found = _AS_MOMENT.fullmatch(text) or _AS_TIME.fullmatch(text) if len(text) <= LONGEST else None
    return found is None or found[found.re.groups - 2] is not None


def _nanos(hour: str, minute: str, second: str | None, fraction: str | None) -> int | None:
    second = second or "00"
    if int(minute) > 59 or int(second) > 59:
        return None
    whole = int(hour) * 3600 + int(minute) * 60 + int(second)
    nanos = whole * SECOND + int(f"{fraction or '0':0<9}"[:9])
    return nanos if nanos < DAY or (nanos == DAY and int(fraction or "0") == 0) else None


def parse_zone(text: str | None) -> Zone | object | None:
    """The zone written after a time; a private mark when there is no such zone."""
    if not text:
        return None
    if text in "Zz":
        return 0
    if text[0] == "@":
        return _named(text[1:]) if text[1:] in ZONES else _BAD_ZONE
    hours, minutes, seconds = int(text[1:3]), int(text[4:6]), int(text[7:9] or 0)
    offset = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or offset > MOST_OFFSET:
        return _BAD_ZONE
    return -offset if text[0] == "-" else offset


@cache
def _named(name: str) -> ZoneInfo | object:
    """A zone that exists. All of them stay in memory: the library keeps eight, and reads the others again each time."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return _BAD_ZONE


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """``P1DT2H`` or ``P1Y2M``; the two kinds do not mix."""
    if len(text) > LONGEST or text[-1:] in ("P", "T"):
        return None
    if found := _AS_MONTHS.fullmatch(text):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthsDuration(-months if found[1] else months)
    if found := _AS_DAYS.fullmatch(text):
        seconds = int(found[3] or 0) * 3600 + int(found[4] or 0) * 60 + int(found[5] or 0)
        nanos = int(found[2] or 0) * DAY + seconds * SECOND + int(f"{found[6] or '0':0<9}"[:9])
        return DaysDuration(-nanos if found[1] else nanos)
    return None


def parse_temporal(text: str) -> Date | DateTime | Time | DaysDuration | MonthsDuration | None:
    """What an at-literal ``@"..."`` means, or None."""
    return (
        parse_date(text)
        or (parse_moment(text) if "T" in text and "-" in text else None)
        or (parse_time(text) or parse_duration(text))
    )
