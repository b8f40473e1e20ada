"""Values of FEEL as plain JSON and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.feel import BudgetExceeded, Environment, compile_expression, from_json, to_json

NOW = datetime(2026, 1, 5, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_plain_json_comes_back_as_it_went_in(value: Any) -> None:
    assert to_json(from_json(value)) == value


def test_numbers_become_int_or_float() -> None:
    assert [to_json(Decimal(text)) for text in ("1.00", "0.5", "1E3", "-0")] == [1, 0.5, 1000, 0]
    long = Decimal("12345678901234567.89")
    assert (to_json(long), to_json(long, exact=False)) == (long, 12345678901234567.89)
    assert type(to_json(Decimal("1.00"))) is int


def test_the_time_now_is_iso_text_with_its_offset() -> None:
    value = to_json(compile_expression("now()").evaluate({}, Environment(NOW)))
    assert datetime.fromisoformat(value) == NOW


def test_what_json_cannot_hold_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(BudgetExceeded):
        to_json(deep)
    with pytest.raises(BudgetExceeded):
        to_json(Decimal("1E6000"), exact=False)


def test_dates_of_python_are_dates_of_feel() -> None:
    data = {"day": date(2026, 1, 1), "at": datetime(2026, 1, 1, tzinfo=UTC), "long": timedelta(hours=30)}
    text = "{a: day + long, b: at + long, c: long.days, d: at < now()}"
    value = to_json(compile_expression(text).evaluate(data, Environment(NOW)))
    assert value == {"a": "2026-01-02", "b": "2026-01-02T06:00:00Z", "c": 1, "d": True}


def test_every_value_can_be_written_as_json() -> None:
    text = '{a: [1..2], b: function(x) x, c: date("2026-01-01"), d: @"P1Y", e: [null, true]}'
    assert json.dumps(to_json(compile_expression(text).evaluate({}, Environment(NOW))))
