"""Who must stand aside is not asked: the next one is, and a step at which everybody must is never opened for nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.errors import NotAllowed, OperationFailed
from storage import cases
from tests.house import ROOT, House, build_house
from tests.postgres import Server

FOLDERS = (ROOT / "tests" / "data" / "recusal", ROOT / "tests" / "data" / "named")


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, *FOLDERS, server=server)
    yield made
    made.application.database.close()


def asked_of(house: House, case_id: str) -> list[str]:
    """By whom the open tasks of a case can be done."""
    with house.application.database.read() as connection:
        return [task["candidate"] for task in cases.tasks_of(connection, int(case_id)) if task["status"] == "open"]


def test_a_colleague_is_asked_while_there_is_one(house: House) -> None:
    case_id = house.start("changan", "stand_aside", "130102", {}).case_id
    (next_task,) = house.complete("shijiazhuang", case_id, "recuse").opened
    assert (next_task.mine, next_task.aside) == (False, True)
    assert asked_of(house, case_id) == ["city_reviewer@130100"]
    house.complete("shijiazhuang2", case_id, "recuse")
    assert asked_of(house, case_id) == ["province_approver@130000"]
    assert house.proof(case_id) == []


def test_the_one_reviewer_of_a_city_hands_it_to_the_province(house: House) -> None:
    case_id = house.start("lubei", "stand_aside", "130203", {}).case_id
    house.complete("tangshan", case_id, "recuse")
    assert asked_of(house, case_id) == ["province_approver@130000"]
    house.complete("province", case_id, "done")
    assert house.application.cases.reading.case(house.actor("lubei"), case_id).head.status == "completed"
    assert house.proof(case_id) == []


def test_the_last_one_is_told_that_nobody_is_left_and_keeps_the_task(house: House) -> None:
    case_id = house.start("lubei", "stand_aside", "130203", {}).case_id
    house.complete("tangshan", case_id, "recuse")
    house.complete("province2", case_id, "recuse")
    with pytest.raises(OperationFailed, match="must stand aside"):
        house.complete("province", case_id, "recuse")
    assert asked_of(house, case_id) == ["province_approver@130000"]
    (incident,) = house.application.operator.standing(house.actor("operator")).incidents
    assert incident.code == "NoHolder" and house.proof(case_id) == []
    house.complete("province", case_id, "done")
    assert house.proof(case_id) == []


def test_people_whom_the_data_name_stand_aside_and_their_colleagues_are_asked(house: House) -> None:
    case_id = house.start("changan", "named_aside", "130102", {"names": "shijiazhuang nobody"}).case_id
    assert asked_of(house, case_id) == ["city_reviewer@130100"]
    task = house.task_of("shijiazhuang2", case_id)
    with pytest.raises(NotAllowed):
        house.application.cases.acting.complete(house.actor("shijiazhuang"), task, {}, "done")
    house.complete("shijiazhuang2", case_id, "done")
    assert house.proof(case_id) == []


def test_where_the_data_name_all_of_them_the_next_rule_finds_somebody(house: House) -> None:
    case_id = house.start("changan", "named_aside", "130102", {"names": "shijiazhuang shijiazhuang2"}).case_id
    assert asked_of(house, case_id) == ["province_approver@130000"]
    named_nobody = house.start("changan", "named_aside", "130102", {}).case_id
    assert asked_of(house, named_nobody) == ["city_reviewer@130100"]
    assert house.proof(case_id) == house.proof(named_nobody) == []


def test_who_acted_before_a_call_stands_aside_in_the_called_process_and_who_acted_there_after_it(house: House) -> None:
    case_id = house.start("changan", "called_aside", "130102", {}).case_id
    (held,) = house.complete("shijiazhuang", case_id, "done").opened
    assert held.aside and not held.mine  # from the caller into what it calls
    with pytest.raises(NotAllowed):
        house.application.cases.acting.complete(house.actor("shijiazhuang"), held.id, {}, "done")
    house.complete("shijiazhuang2", case_id, "done")
    assert asked_of(house, case_id) == ["city_reviewer@130100"]  # the second hearing: who held the first may hold it
    house.complete("shijiazhuang2", case_id, "done")
    task = house.task_of("shijiazhuang", case_id)  # who prepared may close it, who held a hearing may not
    with pytest.raises(NotAllowed):
        house.application.cases.acting.complete(house.actor("shijiazhuang2"), task, {}, "done")
    house.complete("shijiazhuang", case_id, "done")
    assert house.proof(case_id) == []


def test_where_all_have_acted_in_what_was_called_the_next_rule_finds_somebody(house: House) -> None:
    case_id = house.start("lubei", "called_aside", "130203", {}).case_id
    house.complete("tangshan", case_id, "done")
    assert asked_of(house, case_id) == ["province_approver@130000"]  # the one reviewer of this city prepared it
    for _ in range(2):
        house.complete("province", case_id, "done")
    assert asked_of(house, case_id) == ["city_reviewer@130200"]
    house.complete("tangshan", case_id, "done")
    assert house.proof(case_id) == []
