"""What one step costs, against the floor: the same rows written by plain SQLAlchemy, no engine, same run, same database.

The floor reads the case and the task, writes every row that the step wrote (captured from a real case), and commits with
the same durability. What is left above it is what the engine, the policy and the form cost.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from storage.tables import cases, events, sequences, tasks
from tests.benchmarks.measure import Comparison, compare
from tests.house import House, build_house

WORKFLOWS = Path(__file__).parent / "workflows"
PAIRS = 150
REQUEST = {"subject": "购置桌椅", "amount": 1200, "kind": "a", "reason": "原有桌椅已经破损，影响接待职工。"}
STEPS = (
    ("shijiazhuang", {"checked": True, "note": "材料齐全"}),
    ("province", {"note": ""}),
    ("province2", {"note": ""}),
)
Row = dict[str, Any]


def measure(pairs: int = PAIRS) -> list[Comparison]:
    """Create and three completions, each against its floor, and the whole case; prints a line each."""
    with tempfile.TemporaryDirectory() as name:
        house = build_house(Path(name), WORKFLOWS)
        try:
            return list(_compared(house, pairs))
        finally:
            house.service.database.close()


def _compared(house: House, pairs: int) -> Iterator[Comparison]:
    snapshots = capture(house)
    with house.service.database.write() as connection:
        connection.execute(insert(sequences), {"name": "floor", "value": 0})
    numbers = count(1)

    def whole_floor() -> None:
        case_id = floor_start(house, snapshots[0], next(numbers))
        for before, snapshot in pairwise(snapshots):
            floor_step(house, case_id, before, snapshot)

    yield _said(
        compare("create", lambda: floor_start(house, snapshots[0], next(numbers)), lambda: start(house), pairs=pairs)
    )
    for index in range(1, len(snapshots)):
        yield _said(_step(house, snapshots, index, pairs, numbers))
    yield _said(compare("create and three completions", whole_floor, lambda: walk(house), pairs=pairs))


def _said(found: Comparison) -> Comparison:
    print(found.line(), flush=True)
    return found


def _step(house: House, snapshots: list[Row], index: int, pairs: int, numbers: Iterator[int]) -> Comparison:
    """Cases brought to the step beforehand, so that only the step itself is timed."""
    ready = iter([advanced(house, index) for _ in range(pairs + 10)])
    bare = iter([floor_advanced(house, snapshots, index, next(numbers)) for _ in range(pairs + 10)])
    login, data = STEPS[index - 1]
    actor = house.actor(login)

    def ours() -> object:
        return house.service.cases.complete(actor, next(ready), data, "agree")

    def floor() -> None:
        floor_step(house, next(bare), snapshots[index - 1], snapshots[index])

    return compare(f"completion {index}", floor, ours, pairs=pairs)


# -- ours ------------------------------------------------------------------------------------------------------------


def start(house: House) -> Any:
    return house.service.cases.start(house.actor_once("changan"), "approval", "130102", REQUEST)


def walk(house: House, steps: int = len(STEPS)) -> Any:
    """A case and its first completions; the last receipt."""
    receipt = start(house)
    for login, data in STEPS[:steps]:
        actor = house.actor_once(login)
        receipt = house.service.cases.complete(actor, receipt.opened[0].id, data, "agree")
    return receipt


def advanced(house: House, index: int) -> str:
    """The id of a task that stands right before completion ``index``."""
    return str(walk(house, index - 1).opened[0].id)


# -- the floor -------------------------------------------------------------------------------------------------------


def capture(house: House) -> list[Row]:
    """After each act of a real case: the case row, its task rows, the newest event."""
    found, receipt = [], start(house)
    found.append(_snapshot(house, int(receipt.case_id)))
    for login, data in STEPS:
        receipt = house.service.cases.complete(house.actor_once(login), receipt.opened[0].id, data, "agree")
        found.append(_snapshot(house, int(receipt.case_id)))
    return found


def _snapshot(house: House, case_id: int) -> Row:
    with house.service.database.read() as connection:
        case = dict(connection.execute(select(cases).where(cases.c.id == case_id)).mappings().one())
        rows = [dict(r) for r in connection.execute(select(tasks).where(tasks.c.case_id == case_id)).mappings()]
        query = select(events).where(events.c.case_id == case_id).order_by(events.c.seq.desc()).limit(1)
        return {"case": case, "tasks": rows, "event": dict(connection.execute(query).mappings().one())}


def floor_start(house: House, snapshot: Row, number: int) -> int:
    """The rows of a new case."""
    with house.service.database.write() as connection:
        connection.execute(update(sequences).where(sequences.c.name == "floor").values(value=sequences.c.value + 1))
        row = {key: value for key, value in snapshot["case"].items() if key != "id"} | {"number": f"floor-{number}"}
        key = connection.execute(insert(cases), row).inserted_primary_key
        assert key is not None
        connection.execute(insert(events), snapshot["event"] | {"case_id": key[0]})
        connection.execute(insert(tasks), [row | {"case_id": key[0]} for row in snapshot["tasks"]])
        return int(key[0])


def floor_step(house: House, case_id: int, before: Row, snapshot: Row) -> None:
    """The rows of one completion: read case and task, write case, tasks and event."""
    known = {row["number"]: row for row in before["tasks"]}
    with house.service.database.write() as connection:
        connection.execute(select(cases).where(cases.c.id == case_id).with_for_update()).mappings().one()
        done = next(row for row in snapshot["tasks"] if known.get(row["number"], row) != row)
        mine = (tasks.c.case_id == case_id, tasks.c.number == done["number"])
        connection.execute(select(tasks).where(*mine)).mappings().one()
        names = ("status", "completed_at", "completed_by", "outcome", "outcome_kind")
        connection.execute(update(tasks).where(*mine).values({name: done[name] for name in names}))
        connection.execute(insert(events), snapshot["event"] | {"case_id": case_id})
        row = {key: value for key, value in snapshot["case"].items() if key not in ("id", "number")}
        revision = before["case"]["revision"]
        connection.execute(update(cases).where(cases.c.id == case_id, cases.c.revision == revision).values(row))
        opened = [row | {"case_id": case_id} for row in snapshot["tasks"] if row["number"] not in known]
        if opened:
            connection.execute(insert(tasks), opened)


def floor_advanced(house: House, snapshots: list[Row], index: int, number: int) -> int:
    """A floor case that stands right before completion ``index``."""
    case_id = floor_start(house, snapshots[0], number)
    for step in range(1, index):
        floor_step(house, case_id, snapshots[step - 1], snapshots[step])
    return case_id


if __name__ == "__main__":
    measure()
