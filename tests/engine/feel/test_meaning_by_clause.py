"""DMN 1.5, clause 10.3.2: what FEEL means, clause by clause. Each line is a sentence that is true."""

from __future__ import annotations

import pytest

from tests.engine.feel.clauses import holds, sentences

MEANING = """
# 10.3.1.4: contexts, lists, qualified names
[{a: {b: [1]}}, {a: {b: [2.1, 2.2]}}].a.b = [[1], [2.1, 2.2]]
{a: {b: {c: 1}}}.a.b.c = 1
# 10.3.2.2: equality, identity
("1" = 1) = null
is("1", 1) = false
is(null, null)
# 10.3.2.3.1: number
0.1 + 0.2 = 0.3
1 = 1.000
-0 = 0
1/3 = 0.3333333333333333333333333333333333
1.0*10**3 = 1000
1 + 3/2*2 - 2**3 = -4
9999999999999999999999999999999999 + 1 = 10 ** 34
# 10.3.2.3.2: string
"abc" = "abc"
string length("\\U01F40Eab") = 3
# 10.3.2.3.4: time
time("24:00:00") = time("00:00:00")
time("24:00:00") + duration("PT1H") = time("01:00:00")
@"24:00:00Z" + @"PT1M" = @"00:01:00Z"
time("24:00:01") = null
time("24:00:00.1") = null
time("23:00:00") + duration("PT2H") = time("01:00:00")
time("01:00:00") - duration("PT2H") = time("23:00:00")
time("10:00:00+08:00") = time("02:00:00Z")
# 10.3.2.3.5: date
date("2012-12-25") = date(2012, 12, 25)
date("-0044-03-15").year = -44
date("999999999-12-31").year = 999999999
date("1000000000-01-01") = null
# 10.3.2.3.6: date and time
date and time("2017-12-31T24:00:00") = date and time("2018-01-01T00:00:00")
date and time("2017-12-31T24:00:01") = null
date and time("999999999-12-31T24:00:00") = null
date and time("2012-12-25T08:00:00+08:00") = date and time("2012-12-25T00:00:00Z")
date and time("2012-12-25T08:00:00@Asia/Shanghai") = date and time("2012-12-25T00:00:00Z")
# 10.3.2.3.7: days and time duration
duration("P0DT25H") = duration("P1DT1H")
duration("PT0.S") = duration("PT0S")
duration("PT1.S") = @"PT1S"
duration("-PT36H") = duration("-P1DT12H")
duration("PT0.5S") + duration("PT0.5S") = duration("PT1S")
# 10.3.2.3.8: years and months duration
duration("P0Y13M") = duration("P1Y1M")
duration("P2305843009213693951Y").years = 2305843009213693951
duration("P1Y1D") = null
duration("P") = null
# 10.3.2.5: lists and filters
[1, 2, 3][1] = 1
[1, 2, 3][-1] = 3
[1, 2, 3][4] = null
[1, 2, 3][0] = null
[{x: 1, y: 2}, {x: 2, y: 3}][x = 1] = [{x: 1, y: 2}]
[{x: 1, y: 2}, {x: null, y: 3}][x < 2] = [{x: 1, y: 2}]
[{x: 1, y: 2}, {x: 2, y: 3}].y = [2, 3]
[{item: 1}, {item: 2}][item > 1] = [{item: 2}]
[[1, 2], [3]][count(item) = 1] = [[3]]
# 10.3.2.6: context
get value({"a b": 1}, "a b") = 1
{a: 1, b: {c: a}}.b.c = 1
{a: 1}.b = null
# 10.3.2.7: ranges
[1..10].start included and [1..10].end included
(1..10].start included = false
(<= 10).start = null and (<= 10).end = 10 and (<= 10).end included and not((<= 10).start included)
(> 1).start = 1 and (> 1).end = null and not((> 1).start included) and not((> 1).end included)
[10..1] = null
["a"..1] = null
["a".."x"] instance of range<string>
5 in (> 1)
# 10.3.2.8: functions
{f: function(x) function(y) x + y, r: f(1)(2)}.r = 3
{f: function(x) x, r: f = f}.r
{f: function(x) x, g: function(x) x, r: f = g}.r
{f: function(x) x, g: function(y) y, h: function(x: number) x, r: not(f = g) and not(f = h)}.r
{f: function(a) function(x) a, r: f(1) = f(1)}.r = false
# 10.3.2.9: types
123 instance of number and true instance of boolean and "a" instance of string
date("2017-01-01") instance of date
(date("2017-01-01") instance of date and time) = false
["a", true, 123] instance of list<Any>
(["a", 1] instance of list<string>) = false
[1..10) instance of range<number>
(>= @"2019-01-01") instance of range<date>
{name: "P", age: 30} instance of context<age: number, name: string>
({name: "P"} instance of context<age: number, name: string>) = false
(function(x: number, y: number) x + y) instance of function<number, number> -> Any
((function(x: string) x) instance of function<number> -> Any) = false
# 10.3.2.9.4: conversions
3[item > 2] = [3]
contains(["foobar"], "of") = false
(function(x: number) x)([1]) = 1
(function(x: list<number>) x)(1) = [1]
(function(x: number) 1)("a") = null
(function(d: date and time) d)(@"2026-01-01") = @"2026-01-01T00:00:00Z"
# 10.3.2.11: scopes
{a: 1, r: {a: 2, b: a}.b}.r = 2
{a: 1, r: [{a: 2}][a = 2]}.r = [{a: 2}]
{count: 5, r: count([1])}.r = 1
# 10.3.2.13: functions
{isPositive: function(x) x > 0, isNotNegative: function(x) isPositive(x + 1), result: isNotNegative(0)}.result
(function(a, b) a)(1) = null
(function(a, b) b)(a: 1) = null
{f: function(a) a, r: f(b: 1)}.r = null
{x: 1, r: x(1)}.r = null
is(value1: 1) = false
is(value1: null)
is(1) = null
list contains(list: [1, null])
substring(string: "abc") = null
append(item: 1) = null
# 10.3.2.14: for
(for i in [1, 2], j in [3, 4] return i * j) = [3, 4, 6, 8]
(for i in 0..4 return if i = 0 then 1 else i * partial[-1]) = [1, 1, 2, 6, 24]
(for i in [] return i) = []
(for i in [2..4) return i) = [2, 3]
(for i in null return i) = null
(for i in (!= 5) return i) = null
(for i in (> 5) return i) = null
(for i in 1.5..3 return i) = null
# 10.3.2.15, table 49: quantified, conditional, equality with null
(some x in [] satisfies x) = false
every x in [] satisfies x
(some x in [1, null] satisfies x = 2) = false
(some x in [null, 3] satisfies x > 2) = true
(every x in [null, 3] satisfies x > 2) = null
(if "a" then 1 else 2) = 2
(1 = null) = false
1 != null
# table 50, 51: conjunction, disjunction, negation
(true and 1) = null
(1 and false) = false
(1 or true) = true
(false or null) = null
not(null) = null
not(1) = null
# table 52 to 54: equality and order
[1, [2]] = [1, [2]]
([1, 2] = [2, 1]) = false
{a: 1, b: 2} = {b: 2, a: 1}
({a: 1} = {b: 1}) = false
[1..2] = [1..2]
([1..2] = [1..2)) = false
(< 1) = (< 1)
((< 1) = (<= 1)) = false
((< 1) = (> 1)) = false
"a" < "b" and "" < "a" and "a" < "aa"
(1 < "a") = null
(true < false) = null
(date("2026-01-01") = date and time("2026-01-01T00:00:00Z")) = null
time("10:00:00") < time("11:00:00Z")
date and time("2026-01-01T00:00:00") < date and time("2026-01-01T00:00:01Z")
(1 <= null) = null
# table 55: between and in
(null between 1 and 3) = null
1 in [2, 1]
"b" in ["a".."c"]
(1 in [[2..3], (1..5)]) = false
1 in (2, 1)
5 in (not(? = 4))
# table 56, 57: addition and subtraction
"a" + "b" = "ab"
("a" - "b") = null
("a" + 1) = null
date and time("2012-12-24T23:59:00") - date and time("2012-12-22T03:45:00") = duration("P2DT20H14M")
@"2012-12-25" - @"2012-12-24" = @"P1D"
@"2026-01-02" - @"2026-01-01T00:00:00Z" = @"P1D"
(@"2026-01-02" - @"2026-01-01T00:00:00") = null
(@"2026-01-02T00:00:00Z" - @"2026-01-01T00:00:00") = null
@"10:00:00" - @"09:30:00" = @"PT30M"
(@"10:00:00" + @"09:30:00") = null
@"P1Y" + @"P1M" = @"P13M"
@"P1D" - @"PT1H" = @"PT23H"
(@"P1D" + @"P1M") = null
@"2026-01-31" + @"P1M" = @"2026-02-28"
@"2026-03-31" - @"P1M" = @"2026-02-28"
@"P1M" + @"2026-01-31T10:00:00" = @"2026-02-28T10:00:00"
(@"P1M" - @"2026-01-31") = null
@"2026-01-01" + @"PT36H" = @"2026-01-02"
@"2026-01-01" - @"PT1S" = @"2025-12-31"
@"2026-01-01T00:00:00" + @"PT1S" = @"2026-01-01T00:00:01"
(@"999999999-12-31" + @"P1D") = null
# table 58, 59: multiplication and division
@"P1Y" * 1.5 = @"P18M"
@"P1Y" * 0.23 = @"P2M"
@"P1Y" * -0.23 = @"-P2M"
-0.23 * @"P1Y" = @"-P2M"
@"-P1Y1M" * 1.5 = @"-P19M"
@"P1Y" / 5 = @"P2M"
@"-P1Y" / 5 = @"-P2M"
@"P1Y" / @"P1M" = 12
@"P1D" * 1.5 = @"PT36H"
@"P1D" / 2 = @"PT12H"
@"P1D" / @"PT1H" = 24
(@"P1D" / 0) = null
(@"P1D" / @"PT0S") = null
(@"P1D" * @"P1D") = null
(2 / @"P1D") = null
(@"P1D" / @"P1M") = null
(1 / 0) = null
# table 60: exponentiation
2 ** 3 = 8
4 ** 0.5 = 2
2 ** -1 = 0.5
(10 ** 6145) = null
(1 ** 1000000000) = null
# table 61: instance of
(null instance of Null) and not(null instance of Any) and not(null instance of number)
(123 instance of list) = null
(123 instance of nothing) = null
# table 62: negation
-@"P1D" = @"-P1D"
-(1) = 0 - 1
(-"a") = null
# table 64 to 67: properties
@"2012-03-07".year = 2012 and @"2012-03-07".month = 3 and @"2012-03-07".day = 7 and @"2012-03-07".weekday = 3
@"2012-03-07T01:02:03.5Z".hour = 1 and @"2012-03-07T01:02:03.5Z".minute = 2 and @"2012-03-07T01:02:03.5Z".second = 3.5
@"10:00:00+08:00".time offset = @"PT8H" and @"10:00:00".time offset = null and @"10:00:00Z".timezone = null
@"2026-07-01T12:00:00@Europe/Paris".time offset = @"PT2H"
@"2026-07-01T12:00:00@Europe/Paris".timezone = "Europe/Paris"
@"P1Y2M".years = 1 and @"P1Y2M".months = 2 and @"P1Y2M".days = null
@"P1DT2H3M4.5S".days = 1 and @"P1DT2H3M4.5S".hours = 2 and @"P1DT2H3M4.5S".seconds = 4.5 and @"P1D".years = null
@"-P1DT2H".days = -1 and @"-P1DT2H".hours = -2
@"2012-03-07".hour = null
[1..2).end included = false
# table 68, 69: lists and contexts
5[1] = 5
5[2] = null
{a: 1}[a = 1] = [{a: 1}]
{a: 1}[a = 2] = []
[1, 2][item = 3] = []
{n1: 1, "n2": n1}.n2 = 1
"""

CONTEXT = """{
  applicant: {age: 51, maritalStatus: "M", existingCustomer: false,
              monthly: {income: 10000, repayments: 2500, expenses: 3000}},
  requested product: {product type: "STANDARD LOAN", rate: 0.25, term: 36, amount: 100000.00},
  monthly income: applicant.monthly.income,
  monthly outgoings: [applicant.monthly.repayments, applicant.monthly.expenses],
  credit history: [{record date: date("2008-03-12"), event: "home mortgage", weight: 100},
                   {record date: date("2011-04-01"), event: "foreclosure warning", weight: 150}],
  PMT: function(rate, term, amount) (amount * rate/12) / (1 - (1 + rate/12)**-term),
"""
EXAMPLES = """
# 10.6.2: calculation
monthly income * 12 = 120000
# 10.6.3: if, in
(if applicant.maritalStatus in ("M", "S") then "valid" else "not valid") = "valid"
# 10.6.4: sum entries of a list
sum(monthly outgoings) = 5500
# 10.6.5: invocation of a function
PMT(requested product . rate, requested product . term, requested product . amount) = 3975.982590125552338278440100112431
# 10.6.6: sum weights of a recent credit history
sum(credit history[record date > date("2011-01-01")].weight) = 150
# 10.6.7: determine if a credit history contains a bankruptcy event
(some ch in credit history satisfies ch.event = "bankruptcy") = false
"""


@pytest.mark.parametrize(("clause", "text"), sentences(EXAMPLES))
def test_the_examples_of_the_specification_hold(clause: str, text: str) -> None:
    assert holds(f"{CONTEXT} result: {text}}}.result"), clause


@pytest.mark.parametrize(("clause", "text"), sentences(MEANING))
def test_a_sentence_of_the_clause_is_true(clause: str, text: str) -> None:
    assert holds(text), clause
