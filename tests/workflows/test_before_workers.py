"""Evaluations older than the register of workers: their cases rebuild equal and go on, and are led to numbers by a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.publishing.folder import FolderFiles
from engine.views import RegisterFilters
from storage import records
from tests.house import ROOT, WORKFLOWS, House, build_house
from tests.postgres import Server

OLD = ROOT / "tests" / "data" / "before_workers"
CITY, COUNTY = "130100", "130102"
FILED = {
    "record": "PJ2025-0001", "kind": "review", "request": "请求将评价等次变更为合格。", "phone": "0311-80000000",
    "grounds": "年度重点任务已于十二月完成，有验收记录。",
}  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    """The definitions of a folder, with the decisions that all share."""
    shared = {name: data for name, data in FolderFiles(WORKFLOWS).items() if name.startswith("_shared/")}
    return shared | dict(FolderFiles(folder))


def row(login: str, name: str, grade: str = "basic") -> dict[str, Any]:
    told = {"unit": COUNTY, "post": "130102-001", "reasons": "年度重点任务完成不及时。"}
    return told | {"worker_login": login, "worker_name": name, "grade": grade}


def year(number: int, *results: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "evaluation_year": number, "decided_on": "2026-11-20", "told_on": "2026-11-20", "results": list(results),
    }  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Iterator[House]:
    """Results entered as they once were: by login, two of one worker and year, one of nobody; one is under appeal."""
    made = build_house(tmp_path, server=server)
    made.publish(files(OLD) | {"_statistics/statistics.toml": b""})  # what is counted today was not yet
    one, other, nobody = ("changan.worker1", "社工甲"), ("changan.worker2", "社工乙"), ("Changan.Worker1", "社工甲")
    made.start("shijiazhuang", "evaluation_import", CITY, year(2024, row(*one), row(*one, "excellent")))
    made.start("shijiazhuang", "evaluation_import", CITY, year(2025, row(*one), row(*other), row(*nobody)))
    filed = made.start("changan.worker2", "evaluation_appeal", COUNTY, FILED | {"record": "PJ2025-0002"}).case_id
    signed(made, filed)
    made.publish(files(WORKFLOWS))  # the upgrade
    yield made
    made.application.database.close()


def signed(house: House, case_id: str) -> None:
    acting, worker = house.application.cases.acting, house.actor("changan.worker2")
    paper = acting.attach(worker, case_id, "申请书.pdf", b"%PDF-1.4")
    acting.complete(worker, house.task_of("changan.worker2", case_id), {"signed_paper": paper.digest}, "submit")


def newest(house: House, register: str, number: str) -> Mapping[str, Any]:
    with house.application.database.read() as connection:
        return records.versions(connection, register, number)[0]["data"]


def seen_by(house: House, login: str, register: str) -> list[str]:
    found = house.application.registers.search(house.actor(login), register, RegisterFilters())
    return [one.number for one in found.rows]


def taken_over(house: House) -> str:
    return house.start("shijiazhuang", "worker_takeover", CITY, {"checked": True}).case_id


def test_cases_of_before_rebuild_equal_and_go_on(house: House) -> None:
    assert [house.proof(str(number)) for number in (1, 2, 3)] == [[], [], []]
    assert seen_by(house, "changan.worker1", "evaluation") == ["PJ2024-0001", "PJ2024-0002", "PJ2025-0001"]
    house.complete("shijiazhuang2", "3", "refuse", opinion="申请超过期限。")
    assert newest(house, "evaluation", "PJ2025-0002")["appeal_state"] == "not_accepted"
    assert house.proof("3") == []


def test_a_case_leads_the_records_of_before_to_numbers_and_keeps_their_versions(house: House) -> None:
    case_id = taken_over(house)
    assert {**newest(house, "worker", "SG00001"), "registering_case": ""} == {
        "number": "SG00001", "worker_name": "社工甲", "worker_login": "changan.worker1", "organisation": COUNTY,
        "union_name": "长安区总工会", "worker_state": "serving", "registering_case": "",
    }  # fmt: skip
    assert newest(house, "worker", "SG00003")["worker_login"] is None  # the login in other letters was nobody's
    for number, worker in (("PJ2024-0001", "SG00001"), ("PJ2025-0001", "SG00001"), ("PJ2025-0003", "SG00003")):
        led = newest(house, "evaluation", number)
        assert (led["worker"], led["worker_login"]) == (worker, None)
    assert newest(house, "evaluation", "PJ2024-0002").get("worker") is None  # a second one for the year waits
    assert (
        newest(house, "evaluation", "PJ2025-0002").get("worker") is not None
    )  # an appeal of before has it not for itself
    with house.application.database.read() as connection:
        assert [one["version"] for one in records.versions(connection, "evaluation", "PJ2024-0001")] == [2, 1]
    assert [house.proof(str(number)) for number in range(1, 5)] == [[], [], [], []]
    assert seen_by(house, "changan.worker1", "evaluation") == ["PJ2024-0001", "PJ2024-0002", "PJ2025-0001"]
    again = taken_over(house)
    assert newest(house, "evaluation", "PJ2024-0002").get("worker") is None
    house.complete("shijiazhuang2", "3", "refuse", opinion="申请超过期限。")
    assert newest(house, "evaluation", "PJ2025-0002")["appeal_state"] == "not_accepted"
    assert [house.proof(one) for one in ("3", case_id, again)] == [[], [], []]


def test_what_was_led_to_a_number_is_appealed_against_and_its_double_is_voided(house: House) -> None:
    taken_over(house)
    receipt = house.start("changan.worker1", "evaluation_appeal", COUNTY, FILED)
    assert receipt.status == "running"
    wrong = {"record": "PJ2024-0002", "mode": "void", "grounds": "同一年度登记了两次。"}
    case_id = house.start("shijiazhuang", "evaluation_correction", CITY, wrong).case_id
    house.complete("shijiazhuang.leader", case_id, "confirm")
    assert newest(house, "evaluation", "PJ2024-0002")["entry_state"] == "void"
    assert house.proof(case_id) == house.proof(receipt.case_id) == []
