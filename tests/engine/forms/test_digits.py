"""Numbers of forms: what a form takes FEEL reads digit by digit; what a browser would round a form may not hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, DefinitionInvalid
from engine.feel import compile_expression, parse_json
from engine.forms import Form, load_form
from tests.engine.forms.helpers import accept, environment, errors, form, part, source

TEXTS = st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{1,25})?", fullmatch=True)


def digits(text: str) -> int:
    return len(text.lstrip("-").replace(".", "", 1).lstrip("0").rstrip("0" if "." in text else ""))


@settings(max_examples=400)
@given(TEXTS)
def test_a_number_is_kept_with_every_digit_or_refused(text: str) -> None:
    kept_as_text = form(part("number", "x", serializeToString=True))
    number = form(part("number", "x"))
    sent = parse_json(f"[{text}]") if _is_json(text) else None
    for made, value in ((kept_as_text, text), (number, sent[0] if sent else None)):
        if value is None:
            continue
        if refused(made, value):
            assert digits(text) > 34
            continue
        read = compile_expression("number(string(x))").evaluate(accept(made, {"x": value}), environment())
        assert read == Decimal(text)


def refused(made: Form, value: Any) -> bool:
    try:
        return bool(errors(made, {"x": value}))
    except BadInput:
        return True


def _is_json(text: str) -> bool:
    whole = text.lstrip("-").partition(".")[0]
    return whole == "0" or not whole.startswith("0")


@pytest.mark.parametrize("text", ["12345678901234567.89", "9007199254740993", "0.1234567890123456789"])
def test_a_form_may_not_hold_a_number_that_a_browser_would_round(text: str) -> None:
    schema = source(part("number", "x", max=7)).replace(b'"max": 7', b'"max": ' + text.encode())
    with pytest.raises(DefinitionInvalid) as found:
        load_form("a.form.json", schema)
    assert text in found.value.problems[0].text("en")


@pytest.mark.parametrize("value", [9007199254740991, 0.1, 10**21, -2.5e-7])
def test_a_number_that_a_browser_holds_is_fine(value: Any) -> None:
    load_form("a.form.json", source(part("number", "x", max=value)))
