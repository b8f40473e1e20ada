"""Decisions through their door: hit policies, defaults, allowed values, requirements, reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn.decisions import (
    Decision,
    DecisionResult,
    RulesOverlap,
    ValueNotAllowed,
    decision_functions,
    load_decisions,
)
from engine.errors import DefinitionInvalid, NoRuleMatched
from engine.feel import BudgetExceeded, Environment, compile_expression, to_json
from tests.engine.dmn.dmn_files import data, decision, definitions, literal, table

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def load(*parts: str) -> dict[str, Decision]:
    return load_decisions("tiny.dmn", definitions(*parts))


def ask(logic: str, inputs: dict[str, Any]) -> Any:
    result = load(decision("it", logic))["it"].evaluate(inputs, Environment(NOW))
    return to_json(result.value), result.rules


GRADES = [("> 1", '"low"'), ("> 2", '"high"'), ("> 2", '"mid"')]


@pytest.mark.parametrize(
    ("policy", "aggregation", "value", "expected", "rules"),
    [
        ("UNIQUE", "", 2, "low", ("r1",)),
        ("FIRST", "", 3, "low", ("r1",)),
        ("PRIORITY", "", 3, "high", ("r2",)),
        ("OUTPUT ORDER", "", 3, ["high", "mid", "low"], ("r2", "r3", "r1")),
        ("RULE ORDER", "", 3, ["low", "high", "mid"], ("r1", "r2", "r3")),
        ("COLLECT", "", 3, ["low", "high", "mid"], ("r1", "r2", "r3")),
        ("COLLECT", "COUNT", 3, 3, ("r1", "r2", "r3")),
        ("COLLECT", "", 0, [], ()),
        ("COLLECT", "COUNT", 0, 0, ()),
    ],
)
def test_a_hit_policy_settles_what_several_rules_say(
    policy: str, aggregation: str, value: int, expected: Any, rules: tuple[str, ...]
) -> None:
    logic = table(policy, ["n"], ['grade|"high","mid","low"'], GRADES, aggregation)
    assert ask(logic, {"n": value}) == (expected, rules)


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30)])
def test_collected_numbers_are_aggregated(aggregation: str, expected: int) -> None:
    rows = [("> 1", "10"), ("> 2", "20"), ("> 2", "30")]
    assert ask(table("COLLECT", ["n"], ["pay"], rows, aggregation), {"n": 3}) == (expected, ("r1", "r2", "r3"))


def test_any_takes_rules_that_agree_and_refuses_rules_that_do_not() -> None:
    logic = table("ANY", ["n"], ["ok"], [("> 1", "true"), ("> 2", "true"), ("> 9", "false")])
    assert ask(logic, {"n": 3}) == (True, ("r1", "r2"))
    with pytest.raises(RulesOverlap, match="r1, r2, r3"):
        ask(logic, {"n": 10})


def test_unique_refuses_a_second_hit() -> None:
    with pytest.raises(RulesOverlap, match="r1, r2, r3"):
        ask(table("UNIQUE", ["n"], ["grade"], GRADES), {"n": 3})


def test_a_gap_is_refused_and_names_the_inputs() -> None:
    with pytest.raises(NoRuleMatched) as caught:
        ask(table("UNIQUE", ["n"], ["grade"], GRADES), {"n": 0})
    assert caught.value.message("zh") == "决策表“it”没有适用的规则，输入为：n=0"


def test_a_declared_default_fills_the_gap_without_a_rule() -> None:
    logic = table("UNIQUE", ["n"], ['grade||"none"', "pay||0"], [("> 1", '"low" ; 5')])
    assert ask(logic, {"n": 2}) == ({"grade": "low", "pay": 5}, ("r1",))
    assert ask(logic, {"n": None}) == ({"grade": "none", "pay": 0}, ())


def test_values_outside_of_those_declared_are_refused() -> None:
    logic = table("FIRST", ['kind|"a","b"'], ['out|"x","a"'], [('"a"', '"x"'), ("-", "kind")])
    assert ask(logic, {"kind": "a"})[0] == "x"
    with pytest.raises(ValueNotAllowed, match="“kind” may not be c"):
        ask(logic, {"kind": "c"})
    with pytest.raises(ValueNotAllowed, match="“out” may not be b"):
        ask(logic, {"kind": "b"})


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("-", None, True),
        ("null", None, True),
        ("null, < 3", 2, True),
        ("[1..3)", 3, False),
        ("(1..3]", 3, True),
        ("]1..3[", 2, True),
        ("< limit", 4, True),
        ("list contains(known, ?)", 7, True),
        ("? > 3 and ? < 5", 4, True),
        ("known", 8, True),
        ("limit > 100", 4, False),
        ("true", True, True),
        ("true", False, False),
        ("not(true)", False, True),
        ("= 4", 4, True),
        ("!= 4", 4, False),
    ],
)
def test_a_cell_tests_its_input(cell: str, value: Any, matches: bool) -> None:
    logic = table("FIRST", ["n"], ["hit"], [(cell, "true"), ("-", "false")])
    assert ask(logic, {"n": value, "limit": 5, "known": [7, 8]})[0] is matches


def test_a_value_of_the_wrong_type_is_refused_and_not_taken_for_null() -> None:
    logic = table("FIRST", ["n"], ["hit"], [("null", "1"), ("-", "2")])
    typed = logic.replace("<inputExpression>", '<inputExpression typeRef="number">')
    assert ask(typed, {"n": None})[0] == 1
    with pytest.raises(ValueNotAllowed, match="“n” may not be many"):
        ask(typed, {"n": "many"})
    graph = load(data("n", "number"), decision("it", literal("n = null"), "Input:n"))
    with pytest.raises(ValueNotAllowed, match="“n” may not be many"):
        graph["it"].evaluate({"n": "many"}, Environment(NOW))


def test_iso_text_is_a_date_where_the_table_declares_one() -> None:
    logic = table("FIRST", ["on"], ["late"], [('>= date("2026-01-01")', "true"), ("-", "false")])
    typed = logic.replace("<inputExpression>", '<inputExpression typeRef="date">')
    assert ask(typed, {"on": "2026-02-01"})[0] is True
    assert ask(typed, {"on": "2025-02-01"})[0] is False


def test_required_decisions_are_worked_out_first_and_give_their_own_reasons() -> None:
    loaded = load(
        data("age", "number"),
        decision("grown_up", literal("age >= 18"), "Input:age", kind="boolean", name="Grown up"),
        decision("band", table("UNIQUE", ["age"], ["b"], [("< 30", '"young"'), (">= 30", '"old"')]), "Input:age"),
        decision("word", literal('if Grown up then band + "!" else "child"'), "Decision:grown_up", "Decision:band"),
    )
    assert loaded["word"].parameters == ("age",)
    result = loaded["word"].evaluate({"age": 40}, Environment(NOW))
    assert (result.value, result.rules) == ("old!", ())
    assert [(one.decision, one.rules) for one in result.required] == [("grown_up", ()), ("band", ("r2",))]


def test_knowledge_is_called_by_name_and_by_invocation() -> None:
    knowledge = (
        '<businessKnowledgeModel id="fac" name="factorial"><variable name="factorial"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="number"/>'
        + literal("if n < 2 then 1 else n * factorial(n - 1)")
        + "</encapsulatedLogic><knowledgeRequirement><requiredKnowledge href='#fac'/></knowledgeRequirement>"
        "</businessKnowledgeModel>"
    )
    invocation = (
        f"<invocation>{literal('factorial')}<binding><parameter name='n'/>{literal('4')}</binding></invocation>"
    )
    loaded = load(
        knowledge,
        decision("by_name", literal("factorial(5)"), "Knowledge:fac"),
        decision("by_invocation", invocation, "Knowledge:fac"),
    )
    assert loaded["by_name"].evaluate({}, Environment(NOW)).value == 120
    assert loaded["by_invocation"].evaluate({}, Environment(NOW)).value == 24


def test_boxed_contexts_lists_relations_and_loops_have_their_values() -> None:
    context = (
        f"<context><contextEntry><variable name='a'/>{literal('n + 1')}</contextEntry>"
        f"<contextEntry><variable name='b c'/><list>{literal('a')}{literal('2')}</list></contextEntry>"
        f"<contextEntry>{literal('sum(b c)')}</contextEntry></context>"
    )
    relation = (
        "<relation><column name='x'/><column name='y'/>"
        f"<row>{literal('1')}{literal('n')}</row><row>{literal('2')}{literal('3')}</row></relation>"
    )
    loop = f"<for iteratorVariable='i'><in>{literal('1..3')}</in><return>{literal('i * n')}</return></for>"
    choice = f"<conditional><if>{literal('n > 1')}</if><then>{literal('10')}</then><else>{literal('20')}</else></conditional>"
    kept = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > n')}</match></filter>"
    some = f"<some iteratorVariable='i'><in>{literal('[1, 2]')}</in><satisfies>{literal('i > n')}</satisfies></some>"
    values = [
        to_json(load(decision("it", logic))["it"].evaluate({"n": 2}, Environment(NOW)).value)
        for logic in (context, relation, loop.replace("1..3", "[1, 2, 3]"), choice, kept, some)
    ]
    assert values == [5, [{"x": 1, "y": 2}, {"x": 2, "y": 3}], [2, 4, 6], 10, [3], False]


def test_decisions_are_functions_of_feel_and_every_answer_is_reported() -> None:
    seen: list[DecisionResult] = []
    logic = table("UNIQUE", ["kind", "n"], ["max||0"], [('"a" ; > 1', "n * 2")])
    functions = decision_functions(load(decision("quota", logic)), seen.append)
    environment = Environment(NOW, functions)
    expression = compile_expression('for x in [1, 2] return quota(kind: "a", n: x)')
    assert to_json(expression.evaluate({}, environment)) == [0, 4]
    assert [(one.rules, to_json(one.inputs)) for one in seen] == [
        ((), {"kind": "a", "n": 1}),
        (("r1",), {"kind": "a", "n": 2}),
    ]
    assert compile_expression('quota(kind: "b")').evaluate({}, environment) == 0


def test_names_and_parameters_come_from_the_file() -> None:
    source = decision("quota", literal("职工数 / 3000")).replace("<decision ", '<decision gw:nameEn="Quota" ')
    loaded = load(source.replace('name="quota"', 'name="名额"'))["quota"]
    assert (loaded.name, loaded.parameters) == (("名额", "Quota"), ("职工数",))


@pytest.mark.parametrize(
    ("part", "place", "zh"),
    [
        (decision("it", literal("1 +")), "it", "表达式到此结束"),
        (decision("it", ""), "it", "没有决策逻辑"),
        (decision("it", literal("1"), "Decision:gone"), "it", "引用的“gone”不存在"),
        (decision("it", literal("it"), "Decision:it"), "it", "成了环"),
        (decision("it", literal("1"), kind="tNone"), "it", "没有名为“tNone”的数据类型"),
        (decision("it", table("MAYBE", ["n"], ["o"], [])), "t", "不支持命中策略"),
        (decision("it", table("PRIORITY", ["n"], ["o"], [])), "t", "允许值"),
        (decision("it", table("COLLECT", ["n"], ["o", "p"], [], "SUM")), "t", "只能有一个输出"),
        (decision("it", table("UNIQUE", ["n"], ["o"], [("1 ; 2", "3")])), "r1", "列数与表头不符"),
        (decision("it", table("UNIQUE", ["n"], ["o"], [("> ", "3")])), "r1", "表达式到此结束"),
        (decision("it", literal("1")) + decision("it", literal("2")), "it", "id 重复"),
        (decision("it", table("UNIQUE", ["n"], ['o|"x"'], [("1", '"y"')])), "r1", "不能是"),
        ('<import name="other" namespace="x" importType="y"/>', "other", "没有可引入的决策文件"),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_reason(part: str, place: str, zh: str) -> None:
    with pytest.raises(DefinitionInvalid) as caught:
        load(part)
    assert any(
        problem.place == place and zh in problem.text("zh") and problem.text("en") for problem in caught.value.problems
    )


def test_a_file_of_something_else_is_refused() -> None:
    with pytest.raises(DefinitionInvalid, match=r"DMN 1\.3"):
        load_decisions("other.dmn", b"<definitions/>")


def test_long_logic_that_is_asked_again_and_again_is_stopped() -> None:
    body = literal("n" + " + n" * 4000)
    loop = f"<for iteratorVariable='n'><in>{literal('[1..9000]')}</in><return>{body}</return></for>"
    decisions = load(
        decision("it", loop), decision("other", table("FIRST", ["n"], ["o"], [("< 1" + " + 1" * 4000, "1")]))
    )
    with pytest.raises(BudgetExceeded):
        decisions["it"].evaluate({}, Environment(NOW))
    environment = Environment(NOW, decision_functions(decisions, lambda result: None))
    with pytest.raises(BudgetExceeded):
        compile_expression("for n in 1..9000 return other(n)").evaluate({}, environment)


ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from("abc")), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, value=st.integers(-1, 10))
def test_every_policy_agrees_with_a_plain_reading_of_the_rows(rows: list[tuple[int, int, str]], value: int) -> None:
    spans = [(min(a, b), max(a, b), answer) for a, b, answer in rows]
    hits = [answer for low, high, answer in spans if low <= value <= high]
    cells = [(f"[{low}..{high}]", f'"{answer}"') for low, high, answer in spans]
    expected = {
        "FIRST": hits[:1],
        "PRIORITY": sorted(hits)[:1],
        "ANY": hits[:1] if len(set(hits)) == 1 else [],
        "UNIQUE": hits if len(hits) == 1 else [],
        "COLLECT": [hits],
        "RULE ORDER": [hits],
        "OUTPUT ORDER": [sorted(hits)],
    }
    for policy, answers in expected.items():
        logic = table(policy, ["n"], ['o|"a","b","c"'], cells)
        try:
            found = [ask(logic, {"n": value})[0]]
        except (NoRuleMatched, RulesOverlap):
            found = []
        assert found == answers, policy
