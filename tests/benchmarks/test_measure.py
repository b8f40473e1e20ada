"""The yardstick itself: a ratio that is right, whatever the order of the runs."""

from types import SimpleNamespace

import pytest

from tests.benchmarks.measure import Comparison, compare, spread


def test_the_ratio_is_the_median_of_the_pairs():
    comparison = Comparison("x", (1.0, 2.0, 100.0), (2.0, 4.0, 150.0))
    assert comparison.ratio == 2.0
    assert "ratio  2.00" in comparison.line()


def test_a_slower_way_is_seen_as_slower(monkeypatch):
    watch = SimpleNamespace(at=0.0)
    monkeypatch.setattr("tests.benchmarks.measure.time", SimpleNamespace(perf_counter=lambda: watch.at))

    def takes(seconds):
        return lambda: setattr(watch, "at", watch.at + seconds)

    comparison = compare("wait", takes(0.005), takes(0.05), pairs=5, warm=1)
    assert comparison.ratio == pytest.approx(10)


def test_the_spread_names_median_and_worst():
    line = spread("page", [3.0, 1.0, 2.0])
    assert "2.00 ms" in line and "worst     3.00 ms" in line
