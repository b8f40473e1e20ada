"""Built-in functions, with the examples of the specification (clause 10.3.4) and of our own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.feel import Environment, compile_expression, to_json

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)

TRUE = """
before(1, 10)
before(1, (1..10])
before([1..10), 10)
before([1..10], [15..20])
before([1..10), [10..20])
after(12, [1..10])
after([11..20), 10)
after((11..20], [1..11])
meets([1..5], [5..10])
met by([5..10], [1..5])
overlaps([1..5], [5..8])
overlaps([3..5], [1..8])
overlaps before([1..5], [3..8])
overlaps before([1..5], (1..5])
overlaps after([3..8], [1..5])
overlaps after((1..5], [1..5])
finishes(10, [1..10])
finishes((1..10], [1..10])
finished by([1..10], (1..10])
includes([1..10], 5)
includes([1..10], (1..10))
during([5..10), [1..10))
starts(1, [1..10])
starts([1..10), [1..10])
started by([1..10], [1..10))
coincides([1..5], [1..5])
is(time("23:00:50z"), time("23:00:50+00:00"))
not(is(time("23:00:50z"), time("23:00:50")))
date(2012, 12, 25) = date("2012-12-25")
date(date and time("2012-12-25T11:00:00Z")) = date("2012-12-25")
time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")
time("23:59:00z") = time(23, 59, 0, duration("PT0H"))
number("1 000,0", " ", ",") = number("1,000.0", ",", ".")
duration("P2Y2M") = duration("P26M")
years and months duration(date("2011-12-22"), date("2013-08-24")) = duration("P1Y8M")
get entries({key1: "value1"})[key = "key1"][1].value = "value1"
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) = {x: 1, y: {a: 2}}
context merge([{x: 1, y: 0}, {y: 2}]) = {x: 1, y: 2}
date and time("2026-01-01T00:00:00") < date and time("2026-01-01T00:00:01Z")
{r: < 10}.r = (< 10)
5 in (? > 3 and ? < 6)
"中文" < "英文"
range("[1..10]") = [1..10]
range("(date(\\"2026-01-01\\")..@\\"2026-02-01\\"]").end = date("2026-02-01")
before(range: [2..3], point: 4)
before(point: 1, range: [2..3])
range("(..2]").end included
range("]1..3[") = (1..3)
{what if?: 1, r: what if? + 1}.r = 2
"""

FALSE = """
before(1, [1..10])
after(10, [1..10])
meets([1..5), [5..10])
overlaps([1..5], (5..8])
overlaps before([1..5], [1..5])
overlaps after([1..5], [1..5))
finishes(10, [1..10))
includes((1..10], 1)
during(10, [1..10))
starts([1..5], (1..10])
coincides((1..5), [1..5])
time("10:00:00") = time("10:00:00Z")
even(5)
contains("foobar", "of")
"""

NULL = """
123 instance of list
[5..1]
[1..null]
string(null)
not(null)
substring("foobar", 0)
sublist([1], 2)
median([])
stddev(47)
sqrt(-1)
max([])
all(0)
modulo(1, 0)
decimal(1, 1e9)
floor(1.5, null)
date("2026-02-29")
time("24:01:00")
duration("P1Y1D")
number("1.000,0", ".", ".")
context([{key: "a"}])
date("2026-01-01") - date and time("2026-01-01T00:00:00")
before(1, "a")
sort([1, "a"], function(x, y) x < y)
replace("abc", "x*", "y")
replace("abc", "b", "$")
matches("abc", "[")
sum([1, "a"])
123 instance of nothing
range("[5..1")
date("9999999999-01-01")
null[1]
null[item > 1]
count(null)
string join(["a"], "-", "b")
range("[..2]")
range("[2..1]")
range("[2026-01-01..2026-02-01]")
range("[1 + 1..3]")
context put({a: {b: 1}}, ["c", "d"], 2)
replace("a", "a{,2}", "b")
replace("a", "]", "b")
"""

VALUES: list[tuple[str, Any]] = [
    ("decimal(2.5, 0)", 2),
    ("decimal(0.515, 2)", 0.52),
    ("floor(-1.56, 1)", -1.6),
    ("ceiling(-1.5)", -1),
    ("round up(-1.121, 2)", -1.13),
    ("round down(5.5, 0)", 5),
    ("round half up(-5.5, 0)", -6),
    ("round half down(5.5, 0)", 5),
    ("string(1/3)", "0.3333333333333333333333333333333333"),
    ("string(-0.0)", "0"),
    ("string(1e20)", "100000000000000000000"),
    ("string(1.50)", "1.5"),
    ('string([1, "a", {b: null}, [1..2]])', '[1, "a", {b: null}, [1 .. 2]]'),
    ("modulo(-12, 5)", 3),
    ("modulo(10.1, -4.5)", -3.4),
    ("string(exp(1))", "2.718281828459045235360287471352662"),
    ("sqrt(16)", 4),
    ("string(stddev(2, 4, 7, 5))", "2.081665999466132735282297706979931"),
    ("mode([6, 1, 9, 6, 1])", [1, 6]),
    ("median([6, 1, 2, 3])", 2.5),
    ("mean(1, 2, 3)", 2),
    ("product(2, 3, 4)", 24),
    ("any([false, null, true])", True),
    ("count([1, [2, 3]])", 2),
    ("append([1], 2, 3)", [1, 2, 3]),
    ("concatenate([1, 2], [3])", [1, 2, 3]),
    ("insert before([1, 3], 1, 2)", [2, 1, 3]),
    ("remove([1, 2, 3], -1)", [1, 2]),
    ("reverse([1, 2])", [2, 1]),
    ("index of([1, 2, null, 2], 2)", [2, 4]),
    ("union([1, 2], [2, 3])", [1, 2, 3]),
    ("distinct values([1, {a: 1}, 1, {a: 1}, null, null])", [1, {"a": 1}, None]),
    ("flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4]),
    ("sublist([4, 5, 6], 1, 2)", [4, 5]),
    ("list replace([1, 2], 2, 9)", [1, 9]),
    ("list replace([1, 2, 3], function(item, new) item < new, 3)", [3, 3, 3]),
    ('substring("foobar", -2, 1)', "a"),
    ('substring("\\U01F40Eab", 2)', "ab"),
    ('substring after("foobar", "ob")', "ar"),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('split("a;b;c;;", ";")', ["a", "b", "c", "", ""]),
    ('string join(["a", null, "c"], "X")', "aXc"),
    ('upper case("aBc4")', "ABC4"),
    ("day of year(date(2019, 9, 17))", 260),
    ("day of week(date(2019, 9, 17))", "Tuesday"),
    ("month of year(date(2019, 9, 17))", "September"),
    ("week of year(date(2005, 1, 1))", 53),
    ('date and time("2012-12-24T23:59:00") + duration("PT1M")', "2012-12-25T00:00:00"),
    ('date("2024-01-31") + duration("P1M")', "2024-02-29"),
    ('date("2026-01-01") + duration("PT36H")', "2026-01-02"),
    ('time("23:00:00") + duration("PT2H")', "01:00:00"),
    ('duration("P1D") * 1.5', "P1DT12H"),
    ('duration("P1Y") / duration("P1M")', 12),
    ('-duration("P1DT2H")', "-P1DT2H"),
    ('duration("P1DT2H30M").hours', 2),
    ('time("10:15:30.5+08:00").second', 30.5),
    ('time("10:15:30+08:00").time offset', "PT8H"),
    ('date and time("2026-07-01T12:00:00@Europe/Paris").time offset', "PT2H"),
    ('date and time("2026-03-29T00:30:00@Europe/Paris") + duration("PT2H")', "2026-03-29T03:30:00+02:00"),
    ('date and time("2026-01-01T00:00:00@Asia/Shanghai").timezone', "Asia/Shanghai"),
    ('date and time(2026, 1, 1, 8, 0, 0, "Asia/Shanghai")', "2026-01-01T08:00:00+08:00"),
    ('string(@"2026-01-01T08:00:00@Asia/Shanghai")', "2026-01-01T08:00:00@Asia/Shanghai"),
    ('string(date("-0044-03-15"))', "-0044-03-15"),
    ('for d in @"2026-02-27"..@"2026-03-01" return d', ["2026-02-27", "2026-02-28", "2026-03-01"]),
    ("for i in (1..4) return i", [2, 3]),
    ("[1, 2, 3].start", [None, None, None]),
    ("[1..5].end included", True),
    ("min([]) = null", True),
    ("0 ** 0", 1),
    ('replace("abcdefghijkl", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)", "$12$13")', "la3"),
    ('replace("ab", "(a)(b)", "$0$9$21")', "abb1"),
    ('range("[2..)")', {"start": 2, "end": None, "start included": True, "end included": False}),
    ('range("(duration(\\"P1D\\")..@\\"P2D\\"]").end', "P2D"),
    ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
    ("(function(a, b) if b = null then a else b)(a: 1)", 1),
]


def value(text: str) -> Any:
    return to_json(compile_expression(text).evaluate({}, Environment(NOW)))


@pytest.mark.parametrize("text", TRUE.strip().splitlines())
def test_it_is_true(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize("text", FALSE.strip().splitlines())
def test_it_is_false(text: str) -> None:
    assert value(text) is False


@pytest.mark.parametrize("text", NULL.strip().splitlines())
def test_what_has_no_meaning_is_null(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_a_function_has_its_value(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[1, null] instance of list<number>", True),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{b: 2} instance of context<a: number>", False),
        ("[1..2] instance of range<number>", True),
        ("(function(a) a) instance of function<Any> -> Any", True),
        ("null instance of Null", True),
        ("null instance of Any", False),
        ("null instance of number", False),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1M" instance of years and months duration', True),
        ('date and time("2026-01-01T00:00:00") instance of date and time', True),
    ],
)
def test_a_value_is_an_instance_of_its_type(text: str, expected: bool) -> None:
    assert value(text) is expected


def test_a_null_argument_says_why_the_result_is_null() -> None:
    environment = Environment(NOW)
    assert compile_expression("string length(x)").evaluate({"x": None}, environment) is None
    assert [why.text("zh") for why in environment.warnings] == ["函数“string length”的参数不符"]
