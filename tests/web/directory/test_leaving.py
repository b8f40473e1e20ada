"""Everything of a person who leaves goes to others in one act, which is rehearsed first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.desks.substitutes import WantedSubstitute
from storage import account_events
from tests.house import ROOT, build_house
from tests.web.office import Office

LEAVES, STAYS, LEADER, CITY = "shijiazhuang", "shijiazhuang2", "shijiazhuang.leader", "130100"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    house = build_house(tmp_path, ROOT / "tests" / "data" / "substitutes")
    yield Office(house)
    house.application.database.close()


def test_a_leader_goes_and_another_takes_his_post_his_cases_and_his_drafts(office: Office) -> None:
    house = office.house
    people, leader = house.application.accounts, house.actor(LEADER)
    people.grant(None, leader.user_id, "county_officer", "130102")
    case = house.start(LEADER, "two_halves", "130102", {}).case_id
    house.application.cases.drafts.save_start(house.actor(LEADER), "two_halves", "130102", {})
    days = (date(2026, 11, 23), date(2026, 11, 27))
    wanted = WantedSubstitute(leader.user_id, house.actor(STAYS).user_id, *days)
    house.application.substitutes.name(house.actor(LEADER), wanted)
    desk, address = office.desk("administrator"), f"/admin/users/{leader.user_id}/leaving"
    page = desk.get(address).text
    for line in ("role:city_leader@130100", "role:county_officer@130102", "cases:two_halves", "drafts:"):
        assert f'name="line:{line}"' in page
    new = house.actor(STAYS).user_id
    chosen = {"line:role:city_leader@130100": new, "line:cases:two_halves": new, "line:drafts:": new, "close": "on"}
    stranger = {**chosen, "line:cases:two_halves": house.actor("auditor").user_id}
    refused = desk.post(address, data={**stranger, "act": "do"})
    assert refused.status_code == 422 and "请从列出的人中选择" in refused.text
    tried = desk.post(address, data={**chosen, "act": "try"})
    assert tried.status_code == 200 and "预览通过" in tried.text
    assert house.actor(LEADER).has("city_leader") and not house.actor(STAYS).has("city_leader")  # nothing has happened
    done = desk.post(address, data={**chosen, "act": "do"})
    assert done.status_code == 303
    assert house.actor(STAYS).has("city_leader", CITY)
    with house.application.database.read() as connection:
        kinds = [one["kind"] for one in account_events.of_user(connection, leader.user_id)]
        assert list(account_events.broken(connection)) == []
    assert {"work_handed_over", "account_closed", "substitution_ended"} <= set(kinds)
    found = house.application.cases.reading.case(house.actor(STAYS), case)
    assert found.history[-1].facts["successor"] == house.actor(STAYS).name and house.proof(case) == []
    assert "工作已移交给您" in office.desk(STAYS).get("/messages").text


def test_a_post_that_nobody_would_hold_keeps_the_account_open_unless_that_is_said(office: Office) -> None:
    house = office.house
    case = house.start("changan", "two_halves", "130102", {}).case_id
    house.complete(LEAVES, case, "pass")
    leader = house.actor(LEADER).user_id
    desk, address = office.desk("administrator"), f"/admin/users/{leader}/leaving"
    assert desk.post(address, data={"close": "on", "act": "do"}).status_code == 422
    assert house.actor(LEADER).has("city_leader")
    assert desk.post(address, data={"close": "on", "nobody": "on", "act": "do"}).status_code == 303
    assert office.desk(LEAVES).get(address).status_code == 403
    own = house.actor("administrator").user_id
    assert office.desk("administrator").get(f"/admin/users/{own}/leaving").status_code == 403
