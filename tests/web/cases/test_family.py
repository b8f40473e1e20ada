"""The tab of related cases, and the operator's list of rounds: both of small processes that are not ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from storage.tables import cases
from tests.engine.cases.test_families import FOLDER, MESSAGES, asked
from tests.house import build_house
from tests.web.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Any:
    made = Office(build_house(tmp_path, FOLDER, MESSAGES))
    yield made
    made.house.application.database.close()


def test_a_case_has_a_tab_for_its_family_which_hides_whom_the_reader_may_not_see(office: Office) -> None:
    parent, child = asked(office.house)
    page = office.desk("changan").get(f"/cases/{parent}?tab=family").text
    assert all(part in page for part in ("HE001", "协助", "由本事项发起 1 项", "协助办理", "本事项"))
    with office.house.application.database.write() as connection:
        elsewhere = update(cases).where(cases.c.id == int(child))
        connection.execute(elsewhere.values(organisation_path="/130000/130200/", starter_id=0))
    page = office.desk("shijiazhuang").get(f"/cases/{parent}?tab=family").text
    assert "HE001" not in page and "另有 1 项，您无权查看" in page
    alone = office.house.start("changan", "agree", "130102", {"n": 1}).case_id
    assert "tab=family" not in office.desk("changan").get(f"/cases/{alone}").text


def test_the_operator_sees_the_next_and_the_last_round(office: Office) -> None:
    office.house.start("changan", "agree", "130102", {"n": 2})
    office.house.at(12, 6)
    page = office.desk("operator").get("/operations").text
    assert "按时发起的事项" in page and "每月支付" in page and "2027-01-05" in page
