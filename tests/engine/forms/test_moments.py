"""Days, times and moments in forms: FEEL reads all that a form takes; days are legal days, moments are moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import semantics
from engine.feel import Date, DateTime, Environment, Time, compile_expression
from engine.forms import Form
from tests.engine.forms.helpers import NOW, accept, environment, errors, form, part

LEGAL = ZoneInfo("Asia/Shanghai")
WORDS = {"date": "date", "time": "time", "datetime": "date and time"}
DAYS = st.dates(date(1901, 1, 1), date(2999, 12, 31)).map(date.isoformat)
CLOCKS = st.builds(
    "{:%H:%M}{}{}".format,
    st.times(),
    st.sampled_from(["", ":00", ":59"]),
    st.sampled_from(["", "Z", "+08:00", "-03:30", "+14:00", "+23:59", "+18:00", "-18:30"]),
)
TEXTS = {"date": DAYS, "time": CLOCKS, "datetime": st.builds("{}T{}".format, DAYS, CLOCKS)}


def only(subtype: str, **rules: Any) -> Form:
    return form(part("datetime", "x", subtype=subtype, **rules))


@settings(max_examples=300)
@given(st.data())
def test_feel_reads_every_day_time_and_moment_that_a_form_takes(data: st.DataObject) -> None:
    subtype = data.draw(st.sampled_from(sorted(TEXTS)))
    text = data.draw(TEXTS[subtype])
    if errors(only(subtype), {"x": text}):
        assert text[-6:] in ("+23:59", "-18:30")  # offsets that exist nowhere
        return
    kept = accept(only(subtype), {"x": text})
    value: Any = compile_expression(f"{WORDS[subtype]}(x)").evaluate(kept, environment())
    assert [type(value)] == [{"date": Date, "time": Time, "datetime": DateTime}[subtype]]
    if subtype == "datetime":
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        assert value.instant == int(moment.timestamp()) * 10**9
    if subtype == "time":
        clock = time.fromisoformat(text)
        assert (value.nanos // 10**9, value.zone) == (
            clock.hour * 3600 + clock.minute * 60 + clock.second,
            None if clock.tzinfo is None else (clock.utcoffset() or timedelta()).total_seconds(),
        )


@pytest.mark.parametrize("text", ["2026-11-23T08:00+08:00", "2026-11-23T00:00Z", "2026-11-23T08:00"])
def test_a_time_without_seconds_was_null_before(text: str) -> None:
    before = Environment(NOW, semantics=semantics.FIRST)
    for call in (f'date and time("{text}")', f'time("{text[11:]}")', f'range("[@\\"{text}\\"..@\\"{text}\\"]")'):
        assert compile_expression(call).evaluate({}, before) is None
        assert compile_expression(call).evaluate({}, Environment(NOW)) is not None
    for call in (f'date and time("{text[:16]}:00")', 'time("08:00:00")'):
        assert compile_expression(call).evaluate({}, before) is not None


ZONES = st.sampled_from([None, UTC, LEGAL, timezone(timedelta(hours=-9, minutes=-30)), timezone(timedelta(hours=14))])
NEAR = st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 25)).map(lambda one: one.replace(microsecond=0))
VALUES = {
    "date": st.dates(date(2026, 11, 20), date(2026, 11, 25)),
    "time": st.builds(lambda clock, zone: clock.replace(microsecond=0, tzinfo=zone), st.times(), ZONES),
    "datetime": st.builds(lambda moment, zone: moment.replace(tzinfo=zone), NEAR, ZONES),
}


def legal(moment: datetime) -> datetime:
    return moment.astimezone(LEGAL) if moment.tzinfo else moment.replace(tzinfo=LEGAL)


def clock_of(value: datetime | time) -> time:
    """What the clock in China shows (it has one offset, and these days no other)."""
    if isinstance(value, time):
        value = datetime.combine(date(2026, 11, 23), value)
    return legal(value).time()


def is_before(left: Any, right: Any) -> bool:
    """The oracle: Python's own moments, in China."""
    kinds = {type(left), type(right)}
    if kinds == {datetime}:
        return legal(left) < legal(right)
    if time in kinds:
        return date not in kinds and clock_of(left) < clock_of(right)
    days = [legal(one).date() if isinstance(one, datetime) else one for one in (left, right)]
    return bool(days[0] < days[1])


def written(value: Any) -> str:
    """As a form writes it: China as an offset."""
    text: str = value.isoformat()
    return text.replace("+00:00", "Z") if not isinstance(value, time) or value.tzinfo is not LEGAL else text + "+08:00"


@settings(max_examples=600)
@given(st.data())
def test_moments_are_compared_as_moments_and_days_as_legal_days(data: st.DataObject) -> None:
    subtype = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(VALUES[subtype])
    bound = data.draw(VALUES[data.draw(st.sampled_from(sorted(VALUES)))])
    early = errors(only(subtype, notBefore="=limit"), {"x": written(value)}, context={"limit": written(bound)})
    late = errors(only(subtype, notAfter="=limit"), {"x": written(value)}, context={"limit": written(bound)})
    assert (bool(early), bool(late)) == (is_before(value, bound), is_before(bound, value))
    if subtype != "time":
        passed = errors(only(subtype, disallowPassedDates=True), {"x": written(value)})
        assert bool(passed) == is_before(value, NOW.astimezone(LEGAL).date())


@pytest.mark.parametrize(
    ("subtype", "rules", "value", "said"),
    [
        ("datetime", {"disallowPassedDates": True}, "2026-11-21T17:30Z", None),  # 22 November in China
        ("datetime", {"disallowPassedDates": True}, "2026-11-22T01:00+14:00", "“x”不得早于2026-11-22"),
        ("datetime", {"notBefore": "2026-11-22"}, "2026-11-21T17:30Z", None),
        ("datetime", {"notAfter": "2026-11-21"}, "2026-11-21T17:30Z", "“x”不得晚于2026-11-21"),
        ("datetime", {"notAfter": "2026-11-21T17:00Z"}, "2026-11-22T01:30", "“x”不得晚于2026-11-22 01:00"),
        ("date", {"notBefore": '=date and time("2026-11-21T17:30Z")'}, "2026-11-21", "“x”不得早于2026-11-22 01:30"),
        ("time", {"notAfter": "18:00"}, "10:30Z", "“x”不得晚于18:00"),  # 18:30 in China
        ("time", {"notBefore": "08:00+08:00"}, "07:59", "“x”不得早于08:00"),
        ("time", {"notBefore": "=now()"}, "09:30", "“x”不得早于2026-11-22 10:00"),
    ],
)
def test_a_limit_is_told_in_legal_time(subtype: str, rules: dict[str, Any], value: str, said: str | None) -> None:
    assert errors(only(subtype, **rules), {"x": value}) == ({} if said is None else {"x": said})


def test_a_time_with_an_offset_is_shown_in_legal_time() -> None:
    made = only("time")
    assert [one.value for one in made.view({"x": "10:30Z"})] == ["18:30"]
