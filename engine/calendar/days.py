"""Working days in China, and the end of a period counted in them. Knows no case, no task and no clock of its own.

Days come from ``notices``, the rules of counting from ``counting.toml``. Days and hours never mix: a period begins
with a day and ends with a day. A day that no notice covers yet is provisional.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from engine.calendar.counting import LAST_SECOND, Counting, counting
from engine.calendar.notices import (
    DECEMBER,
    FIRST_MOVABLE_DAY,
    SATURDAY,
    Notice,
    YearSource,
    all_days,
    in_effect,
    in_package,
    known_notice,
    packages_version,
    year_notice,
    year_source,
)
from engine.calendar.pauses import LEGAL_ZONE, Pause, Taken, local
from engine.errors import BadInput
from engine.words import Said, Text, say

__all__ = ["LEGAL_ZONE", "Calendar", "Due", "LedgerDay", "Notice", "Pause"]


LONGEST_PERIOD = 2500  # working days, about ten years: a longer one is a mistake in a table


RECEIPT: Final = say("收到当日不计入")
WORKING: Final = say("工作日")
WEEKEND: Final = (say("周六"), say("周日"))
MOVED_HERE: Final = say("末日顺延至本日")


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One day of a period: was it counted, and why. ``provisional``: no notice covers it yet."""

    day: date
    counted: bool
    why: Said
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period. ``ledger`` runs from the day of receipt to the last; keep ``calendar``, its version.

    ``halted``: a suspension without end holds the count at the last day of the ledger, with ``left`` days to go.
    """

    ledger: tuple[LedgerDay, ...]
    calendar: str
    day_ends: time
    left: int = 0
    halted: bool = False

    @property
    def at(self) -> datetime:
        """The last second of the last day, in UTC. Raises ValueError when the count is halted."""
        if self.halted:
            raise ValueError("a suspended period has no end yet")
        return datetime.combine(self.ledger[-1].day, self.day_ends, LEGAL_ZONE).astimezone(UTC)

    @property
    def provisional(self) -> bool:
        """Whether any day of it may still change by a notice."""
        return any(entry.provisional for entry in self.ledger)


@dataclass(frozen=True, slots=True)
class _Year:
    days: tuple[LedgerDay, ...]
    working: tuple[int, ...]  # ordinals of the working days, ascending


class Calendar:
    """Working days by the official calendar, imported notices and local closures, all fixed when it is made."""

    def __init__(
        self,
        notices: Iterable[Notice] = (),
        closures: Mapping[date, Text] | None = None,
        rules: Counting | None = None,
    ) -> None:
        """``closures``: further days off (a flood, an office move) with their reason; they win over every notice."""
        self._notices = in_effect(notices)
        self._closures = dict(closures or {})
        self._rules = rules or counting()
        self._years: dict[int, _Year] = {}
        self.version = self._version()

    @classmethod
    def official(cls, closures: Mapping[date, Text] | None = None) -> Calendar:
        """The calendar of the installed packages; without closures one shared instance."""
        return cls(closures=closures) if closures else _shared()

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked; provisional years included."""
        return self._day(day).counted

    def is_official(self, year: int) -> bool:
        """Whether a notice for ``year`` is known."""
        return not self.source(year).provisional

    def source(self, year: int) -> YearSource:
        """Where the days of a year come from. Raises BadInput for a year that cannot be computed."""
        return year_source(year, self._notices)

    def notice(self, year: int) -> Notice | None:
        """The notice of a year with its supplements; None where only the law is known. Raises BadInput."""
        return known_notice(year, self._notices)

    def days(self, year: int) -> tuple[LedgerDay, ...]:
        """Every day of a year: ``counted`` when it is worked, and why. Raises BadInput."""
        return self._year(year).days

    def closed(self, day: date) -> bool:
        """Whether a closure, not the official calendar, makes ``day`` a day off."""
        return day in self._closures

    def add_working_days(self, moment: datetime, days: int, pauses: Sequence[Pause] = ()) -> Due:
        """The end of the ``days``-th working day after the day of ``moment`` (aware) in Shanghai.

        ``days`` = 0 is the end of the day of receipt itself. Days of a pause are not counted. Raises BadInput for a
        number or a date out of range.
        """
        return self._period(moment, days, Taken(pauses, self._rules), natural=False)

    def add_natural_days(self, moment: datetime, days: int, pauses: Sequence[Pause] = ()) -> Due:
        """The end of the ``days``-th day after the day of ``moment``; from a rest day it moves on to the next working
        day (Civil Code, art. 203). Days of a pause are not counted. Raises BadInput."""
        return self._period(moment, days, Taken(pauses, self._rules), natural=True)

    def _period(self, moment: datetime, days: int, pauses: Taken, *, natural: bool) -> Due:
        if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= LONGEST_PERIOD:
            reason = say("{days}，应为0至{most}的整数", days=days, most=LONGEST_PERIOD)
            raise BadInput(field=say("天数"), reason=reason)
        start = self.day_of(moment)
        ledger: list[LedgerDay] = []
        left = days
        for entry in self._from(start):
            why = pauses.why(entry.day)
            if not ledger and not self._rules.count_receipt:
                entry = LedgerDay(start, False, RECEIPT, entry.provisional)
            elif why is not None:
                entry = LedgerDay(entry.day, False, why, entry.provisional)
            elif natural and not entry.counted:
                entry = LedgerDay(entry.day, True, entry.why, entry.provisional)
            ledger.append(entry)
            if left and pauses.for_good(entry.day):
                return Due(tuple(ledger), self.version, self._rules.day_ends, left, halted=True)
            left -= entry.counted
            if left <= 0:
                break
        halted = natural and self._rules.end_moves_on and self._move_on(ledger, pauses)
        return Due(tuple(ledger), self.version, self._rules.day_ends, 0, halted)

    def _move_on(self, ledger: list[LedgerDay], pauses: Taken) -> bool:
        """Move the end from a rest day on to the next working day; whether a pause without end holds it on the way."""
        last = ledger[-1].day
        if self._day(last).counted:
            return False
        for entry in self._from(last + timedelta(days=1)):
            paused = pauses.why(entry.day)
            if paused is None and entry.counted:
                ledger.append(LedgerDay(entry.day, False, MOVED_HERE, entry.provisional))
                return False
            why = paused or say("{why}，末日顺延", why=entry.why)
            ledger.append(LedgerDay(entry.day, False, why, entry.provisional))
            if pauses.for_good(entry.day):
                return True
        return False

    def day_of(self, moment: datetime) -> date:
        """The day, in Shanghai, on which what happens at ``moment`` (aware) is received: the next one after hours."""
        here = local(moment)
        late = self._rules.day_ends != LAST_SECOND and here.time() > self._rules.day_ends
        return here.date() + timedelta(days=late)

    def start_of(self, day: date) -> datetime:
        """The first moment of a day in Shanghai, in UTC: received then is received on that day. Raises BadInput."""
        self._year(day.year)  # only a day of the calendar has a moment in UTC for certain
        return datetime.combine(day, time(), LEGAL_ZONE).astimezone(UTC)

    def working_days_left(self, now: datetime, due_at: datetime) -> int:
        """Working days after today up to the due day: 0 to the end of the second ``due_at``; then at most -1."""
        today, last = local(now).date(), local(due_at).date()
        if now - due_at >= timedelta(seconds=1):
            return min(-1, -self._count(last, today))
        return self._count(today, last)

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and with ``last``; negative when ``last`` is the earlier day."""
        return self._count(first, last) if first <= last else -self._count(last, first)

    def _count(self, after: date, through: date) -> int:
        total = 0
        for year in range(after.year, through.year + 1):
            total += len(self._year(year).working)
        total -= bisect_left(self._year(after.year).working, after.toordinal() + 1)
        working = self._year(through.year).working
        return total - (len(working) - bisect_left(working, through.toordinal() + 1))

    def _from(self, day: date) -> Iterator[LedgerDay]:
        """Every day from ``day`` on. Raises BadInput where the calendar ends."""
        yield from self._year(day.year).days[day.timetuple().tm_yday - 1 :]
        year = day.year + 1
        while True:
            yield from self._year(year).days
            year += 1

    def _day(self, day: date) -> LedgerDay:
        return self._year(day.year).days[day.timetuple().tm_yday - 1]

    def _year(self, year: int) -> _Year:
        table = self._years.get(year)
        if table is None:
            table = self._years[year] = self._build(year)
        return table

    def _build(self, year: int) -> _Year:
        notice, known = year_notice(year, self._notices), self.is_official(year)
        settled = in_package(year + 1) or (year + 1 in self._notices and not self._notices[year + 1].amends)
        days = tuple(
            self._entry(day, notice, provisional=not known or (not settled and _movable(day))) for day in all_days(year)
        )
        return _Year(days, tuple(entry.day.toordinal() for entry in days if entry.counted))

    def _entry(self, day: date, notice: Notice, *, provisional: bool) -> LedgerDay:
        if day in self._closures:
            return LedgerDay(day, False, self._closures[day])
        if day in notice.working:
            return LedgerDay(day, True, notice.working[day], provisional)
        if day in notice.off:
            return LedgerDay(day, False, notice.off[day], provisional)
        if day.weekday() >= SATURDAY:
            return LedgerDay(day, False, WEEKEND[day.weekday() - SATURDAY], provisional)
        return LedgerDay(day, True, WORKING, provisional)

    def _version(self) -> str:
        own = [(n.year, sorted(n.off.items()), sorted(n.working.items())) for _, n in sorted(self._notices.items())]
        text = repr((own, sorted(self._closures.items()), self._rules.version))
        return f"{packages_version()}+{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def _shared() -> Calendar:
    return Calendar()


def _movable(day: date) -> bool:
    """Whether the notice of the next year may still change this day."""
    return day.month == DECEMBER and day.day >= FIRST_MOVABLE_DAY
