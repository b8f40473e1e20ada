"""Hidden, read-only, derived and computed: what the client cannot reach."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import NoRuleMatched
from engine.feel.errors import BudgetExceeded
from tests.engine.forms.helpers import accept, environment, errors, form, group, part, rows, told

KIND = part("textfield", "kind")


def test_a_hidden_field_never_enters_and_is_not_required() -> None:
    made = form(KIND, part("textfield", "reason", "理由", required=True, hide='=kind = "open"'))
    assert accept(made, {"kind": "open", "reason": "x"}) == {"kind": "open"}
    assert errors(made, {"kind": "close"}) == {"reason": "请填写“理由”"}


def test_a_wrong_type_in_a_hidden_field_is_no_error() -> None:
    made = form(KIND, part("number", "count", hide='=kind = "open"'))
    assert accept(made, {"kind": "open", "count": "many"}) == {"kind": "open"}


def test_a_hidden_group_or_list_goes_with_all_that_is_in_it() -> None:
    made = form(
        KIND,
        group("place", part("textfield", "name", required=True), hide='=kind = "open"'),
        rows("posts", part("textfield", "duty", required=True), minItems=1, hide='=kind = "open"'),
    )
    given = {"kind": "open", "place": {"name": "a"}, "posts": [{"duty": "b"}]}
    assert accept(made, given) == {"kind": "open"}
    assert list(errors(made, {"kind": "x"})) == ["place.name", "posts"]


@pytest.mark.parametrize(
    ("hide", "hidden"),
    [
        ("=flag", True),  # null is met in form-js: a test whose input is null
        ("=flag = true", False),
        ("=not(flag)", False),
        ("=not(flag = true)", True),
        ("=count > 1", True),  # null compared is null
        ("=not(count > 1)", False),
        ("=not(count > 1) and kind = \"x\"", False),
        ('=kind = "open"', True),
        ("=kind", False),
        ("=1", False),
        ("=list contains([\"open\"], kind)", True),
    ],
)  # fmt: skip
def test_conditions_mean_what_they_mean_in_the_browser(hide: str, hidden: bool) -> None:
    made = form(KIND, part("textfield", "x", hide=hide))
    assert ("x" not in accept(made, {"kind": "open", "x": "a"})) is hidden


def test_inside_a_row_a_condition_sees_this_row_its_number_and_the_level_above() -> None:
    made = form(
        KIND,
        rows(
            "units",
            part("number", "size"),
            part("textfield", "big", hide="=this.size < 10"),
            part("textfield", "first", hide="=i[1] != 1"),
            rows("posts", part("textfield", "a", hide="=parent.size < 10"), part("textfield", "b", hide='=kind = "x"'),
                 part("textfield", "c", hide="=i[-1] != 2 or parent.parent.kind != \"x\"")),
        ),
    )  # fmt: skip
    post = {"a": "a", "b": "b", "c": "c"}
    units = [{"size": size, "big": "y", "first": "z", "posts": [dict(post), dict(post)]} for size in (20, 5)]
    assert accept(made, {"kind": "x", "units": units})["units"] == [
        {"size": 20, "big": "y", "first": "z", "posts": [{"a": "a"}, {"a": "a", "c": "c"}]},
        {"size": 5, "posts": [{}, {"c": "c"}]},
    ]


def test_a_hidden_field_reads_as_untouched_like_in_the_browser() -> None:
    made = form(
        KIND,
        part("textfield", "b", hide='=kind = "open"'),
        part("textfield", "c", hide='=b = ""'),
        part("textfield", "d", hide='=c = ""'),
        part("textfield", "e", hide="=d = null"),
    )
    sent = {"b": "1", "c": "2", "d": "3", "e": "4"}
    assert accept(made, {"kind": "open", **sent}) == {"kind": "open", "e": "4"}
    assert accept(made, {"kind": "x", **sent}) == {"kind": "x", **sent}
    assert accept(made, {"kind": "open", **sent}, {"b": "old"}) == {"kind": "open", "c": "2", "d": "3", "e": "4"}


def test_conditions_that_contradict_each_other_are_an_error_not_a_loop() -> None:
    made = form(part("textfield", "a", "甲", hide='=b = "1"'), part("textfield", "b", "乙", hide='=a = ""'))
    found = errors(made, {"a": "1", "b": "1"})
    assert found
    assert all(text.endswith("的显示或只读条件互相矛盾，请联系流程设计人员") for text in found.values())


@pytest.mark.parametrize("flag", ["readonly", "disabled"])
def test_a_read_only_field_keeps_what_stands(flag: str) -> None:
    made = form(part("textfield", "title", **{flag: True}), part("number", "n", defaultValue=4, **{flag: True}))
    assert accept(made, {"title": "改", "n": 9}, {"title": "原"}) == {"title": "原", "n": 4}
    assert accept(made, {}, {"title": "原", "n": 5}) == {"title": "原", "n": 5}


def test_a_field_may_be_read_only_by_a_condition() -> None:
    made = form(KIND, part("textfield", "title", readonly='=kind = "fixed"'))
    assert accept(made, {"kind": "fixed", "title": "改"}, {"title": "原"})["title"] == "原"
    assert accept(made, {"kind": "free", "title": "改"}, {"title": "原"})["title"] == "改"
    assert accept(made, {"kind": "fixed", "title": 5}, {"title": "原"})["title"] == "原"


def test_a_read_only_condition_cannot_be_switched_off_by_a_field_that_is_itself_fixed() -> None:
    made = form(part("textfield", "kind", readonly=True), part("textfield", "title", readonly='=kind = "fixed"'))
    standing = {"kind": "fixed", "title": "原"}
    assert accept(made, {"kind": "free", "title": "改"}, standing) == standing


def test_derived_values_overwrite_what_the_client_sent() -> None:
    made = form(
        part("number", "count"),
        part("number", "quota"),
        derive={"quota": "=count * 2", "over": "=quota > 10", "level": "=case.level"},
    )
    clean = accept(made, {"count": 6, "quota": 999, "over": False, "level": 0}, context={"case": {"level": 2}})
    assert clean == {"count": 6, "quota": 12, "over": True, "level": 2}


def test_a_condition_may_hang_on_a_derived_value_of_its_row() -> None:
    made = form(
        rows("posts", part("number", "count"), part("textarea", "reason", "理由", required=True, hide="=this.over != true")),
        derive={"posts": "=for p in posts return context put(p, \"over\", p.count > 1)"},
    )  # fmt: skip
    assert accept(made, {"posts": [{"count": 1, "reason": "x", "over": True}]}) == {
        "posts": [{"count": 1, "over": False}]
    }
    assert errors(made, {"posts": [{"count": 1}, {"count": 2}]}) == {"posts[1].reason": "第2行请填写“理由”"}


def test_a_derived_field_may_be_hidden_by_its_own_value() -> None:
    made = form(
        KIND,
        part("textfield", "note", readonly=True, hide='=note = ""'),
        rows("posts", part("number", "n"), part("number", "quota", readonly=True, hide="=this.quota = null or this.quota = 0")),
        derive={"note": '=if kind = "x" then "看" else ""', "posts": '=for p in posts return context put(p, "quota", p.n)'},
    )  # fmt: skip
    given = {"kind": "x", "posts": [{"n": 0}, {"n": 2}]}
    assert accept(made, given) == {"kind": "x", "note": "看", "posts": [{"n": 0}, {"n": 2, "quota": 2}]}
    assert "note" not in accept(made, {**given, "kind": "y", "note": "改"})


def test_derived_values_do_not_count_what_is_hidden() -> None:
    made = form(
        KIND, part("number", "cost", hide='=kind = "free"'), derive={"total": "=if cost = null then 0 else cost"}
    )
    assert accept(made, {"kind": "free", "cost": 5}) == {"kind": "free", "total": 0}
    assert accept(made, {"kind": "paid", "cost": 5})["total"] == 5


def test_a_list_that_cannot_be_derived_is_an_error_and_loses_no_rows() -> None:
    made = form(rows("posts", part("number", "count"), label="岗位"), derive={"posts": "=1 + 1"})
    assert errors(made, {"posts": [{"count": 1}]}) == {"posts": "“岗位”无法计算"}
    checked = made.check({"posts": [{"count": 1}]}, initial={}, context={}, environment=environment())
    assert checked.data == {"posts": [{"count": 1}]}


def test_a_refusal_inside_a_derivation_becomes_an_error_of_the_field() -> None:
    def quota(kind: Any) -> Any:
        raise NoRuleMatched(decision="配备标准", inputs=str(kind))

    made = form(KIND, part("number", "quota", "配备标准"), derive={"quota": "=quota_of(kind)"})
    found = errors(made, {"kind": "x"}, env=environment(quota_of=quota))
    assert found == {"quota": "“配备标准”无法计算：决策表“配备标准”没有适用的规则，输入为：x"}


def test_an_expression_that_never_ends_becomes_an_error_of_the_field() -> None:
    endless = "=count(for a in 1..1000, b in 1..1000, c in 1..1000 return a)"
    assert list(errors(form(part("expression", "x", expression=endless)), {})) == ["x"]


def test_a_condition_that_never_ends_refuses_and_decides_nothing() -> None:
    made = form(part("textfield", "y", hide="=count(for a in 1..1000, b in 1..1000, c in 1..1000 return a) > 0"))
    with pytest.raises(BudgetExceeded):
        errors(made, {"y": "a"})


def test_computed_fields_are_worked_out_in_every_row() -> None:
    made = form(
        rows("posts", part("number", "count"), part("expression", "double", expression="=this.count * 2")),
        group("sum", part("expression", "all", expression="=sum(posts.double)")),
    )
    clean = accept(made, {"posts": [{"count": 1, "double": 7}, {"count": 2}], "sum": {"all": 99}})
    assert clean == {"posts": [{"count": 1, "double": 2}, {"count": 2, "double": 4}], "sum": {"all": 6}}


def test_a_check_returns_clean_data_with_its_errors() -> None:
    made = form(KIND, part("number", "count", "数量", required=True, max=5), derive={"twice": "=count * 2"})
    checked = made.check({"kind": " a ", "count": 9}, initial={}, context={}, environment=environment())
    assert checked.data == {"kind": "a", "count": 9, "twice": 18}
    assert {path: told(what) for path, what in checked.errors.items()} == {
        "count": ("“数量”应为不大于5的数", "“数量” must not be more than 5")
    }


def test_neither_the_submission_nor_what_stands_is_changed() -> None:
    made = form(rows("posts", part("textfield", "a", readonly=True), part("textfield", "b", hide="=true")))
    given, standing = {"posts": [{"a": "1", "b": "2"}]}, {"posts": [{"a": "1"}]}
    accept(made, given, standing)["posts"][0]["a"] = "changed"
    assert (given, standing) == ({"posts": [{"a": "1", "b": "2"}]}, {"posts": [{"a": "1"}]})
