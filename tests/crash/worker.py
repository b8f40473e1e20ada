"""One process of the crash harness: acts at random until it is killed, and notes each act after its commit.

``python -m tests.crash.worker FOLDER NOTES SEED``. A line in NOTES is a promise: what it names was acknowledged.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import select

from engine.errors import Refusal
from engine.service import open_service
from storage.tables import tasks
from tests.house import Folder, House, TestClock

REQUEST = {"subject": "购置桌椅", "amount": 1200, "kind": "a", "reason": ""}
CITY, PROVINCE = "shijiazhuang", ("province", "province2")
CHANCE_OF_A_NEW_CASE = 0.3
CROWD = 6  # every process looks at the same few tasks, so that they race


def main(folder: Path, notes: Path, seed: int) -> None:
    """Act for ever."""
    chance = random.Random(seed)
    where = Folder(folder, os.environ.get("GANGWEI_CRASH_URL", f"sqlite:///{folder / 'gangwei.db'}"))
    house = House(open_service(where, TestClock()), TestClock(), where)
    with notes.open("a", encoding="utf-8") as out:
        while True:
            try:
                done = act(house, chance)
            except Refusal as refusal:
                done = {"refused": refusal.code}
            note(out, done)


def act(house: House, chance: random.Random) -> dict[str, Any]:
    """One act: a new case, or the completion of one of the oldest open tasks."""
    waiting = oldest(house)
    if not waiting or chance.random() < CHANCE_OF_A_NEW_CASE:
        receipt = house.service.cases.start(house.actor_once("changan"), "approval", "130102", REQUEST)
        return {"started": receipt.case_id}
    case_id, number, element = chance.choice(waiting)
    login = CITY if element == "first" else chance.choice(PROVINCE)
    outcome = chance.choice(("agree", "agree", "again" if element == "third" else "refuse"))
    data = {"note": str(chance.random()), "opinion": "理由"}
    house.service.cases.complete(house.actor_once(login), f"{case_id}-{number}", data, outcome)
    return {"completed": [case_id, number, data["note"]]}


def oldest(house: House) -> list[tuple[int, int, str]]:
    query = select(tasks.c.case_id, tasks.c.number, tasks.c.element).where(tasks.c.status == "open")
    with house.service.database.read() as connection:
        rows = connection.execute(query.order_by(tasks.c.case_id, tasks.c.number).limit(CROWD))
        return [tuple(row) for row in rows]


def note(out: TextIO, done: dict[str, Any]) -> None:
    out.write(json.dumps(done) + "\n")
    out.flush()
    os.fsync(out.fileno())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
