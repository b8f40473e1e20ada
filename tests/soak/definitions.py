"""Damaged definitions through the checks of ``workflows check`` and the first run; some in the process of their own, too."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

from engine.definition import REGISTERS, Files, definitions_in
from engine.directory.contents import DIRECTORY, FIGURES, KINDS, ROLES
from engine.publishing.catalog import surroundings
from engine.publishing.folder import FolderFiles
from engine.publishing.quarantine import Finding, find, inspect
from tests.console import ROOT
from tests.directory import OURS
from tests.soak.mutants import Mutator
from tests.soak.watch import MEGABYTE, Score, Watch, attempt

COUNT = 20_000
ALSO_APART = 100  # every so many are also tried as publishing does it
BATCH = 20  # definitions that one process is asked about
BASES = {"tests/data/foreign": 4, "tests/data/checks": 4, "tests/benchmarks/workflows": 4, "workflows": 1}
"""Folders of good definitions, and how often each is taken: the small ones are quicker."""


def bases(root: Path = ROOT) -> tuple[list[dict[str, bytes]], list[int]]:
    """The definitions and their weights."""
    found = [
        (files, weight) for name, weight in BASES.items() for files in definitions_in(FolderFiles(root / name)).values()
    ]
    return [files for files, _ in found], [weight for _, weight in found]


def key_of(number: int, files: Files) -> str:
    """What it would be called: registers and the directory are known by the names of their files."""
    if files.keys() & {ROLES, KINDS, FIGURES}:
        return DIRECTORY
    return REGISTERS if any(name.endswith(".schema.json") for name in files) else f"mutant{number}"


def act(key: str, files: Files) -> str:
    """What publishing would do, in this process."""
    finding = find(key, files, surroundings(OURS))
    assert all(problem.text("zh") and problem.text("en") for problem in finding.problems)
    return "refused with problems" if refuses(finding) else "started"


def refuses(finding: Finding) -> bool:
    """Whether it would not be published."""
    return any(problem.severity == "error" for problem in finding.problems)


def said(finding: Finding) -> tuple[object, ...]:
    """What a finding says in both languages: from a process of its own its words come as they read."""
    problems = [(one.file, one.place, one.text("zh"), one.text("en"), one.severity) for one in finding.problems]
    return (finding.name, problems)


def again(key: str, files: Files, _: int) -> str:
    """Every try is the same."""
    return act(key, files)


def apart(score: Score, folders: Mapping[str, Files]) -> None:
    """The same in the process with limits: it must say just what this one says."""
    for key, finding in inspect(folders, surroundings(OURS)).items():
        with suppress(Exception):  # already counted
            if said(finding) == said(find(key, folders[key], surroundings(OURS))):
                continue
            score.broken.append(f"another finding in a process of its own: {key} {finding.problems[:1]}")


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` damaged folders, the same for the same seed."""
    logging.disable(logging.CRITICAL)
    chance, watch = Random(seed), Watch()
    mutator = Mutator(chance)
    folders, weights = bases()
    for files in folders:
        act(key_of(0, files), files)
    score = Score("definitions", limit=3, growth=500 * MEGABYTE)
    chosen: dict[str, Files] = {}
    tried_apart = 0
    for number in range(count):
        files, named = mutator.folder(chance.choices(folders, weights)[0])
        key = key_of(number, files)
        attempt(score, watch, f"number {number}: {named}", partial(again, key, files))
        if number % ALSO_APART == 0:
            chosen[key] = files
        if len(chosen) == BATCH or number == count - 1:
            apart(score, chosen)
            tried_apart += len(chosen)
            chosen = {}
    score.notes = f"{tried_apart} of them in a process of its own; "
    return score
