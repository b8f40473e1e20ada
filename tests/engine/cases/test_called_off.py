"""A case that is called off: its diagram puts in order what it has done, in the same act, and the rebuild proves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import CaseNotOpen, NotFound, OperationFailed
from storage import deadlines, events, waits
from storage import jobs as job_rows
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDER = ROOT / "tests" / "data" / "called_off"
PERSON, OPERATOR = "changan", "operator"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, FOLDER, server=server)
    yield made
    made.application.database.close()


def begun(house: House) -> str:
    return house.start(PERSON, "put_in_order", "130102", {}).case_id


def terminate(house: House, case_id: str, reason: str) -> None:
    """As the operator's desk does it, in a transaction of its own."""
    with house.application.database.write() as connection:
        house.application.cases.endings.terminate(connection, house.actor(OPERATOR), int(case_id), reason)


def last(house: House, case_id: str) -> Any:
    with house.application.database.read() as connection:
        return events.of_case(connection, int(case_id))[-1]


def boxes(house: House) -> list[str]:
    while house.application.worker.run_due():
        pass
    return [one.text[0] for one in house.application.messages.page(house.actor(PERSON)).rows]


def left_over(house: House, case_id: str) -> list[Any]:
    """What a case that has ended must not have: something it waits for, a deadline that runs."""
    with house.application.database.read() as connection:
        found = deadlines.of_case(connection, int(case_id))
        return [*waits.of_case(connection, int(case_id)), *(row for row in found if row["status"] != "cancelled")]


@pytest.mark.parametrize("act", ["withdraw", "cancel", "terminate"])
def test_however_it_is_called_off_the_diagram_puts_in_order_what_was_done(house: House, act: str) -> None:
    case_id = begun(house)
    if act == "terminate":
        terminate(house, case_id, "填错了")
    else:
        getattr(house.application.cases.acting, act)(house.actor(PERSON), case_id, "填错了")
    status, name = {"withdraw": ("withdrawn", "case_withdrawn")}.get(act, ("cancelled", "case_cancelled"))
    event, head = last(house, case_id), house.application.cases.reading.case(house.actor(PERSON), case_id).head
    assert (event["name"], event["data"]["passed"]) == (
        name,
        ["called_off", "tell", "free", "in_order", "putting_in_order"],
    )
    assert head.status == status and f"{status}：填错了" in head.summary
    assert f"已善后：填错了：{head.number}" in boxes(house)
    assert left_over(house, case_id) == [] and house.proof(case_id) == []


def test_a_person_is_refused_when_it_cannot_be_put_in_order_and_nothing_has_happened(house: House) -> None:
    case_id = begun(house)
    with pytest.raises(OperationFailed):
        house.application.cases.acting.withdraw(house.actor(PERSON), case_id, "坏")
    assert last(house, case_id)["name"] == "case_started" and house.proof(case_id) == []
    assert [one.act for one in house.application.operator.standing(house.actor(OPERATOR)).incidents] == [
        "case_withdrawn"
    ]


def test_an_operator_ends_it_none_the_less_and_an_incident_says_what_was_not_put_in_order(house: House) -> None:
    case_id = begun(house)
    terminate(house, case_id, "坏")
    assert house.application.cases.reading.case(house.actor(PERSON), case_id).head.status == "cancelled"
    assert "passed" not in last(house, case_id)["data"]
    (one,) = house.application.operator.standing(house.actor(OPERATOR)).incidents
    assert (one.act, one.code) == ("call_off", "OperationFailed")
    assert left_over(house, case_id) == [] and house.proof(case_id) == []


def test_a_case_that_has_ended_is_not_called_off_again(house: House) -> None:
    case_id = begun(house)
    house.application.cases.acting.withdraw(house.actor(PERSON), case_id, "填错了")
    with pytest.raises(CaseNotOpen):
        terminate(house, case_id, "再来")
    with pytest.raises((CaseNotOpen, NotFound)):
        house.application.cases.acting.cancel(house.actor(PERSON), case_id, "再来")


def test_what_was_put_in_order_cannot_be_taken_out_of_the_log_unnoticed(house: House) -> None:
    case_id = begun(house)
    house.application.cases.acting.withdraw(house.actor(PERSON), case_id, "填错了")
    with house.application.database.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET summary = ''")
    assert any("summary" in line for line in house.proof(case_id))


def test_no_message_waits_for_a_case_to_be_called_off(house: House) -> None:
    case_id = begun(house)
    with house.application.database.read() as connection:
        kinds = [row["kind"] for row in waits.of_case(connection, int(case_id))]
        assert kinds == ["timer"] and job_rows.incident_list().count(connection, 0) == 0
