"""Backups of a server that eight people are busy with, restored elsewhere and proved, on each database."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import postgres
from tests.engine.backup.storm import Storm, storm
from tests.soak.watch import Score

COUNT = 10
HOURS = 3600.0
WRITERS, SECONDS = 8, 3.0


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` backups of SQLite and as many of PostgreSQL. Nothing is drawn by ``seed``: the machine does."""
    score = Score("backups", limit=HOURS)
    servers: dict[str, Any] = {"SQLite": nullcontext(), "PostgreSQL": postgres.running()}
    for kind, starting in servers.items():
        with starting as server:
            for _ in range(count):
                began = time.monotonic()
                with TemporaryDirectory() as name:
                    found = storm(Path(name), server, WRITERS, SECONDS)
                score.took(time.monotonic() - began, kind)
                _count(score, kind, found)
    return score


def _count(score: Score, kind: str, found: Storm) -> None:
    score.tried += 1
    score.outcomes.update({f"acknowledged on {kind}": len(found.all), f"meanwhile on {kind}": found.during})
    score.broken += [f"{kind}: {line}" for line in found.broken]
    if lost := found.before - found.restored:
        score.broken.append(f"{kind}: {len(lost)} acknowledged before the backup began are not in it")
    if not found.during:
        score.broken.append(f"{kind}: nobody could write while the backup was made")
