"""Lateness says whose time it was: on the page of deadlines, in the list, and in what is told of it."""

from __future__ import annotations

from pathlib import Path

from engine.views.deadlines import HolderShare, RunningFilters
from tests.house import ROOT, House, build_house

FOLDER = ROOT / "tests" / "data" / "deadlines"
HOLDER, ASKER, ABOVE = "shijiazhuang", "changan", "province"


def shares(house: House, case_id: str) -> list[HolderShare]:
    (line,) = house.application.cases.ledgers.of_case(house.actor(ASKER), case_id)
    return list(line.shares)


def test_a_person_who_takes_a_late_task_is_late_by_his_own_days_only(tmp_path: Path) -> None:
    house = build_house(tmp_path, FOLDER)
    case_id = house.start(ASKER, "answer_in_time", "130102", {}).case_id  # due on 7 December
    task, person = house.task_of(HOLDER, case_id), house.actor(HOLDER)
    house.at(12, 4)
    assert [(one.days, one.late) for one in shares(house, case_id)] == [(9, 0)]
    house.at(12, 9, 16)
    house.application.cases.claims.claim(person, task)
    office, own = shares(house, case_id)
    assert (office.days, office.late, own) == (12, 2, HolderShare(person.name, 0, 0))
    house.at(12, 11, 17)
    assert shares(house, case_id) == [HolderShare(office.holder, 12, 2), HolderShare(person.name, 2, 2)]
    house.application.cases.claims.release(person, task)
    house.at(12, 14, 17)
    assert shares(house, case_id) == [HolderShare(office.holder, 13, 3), HolderShare(person.name, 2, 2)]
    house.complete(HOLDER, case_id, "answered")
    house.at(12, 21)
    assert shares(house, case_id) == [HolderShare(office.holder, 13, 3), HolderShare(person.name, 2, 2)]


def test_the_list_and_the_message_say_whose_days_they_are(tmp_path: Path) -> None:
    house = build_house(tmp_path, FOLDER)
    case_id = house.start(ASKER, "answer_in_time", "130102", {}).case_id
    task, person = house.task_of(HOLDER, case_id), house.actor(HOLDER)
    house.at(12, 4)
    house.application.cases.claims.claim(person, task)
    house.at(12, 8)
    (told, *_) = house.application.messages.page(house.actor(ABOVE)).rows
    assert told.text[0].endswith(f"8个工作日、{person.name}3个工作日（逾期1个）")
    house.at(12, 9)
    (row,) = house.application.cases.ledgers.running(house.actor(ABOVE), RunningFilters(standing="late")).rows
    assert row.own == HolderShare(person.name, 4, 2)
