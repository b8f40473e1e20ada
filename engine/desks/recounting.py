"""Whether all that runs is counted by this program's own days and rules, and a recount where it is not.

Knows neither who proposes a change of the calendar nor who decides on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from engine.calendar.days import Calendar
from engine.calendar.in_force import EVERYWHERE, NO_PROPOSAL, Calendars, Change
from engine.database import writing
from engine.views.basic import MOST_COUNTED
from engine.words import Said
from storage import calendars as rows
from storage.database import Connection, Database

_RECOUNT: Final = Change(NO_PROPOSAL, EVERYWHERE, (), ())


class Recounting:
    """The part of the calendar's desk that is asked at a start and at the command line."""

    def __init__(self, database: Database, calendars: Calendars) -> None:
        self._database = database
        self._calendars = calendars

    def is_followed(self) -> bool:
        """Whether all that runs is known to be counted by this program, its packages and its rules. Reads one row."""
        with self._database.read() as connection:
            return rows.followed(connection) == Calendar.official().version

    def outdated(self) -> int:
        """How many deadlines and times a recount would move; one more than ``MOST_COUNTED`` for more than that.

        Looks at every one until none has to: that the program is followed is then known to the next start.
        """
        with self._database.read() as connection:
            moved = sum(1 for _ in islice(self._would_move(connection), MOST_COUNTED + 1))
        if not moved:
            self._note_followed()
        return moved

    def recount(self) -> tuple[Said, ...]:
        """Let the followers compute again without any decision: the program, its packages or its rules are newer.

        What moved, a line each. At the command line only. The same again changes nothing.
        """
        with writing(self._database) as connection:
            moved = tuple(self._would_move(connection))
            self._calendars.tell(connection, _RECOUNT)
            rows.note_followed(connection, Calendar.official().version)
        return moved

    def _note_followed(self) -> None:
        with writing(self._database) as connection:
            rows.note_followed(connection, Calendar.official().version)

    def _would_move(self, connection: Connection) -> Iterator[Said]:
        return self._calendars.foresee(connection, _RECOUNT, lambda place: self._calendars.of(connection, place))
