"""The properties of dates, times, durations and ranges that a path such as ``.year`` reads (clause 10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.values import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Range,
    Time,
    lift,
    offset_at,
)

Reader = Callable[[Any], Any]


def _seconds(nanos: int) -> Decimal:
    whole, rest = divmod(nanos % (60 * SECOND), SECOND)
    return Decimal(whole) if not rest else Decimal(whole) + Decimal(rest).scaleb(-9)


def _offset(value: Time | DateTime) -> DaysDuration | None:
    if value.zone is None:
        return None
    days = value.date.days if isinstance(value, DateTime) else 0
    return DaysDuration(offset_at(value.zone, days, value.nanos) * SECOND)


def _part(length: DaysDuration, unit: int, within: int) -> Decimal:
    part = Decimal(abs(length.nanos) % within // unit)
    return -part if length.nanos < 0 and part else part


def _second_part(length: DaysDuration) -> Decimal:
    part = _seconds(abs(length.nanos))
    return -part if length.nanos < 0 and part else part


def _month_part(length: MonthsDuration, years: bool) -> Decimal:
    part = Decimal(abs(length.months) // 12 if years else abs(length.months) % 12)
    return -part if length.months < 0 and part else part


CLOCK: dict[str, Reader] = {
    "hour": lambda v: Decimal(v.nanos // (3600 * SECOND)),
    "minute": lambda v: Decimal(v.nanos // (60 * SECOND) % 60),
    "second": lambda v: _seconds(v.nanos),
    "time offset": _offset,
    "timezone": lambda v: v.zone.key if isinstance(v.zone, ZoneInfo) else None,
}
PROPERTIES: dict[type, dict[str, Reader]] = {
    Date: {
        "year": lambda v: Decimal(v.year),
        "month": lambda v: Decimal(v.month),
        "day": lambda v: Decimal(v.day),
        "weekday": lambda v: Decimal(v.weekday),
    },
    DateTime: {
        "year": lambda v: Decimal(v.date.year),
        "month": lambda v: Decimal(v.date.month),
        "day": lambda v: Decimal(v.date.day),
        "weekday": lambda v: Decimal(v.date.weekday),
        **CLOCK,
    },
    Time: CLOCK,
    DaysDuration: {
        "days": lambda v: _part(v, DAY, 10**40),
        "hours": lambda v: _part(v, 3600 * SECOND, DAY),
        "minutes": lambda v: _part(v, 60 * SECOND, 3600 * SECOND),
        "seconds": _second_part,
    },
    MonthsDuration: {"years": lambda v: _month_part(v, True), "months": lambda v: _month_part(v, False)},
    Range: {
        "start": lambda v: lift(v.low),
        "end": lambda v: lift(v.high),
        "start included": lambda v: v.low_closed,
        "end included": lambda v: v.high_closed,
    },
}
