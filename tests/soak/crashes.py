"""The crash harnesses for longer: processes killed at random on each database, and every promise checked afterwards.

Workers that drive the engine, and the real server over HTTP; of that also PostgreSQL itself, which then writes to disk
before it answers. Faults that are put in must be found.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import postgres
from tests.crash import flaws, harness, served
from tests.house import House
from tests.soak.watch import Score

COUNT = 1_000
SERVED = 5  # kills of workers for each kill of a server
TRIED = 100  # kills after which a fault that was put in must have been found
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
    _served(score, max(1, count // SERVED), seed)
    return score


def _served(score: Score, hits: int, seed: int) -> None:
    """``hits`` kills that cut somebody off on each database, and as many as are needed to find each fault."""
    servers: dict[str, Any] = {"SQLite": nullcontext(), "PostgreSQL": postgres.running(settings=postgres.SAFE)}
    with served.nursery() as born:
        for kind, starting in servers.items():
            with starting as server, _house(server) as house:
                _count_served(score, f"a server on {kind}", served.run(house, hits, born, server=server, seed=seed))
        for flaw in flaws.FLAWS:
            _must_be_found(score, born, flaw, seed)


def _must_be_found(score: Score, born: served.Born, flaw: str, seed: int) -> None:
    tried = 0
    while tried < TRIED:
        with _house() as house:
            found = served.run(house, 10, born, seed=seed + tried, flaws=flaw)
        tried += found.kills
        if found.broken:
            score.outcomes[f"kills until {flaw} was found"] = tried
            return
    score.broken.append(f"{flaw} was put in and not found")


@contextmanager
def _house(server: postgres.Server | None = None) -> Iterator[House]:
    with TemporaryDirectory() as name:
        house = served.build(Path(name), server)
        yield house
        house.application.database.close()


def _count_served(score: Score, kind: str, found: served.Found) -> None:
    score.tried += found.kills
    counted = {"kills that hit": found.hits, "repeated": found.repeated, "messages": found.messages, **found.promised}
    score.outcomes.update({f"{what} of {kind}": number for what, number in counted.items()})
    score.broken += [f"{kind}: {line}" for line in found.broken]


def _count(score: Score, kind: str, found: harness.Found) -> None:
    score.tried += found.kills
    counted = {"acknowledged": found.acknowledged, "timers fired": found.fired, "cases": found.cases, **found.refusals}
    score.outcomes.update({f"{what} on {kind}": number for what, number in counted.items()})
    score.broken += [f"{kind}: {line}" for line in found.broken]
    if found.acknowledged < found.kills or not found.fired:
        score.broken.append(f"{kind}: fewer acts than kills, or no timer: the processes died before they acted")
    if strange := found.refusals.keys() - harness.EXPECTED:
        score.broken.append(f"{kind}: refusals that no race explains: {sorted(strange)}")
