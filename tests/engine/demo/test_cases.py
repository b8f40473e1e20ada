"""The demo's cases: there from the first start, in every state, and proved like any other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.calendar.days import LEGAL_ZONE
from engine.demo.cases import load_cases
from tests.house import build_house

pytestmark = pytest.mark.any_day

DAYS = {
    "a Thursday": "2027-11-04 09:00",  # twelve days before was a Saturday
    "a Friday": "2027-11-05 09:00",
    "after the Spring Festival": "2027-02-12 09:00",
    "the leap day, in UTC the day before": "2028-02-29 07:30",
    "the last evening of a year": "2028-12-31 23:30",
}


def test_the_demo_has_late_near_returned_refused_and_approved_cases_and_posts_in_the_register(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    assert load_cases(house.folder, house.clock.now()) == 16
    first = house.application.cases.inbox.page(house.actor("baoding")).rows[0]
    assert first.deadline is not None and first.deadline.late
    views = {house.application.cases.reading.case(house.actor("observer"), str(n)).head.status for n in range(1, 17)}
    assert views == {"running", "refused", "completed"}
    assert all(house.proof(str(number)) == [] for number in range(1, 17))
    heads = house.application.registers.all(house.actor("observer"))
    assert {head.name: head.count for head in heads if head.count} == {
        "post": 8,
        "evaluation": 6,
        "worker": 6,
    }
    (appeal,) = house.application.cases.inbox.page(house.actor("changan.worker1"), "mine").rows
    assert appeal.step[0] == "调查并拟定答复"
    told = house.application.messages.page(house.actor("changan")).rows
    assert [one.text[0].partition("：")[0] for one in told if one.read_at is None] == [
        "“修改申请”被退回，请您重新办理",
        "岗位申请已核定",
    ]


def test_a_second_load_changes_nothing(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    load_cases(house.folder, house.clock.now())
    assert load_cases(house.folder, house.clock.now()) == 0


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_the_demo_loads_on_any_day_with_a_late_case(tmp_path: Path, day: str) -> None:
    house = build_house(tmp_path)
    house.clock.at = datetime.fromisoformat(day).replace(tzinfo=LEGAL_ZONE).astimezone(UTC)
    assert load_cases(house.folder, house.clock.now()) == 16
    first = house.application.cases.inbox.page(house.actor("baoding")).rows[0]
    assert first.deadline is not None and first.deadline.late
