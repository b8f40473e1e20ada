"""The page on which a substitute is named, and what the others see of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import ROOT, build_house
from tests.web.office import Office

REVIEWER, LEADER = "shijiazhuang", "shijiazhuang.leader"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    house = build_house(tmp_path, ROOT / "tests" / "data" / "substitutes")
    yield Office(house)
    house.application.database.close()


def test_a_week_is_named_from_the_page_and_shown_to_the_substitute(office: Office) -> None:
    house, desk = office.house, office.desk(REVIEWER)
    name, leader = house.actor(REVIEWER).name, house.actor(LEADER)
    assert 'href="/absence"' in desk.get("/tasks").text
    assert desk.post(f"/absence/{house.actor(REVIEWER).user_id}", data={"span": "week"}).status_code == 422
    sent = desk.post(
        f"/absence/{house.actor(REVIEWER).user_id}",
        data={"substitute": leader.user_id, "span": "week", "reason": "出差"},
    )
    assert (sent.status_code, sent.location) == (303, "/absence")
    page = desk.get("/absence").text
    assert f"{leader.name} 代 {name}" in page and "2026-11-29" in page and "代理中" in page
    house.application.accounts.grant(None, house.actor("shijiazhuang2").user_id, "city_leader", "130100")
    case = house.start("changan", "two_halves", "130102", {}).case_id
    own = office.desk(LEADER)
    assert f"代 {name}" in own.get("/tasks").text
    task = house.task_of(LEADER, case)
    assert f"代 {name}" in own.get(f"/tasks/{task}").text
    house.complete(LEADER, case, "pass")
    assert f"{leader.name}（代{name}）" in own.get(f"/cases/{case}?tab=history").text
    assert f"for {name}" not in office.desk(LEADER, english=True).get("/tasks").text
    english = office.desk(REVIEWER, english=True).get("/absence").text
    assert "In force" in english
    ended = desk.post(f"/absence/{house.actor(REVIEWER).user_id}/end/1")
    assert ended.status_code == 303 and office.desk(REVIEWER).get("/absence").text.count("已提前结束") == 1


def test_only_who_may_sees_the_page_of_another(office: Office) -> None:
    reviewer = office.house.actor(REVIEWER).user_id
    assert office.desk(LEADER).get(f"/absence/{reviewer}").status_code == 200
    assert office.desk("administrator").get(f"/absence/{reviewer}").status_code == 200
    assert office.desk("shijiazhuang2").get(f"/absence/{reviewer}").status_code == 403
    assert office.desk("shijiazhuang2").post(f"/absence/{reviewer}", data={"substitute": 1}).status_code == 403
    assert office.desk(LEADER).get("/absence/999999").status_code == 404
    wrong = office.desk(REVIEWER).post(f"/absence/{reviewer}", data={"substitute": reviewer, "first": "x", "kind": "x"})
    assert wrong.status_code == 422 and "absence-error" in wrong.text
