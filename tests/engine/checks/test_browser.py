"""What of a form a browser would judge otherwise is refused when it is published, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from engine.checks.browser import check_browser
from engine.checks.report import Report
from engine.errors import DefinitionInvalid, Problem
from engine.words import worded
from tests.engine.forms.helpers import choices, form, group, part, rows

FIELDS = (
    part("number", "price"),
    part("number", "count_of", decimalDigits=0),
    part("number", "posts", increment=1),
    part("textfield", "name"),
    part("checkbox", "agreed"),
    part("radio", "grade", values=choices("a", "b")),
    part("checklist", "marks", values=choices("x", "y")),
    part("datetime", "day"),
    rows("lines", part("number", "size", decimalDigits=0), part("textfield", "note"), part("number", "pay")),
    group("person", part("textfield", "login")),
)


def problems(*components: dict[str, Any]) -> list[Problem]:
    report = Report()
    check_browser("a.form.json", form(*FIELDS, *components), report)
    return list(report.problems)


def said(problem: Problem) -> str:
    return str(worded(problem.what, "zh"))


@pytest.mark.parametrize(
    "text",
    [
        "agreed != true",
        "name = null or name = \"\"",
        "not(agreed)",
        "price > 2.5 and price <= 10",
        "count_of + posts > 3",
        "posts * 2 - 1 = 3",
        'grade = "a" or grade = "b"',
        'grade in ["a", "b"]',
        'agreed and grade in ["a", "b"]',
        '(grade in ["a"]) or agreed',
        "count(lines) > 2",
        'count(lines[note = "x"]) > 0',
        'lines[1].note = "x"',
        "lines[size != null and size > 2][1].size = 3",
        'some r in lines satisfies r.note = "x"',
        "every r in lines satisfies r.size != null and r.size > 2",
        'list contains(marks, "x")',
        'if agreed then price > 1 else grade = "a"',
        "posts between 1 and 3",
        "sum(lines.size) > 3",
        'date(day) >= date("2026-01-01")',
        'day > "2026-01-01"',
        'person.login = "x"',
        'contains(name, "工会") or starts with(name, "a")',
        'matches(name, "^[0-9]+$")',
        'case.starter.role != "social_worker"',
        "late != true and (step = null or step != \"decide\")",
        "derived_total > limit",
        'unknown + "x" = "ax"',
        "count_a + count_b > 3",
    ],
)  # fmt: skip
def test_a_harmless_condition_is_let_in(text: str) -> None:
    assert problems(part("textfield", "x", hide=f"={text}"), part("textfield", "y", readonly=f"={text}")) == []


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("price * 1.1 > 11", "二进制小数"),
        ("price + 0.2 = 0.3", "二进制小数"),
        ("sum(lines.pay) > 3", "二进制小数"),
        ("count_of / posts > 1", "“/”"),
        ("posts ** 2 = 4", "“**”"),
        ("price > name", "文字与数字不能比较大小"),
        ("lines = []", "请比 count(…)"),
        ('marks = ["x"]', "请比 count(…)"),
        ("price in [1..5]", "请用 >= 和 <= 写"),
        ("price in (> 2)", "请用 >= 和 <= 写"),
        ("price between posts and count_of", "between 的两端"),
        ("name in marks", "list contains"),
        ('grade in ["a"] or agreed', "给 in 加括号"),
        ("every r in lines satisfies r.size > 2", "请先写 … != null and"),
        ("count(lines[contains(note, \"x\")]) > 0", "浏览器不能这样筛选"),
        ("marks[item != \"x\"][1] = \"y\"", "浏览器不能这样筛选"),
        ("round half up(price, 1) = 2.5", "函数“round half up”"),
        ("quota(kind: name) > 3", "函数“quota”"),
        ("today() > date(day)", "函数“today”"),
        ("contains(string: name, match: \"a\")", "不按名称取参数"),
        ('@"2026-01-01" = null', "没有这种写法"),
        ("price instance of number", "没有这种写法"),
        ("price > 1e3", "浏览器不认这样写"),
        ('name = "\\u7b2c1"', "浏览器不认这样写"),
        ("if if agreed then true else false then true else false", "要加括号"),
        ('matches(name, "\\\\d")', "函数“matches”"),
    ],
)  # fmt: skip
def test_what_a_browser_judges_otherwise_is_refused(text: str, zh: str) -> None:
    found = problems(part("textfield", "x", hide=f"={text}"))
    assert zh in said(found[0]) and said(found[0]).startswith("hide：")
    assert "derive" in found[0].text("zh") and all(one.place == "c_x" for one in found)


def test_every_property_that_form_js_evaluates_is_looked_at() -> None:
    wrong = "=price * 0.1"
    found = problems(
        part("number", "n", min=wrong, max=wrong),
        part("textfield", "t", minLength=wrong, maxLength=wrong, label="{{price * 0.1}}"),
        part("select", "s", valuesExpression=wrong, readonly=f"{wrong} > 1"),
        {"type": "expression", "id": "e", "key": "e", "expression": wrong},
        {"type": "table", "id": "b", "dataSource": wrong, "columns": [{"key": "a", "label": "a"}]},
        rows("inner", part("textfield", "z", hide="=this.q * 0.1 > 2"), part("number", "q")),
    )
    told = {said(one).partition("：")[0] for one in found}
    assert told == {
        "min", "max", "minLength", "maxLength", "template", "valuesExpression", "readonly", "expression", "dataSource", "hide",
    }  # fmt: skip


def test_a_field_of_a_row_does_not_hang_on_another_that_may_be_hidden() -> None:
    hidden = part("textfield", "reason", hide="=this.over != true")
    over, after = part("checkbox", "over"), part("textfield", "answer", hide="=this.reason = null")
    itself = part("textfield", "own", hide="=this.own = null")
    found = problems(rows("places", over, hidden, after, itself))
    assert [(one.place, said(one)) for one in found] == [
        ("c_places_c_answer", "hide：同一行的“reason”可能隐藏，隐藏后浏览器和服务器看到的值不同")
    ]


@pytest.mark.parametrize("name", ["a-b", "a b", "1st", "c+d"])
def test_a_field_that_expressions_name_is_named_by_a_word(name: str) -> None:
    odd, other = part("number", name, decimalDigits=0), part("textfield", "x", hide=f"={name} > 1")
    try:
        found = problems(odd, other)
    except DefinitionInvalid:  # no FEEL at all
        return
    assert f"字段名“{name}”写进表达式时，浏览器当作名称，服务器当作运算" in map(said, found)
    assert problems(odd, part("textfield", "x")) == []


def test_what_only_the_server_works_out_may_say_anything() -> None:
    report = Report()
    made = form(*FIELDS, derive={"total": "price * 1.1", "late": "date(day) < today()"})
    check_browser("a.form.json", made, report)
    assert list(report.problems) == []


@pytest.mark.parametrize("pattern", ["(?i)a", r"\Ba", "(?i:a)", "a++", "[z-a]", "a{3,1}", "(?P<n>a)"])
def test_a_pattern_of_one_dialect_is_refused(pattern: str) -> None:
    report = Report()
    try:
        made = form(part("textfield", "x", pattern=pattern))
    except DefinitionInvalid:  # RE2 has none of it either
        return
    check_browser("a.form.json", made, report)
    assert [said(one) for one in report.problems] == ["浏览器和服务器对这个 pattern 的判定不同"]


def test_the_telephones_of_form_js_are_not_ours() -> None:
    found = problems(part("textfield", "x", validationType="phone"))
    assert "phone" in said(found[0]) and '"shape": "telephone"' in found[0].text("zh")
