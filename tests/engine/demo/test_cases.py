"""The demo's cases: there from the first start, in every state, and proved like any other."""

from __future__ import annotations

from pathlib import Path

from engine.demo.cases import load_cases
from tests.house import build_house


def test_the_demo_has_late_near_returned_refused_and_approved_cases_and_posts_in_the_register(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    assert load_cases(house.folder, house.clock.now()) == 12
    first = house.application.cases.inbox(house.actor("baoding")).rows[0]
    assert first.deadline is not None and first.deadline.late
    views = {house.application.cases.case(house.actor("observer"), str(n)).head.status for n in range(1, 13)}
    assert views == {"running", "refused", "completed"}
    assert all(house.proof(str(number)) == [] for number in range(1, 13))
    assert {head.name: head.count for head in house.application.registers.all(house.actor("observer"))} == {
        "post": 8,
        "evaluation": 6,
    }
    (appeal,) = house.application.cases.inbox(house.actor("changan.worker1"), "mine").rows
    assert appeal.step[0] == "调查并拟定答复"
    assert house.application.cases.messages(house.actor("changan")).unread == 1


def test_a_second_load_changes_nothing(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    load_cases(house.folder, house.clock.now())
    assert load_cases(house.folder, house.clock.now()) == 0
