"""Tamperings by the thousand with the demo's database, with every column of every table that is evidence.

Each is done by direct SQL behind the back of a house that is anchored, proved against, and undone. It must be found and
located.
"""

from __future__ import annotations

import time
from itertools import zip_longest
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from engine.demo import people
from engine.demo.cases import load_cases
from tests.engine.evidence import anchored_house
from tests.engine.evidence.tamperings import Tampering, found_with, is_located, tamperings
from tests.house import House, build_house
from tests.soak.watch import Score

COUNT = 3_000
ROWS = 40
"""Rows of each table, at most, of which some are drawn."""
MINUTES = 60.0


def demo(folder: Path) -> House:
    """A house with the demo in it, anchored."""
    house = build_house(folder)
    application = house.application
    people.load_invited(application.database, house.clock, application.invitations)
    load_cases(house.folder, house.clock.now())
    anchored_house.without_triggers(house)
    application.anchors.anchor()
    return house


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` tamperings, drawn by ``seed``, table after table in turn: small tables are tried as often as large ones."""
    score = Score("tamperings", limit=MINUTES)
    with TemporaryDirectory() as name:
        house = demo(Path(name))
        try:
            for one in _drawn(house, Random(seed), count):
                _try(score, house, one)
        finally:
            house.application.database.close()
    return score


def _drawn(house: House, random: Random, count: int) -> list[Tampering]:
    """Of every table in turn, in an order of chance, until there are enough."""
    with house.application.database.read() as connection:
        known = list(tamperings(connection, ROWS, every=True))
    random.shuffle(known)
    by_table: dict[str, list[Tampering]] = {}
    for one in known:
        by_table.setdefault(one.table, []).append(one)
    turns = (one for turn in zip_longest(*by_table.values()) for one in turn if one is not None)
    return [one for one, _ in zip(turns, range(count), strict=False)]


def _try(score: Score, house: House, one: Tampering) -> None:
    began = time.monotonic()
    found = found_with(house, one)
    score.took(time.monotonic() - began, one.name)
    score.tried += 1
    score.outcomes[one.table] += 1
    if not any(is_located(one, finding) for finding in found):
        said = [finding.told.text("en") for finding in found]
        score.broken.append(f"{one.name} was not found: {said[:3]}")
