"""What expressions came to under the first semantics: a stored history is played with them again."""

from __future__ import annotations

import pytest

from engine import semantics
from tests.engine.feel.clauses import value

FIRST = [
    ('time("24:00:00")', None),
    ('date and time("2017-12-31T24:00:00")', None),
    ('range("[@\\"00:00:00\\"..@\\"24:00:00\\"]")', None),
    ('duration("PT0.S")', None),
    ('duration("P2305843009213693951Y")', None),
    ('string(@"P1Y" * -0.23)', "-P3M"),
    ('string(years and months duration(@"2017-12-31T13:00:00", @"2018-12-31T12:00:00"))', "P11M"),
    ("is(value1: 1)", None),
    ("list contains(list: [null])", None),
    ("list replace([1, 2, 3], 1.5, 9)", None),
    ("1 ** 1000000000", 1),
    ("sum(n1: 1, n2: 2)", None),
    ("(function(x) x) = (function(x) x)", False),
]


@pytest.mark.parametrize(("text", "then"), FIRST)
def test_an_expression_of_an_old_event_comes_to_what_it_came_to(text: str, then: object) -> None:
    old, new = value(text, semantics=semantics.FIRST), value(text)
    assert (old, old == new) == (then, False), (old, new)
