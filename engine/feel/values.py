"""The values of FEEL that Python lacks, and how plain values become FEEL values. Knows no syntax and no evaluation.

Numbers are ``Decimal``, texts ``str``, booleans ``bool``, null ``None``, lists ``list``, contexts ``dict``. Dates and
times are our own types because FEEL has years of nine digits, nanoseconds, zones kept by name, and times with a zone.
"""

from __future__ import annotations

import datetime as py
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.functions import Builtin, FeelFunction

# decimal128, clause 10.3.2.3.1. Always called by name: the thread's own context stays as others want it.
NUMBERS = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MOST_DAYS = 365_242_500_000  # just over nine digits of years
MOST_YEAR = 999_999_999

Zone = int | ZoneInfo  # seconds east of UTC, or a named zone


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar, for any year."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def month_length(year: int, month: int) -> int:
    """Days in a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@dataclass(frozen=True, slots=True)
class Date:
    """A day. Make it by ``make`` or ``from_days`` when the parts are not known to be sound."""

    year: int
    month: int
    day: int

    @classmethod
    def make(cls, year: int, month: int, day: int) -> Date | None:
        """The day, or None when there is no such day."""
        if not (abs(year) <= MOST_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
            return None
        return cls(year, month, day)

    @classmethod
    def from_days(cls, days: int) -> Date | None:
        """The day so many days after 1970-01-01, or None beyond nine digits of years."""
        if abs(days) > MOST_DAYS:
            return None
        days += 719_468
        era, of_era = divmod(days, 146_097)
        year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
        of_year = of_era - (365 * year + year // 4 - year // 100)
        part = (5 * of_year + 2) // 153
        month = part + (3 if part < 10 else -9)
        return cls.make(year + era * 400 + (month <= 2), month, of_year - (153 * part + 2) // 5 + 1)

    @property
    def days(self) -> int:
        return days_of(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 is Monday, 7 Sunday."""
        return (self.days + 3) % 7 + 1

    def plus_months(self, months: int) -> Date | None:
        """The same day of another month, or that month's last day."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > MOST_YEAR:
            return None
        return Date(year, month + 1, min(self.day, month_length(year, month + 1)))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


def offset_at(zone: Zone, days: int, nanos: int) -> int:
    """Seconds east of UTC that a zone has at a local time."""
    if isinstance(zone, int):
        return zone
    date = Date.from_days(days)
    year = min(max(date.year if date else 9998, 2), 9998)
    second = nanos // SECOND
    day = min(date.day, month_length(year, date.month)) if date else 1
    local = py.datetime(year, date.month if date else 1, day, second // 3600, second // 60 % 60, second % 60)
    offset = local.replace(tzinfo=zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def zone_text(zone: Zone | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return "@" + zone.key
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"


def clock_text(nanos: int) -> str:
    seconds, rest = divmod(nanos, SECOND)
    tail = f".{rest:09}".rstrip("0") if rest else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{tail}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, with or without a zone."""

    nanos: int
    zone: Zone | None = None

    @property
    def instant(self) -> int:
        """Nanoseconds, brought to UTC when there is a zone."""
        return self.nanos - (0 if self.zone is None else offset_at(self.zone, 0, self.nanos) * SECOND)

    def __str__(self) -> str:
        return clock_text(self.nanos) + zone_text(self.zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A day with a time of day, with or without a zone."""

    date: Date
    nanos: int
    zone: Zone | None = None

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00, in UTC when there is a zone."""
        days = self.date.days
        offset = 0 if self.zone is None else offset_at(self.zone, days, self.nanos)
        return days * DAY + self.nanos - offset * SECOND

    def plus(self, nanos: int) -> DateTime | None:
        """So much later, in the same zone, or None beyond the calendar."""
        if not isinstance(self.zone, ZoneInfo):
            days, rest = divmod(self.date.days * DAY + self.nanos + nanos, DAY)
            date = Date.from_days(days)
            return None if date is None else DateTime(date, rest, self.zone)
        return at_instant(self.instant + nanos, self.zone)

    def __str__(self) -> str:
        return f"{self.date}T{clock_text(self.nanos)}{zone_text(self.zone)}"


def at_instant(instant: int, zone: Zone) -> DateTime | None:
    """The local date and time of an instant (nanoseconds since 1970 in UTC)."""
    offset = zone if isinstance(zone, int) else _offset_of_instant(instant, zone)
    days, nanos = divmod(instant + offset * SECOND, DAY)
    date = Date.from_days(days)
    return None if date is None else DateTime(date, nanos, zone)


def _offset_of_instant(instant: int, zone: ZoneInfo) -> int:
    seconds = min(max(instant // SECOND, -62_000_000_000), 253_000_000_000)
    utc = py.datetime(1970, 1, 1, tzinfo=py.UTC) + py.timedelta(seconds=seconds)
    offset = utc.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration, in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        seconds, rest = divmod(abs(self.nanos), SECOND)
        days, seconds = divmod(seconds, 86_400)
        tail = f".{rest:09}".rstrip("0") if rest else ""
        parts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"))
        clock = "".join(f"{count}{unit}" for count, unit in parts if count)
        if seconds % 60 or tail:
            clock += f"{seconds % 60}{tail}S"
        text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return ("-" if self.nanos < 0 else "") + "P" + (text or "T0S")


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """A years and months duration, in months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends. An absent end (None) is open without limit.

    ``apart``: ``!= 5``, all values but this one, which stands at both ends.
    """

    low: Any
    low_closed: bool
    high: Any
    high_closed: bool
    apart: bool = False


NATIVE = frozenset({Decimal, str, bool, type(None), list, dict})
NATIVE |= {Date, Time, DateTime, DaysDuration, MonthsDuration, Range, FeelFunction, Builtin}


def lift(value: Any) -> Any:
    """A value of Python or JSON as FEEL sees it. Members of lists and contexts are lifted only when they are read.

    Anything that has no meaning in FEEL becomes null, so that no Python object is ever reached from an expression.
    """
    kind = type(value)
    if kind in NATIVE:
        return value
    if kind is int:
        return Decimal(value) if -(10**34) < value < 10**34 else number(value)
    return _lift_rare(value)


def _lift_rare(value: Any) -> Any:
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, py.datetime | py.date | py.time | py.timedelta):
        return from_python(value)
    return None


def number(value: int | float | str | Decimal) -> Decimal | None:
    """A number of at most 34 digits, or None for one out of range, infinite or not a number."""
    try:
        made = NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)
    except (DecimalException, ValueError):
        return None
    return made if made.is_finite() else None


def whole_number(value: int | float | str | Decimal) -> Decimal | None:
    """The same where no digit is lost, else None."""
    made = number(value)
    return made if made is not None and made == (value if isinstance(value, int) else Decimal(str(value))) else None


def zone_of(moment: py.datetime | py.time) -> Zone | None:
    """The zone of a Python time: by name when it has one, else by offset."""
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key:
        return moment.tzinfo
    offset = moment.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def from_python(value: py.datetime | py.date | py.time | py.timedelta) -> DateTime | Date | Time | DaysDuration:
    """A date, time or time difference of Python's standard library as FEEL's own."""
    if isinstance(value, py.timedelta):
        return DaysDuration((value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000)
    if isinstance(value, py.date) and not isinstance(value, py.datetime):
        return Date(value.year, value.month, value.day)
    nanos = (value.hour * 3600 + value.minute * 60 + value.second) * SECOND + value.microsecond * 1000
    if isinstance(value, py.time):
        return Time(nanos, zone_of(value))
    return DateTime(Date(value.year, value.month, value.day), nanos, zone_of(value))
