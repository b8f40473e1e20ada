"""Round n of a cycle is its start + n intervals: nothing drifts at the ends of months."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import timers
from engine.calendar.days import LEGAL_ZONE

STARTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(LEGAL_ZONE))
PARTS = st.tuples(*(st.integers(0, most) for most in (3, 14, 40, 30, 90)))
RUNS = 300


def text_of(parts: tuple[int, ...]) -> str:
    years, months, days, hours, minutes = parts
    return f"P{years}Y{months}M{days}DT{hours}H{minutes}M"


def expected(start: datetime, parts: tuple[int, ...], number: int) -> datetime:
    """The moment of a round, by the calendar of the standard library."""
    years, months, days, hours, minutes = (part * number for part in parts)
    year, month = divmod(start.year * 12 + start.month - 1 + years * 12 + months, 12)
    there = start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))
    return there.astimezone(UTC) + timedelta(days=days, hours=hours, minutes=minutes)


def rounds(start: datetime, every: str, steady: bool = True) -> list[datetime]:
    """The first rounds of an endless cycle, each fired when it is due, and kept in between as a state keeps it."""
    found, timer = [], timers.begin("cycle", f"R/{every}", start, steady)
    for _ in range(6):
        found.append(timer.due)
        following = timers.read(timer.record(), steady).next(timer.due)
        assert following is not None
        timer = following
    return found


@settings(max_examples=RUNS)
@given(start=STARTS, parts=PARTS.filter(any))
def test_round_n_is_n_intervals_after_the_start(start: datetime, parts: tuple[int, ...]) -> None:
    assert rounds(start, text_of(parts)) == [expected(start, parts, number) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("start", "every", "days"),
    [
        ("2026-01-31", "P1M", ["02-28", "03-31", "04-30", "05-31", "06-30", "07-31"]),
        ("2027-10-31", "P1M", ["11-30", "12-31", "01-31", "02-29", "03-31", "04-30"]),
        ("2024-02-29", "P1Y", ["02-28", "02-28", "02-28", "02-29", "02-28", "02-28"]),
        ("2026-11-30", "P3M", ["02-28", "05-30", "08-30", "11-30", "02-29", "05-30"]),
        ("2026-01-31", "P1M1D", ["03-01", "04-02", "05-03", "06-04", "07-05", "08-06"]),
        ("2026-02-27", "P1D", ["02-28", "03-01", "03-02", "03-03", "03-04", "03-05"]),
    ],
)
def test_a_cycle_comes_back_to_the_day_on_which_it_began(start: str, every: str, days: list[str]) -> None:
    found = rounds(timers.moment(start), every)
    assert [f"{one.astimezone(LEGAL_ZONE):%m-%d}" for one in found] == days


def test_missed_rounds_do_not_move_the_later_ones() -> None:
    timer = timers.begin("cycle", "R/P1M", timers.moment("2026-01-31"))
    late = timers.moment("2026-05-01")
    missed, following = timer.missed(late), timer.next(late)
    assert missed is not None and following is not None
    assert (missed.rounds, missed.first, missed.last) == (2, timers.moment("2026-03-31"), timers.moment("2026-04-30"))
    assert following.due == timers.moment("2026-05-31")


def test_a_cycle_ends_after_its_rounds() -> None:
    timer = timers.begin("cycle", "R3/P1M", timers.moment("2026-01-31"))
    assert [one.due for one in islice(timer._rounds(), 9)] == [
        timers.moment(f"2026-{day}") for day in ("03-31", "04-30")
    ]


def test_a_cycle_of_the_first_semantics_drifts_and_is_steady_from_now_on() -> None:
    start = timers.moment("2026-01-31")
    assert f"{rounds(start, 'P1M', steady=False)[1].astimezone(LEGAL_ZONE):%m-%d}" == "03-28"
    stored = timers.begin("cycle", "R/P1M", timers.moment("2026-08-31"), steady=False).record()
    assert "start" not in stored
    later = [one.due for one in islice(timers.read(stored)._rounds(), 6)]
    assert later == [timers.moment(f"2026-{month}-30") for month in (10, 11, 12)] + [
        timers.moment("2027-01-30"), timers.moment("2027-02-28"), timers.moment("2027-03-30"),
    ]  # fmt: skip
