"""What is measured is right: both ways give the same, and the large table finds its row."""

from __future__ import annotations

from tests.benchmarks import feel


def test_expressions_and_closures_agree_and_are_timed() -> None:
    assert all(found.ratio > 0 for found in feel.expressions(pairs=1))


def test_the_large_table_gives_the_row_that_fits() -> None:
    assert feel.decisions(times=1) > 0
