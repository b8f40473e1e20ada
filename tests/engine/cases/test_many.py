"""A case of many items: what one act writes does not grow with them, on either database; it is proved like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from storage.pieces import state_pieces
from storage.tables import cases
from tests.house import House, build_house
from tests.postgres import Server

FOLDER = Path(__file__).parents[2] / "benchmarks" / "repeating"
OFFICER, PLACE = "changan", "130102"
FEW, MANY = 40, 300


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def votes(house: House, size: int) -> tuple[str, list[str]]:
    receipt = house.start(OFFICER, "votes", PLACE, {"size": size})
    return receipt.case_id, [task.id for task in receipt.opened]


def vote(house: House, task: str) -> None:
    house.application.cases.acting.complete(house.actor_once(OFFICER), task, {}, "yes")


def kept(house: House, case_id: str) -> tuple[int, dict[tuple[str, int], str]]:
    """Bytes of the state, and the pieces beside it."""
    own = int(case_id)
    with house.application.database.read() as connection:
        state = connection.execute(select(cases.c.state).where(cases.c.id == own)).scalar_one()
        rows = connection.execute(select(state_pieces).where(state_pieces.c.case_id == own)).all()
    return len(state), {(row.place, row.item): row.text for row in rows}


def test_one_of_many_votes_writes_what_one_of_few_does(house: House) -> None:
    written = []
    for size in (FEW, MANY):
        case_id, tasks = votes(house, size)
        vote(house, tasks[0])
        _, before = kept(house, case_id)
        vote(house, tasks[size // 2])
        state, after = kept(house, case_id)
        changed = before.items() ^ after.items()
        written.append((len(changed), sum(len(text) for _, text in changed) // 50, state // 50))
        assert house.proof(case_id) == []
    assert written[0] == written[1]


def test_a_case_of_many_ends_as_its_history_says(house: House) -> None:
    case_id, tasks = votes(house, FEW)
    for task in [*tasks[1:], tasks[0]]:
        assert kept(house, case_id)[1]
        vote(house, task)
    assert kept(house, case_id)[1] == {} and house.proof(case_id) == []


def test_a_piece_that_somebody_has_changed_is_found_by_the_proof(house: House) -> None:
    case_id, _ = votes(house, FEW)
    change = update(state_pieces).where(state_pieces.c.case_id == int(case_id), state_pieces.c.item == FEW - 1)
    for text in ('["done",[1,2]]', "{"):
        with house.application.database.write() as connection:
            connection.execute(change.values(text=text))
        assert house.proof(case_id) == ["state differs"]


def test_what_is_read_of_a_case_of_many_for_one_task_is_its_own_item(house: House) -> None:
    _, tasks = votes(house, MANY)
    vote(house, tasks[1])
    read: list[str] = []
    engine = house.application.database.engine
    event.listen(engine, "before_cursor_execute", lambda *said: read.append(said[2]))
    house.application.cases.reading.task(house.actor_once(OFFICER), tasks[0])
    assert not [text for text in read if "FROM state_pieces" in text and "place" not in text.partition("WHERE")[2]]


def test_an_act_on_one_of_many_is_taken_back(house: House) -> None:
    case_id, tasks = votes(house, FEW)
    vote(house, tasks[0])
    _, before = kept(house, case_id)
    vote(house, tasks[3])
    assert kept(house, case_id)[1] != before
    house.application.taking_back.take_back(house.actor(OFFICER), case_id, "点错了")
    assert kept(house, case_id)[1] == before and house.proof(case_id) == []
    vote(house, tasks[3])
    assert house.proof(case_id) == []
