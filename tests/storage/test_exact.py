"""JSON whose numbers keep all their digits, read as fast as before where there are none to lose."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage import exact

DIGITS = st.text("0123456789", min_size=1, max_size=34)
NUMBERS = st.builds(
    lambda minus, whole, rest, power: minus + (whole.lstrip("0") or "0") + rest + power,
    st.sampled_from(["", "-"]), DIGITS, st.just("") | DIGITS.map(lambda text: "." + text),
    st.sampled_from(["", "", "", "E+20", "E-7", "E+400", "E-400", "e5", "E3"]),
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | NUMBERS.map(lambda text: exact.plain(Decimal(text))) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def same(left: Any, right: Any) -> bool:
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


@settings(max_examples=600)
@example([Decimal("1E+400"), 0.1, 2**63 - 1, Decimal(2**63), Decimal("12345678901234567.89"), "1" * 40, 1e22])
@given(VALUES)
def test_what_is_written_is_read_back_number_by_number(value: Any) -> None:
    text = exact.dumps(value)
    assert same(exact.loads(text), value) and same(exact.loads(text.decode()), value)
    assert exact.dumps(exact.loads(text)) == text  # what was hashed is what is hashed again


@settings(max_examples=600)
@given(NUMBERS)
def test_a_number_of_somebody_else_keeps_its_digits(text: str) -> None:
    for form in (f" [ {text} , 1 ] ", f'{{"n" :\n{text}}}', text):
        found = exact.read(form)
        number = found[0] if isinstance(found, list) else found["n"] if isinstance(found, dict) else found
        assert (Decimal(repr(number)) if isinstance(number, float) else number) == Decimal(text)


def test_the_reader_that_loses_digits_is_found() -> None:
    """The planted fault: orjson alone reads the nearest float."""
    lost = [
        text for text in ("12345678901234567.89", "1" * 25, "1E-400") if Decimal(orjson.loads(text)) != Decimal(text)
    ]
    kept = [text for text in lost if exact.loads(f"[{text}]") == [Decimal(text)]]
    assert len(lost) == 3 and kept == lost


@pytest.mark.parametrize("value", [2**64, float("nan") and object(), Decimal("NaN"), Decimal("Infinity"), {1}])
def test_what_is_no_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        exact.dumps({"v": value})


def test_plain_json_is_written_as_before() -> None:
    value = {"b": [1, 2.5, "x", None, True], "a": {"汉": 1e300}}
    assert exact.dumps(value) == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    assert json.loads(exact.dumps(value)) == value
