"""Groups and dynamic lists: nesting, fixed rows, and read-only values that stay with their row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.forms.helpers import accept, environment, errors, form, group, part, rows

POSTS = rows(
    "posts",
    part("textfield", "number", "编号", readonly=True),
    part("textfield", "duty", "职责", required=True),
)
STANDING = {"posts": [{"number": "A1", "duty": "一"}, {"number": "A2", "duty": "二"}]}


def test_groups_nest_by_path_and_a_group_without_a_path_adds_no_level() -> None:
    made = form(
        group("place", part("textfield", "name"), part("number", "figures.workers")),
        {"type": "group", "id": "g", "label": "联系", "components": [part("textfield", "phone")]},
    )
    given = {"place": {"name": "甲", "figures": {"workers": 5}, "evil": 1}, "phone": "1"}
    assert accept(made, given) == {"place": {"name": "甲", "figures": {"workers": 5}}, "phone": "1"}


@pytest.mark.parametrize("wrong", ["text", 5, [], [{"name": "a"}]])
def test_a_group_of_the_wrong_type_is_an_error(wrong: Any) -> None:
    made = form(group("place", part("textfield", "name"), label="单位"))
    assert errors(made, {"place": wrong}) == {"place": "“单位”应为一组内容"}


def test_lists_nest_and_errors_tell_the_row() -> None:
    made = form(rows("units", part("textfield", "name"), rows("posts", part("number", "count", "数量", min=1))))
    given: dict[str, Any] = {
        "units": [{"name": "甲", "posts": [{"count": 1}]}, {"name": "乙", "posts": [{"count": 2}, {"count": 0}]}]
    }
    assert errors(made, given) == {"units[1].posts[1].count": "第2-2行“数量”应为不小于1的数"}
    given["units"][1]["posts"].pop()
    assert accept(made, given) == given


@pytest.mark.parametrize(
    ("wrong", "place"), [("x", "posts"), ({}, "posts"), ([1], "posts[0]"), ([{"duty": "a"}, None], "posts[1]")]
)
def test_a_list_or_row_of_the_wrong_type_is_an_error_at_its_place(wrong: Any, place: str) -> None:
    assert place in errors(form(POSTS), {"posts": wrong})


def test_a_list_that_takes_no_rows_keeps_the_rows_that_stand() -> None:
    made = form(rows("posts", part("textfield", "duty"), add=False, label="岗位"))
    standing = {"posts": [{"duty": "一"}, {"duty": "二"}]}
    assert accept(made, {"posts": [{"duty": "三"}, {"duty": "四"}]}, standing)["posts"][1] == {"duty": "四"}
    for count in (0, 1, 3):
        assert errors(made, {"posts": [{}] * count}, standing) == {"posts": "“岗位”的行数不能增减，应为2行"}
    assert accept(made, {"posts": [{"duty": "一"}]})["posts"] == [{"duty": "一"}]  # nothing stands: the default rows


def test_a_list_may_ask_for_a_number_of_rows() -> None:
    made = form(rows("posts", part("textfield", "duty"), minItems=1, maxItems=2, label="岗位"))
    assert errors(made, {"posts": []}) == {"posts": "“岗位”至少应有1行"}
    assert errors(made, {"posts": [{}] * 3}) == {"posts": "“岗位”不得超过2行"}
    assert errors(form(rows("posts", part("textfield", "duty"))), {"posts": [{}] * 501}) == {
        "posts": "“posts”不得超过500行"
    }


def test_too_long_a_list_is_cut_before_anything_is_worked_out_of_it() -> None:
    asked: list[int] = []

    def count(rows: Any) -> int:
        asked.append(len(rows))
        return len(rows)

    made = form(rows("posts", part("textfield", "duty"), maxItems=3), derive={"n": "=count_of(posts)"})
    assert errors(made, {"posts": [{"duty": "x"}] * 400}, env=environment(count_of=count))
    assert set(asked) == {3}


def test_read_only_values_follow_their_row_when_rows_are_removed_and_added() -> None:
    given = {"posts": [{"number": "A2", "duty": "改"}, {"number": "", "duty": "新"}]}
    assert accept(form(POSTS), given, STANDING) == {
        "posts": [{"number": "A2", "duty": "改"}, {"number": "", "duty": "新"}]
    }


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([{"number": "HACK", "duty": "x"}], [""]),  # of no standing row: a new row, which has no number yet
        ([{"number": "A1", "duty": "x"}, {"number": "A1", "duty": "y"}], ["A1", ""]),  # no row twice
        ([{"number": 5, "duty": "x"}], [""]),
        ([{"duty": "x"}, {"duty": "y"}], ["A1", "A2"]),  # not shown at all: by position
    ],
)
def test_a_client_cannot_make_up_a_read_only_value_in_a_row(given: Any, kept: list[str]) -> None:
    assert [row["number"] for row in accept(form(POSTS), {"posts": given}, STANDING)["posts"]] == kept


def test_a_new_row_starts_with_the_defaults_of_its_read_only_fields() -> None:
    made = form(rows("posts", part("textfield", "state", readonly=True, defaultValue="拟设"), part("number", "n")))
    assert accept(made, {"posts": [{"n": 1, "state": "已批"}]}) == {"posts": [{"state": "拟设", "n": 1}]}


def test_the_first_values_have_defaults_and_default_rows() -> None:
    made = form(
        part("textfield", "title", defaultValue="申请"),
        part("checkbox", "agreed"),
        rows("posts", part("number", "count", defaultValue=1), part("taglist", "duties", values=[{"label": "a", "value": "a"}]), defaultRepetitions=2),
        group("place", part("textfield", "name")),
    )  # fmt: skip
    row = {"count": 1, "duties": []}
    assert made.empty() == {"title": "申请", "agreed": False, "posts": [row, row], "place": {"name": ""}}


def test_what_stands_comes_before_defaults_and_derived_values_come_on_top() -> None:
    made = form(
        part("textfield", "title", defaultValue="申请"),
        rows("posts", part("number", "count")),
        part("expression", "total", expression="=sum(posts.count)"),
        derive={"limit": "=case.limit"},
    )
    first = made.initial({"title": "旧", "posts": [{"count": 2}, {"count": 3}]}, {"case": {"limit": 9}}, environment())
    assert first == {"title": "旧", "posts": [{"count": 2}, {"count": 3}], "total": 5, "limit": 9}
