"""How running deadlines stand, on every page that tells of them; the list of all of them."""

from __future__ import annotations

import pytest

from tests.house import build_house
from tests.web.test_deadlines import FOLDER, HOLDER, AnswerOffice


@pytest.fixture
def office(tmp_path):
    made = AnswerOffice(build_house(tmp_path, FOLDER))
    yield made
    made.house.service.database.close()


def test_a_suspension_is_shown_by_shape_and_word_in_the_inbox_and_on_the_task(office):
    case_id = office.asked()
    office.at(12, 4)
    assert "chip-amber" in office.desk(HOLDER).get("/tasks").text
    office.send(case_id, "suspend", until="2026-12-11", reason="等待补充材料")
    for address in ("/tasks", "/tasks?due=suspended", f"/tasks/{office.task(case_id)}"):
        page = office.desk(HOLDER).get(address).text
        assert "clock-pause" in page and "剩 2 个工作日（已中止）" in page, address
        assert "chip-amber" not in page and "chip-red" not in page, address
    assert "没有符合条件的事项" in office.desk(HOLDER).get("/tasks?due=soon").text
