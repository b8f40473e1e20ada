"""Days, times and moments of forms beside each other: moments as moments, days as legal days. Knows no field.

What names no offset is legal time (Asia/Shanghai).
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from engine.feel import Date, DateTime, Time
from engine.feel.texts import parse_temporal
from engine.feel.values import DAY, SECOND, at_instant, clock_text, offset_at

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def before(left: Any, right: Any) -> bool:
    """Whether one ISO text is before the other, a day and a moment by their legal days; not if they do not compare."""
    first, second = read(left), read(right)
    if first is None or second is None:
        return False
    if isinstance(first, DateTime) and isinstance(second, DateTime):
        return _instant(first) < _instant(second)
    if isinstance(first, Time) or isinstance(second, Time):
        if isinstance(first, Date) or isinstance(second, Date):
            return False
        return legal_clock(first) < legal_clock(second)
    return legal_day(first).days < legal_day(second).days


def read(text: Any) -> Date | DateTime | Time | None:
    """What an ISO text says; None for what is no day, time or moment."""
    found = parse_temporal(text) if isinstance(text, str) else None
    return found if isinstance(found, Date | DateTime | Time) else None


def shown(text: str) -> str:
    """A day, time or moment as people in China write it."""
    value = read(text)
    if value is None or isinstance(value, Date):
        return text
    clock = clock_text(legal_clock(value)).removesuffix(":00")
    return f"{legal_day(value)} {clock}" if isinstance(value, DateTime) else clock


def legal_day(value: Date | DateTime) -> Date:
    """The day on which it is in China."""
    if isinstance(value, Date) or value.zone is None:
        return value.date if isinstance(value, DateTime) else value
    here = at_instant(value.instant, LEGAL_ZONE)
    return here.date if here else value.date  # the last day that there is


def legal_clock(value: Time | DateTime) -> int:
    """What the clock shows in China then, in nanoseconds since midnight."""
    if value.zone is None:
        return value.nanos
    if isinstance(value, DateTime):
        here = at_instant(value.instant, LEGAL_ZONE)
        return here.nanos if here else value.nanos
    return (value.instant + offset_at(LEGAL_ZONE, 0, 0) * SECOND) % DAY


def _instant(value: DateTime) -> int:
    return (value if value.zone is not None else DateTime(value.date, value.nanos, LEGAL_ZONE)).instant
