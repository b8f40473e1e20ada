"""The operator's desk: who may, what it tells of a failure, and what an answer leaves behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.cases import Cases
from engine.desks.operator import LONGEST_REASON, RETRY, SETTLE, SKIP, OperatorDesk
from engine.errors import BadInput, Conflict, NotAllowed, NotFound
from engine.files.store import FileStore
from engine.jobs import worker
from engine.jobs.worker import TRIES, Worker
from engine.publishing.catalog import Catalog
from storage import account_events, jobs
from tests.engine.directory.people_house import House


class Desk:
    """An operator at his desk, and a way to make things fail."""

    def __init__(self, files: Path) -> None:
        self.house = House("sqlite://")
        self.clock = self.house.clock
        self.operator = self.house.actor(self.house.add("operator", ("operator", "130000")))
        cases = Cases(self.house.database, Catalog(self.house.database), self.clock, FileStore(files))
        self.desk = OperatorDesk(self.house.database, self.clock, self.clock, cases)
        self.worker = Worker(self.house.database, self.clock, cases)

    def incident(self, **values: Any) -> int:
        words = {"message_zh": "出错，详情：张三的申请", "message_en": "Failed: the form of Zhang"}
        row = {"act": "complete", "code": "Broken", "opened_at": self.clock.now(), **words, **values}
        with self.house.database.write() as connection:
            jobs.add_incident(connection, row)
        return self.desk.standing(self.operator).incidents[-1].id

    def fail_a_job(self, monkeypatch: Any) -> int:
        def fails(*_: Any) -> None:
            raise ValueError("the words of a person")

        monkeypatch.setitem(worker.HANDLERS, "message", fails)
        with self.house.database.write() as connection:
            jobs.add(connection, {"kind": "message", "payload": {}, "run_at": self.clock.now()})
            place = jobs.due(connection, self.clock.now())[0]
            taken = jobs.take(connection, place[1])
            assert taken is not None
            jobs.settle(connection, taken, attempts=TRIES - 1)
        assert self.worker.run_due() == 1
        return self.desk.standing(self.operator).incidents[-1].id

    def events(self) -> list[Any]:
        with self.house.database.read() as connection:
            assert list(account_events.broken(connection)) == []
            rows = connection.execute(account_events.account_events.select()).mappings().all()
        return [(row["kind"], row["actor_id"], row["facts"]) for row in rows if row["kind"].startswith(("inc", "job"))]


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    made = Desk(tmp_path)
    yield made
    made.house.database.close()


def test_only_an_operator_sees_and_answers(desk: Desk) -> None:
    number = desk.incident()
    for other in (desk.house.admin, desk.house.actor(desk.house.officer)):
        with pytest.raises(NotAllowed):
            desk.desk.standing(other)
        with pytest.raises(NotAllowed):
            desk.desk.answer(other, number, SETTLE, "我来处理")
    assert desk.desk.standing(desk.operator).total == 1


def test_the_reason_of_a_failure_is_not_told_because_it_may_quote_a_form(desk: Desk) -> None:
    desk.incident()
    found = desk.desk.standing(desk.operator).incidents[0]
    assert (found.what, found.code, found.answers) == (("出错，详情…", "Failed…"), "Broken", (SETTLE,))


def test_a_settlement_names_who_when_and_why_and_is_an_event_of_the_chain(desk: Desk) -> None:
    number = desk.incident()
    desk.desk.answer(desk.operator, number, SETTLE, " 已请设计员修正流程 ")
    standing = desk.desk.standing(desk.operator)
    assert (standing.total, standing.incidents) == (0, ())
    settled = standing.settled[0]
    assert (settled.settled_by, settled.settlement) == ("测试operator", "已请设计员修正流程")
    assert settled.settled_at == desk.clock.now() and settled.answers == ()
    kind, by, facts = desk.events()[0]
    assert (kind, by) == ("incident_settled", desk.operator.user_id)
    assert (facts["incident"], facts["reason"]) == (number, "已请设计员修正流程")


def test_nothing_is_settled_twice_without_a_reason_or_in_a_way_that_does_not_fit(desk: Desk) -> None:
    number = desk.incident()
    for words in ("", "  \n", "字" * (LONGEST_REASON + 1), "a\0b"):
        with pytest.raises(BadInput):
            desk.desk.answer(desk.operator, number, SETTLE, words)
    for answer in (RETRY, SKIP, "else"):
        with pytest.raises(Conflict):
            desk.desk.answer(desk.operator, number, answer, "理由")
    desk.desk.answer(desk.operator, number, SETTLE, "理由")
    with pytest.raises(Conflict):
        desk.desk.answer(desk.operator, number, SETTLE, "再一次")
    with pytest.raises(NotFound):
        desk.desk.answer(desk.operator, 999, SETTLE, "理由")
    assert len(desk.events()) == 1


def test_a_failed_job_that_is_tried_again_waits_with_all_its_tries(desk: Desk, monkeypatch: Any) -> None:
    number = desk.fail_a_job(monkeypatch)
    standing = desk.desk.standing(desk.operator)
    assert (standing.schedule.jobs, standing.incidents[0].answers) == ({"failed": 1}, (RETRY, SKIP))
    with pytest.raises(Conflict):
        desk.desk.answer(desk.operator, number, SETTLE, "不管了")
    desk.desk.answer(desk.operator, number, RETRY, "网络已恢复")
    standing = desk.desk.standing(desk.operator)
    assert (standing.schedule.jobs, standing.total) == ({"waiting": 1}, 0)
    assert (standing.schedule.next_due, standing.schedule.retrying) == (desk.clock.now(), 1)
    monkeypatch.setitem(worker.HANDLERS, "message", lambda *_: None)
    desk.worker.run_due()
    assert desk.desk.standing(desk.operator).schedule.jobs == {"done": 1}
    assert desk.events()[0][0] == "job_retried"


def test_a_failed_job_that_is_given_up_runs_no_more(desk: Desk, monkeypatch: Any) -> None:
    number = desk.fail_a_job(monkeypatch)
    desk.desk.answer(desk.operator, number, SKIP, "收件人已离职，不再发送")
    assert desk.desk.standing(desk.operator).schedule.jobs == {"abandoned": 1}
    assert desk.worker.run_due() == 0
    assert desk.events()[0][0] == "job_abandoned"


def test_a_job_that_should_have_run_is_told_as_late(desk: Desk) -> None:
    with desk.house.database.write() as connection:
        jobs.add(connection, {"kind": "message", "payload": {}, "run_at": desk.clock.now()})
    assert desk.desk.standing(desk.operator).schedule.late == 0
    desk.clock.time = desk.clock.time.replace(hour=4)
    schedule = desk.desk.standing(desk.operator).schedule
    assert (schedule.late, schedule.late_by) == (1, 3600)
