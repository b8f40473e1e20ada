"""Types of a model and what belongs to them, and boxed expressions, through the door of decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.dmn.decisions import load_decisions
from engine.feel import Environment, to_json
from tests.engine.dmn.dmn_files import component, decision, definitions, item, knowledge, literal, simple, table

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def answer(*parts: str) -> Any:
    """What the decision ``it`` of these elements comes to."""
    decided = load_decisions("tiny.dmn", definitions(*parts))["it"]
    return to_json(decided.evaluate({}, Environment(NOW)).value)


PERSON = item("tPerson", component("name", simple("string")) + component("age", simple("number")))
TYPES = (
    PERSON,
    item("tPeople", simple("tPerson"), collection=True),
    item("tGrade", simple("string", '"a", "b"')),
    item("tGrades", simple("string", '"a", "b"'), collection=True),
    item("tFew", simple("number", constraint="count(?) <= 2"), collection=True),
    item("tSmall", simple("number", "< 10")),
    item("tTiny", simple("tSmall", "> 5")),
    item("tSpan", component("from", simple("number")) + component("to", simple("number", constraint="? >= from"))),
    item("tNumbers", simple("number"), collection=True),
    item("tLists", simple("tNumbers"), collection=True),
    item("tTest", '<functionItem outputTypeRef="boolean"><parameters name="x" typeRef="number"/></functionItem>'),
)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("tPerson", '{name: "A", age: 1, more: true}', {"name": "A", "age": 1, "more": True}),
        ("tPerson", '{name: "A"}', None),
        ("tPerson", '[{name: "A", age: 1}]', {"name": "A", "age": 1}),
        ("tPeople", '{name: "A", age: 1}', [{"name": "A", "age": 1}]),
        ("tPeople", '[{name: "A", age: "x"}]', None),
        ("tGrade", '"b"', "b"),
        ("tGrade", '"c"', None),
        ("tGrades", '["a", "b", "a"]', ["a", "b", "a"]),
        ("tGrades", '["a", "c"]', None),
        ("tFew", "[1, 2]", [1, 2]),
        ("tFew", "[1, 2, 3]", None),
        ("tTiny", "7", 7),
        ("tTiny", "17", None),
        ("tTiny", "3", None),
        ("tSpan", "{from: 1, to: 2}", {"from": 1, "to": 2}),
        ("tSpan", "{from: 3, to: 2}", None),
        ("date and time", '@"2026-01-01"', "2026-01-01T00:00:00Z"),
        ("number", '"1"', None),
        ("boolean", "(function(x: number) x > 1)(2)", True),
        ("tLists", "[1]", [[1]]),
        ("tLists", "1", None),
    ],
)
def test_a_result_is_of_the_type_of_its_variable_or_null(kind: str, text: str, expected: Any) -> None:
    assert answer(*TYPES, decision("it", literal(text), kind=kind)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{name: "A", age: 1} instance of tPerson', True),
        ('{name: "A"} instance of tPerson', False),
        ('[{name: "A", age: 1}] instance of tPeople', True),
        ('[{name: "A", age: 1}] instance of list<tPerson>', True),
        ('"c" instance of tGrade', True),
        ("1 instance of tGrade", False),
        ("1 instance of tNothing", None),
        ("(function(x: number) x > 1) instance of tTest", True),
        ("(function(x: string) x) instance of tTest", False),
        ("(function(x, y) x) instance of tTest", False),
        ('(function(p: tPerson) p.name)({name: "A", age: 1})', "A"),
        ("(function(p: tPerson) p.name)(1)", None),
        ("(function(x: Any) 1) instance of function<number>->Any", True),
        ("(function(x: number) 1) instance of function<Any>->Any", False),
        ("abs instance of function<number>->number", True),
        ("known instance of function<number>->number", True),
        ("known instance of function<number>->string", False),
    ],
)
def test_the_types_of_a_file_are_types_of_its_expressions(text: str, expected: Any) -> None:
    known = knowledge("known", {"x": "number"}, literal("x"), kind="number")
    assert answer(*TYPES, known, decision("it", literal(text), "Knowledge:known")) == expected


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ("<conditional><if>{}</if><then>{}</then><else>{}</else></conditional>|null|1|2", 2),
        ("<for iteratorVariable='i'><in>{}</in><return>{}</return></for>|[1..3]|if i = 1 then i else partial[-1] + i", [1, 3, 6]),
        ("<for iteratorVariable='i'><in>{}</in><return>{}</return></for>|null|i", None),
        ("<every iteratorVariable='an item'><in>{}</in><satisfies>{}</satisfies></every>|[1, 2]|an item > 0", True),
        ("<some iteratorVariable='i'><in>{}</in><satisfies>{}</satisfies></some>|[]|i > 0", False),
        ("<filter><in>{}</in><match>{}</match></filter>|[{a: 1}, {a: 2}]|a > 1", [{"a": 2}]),
        ("<filter><in>{}</in><match>{}</match></filter>|[1, 2, 3]|-1", None),
        ("<list>{}<context><contextEntry><variable name='a b'/>{}</contextEntry></context></list>|1|2", [1, {"a b": 2}]),
        ("<invocation>{}<binding><parameter name='list'/>{}</binding></invocation>|count|[1, 2]", 2),
        ("<invocation>{}<binding><parameter name='other'/>{}</binding></invocation>|count|[1, 2]", None),
        ("<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='x' typeRef='number'/>"
         "{}</functionDefinition></contextEntry><contextEntry>{}</contextEntry></context>|x + 1|f(2)", 3),
        ("<list typeRef='number'>{}</list>|\"x\"", None),
    ],
)  # fmt: skip
def test_a_boxed_expression_means_what_its_text_would(logic: str, expected: Any) -> None:
    shape, *texts = logic.split("|")
    assert answer(decision("it", shape.format(*map(literal, texts)))) == expected


RANKED = [("-", '"b"'), ("-", '"a"')]


@pytest.mark.parametrize("policy", ["PRIORITY", "OUTPUT ORDER"])
def test_values_of_a_type_rank_outputs_as_values_of_the_table_would(policy: str) -> None:
    logic = table(policy, ["1"], ["o"], RANKED)
    at_table = logic.replace(
        "<decisionTable ", '<decisionTable typeRef="tGrades" ' if policy[0] == "O" else "<decisionTable "
    )
    found = answer(*TYPES, decision("it", at_table, kind="" if policy[0] == "O" else "tGrade"))
    assert found == (["a", "b"] if policy == "OUTPUT ORDER" else "a")


def test_a_table_of_knowledge_takes_its_inputs_for_parameters() -> None:
    fee = knowledge("fee", {}, table("UNIQUE", ["km"], ["o"], [("< 5", "1"), (">= 5", "2")]), kind="number")
    assert answer(fee, decision("it", literal("[fee(3), fee(km: 7)]"), "Knowledge:fee")) == [1, 2]


def test_the_type_of_knowledge_may_be_that_of_the_function() -> None:
    known = knowledge("known", {"x": "number"}, literal("x > 1"), kind="tTest")
    assert answer(*TYPES, known, decision("it", literal("known(2)"), "Knowledge:known")) is True
