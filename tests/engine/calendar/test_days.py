"""Working days against dates worked out by hand from the notices of 2020 to 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.days import LEGAL_ZONE, RECEIPT, Calendar, Notice
from engine.errors import BadInput
from engine.words import both, worded

pytestmark = pytest.mark.any_day

CALENDAR = Calendar.official()
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, LEGAL_ZONE]))


def at_ten(text: str) -> datetime:
    """Ten in the morning of that day in Shanghai."""
    return datetime.fromisoformat(f"{text}T10:00:00+08:00")


def last_day(moment: datetime, days: int, calendar: Calendar = CALENDAR) -> date:
    return calendar.add_working_days(moment, days).at.astimezone(LEGAL_ZONE).date()


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("2020-01-17", 6, "2020-02-03"),  # Sunday the 19th worked; the holiday was prolonged to 2 February
        ("2024-04-26", 5, "2024-05-07"),  # Sunday 28 April worked; 1 to 5 May off
        ("2025-01-24", 3, "2025-02-05"),  # Sunday the 26th worked; 28 January to 4 February off
        ("2025-01-24", 6, "2025-02-08"),  # ends on a Saturday that is worked
        ("2025-09-26", 10, "2025-10-16"),  # Sunday 28 September and Saturday 11 October worked; 1 to 8 October off
        ("2025-12-29", 5, "2026-01-06"),  # 1 to 3 January off, Sunday the 4th worked
        ("2026-02-10", 5, "2026-02-24"),  # Saturday the 14th worked; 15 to 23 February off
        ("2026-02-13", 10, "2026-03-05"),  # and Saturday the 28th worked
        ("2026-02-15", 1, "2026-02-24"),  # received on a holiday
        ("2026-02-14", 1, "2026-02-24"),  # received on a Saturday that is worked
        ("2026-04-30", 4, "2026-05-09"),  # 1 to 5 May off, Saturday the 9th worked
        ("2026-06-18", 1, "2026-06-22"),  # Dragon Boat Festival, 19 to 21 June
        ("2026-09-18", 5, "2026-09-24"),  # Sunday 20 September worked
        ("2026-09-18", 6, "2026-09-28"),  # Mid-Autumn Festival, 25 to 27 September
        ("2026-09-18", 15, "2026-10-15"),  # 1 to 7 October off, Saturday the 10th worked
        ("2026-11-20", 1, "2026-11-23"),  # a plain week-end
        ("2026-11-20", 0, "2026-11-20"),
    ],
)
def test_a_period_ends_on_the_day_worked_out_by_hand(received: str, days: int, expected: str) -> None:
    due = CALENDAR.add_working_days(at_ten(received), days)
    assert due.at.astimezone(LEGAL_ZONE).date().isoformat() == expected
    assert not due.provisional


def test_the_period_ends_with_the_last_second_of_the_day_in_shanghai_told_in_utc() -> None:
    due = CALENDAR.add_working_days(at_ten("2026-11-20"), 1)
    assert due.at == datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    assert due.at.tzinfo is UTC


def test_the_day_of_receipt_is_the_day_in_shanghai() -> None:
    after_midnight = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight on the 3rd in Shanghai
    assert last_day(after_midnight, 1) == date(2026, 3, 4)
    assert last_day(after_midnight - timedelta(hours=1), 1) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("received", "days", "expected"), [("2026-12-25", 5, "2027-01-04"), ("2027-02-04", 1, "2027-02-11")]
)
def test_a_year_without_a_notice_counts_by_law_and_is_provisional(received: str, days: int, expected: str) -> None:
    due = CALENDAR.add_working_days(at_ten(received), days)
    assert due.at.astimezone(LEGAL_ZONE).date().isoformat() == expected
    assert due.provisional
    assert CALENDAR.is_official(2026)
    assert not CALENDAR.is_official(2027)


def test_the_last_days_of_december_stay_provisional_until_the_next_notice() -> None:
    assert CALENDAR.add_working_days(at_ten("2026-12-25"), 2).provisional
    assert not CALENDAR.add_working_days(at_ten("2026-12-25"), 1).provisional
    assert not CALENDAR.add_working_days(at_ten("2025-12-25"), 4).provisional


def test_the_ledger_tells_of_every_day_why_it_was_counted_or_not() -> None:
    ledger = CALENDAR.add_working_days(at_ten("2026-02-12"), 3).ledger
    assert [(entry.day.day, entry.counted) for entry in ledger] == [
        (12, False), (13, True), (14, True), *[(day, False) for day in range(15, 24)], (24, True),
    ]  # fmt: skip
    assert ledger[0].why == RECEIPT
    assert both(ledger[1].why) == ("工作日", "Working day")
    assert ledger[2].why == ("春节调休上班", "Make-up working day for Spring Festival")
    assert ledger[3].why == ("春节放假", "Spring Festival holiday")
    assert [worded(entry.why, "zh") for entry in CALENDAR.add_working_days(at_ten("2026-11-20"), 1).ledger[1:3]] == [
        "周六",
        "周日",
    ]


def test_a_local_closure_moves_the_end_and_says_why() -> None:
    calendar = Calendar.official(closures={date(2026, 11, 23): ("暴雪停工", "Closed for snow")})
    due = calendar.add_working_days(at_ten("2026-11-20"), 1)
    assert due.at.astimezone(LEGAL_ZONE).date() == date(2026, 11, 24)
    assert ("暴雪停工", "Closed for snow") in [entry.why for entry in due.ledger]


def test_an_imported_notice_makes_its_year_official() -> None:
    notice = Notice(
        2027, {date(2027, 1, 1): ("元旦放假", "New Year")}, {date(2027, 1, 2): ("元旦调休上班", "Make-up day")}
    )
    calendar = Calendar([notice])
    due = calendar.add_working_days(at_ten("2026-12-25"), 5)
    assert due.at.astimezone(LEGAL_ZONE).date() == date(2027, 1, 2)
    assert not due.provisional


def test_the_version_names_the_calendar_and_changes_with_it() -> None:
    closed = Calendar.official(closures={date(2026, 11, 23): ("暴雪停工", "Closed for snow")})
    assert Calendar().version == CALENDAR.version == CALENDAR.add_working_days(at_ten("2026-11-20"), 1).calendar
    assert closed.version != CALENDAR.version
    assert Calendar([Notice(2027, {})]).version not in {CALENDAR.version, closed.version}


@pytest.mark.parametrize(
    ("now", "due", "left"),
    [
        ("2026-11-20", "2026-11-20", 0),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-23", "2026-11-20", -1),
        ("2026-11-21", "2026-11-20", -1),  # late, though no working day has passed yet
        ("2026-02-10", "2026-02-24", 5),
        ("2025-12-29", "2026-01-06", 5),
        ("2026-01-06", "2025-12-29", -5),
    ],
)
def test_working_days_left_counts_down_and_goes_below_zero_when_late(now: str, due: str, left: int) -> None:
    end = CALENDAR.add_working_days(at_ten(due), 0).at
    assert CALENDAR.working_days_left(at_ten(now), end) == left


@pytest.mark.parametrize("days", [-1, 2501, True, 1.5, "3", None])
def test_a_number_of_days_that_is_none_is_refused(days: object) -> None:
    with pytest.raises(BadInput):
        CALENDAR.add_working_days(at_ten("2026-11-20"), days)  # type: ignore[arg-type]


def test_a_date_outside_the_known_years_is_refused() -> None:
    for text in ("2003-12-31", "2100-12-31", "0001-01-01", "9999-12-31"):
        with pytest.raises(BadInput):
            CALENDAR.add_working_days(CALENDAR.start_of(date.fromisoformat(text)), 1)
    for moment in (datetime.min.replace(tzinfo=LEGAL_ZONE), datetime.max.replace(tzinfo=UTC)):
        with pytest.raises(BadInput):
            CALENDAR.add_natural_days(moment, 1)


def test_a_moment_without_a_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="zone"):
        CALENDAR.add_working_days(datetime(2026, 11, 20), 1)


@given(MOMENTS, st.integers(0, 60), st.integers(0, 60))
def test_n_days_and_then_m_are_n_and_m_days(moment: datetime, first: int, second: int) -> None:
    step = CALENDAR.add_working_days(moment, first).at
    assert CALENDAR.add_working_days(step, second).at == CALENDAR.add_working_days(moment, first + second).at


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=60)), st.integers(0, 60))
def test_a_later_receipt_never_ends_earlier_and_more_days_always_end_later(
    moment: datetime, later: timedelta, days: int
) -> None:
    end = CALENDAR.add_working_days(moment, days).at
    assert CALENDAR.add_working_days(moment + later, days).at >= end
    assert CALENDAR.add_working_days(moment, days + 1).at > end


@given(MOMENTS, st.integers(0, 300))
def test_the_days_left_at_receipt_are_the_days_given(moment: datetime, days: int) -> None:
    due = CALENDAR.add_working_days(moment, days)
    assert CALENDAR.working_days_left(moment, due.at) == days
    assert sum(entry.counted for entry in due.ledger) == days
    assert [entry.day for entry in due.ledger] == [due.ledger[0].day + timedelta(n) for n in range(len(due.ledger))]
