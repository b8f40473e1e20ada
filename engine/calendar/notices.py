"""What is known of a year's days: the State Council's notice, or the holidays by law. Knows no period and no count.

A notice is the one that the package ``chinesecalendar`` carries, or an imported one, which goes before it. A year
without a notice is computed from the holidays fixed by law (package ``holidays``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.metadata import version as package_version
from typing import Any

import chinese_calendar
import holidays

from engine.errors import BadInput
from engine.words import Text, both, say

FIRST_YEAR = 2004  # the first year of notices that chinesecalendar carries
LAST_YEAR = 2100  # as far as the holidays package computes the lunar calendar
# The notices of 2002, 2006, 2007, 2012 and 2019 moved days of the December before, never earlier than the 29th.
DECEMBER, FIRST_MOVABLE_DAY = 12, 29
SATURDAY = 5
PUBLISHED: Mapping[int, str] = {
    2019: "国办发明电〔2018〕15号、国办发明电〔2019〕3号",
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
"""The numbers of those notices of the package that we have seen confirmed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A year's notice as an administrator imports it: days off and make-up working days, with their reason.

    It may also move the last days of the December before. ``source``: the number of the document. ``amends``: it
    speaks of some days and leaves all others as they are; ``plain`` are then days that go by their weekday again.
    """

    year: int
    off: Mapping[date, Text]
    working: Mapping[date, Text] = field(default_factory=dict)
    source: str = ""
    amends: bool = False
    plain: Mapping[date, Text] = field(default_factory=dict)

    def within(self, year: int) -> Notice:
        """What it says of the days of one year."""
        off, working, plain = (
            {d: why for d, why in days.items() if d.year == year} for days in (self.off, self.working, self.plain)
        )
        return Notice(year, off, working, self.source, self.amends, plain)

    @property
    def digest(self) -> str:
        """A hash of all that it says."""
        said: tuple[Any, ...] = (self.year, sorted(self.off.items()), sorted(self.working.items()), self.source)
        said += (sorted(self.plain.items()),) if self.amends else ()
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def amended(self, later: Notice) -> Notice:
        """It with a supplement that came later, which has the last word on the days that it speaks of."""
        spoken = {*later.off, *later.working, *later.plain}
        off, working = ({d: why for d, why in days.items() if d not in spoken} for days in (self.off, self.working))
        sources = "、".join(one for one in (self.source, later.source) if one)
        return replace(self, off=off | dict(later.off), working=working | dict(later.working), source=sources)


@dataclass(frozen=True, slots=True)
class YearSource:
    """Where the days of a year come from. ``kind``: notice (imported), package (a notice that it carries), law."""

    year: int
    kind: str
    number: str  # of the notice; empty: not known

    @property
    def provisional(self) -> bool:
        """No notice is known: the days are those of the law, and no make-up day is known."""
        return self.kind == "law"


def in_effect(notices: Iterable[Notice]) -> dict[int, Notice]:
    """What notices, in the order in which they came in force, say together of each year that they speak of.

    Where only supplements are known, they amend what the package or the law says of the year: that stays its source.
    """
    found: dict[int, Notice] = {}
    for notice in notices:
        if notice.amends:
            base = found.get(notice.year) or replace(_base(notice.year), amends=True)
            found[notice.year] = base.amended(notice)
        else:
            found[notice.year] = notice
    return found


def is_whole(notice: Notice, known: Notice | None) -> bool:
    """Whether what was read is the notice of a whole year and not a supplement: it speaks of every holiday by law that
    the notice ``known`` so far gives; without one, of New Year's Day and of the Spring Festival."""
    law = statutory(notice.year)
    if known is not None:
        return all(day in notice.off for day in law if day in known.off)
    spring = {day for day, (name, _) in law.items() if "春节" in name}
    return date(notice.year, 1, 1) in notice.off and any(day in notice.off for day in spring)


def known_notice(year: int, imported: Mapping[int, Notice]) -> Notice | None:
    """The notice of a year as far as one is known, with its supplements; None where only the law is."""
    return None if year_source(year, imported).provisional else imported.get(year) or _base(year)


def year_source(year: int, imported: Mapping[int, Notice]) -> YearSource:
    """Where the days of ``year`` come from. Raises BadInput outside the years that can be computed."""
    _require_known(year)
    number = imported[year].source if year in imported else PUBLISHED.get(year, "")
    if year in imported and not imported[year].amends:
        return YearSource(year, "notice", number)
    return YearSource(year, "package" if in_package(year) else "law", number)


def year_notice(year: int, imported: Mapping[int, Notice]) -> Notice:
    """All that is said of the days of ``year``, the next year's notice about its December included. Raises BadInput."""
    _require_known(year)
    own = imported[year].within(year) if year in imported else _base(year)
    later, number = imported.get(year + 1), own.source
    if year in imported and in_package(year + 1) and (later is None or later.amends):
        own = own.amended(_last_days(_base(year)))
    if later is not None:
        own = own.amended(later.within(year))
    return replace(own, source=number)


def packages_version() -> str:
    """The versions of the packages that know the days."""
    return "+".join(f"{name}-{package_version(name)}" for name in ("chinesecalendar", "holidays"))


@lru_cache(maxsize=256)
def in_package(year: int) -> bool:
    """Whether ``chinesecalendar`` carries the notice of a year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=128)
def statutory(year: int) -> Mapping[date, Text]:
    """The holidays that the law itself gives to everybody (Order 795 of the State Council, 2024), by name."""
    chinese, english = (_by_law(year, language, observed=False) for language in ("zh_CN", "en_US"))
    return {day: (name, english[day]) for day, name in sorted(chinese.items()) if not name.startswith("休息日")}


def all_days(year: int) -> Iterator[date]:
    """The days of a year in order."""
    return map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))


def _base(year: int) -> Notice:
    return _package_notice(year) if in_package(year) else _computed_notice(year)


def _last_days(notice: Notice) -> Notice:
    off, working = (
        {day: why for day, why in days.items() if (day.month, day.day) >= (DECEMBER, FIRST_MOVABLE_DAY)}
        for days in (notice.off, notice.working)
    )
    return Notice(notice.year, off, working)


@lru_cache(maxsize=128)
def _package_notice(year: int) -> Notice:
    chinese = {item.value: item.chinese for item in chinese_calendar.Holiday}
    off: dict[date, Text] = {}
    working: dict[date, Text] = {}
    for day in all_days(year):
        resting, name = chinese_calendar.get_holiday_detail(day)
        if name is None:
            continue
        holiday = (chinese.get(name, name), name)
        if resting:
            off[day] = both(say("{name}放假", name=holiday))
        else:
            working[day] = both(say("{name}调休上班", name=holiday))
    return Notice(year, off, working, PUBLISHED.get(year, ""))


@lru_cache(maxsize=128)
def _computed_notice(year: int) -> Notice:
    """The holidays fixed by law, with no make-up days."""
    chinese, english = (_by_law(year, language, observed=True) for language in ("zh_CN", "en_US"))
    why = say("{name}放假（放假通知未发布，暂按法定节日）")
    return Notice(year, {day: both(why.about(name=(name, english[day]))) for day, name in chinese.items()})


def _by_law(year: int, language: str, *, observed: bool) -> Mapping[date, str]:
    """``observed``: with the days off that make up for holidays on a week-end."""
    return dict(holidays.country_holidays("CN", years=year, observed=observed, language=language))


def _require_known(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        reason = say("{year}，应在{first}至{last}年之间", year=year, first=FIRST_YEAR, last=LAST_YEAR)
        raise BadInput(field=say("日期"), reason=reason)
