"""Several processes act on one database and are killed at random; then every promise is checked.

Proved at the end: nothing acknowledged is lost, doubled or half done; every case's events are numbered without a gap and
chained; every case rebuilt from its events is the case that is stored, task rows and all.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from engine.operating import prove_all
from storage import cases, events
from tests.house import ROOT, House

LONGEST = 0.05  # seconds from a victim's first act to its death: somewhere inside one of its next acts
SECONDS_TO_START = 60


@dataclass
class Found:
    """What the checker counted, and every broken promise in words."""

    kills: int = 0
    acknowledged: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    broken: list[str] = field(default_factory=list)


def run(
    house: House, kills: int, workers: int = 3, seed: int = 1, environment: Mapping[str, str] | None = None
) -> Found:
    """Kill ``kills`` times, then let everything end and check. ``house`` must have the approval process published."""
    chance = random.Random(seed)
    running = [_spawn(house.folder.data_dir, number, seed, environment) for number in range(workers)]
    size = [0] * workers
    for kill in range(kills):
        victim = kill % workers
        _wait_until_it_acts(house.folder.data_dir, victim, size[victim])
        time.sleep(chance.uniform(0, LONGEST))
        _kill(running[victim])
        size[victim] = (house.folder.data_dir / f"notes.{victim}").stat().st_size
        running[victim] = _spawn(house.folder.data_dir, victim, seed + 1000 * (kill + 1), environment)
    for process in running:
        _kill(process)
    return check(house, kills)


def _spawn(folder: Path, number: int, seed: int, environment: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    words = [
        sys.executable,
        "-m",
        "tests.crash.worker",
        str(folder),
        str(folder / f"notes.{number}"),
        str(seed + number),
    ]
    log = (folder / f"log.{number}").open("ab")
    with log:
        return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def _wait_until_it_acts(folder: Path, worker: int, size: int) -> None:
    """Until the worker has noted something beyond ``size`` bytes, so that no kill hits a process still starting."""
    notes = folder / f"notes.{worker}"
    limit = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < limit:
        if notes.exists() and notes.stat().st_size > size:
            return
        time.sleep(0.005)
    raise AssertionError((folder / f"log.{worker}").read_text())


def promises(folder: Path) -> Iterator[Mapping[str, object]]:
    """Every whole line that a worker wrote; a last line may have been cut off by the kill."""
    for path in sorted(folder.glob("notes.*")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def check(house: House, kills: int = 0) -> Found:
    """Compare the promises with what is stored."""
    found = Found(kills)
    with house.service.database.read() as connection:
        logs = {case_id: events.of_case(connection, case_id) for case_id in cases.case_ids(connection)}
    found.cases = len(logs)
    completions: Counter[tuple[int, int]] = Counter()
    written: set[tuple[object, ...]] = set()
    for case_id, log in logs.items():
        for event in log:
            if event["name"] == "task_completed":
                number = event["data"]["task"]
                completions[case_id, number] += 1
                written.add((case_id, number, event["data"]["submission"]["note"]))
    found.broken += [f"task {task} was completed {count} times" for task, count in completions.items() if count > 1]
    for promise in promises(house.folder.data_dir):
        if "refused" in promise:
            found.refusals[str(promise["refused"])] += 1
            continue
        found.acknowledged += 1
        if "started" in promise and int(str(promise["started"])) not in logs:
            found.broken.append(f"lost: {promise}")
        if "completed" in promise and tuple(cast(list[object], promise["completed"])) not in written:
            found.broken.append(f"lost: {promise}")
    for proof in prove_all(house.service.database, house.service.catalog):
        found.broken += [f"case {proof.case_id}: {line}" for line in proof.differences]
    return found
