"""Several processes act on one database and are killed at random; then every promise is checked.

Proved at the end: nothing acknowledged is lost, doubled or half done; of a task and its timer one came, of two branches
one was taken; every case's events are numbered without a gap and chained; every case rebuilt from its events is the
case that is stored, task rows and all.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from engine.desks.proofs import prove_all
from storage import cases, events
from storage.events import LoggedEvent
from storage.rows import TaskRow
from tests.crash.weak import SETTING
from tests.engine.runtime import models
from tests.house import ROOT, House, build_house
from tests.postgres import Server

LONGEST = 0.05  # seconds from a victim's first act to its death: somewhere inside one of its next acts
SECONDS_TO_ACT = 60
EXPECTED = {"TaskNotOpen", "Conflict", "CaseNotOpen"}
"""What a process is told that comes second."""
RACE = Path(__file__).parent / "workflows"
ROUND = models.Par(
    (
        models.Choice(models.Task("answer"), (models.DONE, models.Task("late"))),
        models.Choice(models.Task("pick"), (models.Task("left"), models.Task("right"))),
    )
)
MODEL = models.Loop(ROUND, models.Task("again"))
"""What the process of the harness must do, said without the engine: the timer answers ``answer`` with 1."""


@dataclass
class Found:
    """What the checker counted, and every broken promise in words."""

    kills: int = 0
    acknowledged: int = 0
    fired: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    broken: list[str] = field(default_factory=list)


def build(folder: Path, server: Server | None = None) -> House:
    """A house with the process of the harness."""
    return build_house(folder, RACE, server=server)


def run(house: House, kills: int, workers: int = 3, seed: int = 1, without: str = "") -> Found:
    """Kill ``kills`` times, then let everything end and check. ``without``: guards to switch off (``weak``)."""
    chance = random.Random(seed)
    with nursery(house, without) as born:
        living = [born(number, seed + number) for number in range(workers)]
        for kill in range(kills):
            victim = kill % workers
            _wait_until_it_acts(house.folder.data_dir, living[victim][0])
            time.sleep(chance.uniform(0, LONGEST))
            os.kill(living[victim][1], signal.SIGKILL)
            living[victim] = born(workers + kill, seed + 1000 * (kill + 1))
        for _, pid in living:
            os.kill(pid, signal.SIGKILL)
    wait_for_quiet(house)
    return check(house, kills)


@contextmanager
def nursery(house: House, without: str) -> Iterator[Any]:
    """The parent of all workers. Gives a function from a number and a seed to the number and the pid of a new one."""
    folder = house.folder.data_dir
    words = [sys.executable, "-m", "tests.crash.worker", str(folder), house.folder.database_url]
    with (folder / "log").open("ab") as log:
        parent = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, SETTING: without},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert parent.stdin is not None and parent.stdout is not None

    def born(number: int, seed: int) -> tuple[int, int]:
        assert parent.stdin is not None and parent.stdout is not None
        parent.stdin.write(f"{number} {seed}\n")
        parent.stdin.flush()
        answer = parent.stdout.readline()
        assert answer, (folder / "log").read_text(encoding="utf-8")
        return number, int(answer)

    try:
        yield born
    finally:
        parent.stdin.close()
        parent.wait()
        parent.stdout.close()


def _wait_until_it_acts(folder: Path, worker: int) -> None:
    """Until something was acknowledged to the worker, so that each kill hits one that is at work on whatever machine."""
    notes = folder / f"notes.{worker}"
    limit = time.monotonic() + SECONDS_TO_ACT
    while time.monotonic() < limit:
        if notes.exists() and any(_acknowledges(line) for line in notes.read_text(encoding="utf-8").splitlines(True)):
            return
        time.sleep(0.001)
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))


def _acknowledges(line: str) -> bool:
    """Whether it is whole, and tells of what was done."""
    return line.endswith("\n") and not line.startswith(('{"refused"', '{"ran": 0'))


def wait_for_quiet(house: House) -> None:
    """Until PostgreSQL has ended what the killed had asked for last."""
    busy = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    while not house.application.database.is_sqlite:
        with house.application.database.read() as connection:
            if not connection.execute(busy).scalar_one():
                return
        time.sleep(0.01)


def promises(folder: Path) -> Iterator[Mapping[str, Any]]:
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
    with house.application.database.read() as connection:
        logs = {case_id: events.of_case(connection, case_id) for case_id in cases.case_ids(connection)}
        rows = {case_id: cases.tasks_of(connection, case_id) for case_id in logs}
        numbers = sorted(str(row["number"]) for case_id in logs if (row := cases.get(connection, case_id)))
    found.cases = len(logs)
    found.fired = sum(event["name"] == "timer_fired" for log in logs.values() for event in log)
    found.broken += numbering(numbers)
    for case_id, log in logs.items():
        found.broken += [f"case {case_id}: {line}" for line in _in_order(log, rows[case_id])]
    _check_promises(house, found, logs)
    for proof in prove_all(house.application.database, house.application.catalog):
        found.broken += [f"case {proof.case_id}: {line}" for line in proof.differences]
    return found


def numbering(numbers: list[str]) -> list[str]:
    """The numbers of cases are given in a row: none twice, and none lost with a case that was rolled back."""
    given = [int(number.rpartition("-")[2]) for number in numbers]
    return [] if given == list(range(1, len(given) + 1)) else [f"the numbers of the cases are not in a row: {given}"]


def _in_order(log: list[LoggedEvent], rows: list[TaskRow]) -> Iterator[str]:
    """What the events of one case did, by the calculus alone: only what was open, and what is open now."""
    left: Any = MODEL
    done: Counter[int] = Counter()
    for event in log:
        data = event["data"]
        if event["name"] == "timer_fired":
            name, answer = "answer", {"pick": 1}
        elif event["name"] == "task_completed":
            done[data["task"]] += 1
            name, answer = data["element"], data["submission"]
            answer = {"pick": 0} if name == "answer" else answer
        else:
            continue
        if name not in models.open_now(left):
            yield f"event {event['seq']} {event['name']} came when {name} was not open"
            return
        left = models.step(left, name, answer)
    yield from (f"task {number} was completed {count} times" for number, count in done.items() if count > 1)
    waiting = sorted(row["element"] for row in rows if row["status"] == "open")
    if waiting != sorted(models.open_now(left)):
        yield f"{waiting} are open, and {sorted(models.open_now(left))} must be"


def _check_promises(house: House, found: Found, logs: Mapping[int, list[LoggedEvent]]) -> None:
    said: Counter[tuple[Any, ...]] = Counter()
    for case_id, log in logs.items():
        for event in log:
            data = event["data"]
            if event["name"] == "task_completed":
                said["completed", case_id, data["task"], data["submission"]["note"]] += 1
            elif event["name"] == "comment_added":
                said["remarked", case_id, data["text"]] += 1
            elif event["name"] == "case_started":
                said["started", case_id] += 1
    found.broken += [f"{count} times: {one}" for one, count in said.items() if count > 1]
    for promise in promises(house.folder.data_dir):
        ((name, what),) = promise.items()
        if name == "refused":
            found.refusals[str(what)] += 1
        elif name == "ran":
            found.acknowledged += int(what)
        else:
            found.acknowledged += 1
            if not said[name, *(what if isinstance(what, list) else [what])]:
                found.broken.append(f"lost: {promise}")
