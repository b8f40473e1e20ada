"""The crash harness for longer: processes killed at random on each database, and every promise checked afterwards."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import postgres
from tests.crash import harness
from tests.soak.watch import Score

COUNT = 1_000
HOURS = 3600.0


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` kills on SQLite and as many on PostgreSQL; the worst time is not judged."""
    score = Score("crashes", limit=HOURS)
    servers: dict[str, Any] = {"SQLite": nullcontext(), "PostgreSQL": postgres.running()}
    for kind, starting in servers.items():
        with starting as server, TemporaryDirectory() as name:
            house = harness.build(Path(name), server)
            found = harness.run(house, count, seed=seed)
            house.application.database.close()
        _count(score, kind, found)
    return score


def _count(score: Score, kind: str, found: harness.Found) -> None:
    score.tried += found.kills
    counted = {"acknowledged": found.acknowledged, "timers fired": found.fired, "cases": found.cases, **found.refusals}
    score.outcomes.update({f"{what} on {kind}": number for what, number in counted.items()})
    score.broken += [f"{kind}: {line}" for line in found.broken]
    if found.acknowledged < found.kills or not found.fired:
        score.broken.append(f"{kind}: fewer acts than kills, or no timer: the processes died before they acted")
    if strange := found.refusals.keys() - harness.EXPECTED:
        score.broken.append(f"{kind}: refusals that no race explains: {sorted(strange)}")
