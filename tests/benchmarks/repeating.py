"""A loop of a thousand rounds and a multi-instance of a thousand people, through the acts on cases, each step committed."""

from __future__ import annotations

import statistics
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import milliseconds
from tests.benchmarks.rounds import state_bytes
from tests.house import House, build_house

FOLDER = Path(__file__).parent / "repeating"
OFFICER, PLACE = "changan", "130102"
ROUNDS, GROUP = 1_000, 50
SIZES = (10, 100, 1_000, 5_000)
"""The last is as many as a multi-instance may have (``engine.spiff.loops.MAX_INSTANCES``)."""
FLOOR = 1.5
"""An act on one of the most may cost so many times what it costs on one of the fewest."""


def measure(sizes: tuple[int, ...] = SIZES, rounds: int = ROUNDS) -> None:
    """Prints what a step costs as rounds and instances grow, and the bytes of the state."""
    with tempfile.TemporaryDirectory() as name:
        house = build_house(Path(name), FOLDER)
        try:
            _rework(house, rounds)
            _votes(house, sizes)
        finally:
            house.application.database.close()


def _rework(house: House, rounds: int) -> None:
    officer = house.actor_once(OFFICER)
    receipt = house.application.cases.acting.start(officer, "rework", PLACE, {})
    taken, sizes = [], []
    for _ in range(rounds):
        made: list[Any] = []
        task = receipt.opened[0].id
        taken.append(milliseconds(partial(_complete, house, made, task, "again")))
        receipt = made[0]
        sizes.append(state_bytes(house.application, receipt.case_id))
    first, last = statistics.median(taken[1 : GROUP + 1]), statistics.median(taken[-GROUP:])
    print(f"{'a loop, round 2 and following':<40} {first:8.2f} ms   state {sizes[1]} bytes")
    print(f"{f'a loop, round {rounds} and before':<40} {last:8.2f} ms   state {sizes[-1]} bytes")
    print(f"{'last rounds to first rounds':<40} {last / first:8.2f} times")


def _complete(house: House, made: list[Any], task: str, outcome: str) -> None:
    made.append(house.application.cases.acting.complete(house.actor_once(OFFICER), task, {}, outcome))


def _votes(house: House, sizes: tuple[int, ...]) -> None:
    officer, each = house.actor_once(OFFICER), {}
    for size in sizes:
        made: list[Any] = []
        begun = milliseconds(
            lambda: made.append(house.application.cases.acting.start(officer, "votes", PLACE, {"size": size}))  # noqa: B023 - called at once
        )
        tasks = [task.id for task in made[0].opened]
        largest = state_bytes(house.application, made[0].case_id)
        taken = [milliseconds(partial(_complete, house, made, task, "yes")) for task in tasks]
        each[size] = sum(taken) / size
        name = f"{size} instances, one by one"
        print(f"{name:<40} {each[size]:8.2f} ms each   opened in {begun:.0f} ms, state {largest} bytes")
    ratio = each[sizes[-1]] / each[sizes[0]]
    print(f"{'an instance of the most to one of the fewest':<40} {ratio:8.2f} times   (floor {FLOOR})")


if __name__ == "__main__":
    measure()
