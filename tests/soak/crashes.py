"""The crash harness for longer: processes killed at random on SQLite, and every promise checked afterwards."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.crash import harness
from tests.house import ROOT, build_house
from tests.soak.watch import Score

COUNT = 1_000
APPROVAL = ROOT / "tests" / "benchmarks" / "workflows"
EXPECTED = {"TaskNotOpen", "Conflict"}  # what a process is told that comes second
HOURS = 3600.0


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` kills; the worst time is not judged."""
    with TemporaryDirectory() as name:
        house = build_house(Path(name), APPROVAL)
        score = Score("crashes", limit=HOURS)
        found = harness.run(house, count, seed=seed)
        house.service.database.close()
    score.tried = found.kills
    score.outcomes.update({"acknowledged": found.acknowledged, "cases": found.cases, **found.refusals})
    score.broken += found.broken
    if found.acknowledged < found.kills:
        score.broken.append("fewer acts than kills: the processes died before they acted")
    if strange := found.refusals.keys() - EXPECTED:
        score.broken.append(f"refusals that no race explains: {sorted(strange)}")
    return score
