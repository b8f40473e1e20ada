"""Where the time of a step goes: ``python -m tests.benchmarks.profile`` prints the table of docs/profile.md.

Every function's own time of the processor is put to the part of the house (or the library) that it belongs to. Waiting
for a disk or for PostgreSQL's server is not in it, and the profiler slows calls of Python: these are shares.
Milliseconds come from ``tests.benchmarks.steps``.
"""

from __future__ import annotations

import cProfile
import pstats
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import steps
from tests.house import House, build_house

STEPS = 300
PARTS = {
    "driver: executing and committing": ("method 'execute'", "method 'commit'", "psycopg", "sqlite3"),
    "storage/: rows in and out": ("/storage/",),
    "SQLAlchemy: connection, transaction, statements": ("/sqlalchemy/",),
    "engine/cases: policy, receipt, rows": (
        "/engine/cases/",
        "/engine/directory/policy",
        "/engine/directory/actors",
        "/engine/views/",
    ),
    "engine/spiff, engine/runtime: tokens and state": ("/engine/spiff/", "/engine/runtime/", "/SpiffWorkflow/"),
    "engine/forms: the submission": ("/engine/forms/",),
    "engine/feel, engine/dmn: expressions": ("/engine/feel/", "/engine/dmn/"),
    "engine/: services, calendar, organisations": ("/engine/",),
    "JSON and hashes": ("orjson", "hashlib", "sha256"),
}


def part_of(place: tuple[str, int, str]) -> str:
    """The part that a function belongs to, by its file and name."""
    text = f"{place[0]} {place[2]}"
    return next((part for part, marks in PARTS.items() if any(mark in text for mark in marks)), "Python itself")


def shares(act: Callable[[], object]) -> Counter[str]:
    """Microseconds a step that each part takes by itself, under the profiler."""
    profile = cProfile.Profile(time.process_time)
    for _ in range(STEPS):
        profile.enable()
        act()
        profile.disable()
    found: Counter[str] = Counter()
    for place, (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        found[part_of(place)] += own * 1e6 / STEPS
    return found


def acts(house: House) -> dict[str, Callable[[], object]]:
    """The acts, each with its cases prepared."""
    ready = iter([steps.advanced(house, 1) for _ in range(STEPS)])
    login, data = steps.STEPS[0]
    actor = house.actor_once(login)
    return {
        "create": lambda: steps.start(house),
        "complete": lambda: house.application.cases.acting.complete(actor, next(ready), data, "agree"),
    }


def main() -> None:
    columns: dict[str, Counter[str]] = {}
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as name, steps.server_of(kind) as server:
            house = build_house(Path(name), steps.WORKFLOWS, server=server)
            for _ in range(20):
                steps.walk(house)
            columns |= {f"{kind}, {what}": shares(act) for what, act in acts(house).items()}
            house.application.database.close()
    print(f"| µs of the processor a step | {' | '.join(columns)} |")
    print("| --- |" + " ---: |" * len(columns))
    for part in (*PARTS, "Python itself"):
        print(f"| {part} | {' | '.join(f'{shared[part]:.0f}' for shared in columns.values())} |")
    print(f"| together | {' | '.join(f'{shared.total():.0f}' for shared in columns.values())} |")


if __name__ == "__main__":
    main()
