"""What expressions mean, through the public door of FEEL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.feel import Environment, FeelSyntaxError, compile_expression, to_json

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
DATA = {
    "workers": 1200,
    "rate": 0.25,
    "posts": [{"kind": "office", "count": 3}, {"kind": "street", "count": 4}],
    "case": {"organisation": {"name": "长安区"}},
    "职工数": 800,
    "date": "2026-01-01",
}


def value(text: str, data: dict[str, Any] | None = None, functions: dict[str, Any] | None = None) -> Any:
    return to_json(compile_expression(text).evaluate(data or DATA, Environment(NOW, functions)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("= workers * rate", 300),
        ("0.1 + 0.2 = 0.3", True),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("职工数 + 1", 801),
        ('posts[kind = "office"].count', [3]),
        ("posts[-1].count", 4),
        ("posts[3]", None),
        ("sum(posts.count)", 7),
        ('case.organisation.name + "总工会"', "长安区总工会"),
        ('if workers >= 1000 then "large" else "small"', "large"),
        ("some p in posts satisfies p.count > 3", True),
        ("every p in posts satisfies p.count > 3", False),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 0..4 return if i < 2 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3, 5]),
        ("for x in [1, 2], y in [x, 10] return x * y", [1, 10, 4, 20]),
        ('{ a: 1, b: a + 1, "c d": b }', {"a": 1, "b": 2, "c d": 2}),
        ("{ f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5) }.r", 120),
        ("5 in (1..5]", True),
        ("5 in (< 3, >= 5)", True),
        ("workers between 1 and 2000", True),
        ("null = false", False),
        ("false and null", False),
        ("true and null", None),
        ("true or null", True),
        ('1 = "1"', None),
        ("[1, 2, 3] instance of list<number>", True),
        ('date(date) + duration("P1M")', "2026-02-01"),
        ('today() - date("2026-01-01")', "P4D"),
        ("today().weekday", 1),
        ("now()", "2026-01-05T09:30:00Z"),
        ('@"2026-01-31" + @"P1M"', "2026-02-28"),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ("nothing.at.all", None),
        ("1 / 0", None),
        ("string(3.50)", "3.5"),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ("/* why */ 1 // because\n + 1", 2),
    ],
)
def test_an_expression_has_its_value(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_functions_of_the_engine_take_named_arguments() -> None:
    quota = {"quota": lambda kind, workers=0: len(kind) + workers}
    assert value('quota(kind: "ab", workers: workers)', functions=quota) == 1202
    assert value('quota(kind: "ab")', functions=quota) == 2
    assert value('quota(sort: "ab")', functions=quota) is None


def test_a_missing_name_is_null_and_says_so() -> None:
    environment = Environment(NOW)
    assert compile_expression("missing + 1").evaluate({}, environment) is None
    assert "missing" in environment.warnings[0].text()


def test_a_wrong_text_tells_where_and_what_was_expected() -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("if a\nthen b")
    error = caught.value
    assert (error.line, error.column, error.expected) == (2, 7, "else")
    assert error.message("zh") == "表达式第 2 行第 7 个字符处有误：表达式到此结束，此处应为“else”"


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("a == 1", "相等只写一个“=”"),
        ('{a: 1, "a": 2}', "“a”在同一个上下文中写了两次"),
        ("a <> 1", "不等写作“!=”"),
        ("a && b", "“&&”应写作 and"),
        ("'abc'", "文字要用双引号"),
        ("not a", "not 后面要加括号"),
        ("f(1", "此处应为“)”"),
        ("{a: 1", "此处应为“}”"),
        ('"abc', "引号没有成对"),
        ('@"2026-13-01"', "不是日期、时间或时长"),
        ("职工数＞100", "全角符号 ＞ 应改为半角 >"),
    ],
)
def test_habits_of_other_languages_are_named(text: str, zh: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert zh in caught.value.message("zh")


def test_what_an_expression_needs_from_outside_is_known() -> None:
    expression = compile_expression('sum(posts[kind = "x"].count) + for_all(limit, function(n) n + 1)')
    assert expression.names == frozenset({"posts", "limit"})
    assert expression.perhaps == frozenset({"kind"})
    assert expression.called == frozenset({"for_all"})


def test_a_full_width_bracket_is_named() -> None:
    with pytest.raises(FeelSyntaxError, match=r"full-width （"):
        compile_expression("sum（1）")
