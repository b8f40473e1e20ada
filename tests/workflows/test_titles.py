"""The title of a case says what tells it from others: place, grade and number."""

from __future__ import annotations

from pathlib import Path

from tests.applications import filled_application, post
from tests.house import build_house


def test_the_titles_of_two_applications_of_one_county_differ_and_name_place_grade_and_number(tmp_path: Path) -> None:
    house = build_house(tmp_path)
    for one in (post(), post(grade="third")):
        house.start("changan", "post_approval", "130102", filled_application(one))
    rows = house.application.cases.inbox.page(house.actor("changan"), "mine").rows
    place = "新增长安区光明里街道总工会"
    assert [row.title for row in reversed(rows)] == [f"{place}初级岗1个", f"{place}三级岗1个"]
    house.application.database.close()
