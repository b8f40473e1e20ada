"""The operator names who gets a task for which nobody was found, from a list and with a reason."""

from __future__ import annotations

import re

import pytest

from engine.errors import NoHolder
from tests.house import ROOT, build_house
from tests.web.office import Office


def test_the_operator_chooses_whom_the_step_goes_to_and_is_told_what_follows(tmp_path):
    house = build_house(tmp_path, ROOT / "tests" / "data" / "assigned")
    office = Office(house)
    case_id = house.start("changan", "pass_on", "130102", {"who": "nobody"}).case_id
    with pytest.raises(NoHolder):
        house.complete("changan", case_id, "done")
    operator = office.desk("operator")
    page = operator.get("/operations").text
    address = re.findall(r"/operations/incidents/\d+/holder", page)[0]
    shown = operator.get(f"{address}?q=lubei").text
    key = re.findall(r'value="(user:\d+)"', shown)[0]
    assert operator.get(f"{address}?q=zzz").text.count("user:") == 0
    assert operator.post(address, data={"key": key, "reason": ""}).status_code == 422
    assert office.desk("changan").get(address).status_code == 403
    assert office.desk("operator").post(address, data={"key": key, "reason": "补正。"}).status_code == 303
    assert office.desk("operator").get(address).status_code == 404
    house.complete("changan", case_id, "done")
    assert "指定办理人“路北区经办员”" in office.desk("changan").get(f"/cases/{case_id}?tab=history").text
    house.application.database.close()
