"""DMN 1.5, clauses 10.2 and 10.4: boxed expressions, knowledge, services and the types of a file, clause by clause."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine import semantics
from engine.dmn.decisions import load_decisions
from engine.feel import Environment, to_json
from tests.engine.dmn.dmn_files import (
    component,
    data,
    decision,
    definitions,
    item,
    knowledge,
    literal,
    service,
    simple,
    table,
)

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def answer(*parts: str, inputs: dict[str, Any] | None = None, version: int | None = None) -> Any:
    """What the decision ``it`` of a file comes to; without strictness, as DMN has it."""
    environment = Environment(NOW, strict=False, semantics=version)
    return to_json(load_decisions("tiny.dmn", definitions(*parts))["it"].evaluate(inputs or {}, environment).value)


CONDITIONAL = "<conditional><if>{}</if><then>{}</then><else>{}</else></conditional>"
FILTER = "<filter><in>{}</in><match>{}</match></filter>"
FOR = "<for iteratorVariable='i'><in>{}</in><return>{}</return></for>"
SOME = "<some iteratorVariable='i'><in>{}</in><satisfies>{}</satisfies></some>"
EVERY = "<every iteratorVariable='i'><in>{}</in><satisfies>{}</satisfies></every>"
ENTRY = "<contextEntry><variable name='a b'/>{}</contextEntry>"


@pytest.mark.parametrize(
    ("clause", "logic", "texts", "expected"),
    [
        ("10.2.1.2 FEEL", "{}", ["1 + 1"], 2),
        ("10.2.1.3 invocation", "<invocation>{}<binding><parameter name='n'/>{}</binding></invocation>", ["abs", "-1"], 1),
        ("10.2.1.3 of no function", "<invocation>{}<binding><parameter name='n'/>{}</binding></invocation>", ["1", "1"], None),
        ("10.2.1.3 without arguments", "<invocation>{}</invocation>", ["today"], "2026-01-05"),
        ("10.2.1.4 context", f"<context>{ENTRY}</context>", ["1"], {"a b": 1}),
        ("10.2.1.4 with a result", f"<context>{ENTRY}<contextEntry>{{}}</contextEntry></context>", ["1", "a b + 1"], 2),
        ("10.2.1.5 list", "<list>{}{}</list>", ["1", '"a"'], [1, "a"]),
        ("10.2.1.6 relation", "<relation><column name='x'/><column name='y z'/><row>{}{}</row></relation>", ["1", "2"],
         [{"x": 1, "y z": 2}]),
        ("10.2.1.8 true", CONDITIONAL, ["true", "1", "2"], 1),
        ("10.2.1.8 false", CONDITIONAL, ["false", "1", "2"], 2),
        ("10.2.1.8 null", CONDITIONAL, ["null", "1", "2"], 2),
        ("10.2.1.8 no boolean", CONDITIONAL, ['"true"', "1", "2"], None),
        ("10.2.1.9 filter", FILTER, ["[1, 2, 3]", "item > 1"], [2, 3]),
        ("10.2.1.9 null", FILTER, ["[1, null]", "item > 0"], [1]),
        ("10.2.1.9 no boolean", FILTER, ["[1, 2, 3]", "-1"], None),
        ("10.2.1.9 no boolean later", FILTER, ["[1, 2, 3]", 'if item = 1 then true else "yes"'], None),
        ("10.2.1.9 of nothing", FILTER, ["[]", "item > 1"], []),
        ("10.2.1.10 for", FOR, ["[1, 2]", "i * 2"], [2, 4]),
        ("10.2.1.10 range", FOR, ["[1..3]", "if i = 1 then 1 else partial[-1] * i"], [1, 2, 6]),
        ("10.2.1.10 some", SOME, ["[1, 2]", "i > 1"], True),
        ("10.2.1.10 some null", SOME, ["[null, 2]", "i > 1"], True),
        ("10.2.1.10 some no boolean", SOME, ["[1, true]", "i"], None),
        ("10.2.1.10 every", EVERY, ["[1, 2]", "i > 1"], False),
        ("10.2.1.10 every no boolean", EVERY, ["[1, false]", "i"], None),
    ],
)  # fmt: skip
def test_a_boxed_expression_means_what_its_clause_says(
    clause: str, logic: str, texts: list[str], expected: Any
) -> None:
    assert answer(decision("it", logic.format(*map(literal, texts)))) == expected, clause


def test_a_boxed_function_is_called_by_name_and_by_position() -> None:
    function = "<functionDefinition><formalParameter name='x.y' typeRef='number'/>{}</functionDefinition>"
    entries = f"<contextEntry><variable name='f'/>{function}</contextEntry><contextEntry>{{}}</contextEntry>"
    logic = f"<context>{entries}</context>"
    for call, expected in (("f(1)", 2), ("f(x.y: 1)", 2), ("f([1])", 2), ('f("a")', None), ("f(1, 2)", None)):
        assert answer(decision("it", logic.format(literal("x.y + 1"), literal(call)))) == expected, call


KNOWN = (
    knowledge("fee+tax", {"a.b": "number", "c/d": "number"}, literal("a.b + c/d"), kind="number"),
    data("x.y", "number"),
    data("x", ""),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fee+tax(1, 2)", 3),
        ("fee + tax(a.b: 1, c/d: 2)", 3),
        ("fee+tax(a.b: x.y, c/d: 2)", 9),
        ("fee+tax(a.b: 1)", None),
        ('fee+tax("1", 2)', None),
        ("fee+tax(1)", None),
    ],
)
def test_names_may_hold_points_and_other_signs(text: str, expected: Any) -> None:
    """Clauses 10.3.1.2, rules 25 to 30, and 10.3.1.5: the longest name in scope is preferred."""
    it = decision("it", literal(text), "Knowledge:fee+tax", "Input:x.y")
    assert answer(*KNOWN, it, inputs={"x.y": 7}) == expected


def test_a_parameter_of_an_invocation_may_hold_a_point() -> None:
    binding = "<binding><parameter name='{}'/>{}</binding>"
    called = literal("fee+tax") + binding.format("a.b", literal("1")) + binding.format("c/d", literal("2"))
    it = decision("it", f"<invocation>{called}</invocation>", "Knowledge:fee+tax")
    assert answer(*KNOWN, it) == 3


@pytest.mark.parametrize("call", ["fee(7)", "fee(way.km: 7)"])
def test_input_expressions_of_a_table_are_the_names_of_its_parameters(call: str) -> None:
    """Clause 10.2.1.7, for knowledge without parameters of its own."""
    fee = knowledge("fee", {}, table("UNIQUE", ["way.km"], ["o"], [("< 5", "1"), (">= 5", "way.km")]), kind="number")
    assert answer(fee, decision("it", literal(call), "Knowledge:fee")) == 7


def test_a_name_with_a_sign_is_a_name_only_where_it_is_in_scope() -> None:
    it = decision("it", literal("x.y"), "Input:x")
    other = decision("other", literal("x.y"), "Input:x.y")
    assert answer(*KNOWN, it, other, inputs={"x": {"y": 1}, "x.y": 2}) == 1
    minus = decision("it", literal("a-b"), "Input:a", "Input:b")
    assert answer(data("a"), data("b"), data("a-b"), minus, inputs={"a": 3, "b": 1, "a-b": 9}) == 2


def function_type(name: str, takes: str, gives: str) -> str:
    return item(name, f'<functionItem outputTypeRef="{gives}"><parameters name="n" typeRef="{takes}"/></functionItem>')


SERVICE = (
    function_type("tTest", "number", "number"),
    function_type("tText", "string", "number"),
    data("n", "number"),
    decision("twice", literal("n * 2"), "Input:n", kind="number"),
    decision("fixed", literal('"fixed"')),
    service("double", ["twice"], [], [], ["n"]),
    service("both", ["twice", "fixed"], [], [], ["n"]),
    service("constant", ["fixed"], [], [], ["n"]),
    knowledge("apply", {"f": "tTest"}, literal("f(3)")),
    knowledge("free", {"f": ""}, literal("f(n: 3)")),
)
KNOWLEDGE = tuple(f"Knowledge:{one}" for one in ("double", "both", "constant", "apply", "free"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("double(2)", 4),
        ("double(n: [2])", 4),
        ("double(null)", None),
        ('double("a")', None),
        ('constant("a")', None),
        ("constant(null)", "fixed"),
        ("both(2)", {"twice": 4, "fixed": "fixed"}),
        ("double()", None),
        ("double(m: 2)", None),
        ("apply(double)", 6),
        ("free(double)", 6),
        ("apply(both)", None),
        ("free(both).twice", 6),
        ("apply(constant)", "fixed"),
        ("(function(f) f(4))(double)", 8),
        ("list replace([1, 2], function(item, new) double(item) = 4, 9)", [1, 9]),
        ("double instance of tTest", True),
        ("double instance of tText", False),
        ("double instance of function<number> -> number", True),
        ("double instance of function<number> -> string", False),
        ("both instance of function<number> -> context<twice: number>", True),
    ],
)
def test_a_decision_service_is_a_function_of_its_types(text: str, expected: Any) -> None:
    """Clause 10.4: its parameters are its inputs, its result the value of its decision, or the context of several."""
    assert answer(*SERVICE, decision("it", literal(text), *KNOWLEDGE)) == expected


GRADES = (
    item("tGrade", simple("string", '"a", "b"')),
    item("tPost", component("grade", simple("tGrade")) + component("count", simple("number", "> 0"))),
    item("tPosts", simple("tPost"), collection=True),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a" instance of tGrade', True),
        ('"c" instance of tGrade', True),
        ("1 instance of tGrade", False),
        ('{grade: "c", count: 0} instance of tPost', True),
        ('{grade: "c"} instance of tPost', False),
        ('[{grade: "c", count: 0}] instance of tPosts', True),
        ('["c"] instance of list<tGrade>', True),
        ('["c"..."d"] instance of range<tGrade>'.replace("...", ".."), True),
        ("null instance of tGrade", False),
        ("1 instance of tNothing", None),
    ],
)
def test_instance_of_asks_for_the_type_and_not_for_allowed_values(text: str, expected: Any) -> None:
    """Table 61 and clause 10.3.2.9: a type of the file is the type that its definition comes to."""
    assert answer(*GRADES, decision("it", literal(text))) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [("tGrade", '"c"', None), ("tPost", '{grade: "a", count: 0}', None), ("tPost", '{grade: "a", count: 1}', 1)],
)
def test_a_result_is_one_of_the_allowed_values_or_null(kind: str, text: str, expected: Any) -> None:
    found = answer(*GRADES, decision("it", literal(text), kind=kind))
    assert (found["count"] if isinstance(found, dict) else found) == expected


@pytest.mark.parametrize(
    ("policy", "rows", "expected"),
    [
        ("UNIQUE", [("> 1", "1"), ("> 5", "2")], 1),
        ("UNIQUE", [("> 1", "1"), ("> 2", "2")], None),
        ("ANY", [("> 1", "1"), ("> 2", "1")], 1),
        ("ANY", [("> 1", "1"), ("> 2", "2")], None),
        ("FIRST", [("> 1", "1"), ("> 2", "2")], 1),
        ("PRIORITY", [("> 1", "1"), ("> 2", "2")], 2),
        ("COLLECT", [("> 1", "1"), ("> 2", "2")], [1, 2]),
        ("RULE ORDER", [("> 1", "1"), ("> 2", "2")], [1, 2]),
        ("OUTPUT ORDER", [("> 1", "1"), ("> 2", "2")], [2, 1]),
        ("UNIQUE", [("> 9", "1")], None),
        ("UNIQUE", [("not(> 9)", "1")], 1),
        ("UNIQUE", [("? > 2 and ? < 4", "1")], 1),
        ("UNIQUE", [("2, 3", "1")], 1),
        ("UNIQUE", [("-", "1")], 1),
        ("UNIQUE", [("[1, 3]", "1")], 1),
        ("UNIQUE", [("!= 4", "2")], 2),
    ],
)
def test_a_table_answers_as_its_policy_says(policy: str, rows: list[tuple[str, str]], expected: Any) -> None:
    """Clause 10.3.2.10."""
    it = decision("it", table(policy, ["n"], ["o|2,1"], rows), "Input:n")
    assert answer(data("n", "number"), it, inputs={"n": 3}) == expected


FIRST = (
    (decision("it", CONDITIONAL.format(*map(literal, ('"true"', "1", "2")))), 2),
    (decision("it", FILTER.format(*map(literal, ("[1, 2, 3]", "-1")))), 3),
    (decision("it", SOME.format(*map(literal, ("[1, true]", "i")))), True),
    (decision("it", literal('constant("a")'), *KNOWLEDGE), "fixed"),
    (decision("it", literal("apply(double)"), *KNOWLEDGE), None),
    (decision("it", literal('"c" instance of tGrade')), False),
)


@pytest.mark.parametrize(("it", "expected"), FIRST)
def test_what_ran_under_the_first_semantics_runs_so_again(it: str, expected: Any) -> None:
    assert answer(*SERVICE, *GRADES, it, version=semantics.FIRST) == expected
    assert answer(*SERVICE, *GRADES, it) != expected
