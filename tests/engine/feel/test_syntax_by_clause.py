"""DMN 1.5, clause 10.3.1: the syntax of FEEL, rule by rule. Each line is a sentence that is true."""

from __future__ import annotations

import pytest

from engine.feel import FeelSyntaxError, compile_expression
from tests.engine.feel.clauses import holds, sentences

DATA = {
    "Phone Number": 1,
    "a-b": 10,
    "what if?": 2,
    "Profit and loss": 3,
    "IncomeTaxes+Expenses": 4,
    "l'été": 5,
    "x.y": 6,
    "u/v*w": 7,
    "n": 8,
    "who": {"first-name": "Li", "tel. no": 9},
}

RULES = """
# 1, 2: expression
1 + 2 = 3
(1 + 2) * 3 = 9
# 4: precedence, from the loosest to the tightest
1 + 2 * 3 ** 2 = 19
2 * 3 + 4 * 5 = 26
10 - 4 - 3 = 3
100 / 10 / 2 = 5
2 ** 3 ** 2 = 64
-2 ** 2 = 4
- 1 + 2 = 1
1 + 1 = 2 and 2 > 1
false and false or true
true or false and false
not(1 = 2)
# 7: a comparison without a left side is a range
(< 10) = (< 10)
(<= 10) != (< 10)
< 10 = < 10
(> 5) != >= 5
(> 5).start = 5
(>= 5).start included
(<= 10).end included
(= 10) = (= 10)
(= 10) = [10..10]
(!= 10) = (!= 10)
(!= 10) != (!= 11)
5 in (!= 4)
(5 in (!= 5)) = false
# 8 to 12: the four shapes of an interval
5 in [5..10]
(5 in (5..10]) = false
(5 in ]5..10]) = false
10 in [5..10]
(10 in [5..10)) = false
(10 in [5..10[) = false
]1..3[ = (1..3)
[1..10[.end = 10
]1..10[.start included = false
[1..10[ instance of range<number>
(1..10).end included = false
# 13 to 15: unary tests
5 in (4, 5, 6)
(5 in (< 5, > 5)) = false
5 in (< 5, [5..6])
5 in (? > 4)
# 16: an endpoint is an expression
5 in [2 + 3..n]
# 18, 25 to 30, 43: names and paths
Phone Number = 1
Phone   Number = 1
a-b = 10
a - b = 10
what if? = 2
Profit and loss + 1 = 4
IncomeTaxes+Expenses = 4
IncomeTaxes + Expenses = 4
l'été = 5
x.y = 6
x . y + 1 = 7
u/v*w = 7
who.first-name = "Li"
who.tel. no = 9
_a1 = null
{_a1: 1, r: _a1}.r = 1
{中文名: 1, r: 中文名 + 1}.r = 2
# 31 to 37: literals
0.5 = .5
"a" = "\\u0061"
string length("\\U01F40E") = 1
"\\"" = substring("a\\"b", 2, 1)
"\\\\" = substring("a\\\\b", 2, 1)
string length("\\n\\r\\t\\'") = 4
true != false
null = null
1.0 = 1.00
# 38 to 42: calls by position and by name
max(1, 2) = 2
substring(start position: 2, string: "abc") = "bc"
{f: function(a b, c-d) a b - c-d, r: f(c-d: 1, a b: 3)}.r = 2
{f: function(p.q, r/s) p.q + r/s, r: f(p.q: 1, r/s: 2)}.r = 3
# 44, 63: for
(for i in [1, 2] return i * 2) = [2, 4]
(for i in 1..3 return i) = [1, 2, 3]
(for i in 3..1 return i) = [3, 2, 1]
(for x in [1, 2], y in [x, 10] return x * y) = [1, 10, 4, 20]
(for a-b in [1, 2] return a - b + 1) = [2, 3]
(for d in @"2026-02-28"..@"2026-03-01" return d.day) = [28, 1]
# 45: if
(if true then 1 else 2) = 1
(if null then 1 else 2) = 2
(if 1 then 1 else 2) = 2
# 46: quantified
some x in [1, 2], y in [2, 3] satisfies x = y
every x in [1, 2] satisfies x > 0
some x in 1..3 satisfies x = 2
# 47, 48
true or null
(false and null) = false
# 49: comparison
2 between 1 and 3
(4 between 1 and 3) = false
1 in 1
1 in [1, 2]
2 in [[1..3], [5..6]]
# 50: filter
[1, 2, 3][2] = 2
[1, 2, 3][item > 1] = [2, 3]
# 51, 52, 54: types
1 instance of number
[1] instance of list<number>
[1..2] instance of range<number>
{a: 1} instance of context<a: number>
{"a b": 1} instance of context<a b: number>
(function(x: number) x) instance of function<number> -> Any
(function() 1) instance of function<> -> Any
# 53 to 59: lists, functions, contexts
[] = []
[1, [2]] = [1, [2]]
(function(x) x + 1)(1) = 2
(function(x: number, y: list<number>) x + y[1])(1, [2]) = 3
{} = {}
{"a b": 1}.a b = 1
{a: 1, b: a + 1}.b = 2
# 60, 62, 65: literals of dates
@"2026-01-31" = date("2026-01-31")
@"10:30:00" = time("10:30:00")
@"2026-01-31T10:30:00" = date and time("2026-01-31T10:30:00")
@"P1D" = duration("P1D")
@"P1Y" = duration("P1Y")
# 61, 62: white space, comments
1\u00a0+\u30001\u2003=\u200b2
/* one */ 2 /* two */ = 2 // three
"""

NO_FEEL = """
1 +
[1..]
{a 1}
if 1 then 2
for i return i
some x in [1] return x
function(x: ) x
1 in ()
f(a: 1, 2)
@"2026-02-30"
@x
{a: 1, a: 2}
"open
1 =
a =< 1
a => 1
(1
not 1
"""


@pytest.mark.parametrize(("rule", "text"), sentences(RULES))
def test_a_sentence_of_the_rule_is_true(rule: str, text: str) -> None:
    assert holds(text, DATA), rule


@pytest.mark.parametrize("text", NO_FEEL.strip().splitlines())
def test_what_no_rule_makes_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)
