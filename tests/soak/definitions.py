"""Damaged definitions through the checks of ``workflows check``, and the first run of those that pass."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from random import Random

from engine.catalog import assemble, check_files, read_folder
from engine.publishing import surroundings
from engine.quarantine import first_run
from tests.site import ROOT
from tests.soak.mutants import Mutator
from tests.soak.watch import MEGABYTE, Score, Watch, attempt

COUNT = 20_000
BASES = {"tests/data/foreign": 4, "tests/data/checks": 4, "tests/benchmarks/workflows": 4, "workflows": 1}
"""Folders of good definitions, and how often each is taken: the small ones are quicker."""


def bases(root: Path = ROOT) -> tuple[list[dict[str, bytes]], list[int]]:
    """The definitions and their weights."""
    found = [
        (files, weight)
        for name, weight in BASES.items()
        for key, files in read_folder(root / name).items()
        if not key.startswith("_")
    ]
    return [files for files, _ in found], [weight for _, weight in found]


def act(files: dict[str, bytes]) -> str:
    """Check; when nothing is wrong, start it with nothing filled in."""
    problems = check_files(files, surroundings())
    assert all(problem.text("zh") and problem.text("en") for problem in problems)
    if any(problem.severity == "error" for problem in problems):
        return "refused with problems"
    return "started" if not first_run(assemble("mutant", files, 1)) else "ran away"


def again(files: dict[str, bytes], _: int) -> str:
    """Every try is the same."""
    return act(files)


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` damaged folders, the same for the same seed."""
    logging.disable(logging.CRITICAL)
    chance, watch = Random(seed), Watch()
    mutator = Mutator(chance)
    folders, weights = bases()
    for files in folders:
        act(files)
    score = Score("definitions", limit=3, growth=500 * MEGABYTE)
    for number in range(count):
        files, named = mutator.folder(chance.choices(folders, weights)[0])
        attempt(score, watch, f"number {number}: {named}", partial(again, files))
    return score
