"""The pages of successors: leaving, renaming, merging, and what is stranded, over HTTP in both languages."""

from __future__ import annotations

import pytest

from storage.accounts import members
from tests.applications import filled_application
from tests.house import build_house
from tests.web.hostile import Browser
from tests.web.office import Office
from web.app import create_app

COUNTY, OTHER = "130102", "130104"


@pytest.fixture
def office(tmp_path):
    made = Office(build_house(tmp_path))
    made.house.start("changan", "post_approval", COUNTY, filled_application())
    yield made
    made.house.application.database.close()


def test_an_organisation_goes_into_another_by_its_page(office):
    operator = Browser(create_app({"APPLICATION": office.house.application, "SECRET_KEY": "k" * 32}), "operator")
    assert f"/organisations/{COUNTY}/succession" in operator.get(f"/organisations/{COUNTY}").text
    page = operator.get(f"/organisations/{COUNTY}/succession").text
    assert "撤销并移交" in page and "在办事项" in page
    wrong = {"act": "succeed", "successor": COUNTY, "reason": "区划调整"}
    refused = operator.post(f"/organisations/{COUNTY}/succession", wrong)
    assert refused.status_code == 422 and "自己或它的下级" in refused.text
    done = operator.post(f"/organisations/{COUNTY}/succession", wrong | {"successor": OTHER})
    assert (done.status_code, done.location) == (303, f"/organisations/{OTHER}")
    assert "移交在办事项 1 件" in operator.get(done.location).text
    history = office.desk("province", english=True).get("/cases/1?tab=history").text
    assert "handed over from" in history
    assert office.desk("province").get(f"/organisations/{COUNTY}/succession").status_code == 403


def test_an_organisation_is_renamed_by_its_page(office):
    operator = Browser(create_app({"APPLICATION": office.house.application, "SECRET_KEY": "k" * 32}), "operator")
    renamed = {"act": "rename", "name": "长安新区总工会", "short_name": "长安新区", "reason": "更名"}
    done = operator.post(f"/organisations/{COUNTY}/succession", renamed)
    assert "1 件在办事项" in operator.get(done.location).text
    assert "长安新区总工会" in office.desk("shijiazhuang").get("/tasks").text


def test_who_leaves_alone_is_asked_for_a_successor_on_the_page_of_his_account(tmp_path):
    house = build_house(tmp_path)
    house.start("changan", "post_approval", COUNTY, filled_application())
    reviewer = house.actor("shijiazhuang").user_id
    with house.application.database.read() as connection:
        others = [m["id"] for m in members(connection, "130100") if m["role"] == "city_reviewer"]
    for one in others:
        if one != reviewer:
            house.application.accounts.revoke(None, one, "city_reviewer", "130100")
    security = Browser(create_app({"APPLICATION": house.application, "SECRET_KEY": "k" * 32}), "administrator")
    address = f"/admin/users/{reviewer}/lock"
    asked = security.post(address)
    assert asked.status_code == 422 and "市总工会初审" in asked.text and 'name="successor"' in asked.text
    assert security.post(address, {"successor": "nobody.here"}).status_code == 422
    assert security.post(address, {"nobody": "yes"}).status_code == 303
    office = Office(house)
    assert "市总工会初审" in office.desk("operator").get("/stranded").text
    assert "Stranded tasks" in office.desk("province", english=True).get("/stranded").text
    assert "查看无人办理的任务" in office.desk("operator").get("/operations").text
    assert office.desk("auditor").get("/stranded").status_code == 403
    house.application.database.close()
