"""Five hundred people through five simulated years: twenty-five staffs of twenty, an installation and a seed each.

What people do is drawn by chance (``tests/workflows/years``); the promises are asked after each act, every ground of a
replacement must have come up, and at the end every case is proved from its events.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.watch import Score
from tests.workflows.years.walk import walked

COUNT, PEOPLE, YEARS = 25, 20, 5
SECONDS = 600.0
GROUNDS = ("unqualified", "basic_twice", "retraining_failed", "breach", "left", "adjustment")


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` staffs; an outcome is a ground of a replacement that was carried out, or that one was held."""
    score = Score("years", limit=SECONDS)
    for number in range(seed, seed + count):
        with TemporaryDirectory() as name:
            _try(score, Path(name), number)
    if count >= COUNT:
        score.broken += [f"nobody was replaced for {one}" for one in GROUNDS if not score.outcomes[one]]
    return score


def _try(score: Score, folder: Path, seed: int) -> None:
    began = time.monotonic()
    walk = walked(folder, seed, PEOPLE, YEARS)
    score.broken += [f"seed {seed}: {one}" for one in (*walk.promises.broken, *walk.proved())]
    score.outcomes.update(one.ground for one in walk.replacements.values() if one.end == "replaced" and one.ground)
    score.outcomes["held"] += len(walk.held)
    walk.close()
    score.tried += PEOPLE
    score.took(time.monotonic() - began, f"seed {seed}")
