"""What an operator does with a case whose timer fails for good: try again, skip it, end the case; each with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.desks.operator import RETRY, SETTLE, SKIP, TERMINATE
from engine.errors import Conflict, NotAllowed
from engine.jobs import worker
from storage import account_events, waits
from storage.messages import messages
from storage.tables import jobs
from tests.engine.jobs.sleepers import PERSON, WORKFLOWS, fired_events, start
from tests.house import House, build_house

OPERATOR = "operator"


@pytest.fixture
def house(tmp_path):
    made = build_house(tmp_path, WORKFLOWS)
    yield made
    made.application.database.close()


@pytest.fixture
def failed(house):
    """The id of a case whose timer has failed as often as it may."""
    case_id = start(house, "poisoned")
    house.clock.move(days=3)
    for _ in range(worker.TRIES):
        house.application.worker.run_due()
        house.clock.move(minutes=5)
    return case_id


def incident(house: House) -> Any:
    return house.application.operator.standing(house.actor(OPERATOR)).incidents[0]


def answer(house: House, chosen: str, reason: str = "流程定义有误") -> None:
    house.application.operator.answer(house.actor(OPERATOR), incident(house).id, chosen, reason)


def timer(house: House) -> Any:
    with house.application.database.read() as connection:
        found = connection.execute(select(jobs).where(jobs.c.kind == waits.TIMER))
        return found.mappings().first()


def newest_event(house: House) -> Any:
    with house.application.database.read() as connection:
        assert list(account_events.broken(connection)) == []
        rows = connection.execute(account_events.account_events.select()).mappings().all()
    return rows[-1]


def test_the_incident_names_case_and_job_and_offers_three_ways(house, failed):
    found = incident(house)
    assert (found.act, found.answers) == (waits.TIMER, (RETRY, SKIP, TERMINATE))
    assert found.case_number.startswith("P")
    assert timer(house)["status"] == "failed"
    assert house.proof(str(failed)) == []


def test_a_retry_starts_all_tries_again_and_remembers_when_it_was_due(house, failed):
    due = timer(house)["run_at"]
    answer(house, RETRY)
    assert (timer(house)["status"], timer(house)["run_at"]) == ("waiting", due)
    house.application.worker.run_due()
    assert (timer(house)["attempts"], timer(house)["run_at"]) == (1, due)
    assert newest_event(house)["kind"] == "job_retried"


def test_a_timer_that_is_skipped_never_fires_and_the_case_goes_on_by_hand(house, failed):
    answer(house, SKIP)
    house.clock.move(days=30)
    assert house.application.worker.run_due() == 0
    assert timer(house)["status"] == "abandoned"
    assert house.proof(str(failed)) == []
    assert newest_event(house)["kind"] == "job_abandoned"
    house.complete(PERSON, str(failed), "done")
    assert house.application.cases.reading.case(house.actor(PERSON), str(failed)).head.status == "completed"
    assert house.proof(str(failed)) == []


def test_a_case_that_is_terminated_ends_with_the_reason_and_who_opened_it_is_told(house, failed):
    answer(house, TERMINATE, "定义有误，请重新发起")
    view = house.application.cases.reading.case(house.actor(PERSON), str(failed))
    assert view.head.status == "cancelled"
    assert view.history[-1].opinion == "定义有误，请重新发起"
    assert timer(house) is None
    house.application.worker.run_due()
    with house.application.database.read() as connection:
        told = connection.execute(select(messages)).mappings().all()
    assert told[-1]["case_id"] == failed and "终止" in told[-1]["title"]
    assert house.proof(str(failed)) == []
    event = newest_event(house)
    assert (event["kind"], event["facts"]["reason"]) == ("case_terminated", "定义有误，请重新发起")


def test_a_case_that_ended_meanwhile_is_not_terminated_again(house, failed):
    number = incident(house).id
    house.application.cases.acting.withdraw(house.actor(PERSON), str(failed), "不办了")
    assert incident(house).answers == (SETTLE,)
    with pytest.raises(Conflict):
        house.application.operator.answer(house.actor(OPERATOR), number, TERMINATE, "理由")
    answer(house, SETTLE)


def test_a_run_of_the_worker_may_not_take_as_long_as_that_of_a_person_who_waits_for_it(house, monkeypatch):
    """Nobody waits for it, but on SQLite everybody would."""
    waits_for_a_person = start(house, "late")
    house.clock.move(days=3)
    monkeypatch.setattr(worker, "MOST_SECONDS", -1.0)
    house.application.worker.run_due()
    assert incident(house).code == "Runaway"
    answer(house, RETRY, "人多，要办得久一些")
    house.application.worker.run_due()
    assert [event["name"] for event in fired_events(house, waits_for_a_person)] == ["timer_fired"]
    assert house.proof(str(waits_for_a_person)) == []


def test_a_person_is_not_held_to_the_time_of_a_worker(house, monkeypatch):
    waits_for_a_person = start(house, "late")
    monkeypatch.setattr(worker, "MOST_SECONDS", -1.0)
    house.complete(PERSON, str(waits_for_a_person), "done")
    assert house.proof(str(waits_for_a_person)) == []


def test_who_is_no_operator_ends_nothing(house, failed):
    with pytest.raises(NotAllowed):
        house.application.operator.answer(house.actor(PERSON), incident(house).id, TERMINATE, "理由")
    assert house.application.cases.reading.case(house.actor(PERSON), str(failed)).head.status == "running"
