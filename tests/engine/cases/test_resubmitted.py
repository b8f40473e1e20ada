"""What is different in a resubmission: rows matched, computed values apart, under the reason of the return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.cases.reading.changes import changes_between
from engine.errors import InvalidForm
from engine.views import FieldView, HistoryAsked, Resubmission
from engine.words import Words
from tests.applications import filled_application, post
from tests.house import House, build_house
from tests.postgres import Server

STREET, ZONE = "130102903", "130102991"


@pytest.fixture
def house(tmp_path: Path, server: Server | None) -> Any:
    made = build_house(tmp_path, server=server)
    yield made
    made.application.database.close()


def returned(house: House, *posts: dict[str, Any]) -> str:
    """A case that the city has returned."""
    case_id = house.start("changan", "post_approval", "130102", filled_application(*posts)).case_id
    house.complete("shijiazhuang", case_id, "return", opinion="请核减")
    return case_id


def seen(house: House, login: str, case_id: str, at: str = "") -> tuple[Resubmission, ...]:
    view = house.application.cases.reading.case(house.actor(login), case_id, HistoryAsked(standing=True, seen_at=at))
    return view.resubmitted


def test_the_reviewer_sees_by_field_what_was_changed_and_why_with_computed_cells_apart(house: House) -> None:
    case_id = returned(house, post(STREET, number=2))
    assert seen(house, "shijiazhuang", case_id, "city_review") == ()
    house.complete("changan", case_id, "resubmit", **filled_application(post(STREET, number=1), current_staff=4))
    (one,) = seen(house, "shijiazhuang", case_id, "city_review")
    assert (one.returned.opinion, one.name[0], one.by) == ("请核减", "修改申请", "长安区经办员")
    own = {change.label: (change.before, change.after) for change in one.changes if not change.computed}
    assert own == {
        ("现有在编人数", "Staff in post"): ("5", "4"),
        ("申请事项 1 · 拟设数量", "Posts applied for 1 · Number of posts"): ("2", "1"),
    }
    computed = {change.label[0] for change in one.changes if change.computed}
    assert {"编制空缺", "申请事项 1 · 核定后岗位数", "合计"} <= computed
    assert seen(house, "changan", case_id) == (one,)  # the applicant as well


def test_who_comes_later_sees_all_that_changed_since_his_own_last_look(house: House) -> None:
    case_id = returned(house, post(number=3))
    house.complete("changan", case_id, "resubmit", **filled_application(post(number=2)))
    house.complete("shijiazhuang", case_id, "pass")
    form = house.application.cases.reading.task(house.actor("province"), house.task_of("province", case_id)).form
    assert form is not None
    back = {"opinion": "再核减", "return_to": "correct_application"}
    house.complete("province", case_id, "return", **{**form.values, **back})
    house.complete("changan", case_id, "resubmit", **filled_application(post(number=2)))
    (city,) = seen(house, "shijiazhuang", case_id, "city_review")
    assert [one for one in city.changes if not one.computed] == []  # it came back as it was, and that is said
    assert city.returned.opinion == "再核减"
    house.complete("shijiazhuang", case_id, "return", opinion="没有核减")
    house.complete("changan", case_id, "resubmit", **filled_application(post(number=1)))
    house.complete("shijiazhuang", case_id, "pass")
    (province,) = seen(house, "province", case_id, "province_decision")
    told = {change.label[0]: (change.before, change.after) for change in province.changes}
    assert told["申请事项 1 · 拟设数量"] == ("2", "1") and province.returned.opinion == "没有核减"


def test_boxes_left_unticked_want_an_opinion(house: House) -> None:
    case_id = house.start("changan", "post_approval", "130102", filled_application()).case_id
    task, city = house.task_of("shijiazhuang", case_id), house.actor("shijiazhuang")
    complete = house.application.cases.acting.complete
    with pytest.raises(InvalidForm) as refused:
        complete(city, task, {"checked": ["need", "figures", "duties"], "opinion": "  "}, "pass")
    told = refused.value.errors["opinion"]
    assert isinstance(told, Words)
    assert "本级承担的费用有预算安排" in told.text("zh") and "确有需求" not in told.text("zh")
    assert complete(city, task, {"checked": ["need", "figures", "duties", "funding"]}, "pass").status == "running"


def rows(*cells: tuple[str, ...], keys: frozenset[int] = frozenset()) -> FieldView:
    columns = ("单位", "等级", "数量", "合计")
    return FieldView("table", "岗位", columns=columns, rows=cells, computed_columns=frozenset({3}), key_columns=keys)


A, B, C = ("甲", "初级", "1", "1"), ("乙", "三级", "2", "2"), ("丙", "二级", "3", "3")


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (rows(A, B, C), rows(A, C), [("岗位 2", "乙、三级、2", "")]),  # taken out of the middle: nothing else moved
        (rows(A, C), rows(A, B, C), [("岗位 2", "", "乙、三级、2")]),
        (rows(A, B), rows(B, A), []),  # another order is no change
        (rows(A, B), rows(B, ("甲", "初级", "9", "9")), [("岗位 2 · 数量", "1", "9"), ("岗位 2 · 合计", "1", "9")]),
        (
            rows(A, A, keys=frozenset({0})),
            rows(A, ("甲", "一级", "7", "7"), keys=frozenset({0})),
            [("岗位 2 · 等级", "初级", "一级"), ("岗位 2 · 数量", "1", "7"), ("岗位 2 · 合计", "1", "7")],
        ),
        (rows(A), rows(("戊", "一级", "8", "8")), [("岗位 1", "", "戊、一级、8"), ("岗位 1", "甲、初级、1", "")]),
    ],
)
def test_rows_are_matched_before_they_are_compared(
    before: FieldView, after: FieldView, changes: list[tuple[str, str, str]]
) -> None:
    found = changes_between(lambda language: ((before,), (after,)))
    assert [(one.label[0], one.before, one.after) for one in found] == changes
    assert [one.computed for one in found] == ["合计" in one.label[0] for one in found]


def test_a_thousand_rows_are_compared_without_every_pair() -> None:
    before, after = (rows(*((f"{word}{n}", "初级", str(n), "1") for n in range(400))) for word in "甲乙")
    found = changes_between(lambda language: ((before,), (after,)))
    assert len(found) == 400 and found[0].before == "甲0" and found[0].after == "乙0"
