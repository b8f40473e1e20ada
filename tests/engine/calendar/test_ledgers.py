"""Ledgers worked out by hand from the State Council's notices, and laws that every count obeys."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar.counting import FILE, counting, read_counting
from engine.calendar.days import LEGAL_ZONE, RECEIPT, Calendar, Due, Notice, Pause
from engine.calendar.notice_text import read_text
from engine.errors import BadInput

pytestmark = pytest.mark.any_day

DATA = Path(__file__).parents[2] / "data"
LEDGERS: list[dict[str, Any]] = tomllib.loads((DATA / "ledgers.toml").read_text(encoding="utf-8"))["ledger"]
NOTICES = {
    int(file.stem): read_text(int(file.stem), "", file.read_text(encoding="utf-8"))
    for file in sorted((DATA / "notices").glob("*.txt"))
}
CALENDAR = Calendar.official()
WHY = ("期限中止", "Suspended")
DAYS = st.dates(date(2005, 1, 1), date(2040, 1, 1))
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC, LEGAL_ZONE]))


def pause(start: str, end: str | None) -> Pause:
    return Pause(datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None, WHY)


def last(due: Due) -> date:
    return due.at.astimezone(LEGAL_ZONE).date()


def count(calendar: Calendar, row: dict[str, Any]) -> Due:
    moment = datetime.combine(row["received"], datetime.min.time(), LEGAL_ZONE) + timedelta(hours=15)
    add = calendar.add_natural_days if row.get("natural") else calendar.add_working_days
    return add(moment, len(row["counted"].split()), [pause(*span) for span in row.get("pauses", ())])


@pytest.mark.parametrize("row", LEDGERS, ids=lambda row: f"{row['received']}+{len(row['counted'].split())}")
def test_a_ledger_is_the_one_worked_out_by_hand(row: dict[str, Any]) -> None:
    due = count(CALENDAR, row)
    assert [entry.day.isoformat() for entry in due.ledger if entry.counted] == row["counted"].split(), row["why"]
    assert last(due) == row.get("last", date.fromisoformat(row["counted"].split()[-1])), row["why"]
    assert not due.provisional
    first = due.ledger[0].day
    assert [entry.day for entry in due.ledger] == [first + timedelta(n) for n in range(len(due.ledger))]
    assert (first, due.ledger[0].why) == (row["received"], RECEIPT)


@pytest.mark.parametrize("row", LEDGERS, ids=lambda row: f"{row['received']}+{len(row['counted'].split())}")
def test_the_same_ledger_comes_from_the_text_of_the_notices_alone(row: dict[str, Any]) -> None:
    assert last(count(Calendar(NOTICES.values()), row)) == last(count(CALENDAR, row))


def test_there_are_forty_ledgers_and_more_and_every_notice_is_among_them() -> None:
    assert len(LEDGERS) >= 40
    named = " ".join(row["notice"] for row in LEDGERS)
    for year in NOTICES:
        number = CALENDAR.source(year).number
        assert number in named and number in (DATA / "notices" / f"{year}.txt").read_text(encoding="utf-8")


def test_a_provisional_year_that_gets_its_notice_moves_the_end_and_is_no_more_provisional() -> None:
    # 2027 by law: Friday 1 January off. The notice is invented: 1 to 3 January off, Sunday the 10th worked.
    received = datetime(2026, 12, 30, 15, tzinfo=LEGAL_ZONE)
    before = CALENDAR.add_working_days(received, 7)
    assert [entry.day.isoformat() for entry in before.ledger if entry.counted] == [
        "2026-12-31", "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-08", "2027-01-11",
    ]  # fmt: skip
    text = "一、元旦：1月1日（周五）至3日（周日）放假调休，共3天。1月10日（周日）上班。"
    after = Calendar([read_text(2027, "", text)]).add_working_days(received, 7)
    assert [entry.day.isoformat() for entry in after.ledger if entry.counted][-2:] == ["2027-01-08", "2027-01-10"]
    assert before.provisional and not after.provisional
    assert before.calendar != after.calendar


def test_the_next_notice_may_take_the_last_days_of_december() -> None:
    # As in 2022; the notice is invented: Thursday 31 December off, Saturday 2 January worked.
    text = "一、元旦：2026年12月31日至2027年1月1日放假调休，共2天。1月2日（周六）上班。"
    due = Calendar([read_text(2027, "", text)]).add_working_days(datetime(2026, 12, 30, 15, tzinfo=LEGAL_ZONE), 1)
    assert last(due) == date(2027, 1, 2)
    assert not due.provisional


def test_a_suspension_without_end_halts_the_count_and_says_what_is_left() -> None:
    received = datetime(2026, 9, 22, 15, tzinfo=LEGAL_ZONE)
    due = CALENDAR.add_working_days(received, 10, [pause("2026-09-28T10:00+08:00", None)])
    assert (due.halted, due.left, due.ledger[-1].day, due.ledger[-1].why) == (True, 8, date(2026, 9, 28), WHY)
    with pytest.raises(ValueError, match="no end"):
        _ = due.at
    done = CALENDAR.add_working_days(received, 2, [pause("2026-09-28T10:00+08:00", None)])
    assert last(done) == date(2026, 9, 24)
    natural = CALENDAR.add_natural_days(received, 4, [pause("2026-09-27T10:00+08:00", None)])
    assert natural.halted and natural.left == 0  # its end was moving on when it was suspended


def test_a_suspension_of_the_day_of_receipt_takes_nothing_and_one_that_ends_before_it_starts_is_a_mistake() -> None:
    received = datetime(2026, 11, 23, 9, tzinfo=LEGAL_ZONE)
    same = pause("2026-11-23T10:00+08:00", "2026-11-23T16:00+08:00")
    assert last(CALENDAR.add_working_days(received, 1, [same])) == date(2026, 11, 24)
    with pytest.raises(ValueError, match="before it starts"):
        CALENDAR.add_working_days(received, 1, [pause("2026-11-25T10:00+08:00", "2026-11-24T10:00+08:00")])


def rules(**changed: str) -> Calendar:
    """A calendar that counts by other rules."""
    text = FILE.read_text(encoding="utf-8")
    for name, value in changed.items():
        before = next(rule.value for rule in counting().rules if rule.id == name)
        old = before.lower() if before in ("True", "False") else f'"{before}"'
        found = f'id = "{name}"\nvalue = {old}\n'
        assert text.count(found) == 1, name
        text = text.replace(found, f'id = "{name}"\nvalue = {value}\n')
    return Calendar(rules=read_counting(text))


def test_with_an_office_hour_what_comes_later_is_received_on_the_next_day_and_the_last_day_ends_then() -> None:
    calendar = rules(day_ends='"17:30"')
    before, after = (datetime(2026, 11, 23, 17, minute, tzinfo=LEGAL_ZONE) for minute in (30, 31))
    assert calendar.add_working_days(before, 1).at == datetime(2026, 11, 24, 17, 30, tzinfo=LEGAL_ZONE)
    assert last(calendar.add_working_days(after, 1)) == date(2026, 11, 25)
    assert last(CALENDAR.add_working_days(after, 1)) == date(2026, 11, 24)


def test_every_rule_is_a_setting_that_changes_the_count_and_the_version() -> None:
    received = datetime(2026, 11, 20, 15, tzinfo=LEGAL_ZONE)  # a Friday
    held = [pause("2026-11-23T10:00+08:00", "2026-11-24T10:00+08:00")]
    assert last(rules(count_receipt="true").add_working_days(received, 1)) == date(2026, 11, 20)
    assert last(rules(end_moves_on="false").add_natural_days(received, 1)) == date(2026, 11, 21)
    assert last(CALENDAR.add_natural_days(received, 1)) == date(2026, 11, 23)
    assert last(rules(pause_takes='"whole"').add_working_days(received, 1, held)) == date(2026, 11, 23)
    assert last(CALENDAR.add_working_days(received, 1, held)) == date(2026, 11, 25)
    changed = [rules(**{name: value}).version for name, value in (("count_receipt", "true"), ("day_ends", '"17:30"'))]
    assert len({CALENDAR.version, *changed}) == 3


def test_every_rule_names_its_source_and_a_value_that_makes_no_sense_is_refused() -> None:
    assert all(rule.source[0] and rule.words[1] for rule in counting().rules)
    for name, value in (("count_receipt", '"perhaps"'), ("day_ends", '"25:99"'), ("pause_takes", '"all"')):
        with pytest.raises((ValueError, KeyError)):
            rules(**{name: value})


def slow(calendar: Calendar, start: date, days: int, held: list[Pause]) -> date:
    """Day by day, asking of each day alone."""
    day = start
    while days:
        day += timedelta(days=1)
        begin = datetime.combine(day, datetime.min.time(), LEGAL_ZONE)
        end = begin + timedelta(days=1)
        touched = any(one.start < end and one.end is not None and begin < one.end for one in held)
        days -= calendar.is_working_day(day) and not touched
    return day


SPANS = st.lists(st.tuples(st.integers(0, 60), st.timedeltas(timedelta(minutes=1), timedelta(days=40))), max_size=3)


@given(MOMENTS, st.integers(0, 60), SPANS)
def test_a_count_with_suspensions_agrees_with_one_that_goes_day_by_day(
    moment: datetime, days: int, spans: list[tuple[int, timedelta]]
) -> None:
    held = [Pause(moment + timedelta(days=n, hours=1), moment + timedelta(days=n, hours=1) + t, WHY) for n, t in spans]
    due = CALENDAR.add_working_days(moment, days, held)
    assert last(due) == slow(CALENDAR, moment.astimezone(LEGAL_ZONE).date(), days, held)
    assert sum(entry.counted for entry in due.ledger) == days
    assert due == CALENDAR.add_working_days(moment, days, held)  # the same again is the same


@given(MOMENTS, st.integers(0, 60), st.timedeltas(timedelta(minutes=1), timedelta(days=40)), st.integers(0, 40))
def test_a_suspension_never_brings_the_end_nearer(moment: datetime, days: int, length: timedelta, after: int) -> None:
    start = moment + timedelta(days=after)
    end = CALENDAR.add_working_days(moment, days).at
    assert CALENDAR.add_working_days(moment, days, [Pause(start, start + length, WHY)]).at >= end
    assert CALENDAR.add_working_days(moment, days, [Pause(end + timedelta(days=1), None, WHY)]).at == end


@given(MOMENTS, st.integers(0, 60), st.integers(0, 60))
def test_an_extension_counts_on_from_the_end(moment: datetime, days: int, more: int) -> None:
    whole = CALENDAR.add_working_days(moment, days + more)
    part = CALENDAR.add_working_days(moment, days)
    assert whole.ledger[: len(part.ledger)] == part.ledger
    assert CALENDAR.add_working_days(part.at, more).at == whole.at


@given(MOMENTS, st.integers(0, 200))
def test_natural_days_are_days_and_end_on_the_first_working_day_from_there(moment: datetime, days: int) -> None:
    due = CALENDAR.add_natural_days(moment, days)
    end = moment.astimezone(LEGAL_ZONE).date() + timedelta(days=days)
    assert sum(entry.counted for entry in due.ledger) == days
    assert last(due) >= end and CALENDAR.is_working_day(last(due))
    assert not any(CALENDAR.is_working_day(end + timedelta(n)) for n in range((last(due) - end).days))


@given(DAYS, st.integers(-400, 400))
def test_working_days_between_two_days_are_those_after_the_first_up_to_the_second(first: date, length: int) -> None:
    second = max(first + timedelta(days=length), date(2004, 1, 1))  # the first year whose notice is known
    low, high = min(first, second), max(first, second)
    worked = sum(CALENDAR.is_working_day(low + timedelta(days=n + 1)) for n in range((high - low).days))
    assert CALENDAR.working_days_between(first, second) == (worked if first <= second else -worked)


@given(MOMENTS, st.integers(0, 60), st.sets(DAYS, max_size=30))
def test_a_closure_never_brings_an_end_nearer(moment: datetime, days: int, closed: set[date]) -> None:
    calendar = Calendar(closures=dict.fromkeys(closed, ("停办", "Closed")))
    assert calendar.add_working_days(moment, days).at >= CALENDAR.add_working_days(moment, days).at


def test_no_day_is_counted_in_a_year_that_cannot_be_computed() -> None:
    with pytest.raises(BadInput):
        Calendar([Notice(2100, {})]).days(2101)
