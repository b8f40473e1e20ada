"""What one step costs, against the floor: the same rows by plain SQLAlchemy, no engine, same run, same database.

The floor reads the case and the task under the same lock, writes every row that the step wrote (captured from a real
case), and commits as durably. Its statements are built once, which is the quickest that SQLAlchemy Core can do; two
lines tell what they are when built where they are used. A second mark is SpiffWorkflow used the plain way: the whole
workflow with its spec as JSON, one row a step, none of our other rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select, update

from storage.events import events, payloads
from storage.tables import cases, deadlines, jobs, sequences, tasks
from tests import postgres
from tests.benchmarks.measure import Comparison, compare
from tests.benchmarks.plain_spiff import PlainSpiff
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
    """Every step on SQLite, then on a PostgreSQL with its usual durability; prints a line each."""
    found: list[Comparison] = []
    for kind in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as name, server_of(kind) as server:
            print(f"-- {kind}", flush=True)
            house = build_house(Path(name), WORKFLOWS, server=server)
            try:
                found += _compared(house, pairs)
            finally:
                house.application.database.close()
    return found


def server_of(kind: str) -> Any:
    return nullcontext() if kind == "SQLite" else postgres.running(settings={})


def _compared(house: House, pairs: int) -> Iterator[Comparison]:
    snapshots = capture(house)
    with house.application.database.write() as connection:
        connection.execute(insert(sequences), {"name": "floor", "value": 0})
    numbers = count(1)

    def whole_floor(say: Say = built_once) -> None:
        case_id = floor_start(house, snapshots[0], next(numbers), say)
        for before, snapshot in pairwise(snapshots):
            floor_step(house, case_id, before, snapshot, say)

    def first_floor(say: Say = built_once) -> None:
        floor_start(house, snapshots[0], next(numbers), say)

    yield _said(compare("create", first_floor, lambda: start(house), pairs=pairs))
    for index in range(1, len(snapshots)):
        yield _said(_step(house, snapshots, index, pairs, numbers))
    whole = "create and three completions"
    yield _said(compare(whole, whole_floor, lambda: walk(house), pairs=pairs))
    for name, floor, ours in (("create", first_floor, start), (whole, whole_floor, walk)):
        name = f"{name} (built again)"
        yield _said(compare(name, partial(floor, built_again), partial(ours, house), pairs=pairs))
    plain = PlainSpiff(house.application.database, REQUEST, STEPS)
    yield _said(compare("plain SpiffWorkflow, one row a case", lambda: walk(house), plain.walk, pairs=pairs), "ours")

    def with_rows() -> None:
        made: list[int] = []

        def beside(connection: Connection, act: int) -> None:
            if act == 0:
                made.append(start_rows(connection, snapshots[0], next(numbers), built_once))
            else:
                step_rows(connection, made[0], snapshots[act - 1], snapshots[act], built_once)

        plain.walk(beside)

    yield _said(compare("plain SpiffWorkflow and the same rows", lambda: walk(house), with_rows, pairs=pairs), "ours")


def _said(found: Comparison, mark: str = "floor") -> Comparison:
    print(found.line().replace("floor", mark), flush=True)
    return found


def _step(house: House, snapshots: list[Row], index: int, pairs: int, numbers: Iterator[int]) -> Comparison:
    """Cases brought to the step in advance, so that only the step itself is timed."""
    ready = iter([advanced(house, index) for _ in range(pairs + 10)])
    bare = iter([floor_advanced(house, snapshots, index, next(numbers)) for _ in range(pairs + 10)])
    login, data = STEPS[index - 1]
    actor = house.actor(login)

    def ours() -> object:
        return house.application.cases.acting.complete(actor, next(ready), data, "agree")

    def floor() -> None:
        floor_step(house, next(bare), snapshots[index - 1], snapshots[index])

    return compare(f"completion {index}", floor, ours, pairs=pairs)


# -- ours ------------------------------------------------------------------------------------------------------------


def start(house: House) -> Any:
    return house.application.cases.acting.start(house.actor_once("changan"), "approval", "130102", REQUEST)


def walk(house: House, steps: int = len(STEPS)) -> Any:
    """A case and its first completions; the last receipt."""
    receipt = start(house)
    for login, data in STEPS[:steps]:
        actor = house.actor_once(login)
        receipt = house.application.cases.acting.complete(actor, receipt.opened[0].id, data, "agree")
    return receipt


def advanced(house: House, index: int) -> str:
    """The id of a task that stands right before completion ``index``."""
    return str(walk(house, index - 1).opened[0].id)


# -- the floor -------------------------------------------------------------------------------------------------------

DONE = ("status", "completed_at", "completed_by", "outcome", "outcome_kind")
MOVED = [column.name for column in cases.c if column.name not in ("id", "number")]


def _of(table: Any) -> Any:
    return table.c.case_id == bindparam("b_id"), table.c.number == bindparam("b_number")


STATEMENTS: dict[str, Callable[[], Any]] = {
    "read case": lambda: select(cases).where(cases.c.id == bindparam("b_id")).with_for_update(),
    "read task": lambda: select(tasks).where(*_of(tasks)),
    "count": lambda: (
        update(sequences)
        .where(sequences.c.name == "floor")
        .values(value=sequences.c.value + literal_column("1"))
        .returning(sequences.c.value)
    ),
    "add case": lambda: insert(cases),
    "add event": lambda: insert(events),
    "add payload": lambda: insert(payloads),
    "add tasks": lambda: insert(tasks),
    "add deadlines": lambda: insert(deadlines),
    "add jobs": lambda: insert(jobs),
    "close deadline": lambda: update(deadlines).where(*_of(deadlines)).values(status=bindparam("status")),
    "drop jobs": lambda: delete(jobs).where(*_of(jobs)),
    "finish task": lambda: update(tasks).where(*_of(tasks)).values({name: bindparam(name) for name in DONE}),
    "move case": lambda: (
        update(cases)
        .where(cases.c.id == bindparam("b_id"), cases.c.revision == bindparam("b_revision"))
        .values({name: bindparam(name) for name in MOVED})
    ),
}
ONCE = {name: build() for name, build in STATEMENTS.items()}
Say = Callable[[str], Any]


def built_once(name: str) -> Any:
    """A statement that was built when the program began: the quickest that SQLAlchemy Core can do."""
    return ONCE[name]


def built_again(name: str) -> Any:
    """A statement built where it is used, as SQLAlchemy's own tutorial does."""
    return STATEMENTS[name]()


def capture(house: House) -> list[Row]:
    """After each act of a real case: the case row, its task rows, the newest event."""
    found, receipt = [], start(house)
    found.append(_snapshot(house, int(receipt.case_id)))
    for login, data in STEPS:
        receipt = house.application.cases.acting.complete(house.actor_once(login), receipt.opened[0].id, data, "agree")
        found.append(_snapshot(house, int(receipt.case_id)))
    return found


def _snapshot(house: House, case_id: int) -> Row:
    with house.application.database.read() as connection:
        case = dict(connection.execute(select(cases).where(cases.c.id == case_id)).mappings().one())
        rows = [dict(r) for r in connection.execute(select(tasks).where(tasks.c.case_id == case_id)).mappings()]
        found: Row = {"case": case, "tasks": rows}
        for name, table in (("event", events), ("payload", payloads)):
            query = select(table).where(table.c.case_id == case_id).order_by(table.c.seq.desc()).limit(1)
            found[name] = dict(connection.execute(query).mappings().one())
        for table in (deadlines, jobs):
            query = select(table).where(table.c.case_id == case_id)
            found[table.name] = [dict(row) for row in connection.execute(query).mappings()]
        return found


def floor_start(house: House, snapshot: Row, number: int, say: Say = built_once) -> int:
    """The rows of a new case."""
    with house.application.database.write() as connection:
        return start_rows(connection, snapshot, number, say)


def start_rows(connection: Connection, snapshot: Row, number: int, say: Say) -> int:
    """The same in a transaction that is open."""
    connection.execute(say("count")).scalar_one()
    row = {key: value for key, value in snapshot["case"].items() if key != "id"} | {"number": f"floor-{number}"}
    key = connection.execute(say("add case"), row).inserted_primary_key
    assert key is not None
    for name in ("event", "payload"):
        connection.execute(say(f"add {name}"), snapshot[name] | {"case_id": key[0]})
    _open(connection, int(key[0]), snapshot, set(), say)
    return int(key[0])


def _open(connection: Connection, case_id: int, snapshot: Row, known: Collection[int], say: Say) -> None:
    """The rows of the tasks that a step opens: themselves, their deadlines, and the jobs that remind and escalate."""
    for name in ("tasks", "deadlines", "jobs"):
        fresh = [row | {"case_id": case_id} for row in snapshot[name] if row["number"] not in known]
        if name == "jobs":
            fresh = [{key: value for key, value in row.items() if key != "id"} for row in fresh]
        if fresh:
            connection.execute(say(f"add {name}"), fresh)


def floor_step(house: House, case_id: int, before: Row, snapshot: Row, say: Say = built_once) -> None:
    """The rows of one completion: read case and task, write case, tasks and event."""
    with house.application.database.write() as connection:
        step_rows(connection, case_id, before, snapshot, say)


def step_rows(connection: Connection, case_id: int, before: Row, snapshot: Row, say: Say) -> None:
    """The same in a transaction that is open."""
    known = {row["number"]: row for row in before["tasks"]}
    done = next(row for row in snapshot["tasks"] if known.get(row["number"], row) != row)
    mine = {"b_id": case_id, "b_number": done["number"]}
    connection.execute(say("read case"), {"b_id": case_id}).mappings().one()
    connection.execute(say("read task"), mine).mappings().one()
    connection.execute(say("finish task"), {**mine, **{name: done[name] for name in DONE}})
    connection.execute(say("close deadline"), {**mine, "status": "met"})
    connection.execute(say("drop jobs"), mine)
    for name in ("event", "payload"):
        connection.execute(say(f"add {name}"), snapshot[name] | {"case_id": case_id})
    moved = {key: value for key, value in snapshot["case"].items() if key not in ("id", "number")}
    connection.execute(say("move case"), {"b_id": case_id, "b_revision": before["case"]["revision"], **moved})
    _open(connection, case_id, snapshot, known, say)


def floor_advanced(house: House, snapshots: list[Row], index: int, number: int) -> int:
    """A floor case that stands right before completion ``index``."""
    case_id = floor_start(house, snapshots[0], number)
    for step in range(1, index):
        floor_step(house, case_id, snapshots[step - 1], snapshots[step])
    return case_id


if __name__ == "__main__":
    measure()
