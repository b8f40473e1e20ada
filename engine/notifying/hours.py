"""When people may be told outside: in working hours of working days, by the calendar of their organisation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.calendar.in_force import Calendars
from engine.calendar.pauses import local
from engine.channels.settings import Channels
from engine.errors import BadInput
from storage import accounts
from storage.database import Connection

DAILY, WEEKLY, NO_DIGEST = "daily", "weekly", "none"
_FURTHEST: Final = 60
"""Days after which a calendar without a working day is no longer believed."""


class Hours:
    """The hours of one installation."""

    def __init__(self, calendars: Calendars, channels: Channels) -> None:
        self._calendars = calendars
        self._opens, self._closes = channels.opens, channels.closes

    def opening(self, connection: Connection, user_id: int, now: datetime) -> datetime | None:
        """When a person may be told next; None: now."""
        calendar, here = self._of(connection, user_id), local(now)
        if _works(calendar, here.date()):
            if self._opens <= here.time() < self._closes:
                return None
            if here.time() < self._opens:
                return self._at(here.date())
        return self._at(_next(calendar, here.date() + timedelta(days=1)))

    def digest_after(self, connection: Connection, user_id: int, rhythm: str, now: datetime) -> datetime | None:
        """When the next list is due: the hour at which the next working day opens, or the first one of the next week.

        A make-up workday is one, a holiday none. None: there is no list.
        """
        if rhythm not in (DAILY, WEEKLY):
            return None
        calendar, here = self._of(connection, user_id), local(now)
        today = here.date()
        if rhythm == WEEKLY:
            return self._at(_next(calendar, today + timedelta(days=7 - today.weekday())))
        first = today if here.time() < self._opens else today + timedelta(days=1)
        return self._at(_next(calendar, first))

    def _of(self, connection: Connection, user_id: int) -> Calendar:
        """That of his first organisation in the tree; whoever has no role has the official one."""
        paths = [row["path"] for row in accounts.memberships_of(connection, user_id)]
        return self._calendars.by_path(connection)(paths[0] if paths else "/")

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, self._opens, LEGAL_ZONE).astimezone(UTC)


def _works(calendar: Calendar, day: date) -> bool:
    try:
        return calendar.is_working_day(day)
    except BadInput:  # beyond all calendars
        return True


def _next(calendar: Calendar, day: date) -> date:
    for _ in range(_FURTHEST):
        if _works(calendar, day):
            break
        day += timedelta(days=1)
    return day
