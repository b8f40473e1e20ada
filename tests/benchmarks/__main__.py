"""``make bench``: a fresh installation in a temporary folder, measured."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import (
    bulk,
    clients,
    evidence,
    feel,
    live,
    pages,
    race,
    repeating,
    rounds,
    sheets,
    steps,
    tenders,
    timers,
)
from tests.site import prepared_environment, serving

RACES = 1_000


def bench(sizes: Sequence[int]) -> int:
    """Everything that is measured; the exit code is 1 when a race was lost twice or not at all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder, prepared_environment(folder)) as site:
            print("== FEEL against plain closures of Python, and a large table", flush=True)
            feel.measure()
            print("== one step against the floor (the same rows, no engine)", flush=True)
            steps.measure()
            print("== timers", flush=True)
            timers.measure()
            print("== browsers that stand open", flush=True)
            live.measure(site)
            print("== a case that grows old", flush=True)
            rounds.measure(site)
            repeating.measure()
            print(f"== {race.PROCESSES} processes, one task, {RACES} times", flush=True)
            result = race.race(site, RACES)
            for statuses, count in sorted(result.rounds.items()):
                print(f"{count} × {statuses}")
            print(site.command("case", "rebuild", "--all").strip())
    print("== two processes on one PostgreSQL", flush=True)
    clients.measure_two()
    print("== a sheet in a browser", flush=True)
    sheets.measure()
    print("== many tasks in one go", flush=True)
    bulk.measure()
    print("== filings, sealed bids and scoring of a province", flush=True)
    tenders.measure()
    print("== proofs, playback and exports", flush=True)
    evidence.measure()
    with tempfile.TemporaryDirectory() as name:
        print("== pages over HTTP", flush=True)
        pages.measure(Path(name), prepared_environment(Path(name)), sizes)
    return 0 if result.clean else 1


if __name__ == "__main__":
    sys.exit(bench([int(one) for one in sys.argv[1:]] or pages.SIZES))
