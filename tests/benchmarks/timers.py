"""What timers cost: firings per second beside plain completions of the same run, and a look at a hundred thousand asleep.

A firing and a completion write the same kind of rows in one transaction each, so their ratio is what the scheduler adds.
"""

from __future__ import annotations

import statistics
import tempfile
from datetime import timedelta
from pathlib import Path

from tests import postgres
from tests.benchmarks.measure import milliseconds, repeat
from tests.engine.jobs.sleepers import PERSON, WORKFLOWS, put_to_sleep
from tests.house import House, build_house

SLEEPERS = 100_000
BLOCKS, BLOCK = 10, 200


def measure(sleepers: int = SLEEPERS, blocks: int = BLOCKS, block: int = BLOCK) -> None:
    """On each database: fire and complete in turn, block by block; then look among many asleep. Prints a line each."""
    with postgres.running(settings={}) as server:  # as safe as SQLite is here: what is committed is on disk
        for name, kind in (("SQLite", None), ("PostgreSQL", server)):
            print(f"-- {name}", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                house = build_house(Path(folder), WORKFLOWS, server=kind)
                try:
                    _firings(house, blocks, block)
                    _looks(house, sleepers, block)
                finally:
                    house.application.database.close()


def _firings(house: House, blocks: int, block: int) -> None:
    """Each block: so many timers fire, then so many people complete the same task of cases of the same kind."""
    late, never = house.clock.now() + timedelta(hours=1), house.clock.now() + timedelta(days=30)
    put_to_sleep(house, "late", [late + timedelta(hours=number) for number in range(blocks) for _ in range(block)])
    waiting = put_to_sleep(house, "late", [never] * (blocks * block))
    person = house.actor_once(PERSON)
    number = house.task_of(PERSON, str(waiting[0])).partition("-")[2]
    todo = iter(waiting)

    def complete() -> None:
        for _ in range(block):
            house.application.cases.acting.complete(person, f"{next(todo)}-{number}", {}, "done")

    fired, completed = [], []
    for _ in range(blocks):
        house.clock.move(hours=1)
        fired.append(milliseconds(house.application.worker.run_due) / block)
        completed.append(milliseconds(complete) / block)
    ratio = statistics.median(one / other for one, other in zip(fired, completed, strict=True))
    per_firing, per_completion = statistics.median(fired), statistics.median(completed)
    print(f"{'firings per second':<40} {1000 / per_firing:8.0f}      completions {1000 / per_completion:8.0f}", end="")
    print(f"      a firing costs {ratio:5.2f} completions   (n={blocks} x {block})", flush=True)


def _looks(house: House, sleepers: int, block: int) -> None:
    """What a look costs when nothing is due, with few and with many asleep; and what is due among many."""
    never, soon = house.clock.now() + timedelta(days=90), house.clock.now() + timedelta(hours=1)
    operator = house.actor("operator")
    repeat("a look, few asleep", house.application.worker.run_due, times=200)
    put_to_sleep(house, "late", [never + timedelta(seconds=number) for number in range(sleepers)])
    repeat(f"a look, {sleepers:,} asleep", house.application.worker.run_due, times=200)
    repeat(f"the operator's page, {sleepers:,} asleep", lambda: house.application.operator.standing(operator), times=20)
    put_to_sleep(house, "late", [soon] * block)
    house.clock.move(hours=2)
    taken = milliseconds(house.application.worker.run_due) / block
    print(f"{'firings per second, many asleep':<40} {1000 / taken:8.0f}      (n={block})", flush=True)


if __name__ == "__main__":
    measure()
