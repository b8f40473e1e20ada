"""DMN 1.5, clause 10.3.4.8: how points and ranges lie to each other, with all examples of table 78."""

from __future__ import annotations

import pytest

from tests.engine.feel.clauses import holds, sentences

RANGES = """
# before
before(1, 10) and not(before(10, 1))
not(before(1, [1..10])) and before(1, (1..10]) and before(1, [5..10])
not(before([1..10], 10)) and before([1..10), 10) and before([1..10], 15)
before([1..10], [15..20]) and not(before([1..10], [10..20])) and before([1..10), [10..20])
before([1..10], (10..20]) and before(point1: 1, point2: 2) and before(range1: [1..2], range2: [3..4])
before(point: 1, range: [2..3]) and before(range: [2..3], point: 4)
# after
after(10, 5) and not(after(5, 10))
after(12, [1..10]) and after(10, [1..10)) and not(after(10, [1..10]))
not(after([11..20], 12)) and after([11..20], 10) and after((11..20], 11) and not(after([11..20], 11))
after([11..20], [1..10]) and not(after([1..10], [11..20])) and after([11..20], [1..11)) and after((11..20], [1..11])
# meets, met by
meets([1..5], [5..10]) and not(meets([1..5), [5..10])) and not(meets([1..5], (5..10])) and not(meets([1..5], [6..10]))
met by([5..10], [1..5]) and not(met by([5..10], [1..5))) and not(met by((5..10], [1..5]))
not(met by([6..10], [1..5]))
# overlaps
overlaps([1..5], [3..8]) and overlaps([3..8], [1..5]) and overlaps([1..8], [3..5]) and overlaps([3..5], [1..8])
not(overlaps([1..5], [6..8])) and not(overlaps([6..8], [1..5])) and overlaps([1..5], [5..8])
not(overlaps([1..5], (5..8])) and not(overlaps([1..5), [5..8])) and not(overlaps([1..5), (5..8]))
overlaps([5..8], [1..5]) and not(overlaps((5..8], [1..5])) and not(overlaps([5..8], [1..5)))
not(overlaps((5..8], [1..5)))
# overlaps before
overlaps before([1..5], [3..8]) and not(overlaps before([1..5], [6..8])) and overlaps before([1..5], [5..8])
not(overlaps before([1..5], (5..8])) and not(overlaps before([1..5), [5..8])) and overlaps before([1..5), (1..5])
overlaps before([1..5], (1..5]) and not(overlaps before([1..5), [1..5])) and not(overlaps before([1..5], [1..5]))
# overlaps after
overlaps after([3..8], [1..5]) and not(overlaps after([6..8], [1..5])) and overlaps after([5..8], [1..5])
not(overlaps after((5..8], [1..5])) and not(overlaps after([5..8], [1..5))) and overlaps after((1..5], [1..5))
overlaps after((1..5], [1..5]) and not(overlaps after([1..5], [1..5))) and not(overlaps after([1..5], [1..5]))
# finishes, finished by
finishes(10, [1..10]) and not(finishes(10, [1..10))) and finishes([5..10], [1..10])
not(finishes([5..10), [1..10])) and finishes([5..10), [1..10)) and finishes([1..10], [1..10])
finishes((1..10], [1..10])
finished by([1..10], 10) and not(finished by([1..10), 10)) and finished by([1..10], [5..10])
not(finished by([1..10], [5..10))) and finished by([1..10), [5..10)) and finished by([1..10], [1..10])
finished by([1..10], (1..10])
# includes, during
includes([1..10], 5) and not(includes([1..10], 12)) and includes([1..10], 1) and includes([1..10], 10)
not(includes((1..10], 1)) and not(includes([1..10), 10)) and includes([1..10], [4..6]) and includes([1..10], [1..5])
includes((1..10], (1..5]) and includes([1..10], (1..10)) and includes([1..10), [5..10)) and includes([1..10], [1..10))
includes([1..10], (1..10]) and includes([1..10], [1..10])
during(5, [1..10]) and not(during(12, [1..10])) and during(1, [1..10]) and during(10, [1..10])
not(during(1, (1..10])) and not(during(10, [1..10))) and during([4..6], [1..10]) and during([1..5], [1..10])
during((1..5], (1..10]) and during((1..10), [1..10]) and during([5..10), [1..10)) and during([1..10), [1..10])
during((1..10], [1..10]) and during([1..10], [1..10])
# starts, started by
starts(1, [1..10]) and not(starts(1, (1..10])) and not(starts(2, [1..10])) and starts([1..5], [1..10])
starts((1..5], (1..10]) and not(starts((1..5], [1..10])) and not(starts([1..5], (1..10])) and starts([1..10], [1..10])
starts([1..10), [1..10]) and starts((1..10), (1..10))
started by([1..10], 1) and not(started by((1..10], 1)) and not(started by([1..10], 2)) and started by([1..10], [1..5])
started by((1..10], (1..5]) and not(started by([1..10], (1..5])) and not(started by((1..10], [1..5]))
started by([1..10], [1..10]) and started by([1..10], [1..10)) and started by((1..10), (1..10))
# coincides
coincides(5, 5) and not(coincides(3, 4)) and coincides([1..5], [1..5])
not(coincides((1..5), [1..5])) and not(coincides([1..5], [2..6]))
# beyond the domain
before(1, "a") = null and includes(null, 1) = null and meets([1..2], 2) = null and before(point1: 1) = null
before(1, (!= 5)) = null
# of every ordered kind
before(@"2026-01-01", @"2026-01-02") and includes(["a".."c"], "b") and during(@"PT1H", [@"PT0S"..@"PT2H"])
after(@"10:00:00", [@"08:00:00"..@"09:00:00"]) and coincides(@"P1Y", @"P12M")
"""


@pytest.mark.parametrize(("clause", "text"), sentences(RANGES))
def test_a_sentence_of_the_table_is_true(clause: str, text: str) -> None:
    assert holds(text), clause
