"""The test of the whole design: a case rebuilt from its events is the case that is stored."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.engine.runtime import drawing, models
from tests.engine.runtime.test_commands import answers
from tests.house import House, build_house
from tests.postgres import Server

APPROVAL = Path(__file__).resolve().parents[2] / "benchmarks" / "workflows"
REQUEST = {"subject": "购置桌椅", "amount": 1200, "kind": "a", "reason": ""}
PLACE = "130102"


@pytest.fixture(scope="module")
def shared_house() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        house = build_house(Path(folder), APPROVAL)
        yield house
        house.application.database.close()


@settings(max_examples=40)
@given(model=models.models(6), data=st.data())
def test_a_random_case_of_a_random_model_is_rebuilt_exactly_after_every_step(
    shared_house: House, model: Any, data: st.DataObject
) -> None:
    publish(shared_house, drawing.files(model))
    asks, left = models.questions(model), model
    officer, cases = shared_house.actor("changan"), shared_house.application.cases
    receipt = cases.acting.start(officer, "random", PLACE, {})
    for _ in range(12):
        waiting = {task.element_id: task.id for task in cases.reading.case(officer, receipt.case_id).tasks}
        assert set(waiting) == models.open_now(left)
        assert shared_house.proof(receipt.case_id) == []
        if not waiting:
            break
        name = data.draw(st.sampled_from(sorted(waiting)))
        answer = data.draw(answers(asks.get(name)))
        cases.acting.complete(officer, waiting[name], answer, "done")
        left = models.step(left, name, answer)


def publish(house: House, files: Mapping[str, bytes]) -> None:
    house.publish({f"random/{name}": data for name, data in files.items()})


def test_withdrawal_cancellation_comments_and_claims_are_rebuilt_too(tmp_path: Path, server: Server | None) -> None:
    house = build_house(tmp_path, APPROVAL, server=server)
    cases, officer, reviewer = house.application.cases, house.actor("changan"), house.actor("shijiazhuang")
    first = cases.acting.start(officer, "approval", PLACE, REQUEST)
    cases.acting.comment(officer, first.case_id, "请尽快办理")
    cases.claims.claim(reviewer, first.opened[0].id)
    cases.claims.release(reviewer, first.opened[0].id)
    cases.acting.attach(officer, first.case_id, "清单.txt", "桌椅若干".encode())
    cases.acting.withdraw(officer, first.case_id, "暂不购置")
    assert house.proof(first.case_id) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE event_payloads SET data = replace(data, '1200', '9200') WHERE seq = 1", "event 1 was changed"),
        ("UPDATE event_payloads SET actor_name = '别人' WHERE seq = 2", "event 2 was changed"),
        ("UPDATE event_payloads SET salts = '00000000000000000000000000000000' WHERE seq = 1", "event 1 was changed"),
        ("UPDATE event_payloads SET salts = NULL WHERE seq = 1", "event 1 was changed"),
        ("UPDATE event_payloads SET salts = '{' WHERE seq = 1", "event 1 was changed"),
        ("UPDATE events SET semantics = 1 WHERE seq = 2", "event 2 was changed"),
        ("UPDATE events SET format = 1 WHERE seq = 2", "event 2 was changed"),
        ("UPDATE events SET format = 9 WHERE seq = 2", "event 2 was changed"),
        ("DELETE FROM event_payloads WHERE seq = 1", "event 1 is missing"),
        (
            "DELETE FROM event_payloads WHERE seq = 2; DELETE FROM events WHERE seq = 2",
            "does not end with its last event",
        ),
        ("DELETE FROM event_payloads WHERE seq = 1; DELETE FROM events WHERE seq = 1", "event 1 is missing"),
        ("UPDATE cases SET status = 'refused'", "status is refused"),
        ("UPDATE cases SET state = '{}'", "state differs"),
        ("UPDATE cases SET title = '别的'", "title is 别的"),
        ("UPDATE cases SET decided = 0", "decided is"),
        ("UPDATE cases SET starter_candidate = 'county_officer@130123'", "starter_candidate is"),
        ("UPDATE cases SET number = 'SP2026-000009'", "number is"),
        ("UPDATE tasks SET claimed_by = 1, claimed_name = '别人' WHERE element = 'second'", "claimed_by is 1"),
        ("UPDATE attachments SET digest = 'other'", "files differ"),
        ("DELETE FROM attachments", "files differ"),
        ("UPDATE tasks SET completed_by = 1 WHERE element = 'first'", "task"),
        ("UPDATE tasks SET due_at = '2027-01-01T00:00:00.000000Z' WHERE element = 'second'", "due_at"),
    ],
)
def test_whatever_is_changed_behind_the_systems_back_is_named(tmp_path: Path, statement: str, says: str) -> None:
    house = build_house(tmp_path, APPROVAL)
    receipt = house.start("changan", "approval", PLACE, REQUEST)
    house.application.cases.acting.attach(house.actor("changan"), receipt.case_id, "清单.txt", "桌椅若干".encode())
    house.complete("shijiazhuang", receipt.case_id, "agree", note="齐全", checked=True)
    assert house.proof(receipt.case_id) == []
    with house.application.database.write() as connection:
        for table, name in product(("events", "event_payloads"), ("update", "delete", "replace")):
            connection.execute(text(f"DROP TRIGGER {table}_no_{name}"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for part in statement.split(";"):
            connection.execute(text(part))
    assert any(says in line for line in house.proof(receipt.case_id))


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET hash = ''", "UPDATE event_payloads SET data = '{}'", "DELETE FROM event_payloads"]
)
def test_the_database_itself_refuses_to_change_an_event(tmp_path: Path, server: Server | None, statement: str) -> None:
    house = build_house(tmp_path, APPROVAL, server=server)
    house.start("changan", "approval", PLACE, REQUEST)
    with pytest.raises(Exception, match="evidence"), house.application.database.write() as connection:
        connection.execute(text(statement))
