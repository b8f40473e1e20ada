"""The processes of the crash harness: each acts at random until it is killed, and notes each act after its commit.

``python -m tests.crash.worker FOLDER URL`` is the parent: it imports and reads everything once, then forks a child for
each line ``NUMBER SEED`` on its input and answers with its pid, so that a life costs milliseconds. A line in
``FOLDER/notes.NUMBER`` is a promise: what it names was acknowledged.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, TextIO

from sqlalchemy import select

from engine.application import open_application
from engine.errors import Refusal
from storage.tables import tasks
from tests.crash import weak
from tests.house import Folder, House, TestClock

KEY, PLACE, PERSON = "race", "130102", "changan"
CROWD = 6  # every process looks at the same few tasks, so that they race
CHANCES = {"start": 0.15, "fire": 0.2, "remark": 0.05}  # otherwise a task is completed
CHANCE_OF_ANOTHER_ROUND = 0.4
Act = Callable[[House, random.Random], dict[str, Any]]


class RunningClock(TestClock):
    """The clock of the house, which runs on from its beginning: the same for every child of one parent."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self._began)


def main(folder: Path, url: str) -> None:
    """Fork a worker for each line of the input; end with it."""
    where = Folder(folder, url)
    clock = RunningClock()
    house = House(open_application(where, clock), clock, where)
    house.actor_once(PERSON)
    with house.application.database.read() as connection:
        house.application.catalog.all(connection)
    house.application.database.close()  # a child opens connections of its own
    weak.switch_off(os.environ.get(weak.SETTING, ""))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        number, seed = line.split()
        pid = os.fork()
        if pid == 0:
            live(house, folder / f"notes.{number}", random.Random(int(seed)))
        print(pid, flush=True)


def live(house: House, notes: Path, chance: random.Random) -> NoReturn:
    """Act forever, or until the parent is gone."""
    parent = os.getppid()
    with notes.open("a", encoding="utf-8") as out:
        while os.getppid() == parent:
            try:
                done = act(house, chance)
            except Refusal as refusal:
                done = {"refused": refusal.code}
            note(out, done)
    os._exit(0)


def act(house: House, chance: random.Random) -> dict[str, Any]:
    """One act, drawn at random."""
    waiting, drawn = oldest(house), chance.random()
    for name, share in CHANCES.items():
        if drawn < share:
            return ACTS[name](house, chance)
        drawn -= share
    return complete(house, chance, chance.choice(waiting)) if waiting else start(house, chance)


def start(house: House, chance: random.Random) -> dict[str, Any]:
    receipt = house.application.cases.acting.start(house.actor_once(PERSON), KEY, PLACE, {})
    return {"started": int(receipt.case_id)}


def complete(house: House, chance: random.Random, task: tuple[int, int]) -> dict[str, Any]:
    """Complete this task. The word in it is said only once in the whole run."""
    word = f"{os.getpid()}-{chance.random()}"
    data = {"note": word, "pick": chance.randrange(2), "again": chance.random() < CHANCE_OF_ANOTHER_ROUND}
    house.application.cases.acting.complete(house.actor_once(PERSON), f"{task[0]}-{task[1]}", data, "done")
    return {"completed": [*task, word]}


def fire(house: House, chance: random.Random) -> dict[str, Any]:
    """Run the jobs that are due: the timers, which race with those who complete the task that they stand at."""
    return {"ran": house.application.worker.run_due()}


def remark(house: House, chance: random.Random) -> dict[str, Any]:
    """A remark on a case that others act on: an event that moves nothing."""
    waiting = oldest(house)
    if not waiting:
        return start(house, chance)
    case_id, word = chance.choice(waiting)[0], f"{os.getpid()}-{chance.random()}"
    house.application.cases.acting.comment(house.actor_once(PERSON), str(case_id), word)
    return {"remarked": [case_id, word]}


ACTS: dict[str, Act] = {"start": start, "fire": fire, "remark": remark}


def oldest(house: House) -> list[tuple[int, int]]:
    """The oldest open tasks: case and number."""
    query = select(tasks.c.case_id, tasks.c.number).where(tasks.c.status == "open")
    with house.application.database.read() as connection:
        rows = connection.execute(query.order_by(tasks.c.case_id, tasks.c.number).limit(CROWD))
        return [(row.case_id, row.number) for row in rows]


def note(out: TextIO, done: dict[str, Any]) -> None:
    """Write a promise and wait until it is on disk."""
    out.write(json.dumps(done) + "\n")
    out.flush()
    os.fsync(out.fileno())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
