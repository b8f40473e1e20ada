"""草稿箱: every draft of a person, where it belongs, going on with it, discarding it; nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.engine.cases.test_acts import APPROVAL, REQUEST
from tests.house import build_house
from tests.web.office import Office
from tests.web.pages import JSON


@pytest.fixture
def office(tmp_path) -> Any:
    house = build_house(tmp_path, APPROVAL)
    yield Office(house)
    house.application.database.close()


def test_drafts_of_tasks_and_of_starts_are_listed_with_their_time_and_lead_on(office):
    case_id = office.house.start("changan", "approval", "130102", REQUEST).case_id
    task = office.house.task_of("shijiazhuang", case_id)
    city = office.desk("shijiazhuang")
    assert "没有草稿" in city.get("/drafts").text
    assert city.post(f"/tasks/{task}/draft", json={"data": {"opinion": "半句"}}, headers=JSON).status_code == 200
    page = city.get("/drafts").text
    assert f'href="/tasks/{task}?back=/drafts"' in page and "2026-11-23 09:01" in page and "共 1 份" in page
    assert '草稿箱 <span class="count">1</span>' in city.get("/tasks").text
    assert "没有草稿" in office.desk("tangshan").get("/drafts").text
    office.house.application.cases.claims.claim(office.house.actor("shijiazhuang2"), task)
    assert "已不能办理" in office.desk("shijiazhuang").get("/drafts").text  # a colleague has taken it meanwhile
    officer = office.desk("changan")
    officer.post("/start/approval/draft?organisation=130102", json={"data": {"subject": "半"}}, headers=JSON)
    page = officer.get("/drafts").text
    address = re.search(r'data-row href="(/start/approval\?organisation=130102[^"]*)"', page)
    assert address and "尚未提交" in page
    assert "back=/drafts" in officer.get(address[1].replace("&amp;", "&")).text


def test_a_draft_is_discarded_by_its_owner_alone_and_twice_does_no_harm(office):
    officer = office.desk("changan")
    officer.post("/start/approval/draft?organisation=130102", json={"data": {"subject": "半"}}, headers=JSON)
    address = re.search(r'action="(/drafts/\d+/discard)"', officer.get("/drafts").text)
    assert address
    office.desk("zhengding").post(address[1])
    officer = office.desk("changan")
    assert "尚未提交" in officer.get("/drafts").text
    for _ in range(2):
        assert officer.post(address[1]).location == "/drafts"
    assert "没有草稿" in officer.get("/drafts").text
    assert officer.post("/drafts/x/discard").status_code == 303


def test_a_draft_of_a_kind_that_is_no_more_can_still_be_discarded(office):
    with office.house.application.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO drafts (user_id, place, data, saved_at) VALUES"
            f" ({office.house.actor('changan').user_id}, 'start:gone:130102', '{{}}', '2026-11-22T00:00:00.000000Z')"
        )
    page = office.desk("changan").get("/drafts").text
    assert "已不能办理" in page and "/discard" in page
