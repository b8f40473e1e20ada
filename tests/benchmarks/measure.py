"""Times two ways of doing the same thing side by side, so that a busy machine slows both and the ratio stays true."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True)
class Comparison:
    """Milliseconds of each way, one entry a pair."""

    name: str
    floor: tuple[float, ...]
    ours: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios: each pair ran back to back."""
        return statistics.median(ours / floor for floor, ours in zip(self.floor, self.ours, strict=True))

    def line(self) -> str:
        ours, floor = statistics.median(self.ours), statistics.median(self.floor)
        return (
            f"{self.name:<40} {ours:8.3f} ms   floor {floor:8.3f} ms   ratio {self.ratio:5.2f}   (n={len(self.ours)})"
        )


def milliseconds(act: Act) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def compare(name: str, floor: Act, ours: Act, *, pairs: int, warm: int = 5) -> Comparison:
    """Run both in turn, the order changing with each pair. The garbage collector waits, for both."""
    for _ in range(warm):
        floor()
        ours()
    low, high = [], []
    gc.collect()
    gc.disable()
    try:
        for number in range(pairs):
            if number % 2:
                high.append(milliseconds(ours))
                low.append(milliseconds(floor))
            else:
                low.append(milliseconds(floor))
                high.append(milliseconds(ours))
    finally:
        gc.enable()
    return Comparison(name, tuple(low), tuple(high))


def repeat(name: str, act: Act, *, times: int, warm: int = 2) -> tuple[float, ...]:
    """Milliseconds of each run; prints median, 95th percentile and worst."""
    for _ in range(warm):
        act()
    taken = tuple(milliseconds(act) for _ in range(times))
    print(spread(name, taken))
    return taken


def spread(name: str, taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    median = statistics.median(ordered)
    return f"{name:<40} {median:8.2f} ms   p95 {late:8.2f} ms   worst {ordered[-1]:8.2f} ms   (n={len(ordered)})"
