"""A definition is withdrawn because a case has decided it: nothing new begins by it, what runs ends by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import OperationFailed
from engine.publishing.folder import FolderFiles
from engine.publishing.withdrawing import WITHDRAWN, DefinitionWithdrawn
from storage import accounts, jobs, rounds
from storage import cases as case_rows
from storage.account_events import account_events
from tests.house import ROOT, House, build_house
from tests.web.office import Office

DATA = ROOT / "tests" / "data"
EFFECTIVE, STARTS = DATA / "effective", DATA / "starts"
OFFICER, PLACE, LEADER = "changan", "130102", "province.leader"


@pytest.fixture
def house(tmp_path: Path) -> Any:
    made = build_house(tmp_path, DATA / "proposed", EFFECTIVE, STARTS)
    yield made
    made.application.database.close()


def decided(house: House, key: str, by: str = OFFICER) -> str:
    """A case that is to withdraw a definition, agreed to by the province; where it has ended."""
    case_id = house.start(by, "stop", PLACE, {"key": key}).case_id
    house.complete(LEADER, case_id, "agree")
    while house.application.worker.run_due():
        pass
    assert house.proof(case_id) == []
    with house.application.database.read() as connection:
        row = case_rows.get(connection, int(case_id))
    assert row is not None
    return str(row["end_element"])


def told(house: House) -> list[str]:
    with house.application.database.read() as connection:
        return [one["message_zh"] for one in jobs.incident_list().every(connection)]


def test_nothing_new_begins_by_what_is_withdrawn_and_what_runs_ends_by_it(house: House) -> None:
    running = house.start(OFFICER, "grant", PLACE, {"step": 1}).case_id
    assert (decided(house, "grant"), told(house)) == ("withdrawn", [])
    with pytest.raises(DefinitionWithdrawn) as refused:
        house.start(OFFICER, "grant", PLACE, {"step": 1})
    assert "“发放”已经停用" in refused.value.message()
    assert "grant" not in {one.key for one in house.application.cases.starts.startable(house.actor(OFFICER))}
    with house.application.database.read() as connection:
        found = select(account_events.c.facts).where(account_events.c.kind == WITHDRAWN)
        assert connection.execute(found).scalars().all() == [{"definitions": ["grant 1"], "case": "ST001"}]
    house.complete(OFFICER, running, "done", day="2026-03-02")
    assert house.application.cases.reading.case(house.actor(OFFICER), running).head.status == "completed"
    assert house.proof(running) == []
    house.publish(FolderFiles(EFFECTIVE))
    assert house.start(OFFICER, "grant", PLACE, {"step": 1}).number


def test_pages_say_what_is_withdrawn(house: House) -> None:
    assert decided(house, "grant") == "withdrawn"
    office = Office(house)
    answer = office.desk(OFFICER).get("/start/grant")
    assert answer.status_code == 404 and "“发放”已经停用，不再受理新的事项" in answer.text
    listed, one = (office.desk("designer").get(f"/definitions{page}").text for page in ("", "/grant/1"))
    assert "已停用" in listed and 'href="/definitions/grant/1"' in listed and "已停用" in one
    english = office.desk("designer", english=True).get("/definitions").text
    assert "Withdrawn" in english and "Closed" not in english


def test_what_begins_by_the_calendar_begins_no_more(house: House) -> None:
    assert decided(house, "monthly") == "withdrawn"
    with house.application.database.read() as connection:
        assert rounds.of_key(connection, "monthly") == [] != rounds.of_key(connection, "quarterly")
    house.at(12, 31)
    assert "monthly" not in {one.key for one in house.application.cases.starts.startable(house.actor(OFFICER))}
    assert told(house) == []


def test_what_others_in_force_begin_stays(house: House) -> None:
    assert decided(house, "help") == "not_withdrawn"
    assert ["还会发起它" in one for one in told(house)] == [True]


def test_nobody_withdraws_alone_and_no_case_its_own_process(house: House) -> None:
    with house.application.database.write() as connection:
        accounts.grant(connection, house.actor(LEADER).user_id, "county_officer", PLACE, house.clock.now())
    assert decided(house, "grant", by=LEADER) == "not_withdrawn"
    assert decided(house, "stop") == "not_withdrawn"
    for words in ("自己的流程", "请由另一人决定"):
        assert sum(words in one for one in told(house)) == 1, words


def test_what_is_not_in_force_cannot_be_withdrawn(house: House) -> None:
    case_id = house.start(OFFICER, "stop", PLACE, {"key": "_directory"}).case_id
    with pytest.raises(OperationFailed, match="was not found"):
        house.complete(LEADER, case_id, "agree")
