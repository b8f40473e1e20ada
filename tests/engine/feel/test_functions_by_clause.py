"""DMN 1.5, clause 10.3.4: the built-in functions with their parameters, by position and by name, and beyond their
domains, where the answer is null. Each line is a sentence that is true."""

from __future__ import annotations

import pytest

from engine.feel.builtins import BUILTINS
from tests.engine.feel.clauses import holds, sentences

FUNCTIONS = """
# 10.3.4.1: conversion
date("2012-12-25") - date("2012-12-24") = duration("P1D")
date(date and time("2012-12-25T11:00:00Z")) = date("2012-12-25")
date(date("2012-12-25")) = date("2012-12-25")
date(2012, 12, 25) = date("2012-12-25")
date(year: 2012, month: 12, day: 25) = date(from: "2012-12-25")
date(2012, 2, 30) = null
date("2012-12-5") = null
date("12012-12-05").year = 12012
date("02012-12-05") = null
date("+2012-12-05") = null
date("2012-12-25T10:00:00") = null
date(null) = null
date() = null
date(2012, 12) = null
date and time(date("2012-12-24"), time("23:59:00")) = date and time("2012-12-24T23:59:00")
date and time(date: date and time("2012-12-24T01:00:00"), time: time("23:59:00Z")) = @"2012-12-24T23:59:00Z"
date and time("2012-12-24") = date and time("2012-12-24T00:00:00")
date and time("2012-12-24T23:59:00") + duration("PT1M") = date and time("2012-12-25T00:00:00")
date and time("2012-12-24T23") = null
date and time("2012-12-24T25:00:00") = null
date and time("2012-12-24T10:00:00@Nowhere/Else") = null
time("23:59:00z") + duration("PT2M") = time("00:01:00@Etc/UTC")
time(date and time("2012-12-25T11:00:00Z")) = time("11:00:00Z")
time(time("11:00:00")) = time("11:00:00")
time(23, 59, 0, duration("PT0H")) = time("23:59:00z")
time(23, 59, 0) = time("23:59:00")
time(hour: 11, minute: 59, second: 45.5, offset: null) = time("11:59:45.5")
time(24, 0, 0) = null
time(23, 59, 0, duration("PT19H")) = null
time("10") = null
time("10:00:00+25:00") = null
number("1 000,0", " ", ",") = number("1,000.0", ",", ".")
number(from: "1.5", grouping separator: null, decimal separator: null) = 1.5
number("1,5", ",", ",") = null
number("1,5", ";", ".") = null
number("-1.5") = -1.5
number("a") = null
number(null) = null
string(1.1) = "1.1"
string(null) = null
string(true) = "true"
string(@"2012-12-25") = "2012-12-25"
string(@"PT25H") = "P1DT1H"
string(@"P13M") = "P1Y1M"
string(["a", 1, null]) = "[\\"a\\", 1, null]"
string({a: 1, b: "x"}) = "{a: 1, b: \\"x\\"}"
string(from: 1) = "1"
duration("P2Y2M") = duration("P26M")
duration(from: "P1D") = @"P1D"
duration("P") = null and duration("PT") = null and duration("1D") = null and duration("P1H") = null
duration("P1DT") = null and duration("P-1D") = null and duration("+P1D") = null and duration("P1.5D") = null
years and months duration(date("2011-12-22"), date("2013-08-24")) = duration("P1Y8M")
years and months duration(from: @"2013-08-24", to: @"2011-12-22") = @"-P1Y8M"
years and months duration(@"2016-01-31", @"2016-02-29") = @"P0M"
years and months duration(@"2017-12-31T13:00:00", @"2018-12-31T12:00:00") = @"P1Y"
years and months duration(@"2018-12-31T12:00:00", @"2017-12-31T13:00:00") = @"-P1Y"
years and months duration(@"2017-12-31T23:00:00Z", @"2018-01-31") = @"P1M"
years and months duration(null, @"2018-01-31") = null
years and months duration("2017-12-31", "2018-01-31") = null
# 10.3.4.2: boolean
not(true) = false
not(negand: false)
not(null) = null
not("true") = null
# 10.3.4.3: strings
substring("foobar", 3) = "obar"
substring("foobar", 3, 3) = "oba"
substring("foobar", -2, 1) = "a"
substring("\\U01F40Eab", 2) = "ab"
substring(string: "foobar", start position: 3.8) = "obar"
substring("foobar", 0) = null and substring("foobar", 7) = null and substring("foobar", 1, 0) = null
string length("foo") = 3
string length("\\U01F40Eab") = 3
upper case("aBc4") = "ABC4"
lower case("aBc4") = "abc4"
substring before("foobar", "bar") = "foo"
substring before("foobar", "xyz") = ""
substring before(string: "foobar", match: "") = ""
substring after("foobar", "ob") = "ar"
substring after("", "a") = ""
substring after("foo", "") = "foo"
replace("banana", "a", "o") = "bonono"
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") = "[1=ab][2=]cd"
replace(input: "A", pattern: "a", replacement: "b", flags: "i") = "b"
replace("a", "a", "$x") = null
replace("a", "[", "b") = null
contains("foobar", "of") = false
contains(string: "foobar", match: "ob")
starts with("foobar", "fo")
ends with("foobar", "r")
matches("foobar", "^fo*b")
matches("FOO", "foo", "i")
matches("a", "a", "z") = null
split("John Doe", "\\\\s") = ["John", "Doe"]
split("a;b;c;;", ";") = ["a", "b", "c", "", ""]
split(string: "a", delimiter: ";") = ["a"]
string join(["a", "b", "c"], "_and_") = "a_and_b_and_c"
string join(["a", "b", "c"], "") = "abc"
string join(["a", "b", "c"], null) = "abc"
string join(["a", null, "c"], "X") = "aXc"
string join([], "X") = ""
string join(list: ["a", "b"]) = "ab"
string join([1], "X") = null
upper case(1) = null and contains(null, "a") = null
# 10.3.4.4: lists
list contains([1, 2, 3], 2)
list contains([1, null], null)
count([]) = 0 and count([1, [2, 3]]) = 2
min([1, 2, 3]) = 1 and max(1, 2, 3) = 3 and min(1) = 1 and max([]) = null
min("b", "a") = "a" and max(@"2026-01-01", @"2026-01-02") = @"2026-01-02" and min(1, "a") = null
sum(n1: 1, n2: 2) = 3 and min(c1: 2, c2: 1) = 1 and all(b1: true, b2: false) = false and sum(n2: 1) = null
sum([1, 2, 3]) = 6 and sum(1, 2, 3) = 6 and sum(1) = 1 and sum([]) = null and sum([1, null]) = null
mean([1, 2, 3]) = 2 and mean(1, 2, 3) = 2 and mean([]) = null
all([false, null, true]) = false and all(true) and all([]) and all(0) = null and all([true, null]) = null
any([false, null, true]) and any(false) = false and any([]) = false and any(0) = null
sublist([4, 5, 6], 1, 2) = [4, 5] and sublist([4, 5, 6], -2) = [5, 6] and sublist([1], 1, 2) = null
sublist(list: [4, 5, 6], start position: 2) = [5, 6]
append([1], 2, 3) = [1, 2, 3] and append([1], null) = [1, null] and append(null, 1) = null
concatenate([1, 2], [3]) = [1, 2, 3]
insert before([1, 3], 1, 2) = [2, 1, 3] and insert before([1], 2, 2) = null
remove([1, 2, 3], 2) = [1, 3] and remove([1], 0) = null and remove([1, 2], 1.5) = null
list replace([2, 4, 7, 8], 3, 6) = [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) = [5, 5, 7, 8]
list replace(list: [1, 2], position: -1, newItem: 9) = [1, 9]
list replace([1, 2, 3], 1.5, 9) = [9, 2, 3]
list replace([1, 2, 3], 0.5, 9) = null and list replace([1], 2, 9) = null and list replace(null, 1, 9) = null
list replace([1, 2], function(item, newItem) "x", 9) = null
list replace([1, 2], function(item) true, 9) = null
reverse([1, 2, 3]) = [3, 2, 1]
index of([1, 2, 3, 2], 2) = [2, 4] and index of([1, null], null) = [2]
union([1, 2], [2, 3]) = [1, 2, 3]
distinct values([1, 2, 3, 2, 1]) = [1, 2, 3]
flatten([[1, 2], [[3]], 4]) = [1, 2, 3, 4]
product([2, 3, 4]) = 24 and product([]) = null and product(2, 3, 4) = 24
median(8, 2, 5, 3, 4) = 4 and median([6, 1, 2, 3]) = 2.5 and median([]) = null
stddev(2, 4, 7, 5) = 2.081665999466132735282297706979931 and stddev([47]) = null and stddev([]) = null
mode(6, 3, 9, 6, 6) = [6] and mode([6, 1, 9, 6, 1]) = [1, 6] and mode([]) = []
# 10.3.4.5: numbers
decimal(1/3, 2) = .33 and decimal(1.5, 0) = 2 and decimal(2.5, 0) = 2 and decimal(0.515, 2) = 0.52
floor(1.5) = 1 and floor(-1.56, 1) = -1.6 and ceiling(1.5) = 2 and ceiling(-1.56, 1) = -1.5
round up(5.5, 0) = 6 and round up(-5.5, 0) = -6 and round up(1.121, 2) = 1.13 and round up(-1.126, 2) = -1.13
round down(5.5, 0) = 5 and round down(-5.5, 0) = -5 and round down(1.121, 2) = 1.12 and round down(-1.126, 2) = -1.12
round half up(5.5, 0) = 6 and round half up(-5.5, 0) = -6 and round half up(-1.126, 2) = -1.13
round half down(5.5, 0) = 5 and round half down(-5.5, 0) = -5 and round half down(-1.126, 2) = -1.13
round up(n: 5.5, scale: null) = null and decimal(1, 6177) = null and decimal(1, -6112) = null
abs(10) = 10 and abs(-10) = 10 and abs(@"-PT5H") = @"PT5H" and abs(n: @"-P1Y") = @"P1Y" and abs("1") = null
modulo(12, 5) = 2 and modulo(-12, 5) = 3 and modulo(12, -5) = -3 and modulo(-12, -5) = -2
modulo(10.1, 4.5) = 1.1 and modulo(-10.1, 4.5) = 3.4 and modulo(10.1, -4.5) = -3.4 and modulo(-10.1, -4.5) = -1.1
modulo(dividend: 1, divisor: 0) = null
sqrt(16) = 4 and sqrt(-1) = null
decimal(log(10), 8) = 2.30258509 and log(0) = null and decimal(exp(5), 8) = 148.41315910
odd(5) and odd(2) = false and even(2) and even(5) = false and odd(-1) and even(null) = null
# 10.3.4.6: is
is(date("2012-12-25"), time("23:00:50")) = false and is(date("2012-12-25"), date("2012-12-25"))
is(time("23:00:50z"), time("23:00:50")) = false and is(time("23:00:50z"), time("23:00:50+00:00"))
# 10.3.4.7: ranges from texts
range("[18..21)") = [18..21)
range("[2..)").end = null and range("(..2)").start = null
range("[@\\"2026-01-01\\"..date(\\"2026-02-01\\")]").end = @"2026-02-01"
range("[2..1]") = null and range("[a..b]") = null and range("") = null and range("[..]") = null
# 10.3.4.9: dates
day of year(date(2019, 9, 17)) = 260
day of week(date(2019, 9, 17)) = "Tuesday"
month of year(@"2019-09-17T10:00:00") = "September"
week of year(date(2019, 9, 17)) = 38 and week of year(date(2003, 12, 29)) = 1 and week of year(date(2004, 1, 4)) = 1
week of year(date(2005, 1, 1)) = 53 and week of year(date(2005, 1, 3)) = 1 and week of year(date(2005, 1, 9)) = 1
day of year(date: null) = null and day of week("2019-09-17") = null
# 10.3.4.10: sort
sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y) = [1, 2, 3, 4, 5]
sort([1, 2], function(x) true) = null
# 10.3.4.11: contexts
get value({key1: "value1"}, "key1") = "value1" and get value({key1: "value1"}, "unexistent-key") = null
get entries({a: 1, b: 2}) = [{key: "a", value: 1}, {key: "b", value: 2}]
context([{key: "a", value: 1}, {key: "b", value: 2, something: "else"}]) = {a: 1, b: 2}
context([{key: "a", value: 1}, {key: "b"}]) = null and context([{key: "a", value: 1}, {key: "a", value: 2}]) = null
context put({x: 1}, "y", 2) = {x: 1, y: 2} and context put({x: 1, y: 0, z: 0}, "y", 2) = {x: 1, y: 2, z: 0}
context put({x: 1}, ["y"], 2) = {x: 1, y: 2}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) = {x: 1, y: {a: 2}}
context put({x: 1, y: {a: 0}}, [], 2) = null and context put({x: 1}, ["z", "a"], 2) = null
context put(context: {}, keys: ["a"], value: null) = {a: null}
context merge([{x: 1}, {y: 2}]) = {x: 1, y: 2} and context merge([{x: 1, y: 0}, {y: 2}]) = {x: 1, y: 2}
context merge(contexts: [{x: 1}, 2]) = null
# 10.3.4.12: the present
now() instance of date and time and today() instance of date and date(now()) = today()
now(1) = null
"""


@pytest.mark.parametrize(("clause", "text"), sentences(FUNCTIONS))
def test_a_sentence_of_the_clause_is_true(clause: str, text: str) -> None:
    assert holds(text), clause


def test_every_function_is_in_a_table_by_clause() -> None:
    from tests.engine.feel import test_ranges_by_clause as ranges

    told = FUNCTIONS + "\n" + ranges.RANGES
    assert [name for name in BUILTINS if f"{name}(" not in told] == []
