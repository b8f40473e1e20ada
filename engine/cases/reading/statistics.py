"""What is counted for who leads (统计): tables that an installation declares, every number the count of its list.

Knows no register, no process and no page: what is counted is told (``engine.publishing.statistics``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from statistics import median
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.cases.base import Parts
from engine.cases.reading.visible import VisibleCases
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.errors import NotFound
from engine.publishing.counted import in_force
from engine.publishing.statistics import Statistic
from engine.registers import Register
from engine.views import CaseFilters, RegisterFilters
from engine.views.basic import MOST_COUNTED
from engine.views.columns import ColumnAsked
from engine.views.statistics import Counted, CountedRow, StatisticsPage, StatisticView
from engine.words import Text, both, say
from storage import sums
from storage.database import Connection
from storage.paging import sizes

YEARS: Final = 5
"""That may be asked for."""
MOST_TIMED: Final = 5_000
"""Cases whose days are looked at, the latest first."""
DAY: Final = timedelta(days=1)
TOTAL, KEPT, MISSED = say("合计"), say("从未逾期"), say("曾经逾期")


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of who leads."""

    parts: Parts

    def of(self, actor: Actor, asked: int | None = None) -> StatisticsPage:
        """The tables of a year; of this one where it may not be asked for. Raises NotFound for who leads nowhere."""
        if not actor.leads:
            raise NotFound(what=say("这个页面"))
        this = self.parts.clock.now().astimezone(LEGAL_ZONE).year
        years = tuple(range(this, this - YEARS, -1))
        year = asked if asked in years else this
        with self.parts.database.read() as connection:
            return StatisticsPage(year, years, tuple(self._views(connection, actor, year)))

    def _views(self, connection: Connection, actor: Actor, year: int) -> Iterator[StatisticView]:
        """Each table; none of what is withdrawn."""
        registers, kinds = self.parts.catalog.registers(connection), self.parts.catalog.all(connection)
        columns = {(one.key, column.id): column for one in kinds for column in one.process.columns}
        for one in in_force(connection):
            asked = CaseFilters(key=one.process, opened_from=date(year, 1, 1), opened_to=date(year, 12, 31))
            if one.register in registers:
                yield self._of_register(connection, actor, one, registers[one.register], year)
            elif (one.process, one.split) in columns:
                column = columns[one.process, one.split]
                choices = {value: column.named(value) for value in column.choices}
                yield self._of_process(connection, actor, one, choices, asked)
            elif not one.register and not one.process:
                yield self._of_deadlines(connection, actor, one, asked)

    def _of_register(
        self, connection: Connection, actor: Actor, one: Statistic, register: Register, year: int
    ) -> StatisticView:
        places, choices = _places(connection, actor, one.kinds), register.columns[one.split].choices
        limited = one.limit is not None and any(place.kind in one.kinds for place in places)
        rows = []
        for place in places:
            counts = _records(connection, one, place, year)
            asked = RegisterFilters(
                place=place.code, equals={one.year: str(year)}, unless=dict([one.without] if one.unless else [])
            )
            cells = [
                Counted(counts.get(value, 0), replace(asked, equals={**asked.equals, one.split: value}))
                for value in choices
            ]
            every, part = sum(counts.values()), counts.get(one.share, 0)
            share = _per_cent(part, every) if one.share and every else None
            over = limited and share is not None and part * 100 > (one.limit or 0) * every
            rows.append(CountedRow(_name(place), (*cells, Counted(every, asked)), share, over))
        return StatisticView(
            one.id, one.name, (*choices.values(), both(TOTAL)), tuple(rows), by_place=True, register=register.name,
            share=choices[one.share] if one.share else ("", ""), limit=one.limit if limited else None,
            limit_name=one.limit_name,
        )  # fmt: skip

    def _of_process(
        self, connection: Connection, actor: Actor, one: Statistic, choices: dict[str, Text], asked: CaseFilters
    ) -> StatisticView:
        lists = [replace(asked, columns=(ColumnAsked(one.split, is_=value),)) for value in choices]
        counts = self._counted(connection, actor, [*lists, asked])
        days = [self._days(connection, actor, each) if one.days else None for each in [*lists, asked]]
        names = [*choices.values(), both(TOTAL)]
        rows = [CountedRow(name, (own,), days=took) for name, own, took in zip(names, counts, days, strict=True)]
        return StatisticView(one.id, one.name, (both(say("件数")),), tuple(rows), days=one.days)

    def _of_deadlines(self, connection: Connection, actor: Actor, one: Statistic, asked: CaseFilters) -> StatisticView:
        places = _places(connection, actor, one.kinds)
        lists = [replace(asked, place=place.code, due=due) for place in places for due in ("once_late", "all_in_time")]
        counts = self._counted(connection, actor, lists)
        rows = [
            CountedRow(_name(place), (missed, kept))
            for place, missed, kept in zip(places, counts[::2], counts[1::2], strict=True)
        ]
        series = both(MISSED), both(KEPT)
        return StatisticView(one.id, one.name, series, tuple(rows), by_place=True, deadlines=True)

    def _counted(self, connection: Connection, actor: Actor, lists: Sequence[CaseFilters]) -> list[Counted]:
        visible = VisibleCases(self.parts)
        found = sizes(connection, [visible.listing(connection, actor, one) for one in lists], MOST_COUNTED)
        return [Counted(count, one) for count, one in zip(found, lists, strict=True)]

    def _days(self, connection: Connection, actor: Actor, asked: CaseFilters) -> float | None:
        rows = islice(VisibleCases(self.parts).listing(connection, actor, asked).every(connection), MOST_TIMED)
        took = [(row["ended_at"] - row["case_opened_at"]) / DAY for row in rows if row["ended_at"] is not None]
        return round(median(took), 1) if took else None


def _records(connection: Connection, one: Statistic, place: Organisation, year: int) -> dict[str, int]:
    """How many records of the year stand there in a subtree with each value that is split by."""
    field, left_out = one.without
    by = [one.year, one.split, *([field] if field else [])]
    found: dict[str, int] = {}
    for (of_year, value, *other), total in sums.of_records(
        connection, sums.Chosen(one.register, [place.path]), by, None, False
    ).items():
        if of_year == str(year) and other != [left_out]:
            found[value or ""] = found.get(value or "", 0) + total.count
    return found


def _places(connection: Connection, actor: Actor, kinds: Sequence[str]) -> list[Organisation]:
    """The organisations of these kinds where he leads; these parts of the tree themselves where none is of them."""
    below = [one for path in actor.leads for one in organisations.subtree(connection, path)]
    return [one for one in below if one.kind in kinds] or [one for one in below if one.path in actor.leads]


def _per_cent(part: int, every: int) -> Decimal:
    """Rounded to one digit; what is judged is the exact share."""
    return (Decimal(part) * 100 / every).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _name(place: Organisation) -> Text:
    name = place.short_name or place.name
    return name, name
