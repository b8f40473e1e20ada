"""What comes from forms and JSON as text is what the file declares: dates, times, date-times, durations; everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.dmn.decisions import ValueNotAllowed, decision_functions, load_decisions
from engine.feel import Environment, compile_expression
from tests.engine.dmn.dmn_files import component, data, decision, definitions, item, literal, simple, table

NOW = datetime(2026, 1, 5, tzinfo=UTC)
KINDS = [
    # type, a text of it, the same in FEEL, a text that is none of it
    ("date", "2026-11-23", 'date("2026-11-23")', "PT1H"),
    ("time", "08:30", 'time("08:30:00")', "2026-11-23"),
    ("time", "08:30:00+08:00", 'time("08:30:00+08:00")', "8:30"),
    ("date and time", "2026-11-23T08:30+08:00", 'date and time("2026-11-23T08:30:00+08:00")', "08:30"),
    ("dateTime", "2026-11-23T08:30:00Z", 'date and time("2026-11-23T08:30:00Z")', "P1D"),
    ("date and time", "2026-11-23", 'date and time("2026-11-23T00:00:00Z")', "2026-11-31"),
    ("days and time duration", "P3DT2H", 'duration("P3DT2H")', "P1Y"),
    ("dayTimeDuration", "-PT5M", 'duration("-PT5M")', "5 minutes"),
    ("years and months duration", "P1Y2M", 'duration("P1Y2M")', "P1D"),
    ("yearMonthDuration", "P0M", 'duration("P0M")', "2026-11-23"),
]


def column(kind: str, meant: str) -> str:
    """A table with one typed column."""
    logic = table("FIRST", ["x"], ["hit"], [(f"{meant}", "true"), ("-", "false")])
    return logic.replace("<inputExpression>", f'<inputExpression typeRef="{kind}">')


def places(kind: str, meant: str) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Where a type may be declared: the elements of a file, and how a text is put into what is asked."""
    types = (
        item("tMany", simple(kind), collection=True),
        item("tRow", component("day", simple(kind)) + component("n", simple("number"))),
        item("tRows", simple("tRow"), collection=True),
        item("tOnly", simple(kind, meant)),
    )
    asked: dict[str, tuple[tuple[str, ...], Any]] = {
        "column": ((data("x"), decision("it", column(kind, meant), "Input:x")), lambda text: text),
        "column, one in a list": ((data("x"), decision("it", column(kind, meant), "Input:x")), lambda text: [text]),
    }
    for place, ref, test, put in (
        ("data", kind, f"x = {meant}", lambda text: text),
        ("items of a list", "tMany", f"x[1] = {meant}", lambda text: [text]),
        ("one for a list", "tMany", f"x[1] = {meant}", lambda text: text),
        ("a member", "tRow", f"x.day = {meant} and x.n = 1", lambda text: {"day": text, "n": 1}),
        ("members in a list", "tRows", f"x[1].day = {meant}", lambda text: [{"day": text, "n": 1}]),
        ("allowed values", "tOnly", f"x = {meant}", lambda text: text),
    ):
        asked[place] = ((*types, data("x", ref), decision("it", literal(test), "Input:x")), put)
    return asked


PLACES = list(places("date", 'date("2026-11-23")'))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("kind", "text", "meant", "wrong"), KINDS)
def test_a_text_is_what_its_type_declares(kind: str, text: str, meant: str, wrong: str, place: str) -> None:
    parts, put = places(kind, meant)[place]
    decided = load_decisions("tiny.dmn", definitions(*parts))
    assert decided["it"].evaluate({"x": put(text)}, Environment(NOW)).value is True
    called = Environment(NOW, decision_functions(decided, lambda result: None))
    assert compile_expression("it(x)").evaluate({"x": put(text)}, called) is True
    with pytest.raises(ValueNotAllowed):
        decided["it"].evaluate({"x": put(wrong)}, Environment(NOW))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("kind", "text", "meant", "wrong"), KINDS)
def test_a_value_of_the_type_is_taken_as_before(kind: str, text: str, meant: str, wrong: str, place: str) -> None:
    parts, put = places(kind, meant)[place]
    decided = load_decisions("tiny.dmn", definitions(*parts))
    value = compile_expression(meant).evaluate({}, Environment(NOW))
    assert decided["it"].evaluate({"x": put(value)}, Environment(NOW)).value is True


def test_a_text_where_a_text_is_declared_stays_a_text() -> None:
    parts = (data("x", "string"), decision("it", literal('x = "2026-11-23"'), "Input:x"))
    decided = load_decisions("tiny.dmn", definitions(*parts))
    assert decided["it"].evaluate({"x": "2026-11-23"}, Environment(NOW)).value is True
