"""A process that takes too long, over HTTP: words and no 500, and the operator's way to let it go on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.engine.cases.slow import slow_folder
from tests.house import build_house
from tests.web.office import Office

FORM = {"note": "slow"}


@pytest.fixture
def office(tmp_path: Path) -> Any:
    house = build_house(tmp_path, slow_folder())
    yield Office(house)
    house.application.database.close()


def test_who_meets_it_reads_words_and_the_operator_lets_it_go_on(office: Office) -> None:
    house = office.house
    case_id = house.start("changan", "slow", "130102", FORM).case_id
    task = house.task_of("changan", case_id)
    client = office.desk("changan")
    answers = [client.post(f"/tasks/{task}", data={"outcome": "done", "data": "{}"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [422, 422, 503]
    assert "which" in answers[0].text and "请简化这个表达式" in answers[0].text
    assert "已暂停办理" in answers[2].text
    assert client.get(f"/tasks/{task}").status_code == 503
    assert client.get(f"/cases/{case_id}").status_code == 200
    for page in ("/tasks", "/tasks?view=mine"):
        assert client.get(page).status_code == 200
    english = office.desk("changan", english=True).get(f"/tasks/{task}").text
    assert "is suspended" in english
    desk = office.desk("operator").get("/operations").text
    assert "已暂停的流程" in desk and "慢流程" in desk and "1 件事项在等待" in desk
    (address,) = re.findall(r'action="(/operations/suspensions/[0-9a-f]{64})"', desk)
    assert office.desk("changan").post(address, data={"reason": "我来"}).status_code == 403
    refused = office.desk("operator").post(address, data={"reason": " "})
    assert refused.status_code == 422 and 'aria-invalid="true"' in refused.text
    assert office.desk("operator").post(address, data={"reason": "已核实"}).status_code == 303
    assert "已暂停的流程" not in office.desk("operator").get("/operations").text
    assert office.desk("changan").get(f"/tasks/{task}").status_code == 200
    assert "恢复暂停的流程" in office.desk("auditor").get("/audit").text
