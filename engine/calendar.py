"""Working days in China, and the end of a period counted in them. Knows no case, no task and no clock of its own.

Days come from the yearly notice of the State Council (package ``chinesecalendar``, or an imported
``Notice``). A year without a notice is reckoned from the holidays fixed by law (package ``holidays``)
and marked provisional: its make-up days are not known yet.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version as package_version
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays

from engine.errors import BadInput

Text = tuple[str, str]  # (Chinese, English)

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")  # one legal time for the whole country
END_OF_DAY = time(23, 59, 59)  # Civil Code, art. 203: the period ends at 24:00; a whole second keeps it on its own day
FIRST_YEAR = 2004  # the first year of notices that chinesecalendar carries
LAST_YEAR = 2100  # as far as the holidays package reckons the lunar calendar
LONGEST_PERIOD = 2500  # working days, about ten years: a longer one is a mistake in a table
SATURDAY = 5
# The notices of 2002, 2006, 2007, 2012 and 2019 moved days of the December before, never earlier than the 29th.
DECEMBER, FIRST_MOVABLE_DAY = 12, 29

# Civil Code, art. 201: the day on which a period begins is not counted.
RECEIPT: Text = ("收到当日不计入", "Day of receipt, not counted")
WORKING: Text = ("工作日", "Working day")
WEEKEND: tuple[Text, Text] = (("周六", "Saturday"), ("周日", "Sunday"))


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One day of a period: was it counted, and why. ``provisional``: no notice covers it yet."""

    day: date
    counted: bool
    why: Text
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a period. ``at`` is UTC; ``ledger`` runs from the day of receipt to the last; keep ``calendar``."""

    at: datetime
    ledger: tuple[LedgerDay, ...]
    provisional: bool
    calendar: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A year's official notice as an administrator imports it: days off and make-up working days, with their reason."""

    year: int
    off: Mapping[date, Text]
    working: Mapping[date, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Year:
    days: tuple[LedgerDay, ...]
    working: tuple[int, ...]  # ordinals of the working days, ascending


class Calendar:
    """Working days by the official calendar, imported notices and local closures, all fixed when it is made."""

    def __init__(self, notices: Iterable[Notice] = (), closures: Mapping[date, Text] | None = None) -> None:
        """``closures``: further days off (a flood, an office move) with their reason; they win over every notice."""
        self._notices = {notice.year: notice for notice in notices}
        self._closures = dict(closures or {})
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
        return year in self._notices or _in_package(year)

    def add_working_days(self, moment: datetime, days: int) -> Due:
        """The end of the ``days``-th working day after the day of ``moment`` (aware) in Shanghai.

        ``days`` = 0 is the end of the day of receipt itself. Raises BadInput for a number or a date out of range.
        """
        if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= LONGEST_PERIOD:
            raise _bad(("工作日数", "working days"), days, (f"应为0至{LONGEST_PERIOD}的整数", f"0 to {LONGEST_PERIOD}"))
        start = _local_day(moment)
        first = self._day(start)
        ledger = [LedgerDay(start, False, RECEIPT, first.provisional)]
        provisional = first.provisional
        year, offset, left = start.year, start.timetuple().tm_yday, days
        while left:
            for entry in self._year(year).days[offset:]:
                ledger.append(entry)
                provisional = provisional or entry.provisional
                left -= entry.counted
                if not left:
                    break
            year, offset = year + 1, 0
        return Due(_end_of(ledger[-1].day), tuple(ledger), provisional, self.version)

    def working_days_left(self, now: datetime, due_at: datetime) -> int:
        """Working days after today up to the due day: 0 on the last day; at most -1 once ``now`` is past ``due_at``."""
        today, last = _local_day(now), _local_day(due_at)
        if now > due_at:
            return min(-1, -self._count(last, today))
        return self._count(today, last)

    def _count(self, after: date, through: date) -> int:
        total = 0
        for year in range(after.year, through.year + 1):
            total += len(self._year(year).working)
        total -= bisect_left(self._year(after.year).working, after.toordinal() + 1)
        working = self._year(through.year).working
        return total - (len(working) - bisect_left(working, through.toordinal() + 1))

    def _day(self, day: date) -> LedgerDay:
        return self._year(day.year).days[day.timetuple().tm_yday - 1]

    def _year(self, year: int) -> _Year:
        table = self._years.get(year)
        if table is None:
            table = self._years[year] = self._build(year)
        return table

    def _build(self, year: int) -> _Year:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise _bad(("日期", "date"), year, (f"应在{FIRST_YEAR}至{LAST_YEAR}年之间", f"{FIRST_YEAR} to {LAST_YEAR}"))
        notice = self._notices.get(year) or (_package_notice(year) if _in_package(year) else _reckoned_notice(year))
        official, settled = self.is_official(year), self.is_official(year + 1)
        days: list[LedgerDay] = []
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            movable = not settled and day.month == DECEMBER and day.day >= FIRST_MOVABLE_DAY
            days.append(self._entry(day, notice, provisional=not official or movable))
        return _Year(tuple(days), tuple(entry.day.toordinal() for entry in days if entry.counted))

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
        text = repr((own, sorted(self._closures.items())))
        packages = "+".join(f"{name}-{package_version(name)}" for name in ("chinesecalendar", "holidays"))
        return f"{packages}+{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def _shared() -> Calendar:
    return Calendar()


def _local_day(moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(LEGAL_ZONE).date()


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, LEGAL_ZONE).astimezone(UTC)


def _bad(field_name: Text, value: object, allowed: Text) -> BadInput:
    return BadInput(field=field_name, reason=(f"{value}，{allowed[0]}", f"{value}, must be {allowed[1]}"))


@lru_cache(maxsize=256)
def _in_package(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _package_notice(year: int) -> Notice:
    chinese = {item.value: item.chinese for item in chinese_calendar.Holiday}
    off: dict[date, Text] = {}
    working: dict[date, Text] = {}
    for day in _all_days(year):
        resting, name = chinese_calendar.get_holiday_detail(day)
        if name is None:
            continue
        zh = chinese.get(name, name)
        if resting:
            off[day] = (f"{zh}放假", f"{name} holiday")
        else:
            working[day] = (f"{zh}调休上班", f"Make-up working day for {name}")
    return Notice(year, off, working)


def _reckoned_notice(year: int) -> Notice:
    """The holidays fixed by law (Order 795 of the State Council, 2024), with no make-up days."""
    zh = holidays.country_holidays("CN", years=year, language="zh_CN")
    en = holidays.country_holidays("CN", years=year, language="en_US")
    off = {
        day: (f"{name}放假（放假通知未发布，暂按法定节日）", f"{en.get(day, name)} (by law; no notice published yet)")
        for day, name in zh.items()
    }
    return Notice(year, off)


def _all_days(year: int) -> Iterable[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
