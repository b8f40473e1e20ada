"""How much working time lies between two moments: the hours of working days, in legal time. Knows no office hours.

The rules of counting know days and no hours, so a working day counts from midnight to midnight.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from engine.calendar.days import Calendar
from engine.calendar.pauses import local

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)


def working_minutes(calendar: Calendar, begin: datetime, end: datetime) -> int:
    """Whole minutes of working days from one aware moment to another; 0 when the other is no later.

    Raises BadInput for a year that the calendar cannot compute.
    """
    if end <= begin:
        return 0
    first, last = local(begin), local(end)
    found = calendar.working_days_between(first.date(), last.date()) * _DAY
    if calendar.is_working_day(first.date()):
        found += _DAY - _since_midnight(first)
    if calendar.is_working_day(last.date()):
        found -= _DAY - _since_midnight(last)
    return found // _MINUTE


def _since_midnight(here: datetime) -> timedelta:
    return timedelta(hours=here.hour, minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
