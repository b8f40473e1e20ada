"""What a model is made of besides tables: scopes, imports, services, and null where a table would refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.definition import assemble
from engine.dmn.decisions import Decision, ValueNotAllowed, load_decisions
from engine.errors import DefinitionInvalid, NoRuleMatched
from engine.feel import BudgetExceeded, Environment, to_json
from tests.engine.dmn.dmn_files import (
    DMN,
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


def load(*parts: str, others: dict[str, bytes] | None = None) -> dict[str, Decision]:
    return load_decisions("tiny.dmn", definitions(*parts), others)


def answer(decisions: dict[str, Decision], name: str, inputs: dict[str, Any] | None = None, strict: bool = True) -> Any:
    return to_json(decisions[name].evaluate(inputs or {}, Environment(NOW, strict=strict)).value)


def problems(*parts: str, others: dict[str, bytes] | None = None) -> str:
    with pytest.raises(DefinitionInvalid) as caught:
        load(*parts, others=others)
    return "; ".join(f"{one.place}: {one.text('zh')}" for one in caught.value.problems)


def imported(name: str, namespace: str) -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="{DMN}"/>'


def test_logic_that_uses_what_it_is_not_connected_with_is_refused() -> None:
    parts = (data("age", "number"), decision("one", literal("age"), "Input:age"), decision("two", literal("age + one")))
    found = problems(*parts)
    assert "two: 用到了“age”，但没有与它相连" in found and "two: 用到了“one”，但没有与它相连" in found


def test_a_file_that_declares_its_inputs_declares_all_of_them() -> None:
    assert "用到了“aeg”" in problems(data("age", "number"), decision("it", literal("age + aeg"), "Input:age"))
    loaded = load(data("l"), decision("it", literal("l[size > 1].size"), "Input:l"))
    assert answer(loaded, "it", {"l": [{"size": 1}, {"size": 2}]}) == [2]
    boxed = f"<filter><in>{literal('l')}</in><match>{literal('size > 1')}</match></filter>"
    assert answer(load(data("l"), decision("it", boxed, "Input:l")), "it", {"l": [{"size": 2}]}) == [{"size": 2}]


def test_knowledge_sees_its_parameters_and_what_it_requires_and_nothing_else() -> None:
    loaded = load(
        data("n", "number"),
        knowledge("twice", {"x": "number"}, literal("x * 2")),
        knowledge("more", {"x": "number"}, literal("twice(x) + 1"), "twice"),
        knowledge("blind", {}, literal("n")),
        decision("it", literal("[more(n), blind()]"), "Input:n", "Knowledge:more", "Knowledge:blind"),
    )
    assert answer(loaded, "it", {"n": 4}) == [9, None]


COMMON = definitions(
    item("tAge", simple("number", "[0..150]")),
    data("age", "tAge"),
    knowledge("grown up", {"age": "number"}, literal("age >= 18"), kind="boolean"),
    decision("band", table("UNIQUE", ["age"], ["b"], [("< 30", '"young"'), (">= 30", '"old"')]), "Input:age"),
    namespace="urn:common",
)


def link(kind: str, target: str, namespace: str = "urn:common") -> str:
    requirement = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return f'<{requirement}><required{kind} href="{namespace}#{target}"/></{requirement}>'


def test_imported_elements_and_types_are_known_by_the_name_of_the_import() -> None:
    loaded = load(
        imported("common", "urn:common"),
        data("years", "common.tAge"),
        decision(
            "it",
            link("Knowledge", "grown up") + link("Decision", "band") + literal("[common.grown up(years), common.band]"),
            "Input:years",
        ),
        others={"common.dmn": COMMON, "unused.dmn": definitions(namespace="urn:unused")},
    )
    assert loaded["it"].parameters == ("years", "common")
    assert answer(loaded, "it", {"years": 17, "common": {"age": 40}}) == [False, "old"]
    with pytest.raises(ValueNotAllowed):
        answer(loaded, "it", {"years": 170, "common": {"age": 40}})


def test_files_of_a_folder_may_import_each_other() -> None:
    room = (Path(__file__).parents[2] / "data" / "foreign" / "room_booking").rglob("*")
    files = {
        path.name if path.parent.name != "forms" else f"forms/{path.name}": path.read_bytes()
        for path in room
        if path.is_file() and path.suffix != ".toml"
    }
    uses = definitions(
        imported("common", "urn:common"), decision("it", link("Decision", "band") + literal("common.band"))
    )
    files |= {"common.dmn": COMMON, "uses.dmn": uses}
    loaded = dict(assemble("room_booking", files, 1).decisions)
    assert answer(loaded, "it", {"common": {"age": 40}}) == "old"


def test_a_file_in_another_encoding_imports_as_any_other() -> None:
    uses = definitions(
        imported("common", "urn:common"), decision("it", link("Decision", "band") + literal("common.band"))
    )
    wide = uses.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert wide != uses and b"import" not in wide
    assert answer(load_decisions("uses.dmn", wide, {"common.dmn": COMMON}), "it", {"common": {"age": 40}}) == "old"


def test_an_imported_decision_gives_its_reasons_too() -> None:
    others = {"common.dmn": COMMON}
    loaded = load(
        imported("c", "urn:common"), decision("it", link("Decision", "band") + literal("c.band")), others=others
    )
    result = loaded["it"].evaluate({"c": {"age": 20}}, Environment(NOW))
    assert [(one.decision, one.rules) for one in result.required] == [("urn:common#band", ("r1",))]


def test_an_import_without_a_name_brings_names_that_are_not_taken() -> None:
    loaded = load(
        imported("", "urn:common"),
        data("mine"),
        decision("band", literal('"mine"')),
        decision("it", link("Knowledge", "grown up") + literal("grown up(mine)"), "Input:mine"),
        decision("other", literal("band"), "Decision:band"),
        others={"common.dmn": COMMON},
    )
    assert (answer(loaded, "it", {"mine": 20}), answer(loaded, "other")) == (True, "mine")


def test_the_same_file_imported_on_two_ways_is_asked_with_its_own_inputs() -> None:
    def middle(namespace: str) -> bytes:
        logic = link("Decision", "band") + literal('"it is " + base.band')
        return definitions(imported("base", "urn:common"), decision("said", logic), namespace=namespace)

    others = {"common.dmn": COMMON, "left.dmn": middle("urn:left"), "right.dmn": middle("urn:right")}
    both = link("Decision", "said", "urn:left") + link("Decision", "said", "urn:right")
    loaded = load(
        imported("left", "urn:left"),
        imported("right", "urn:right"),
        decision("it", both + literal("[left.said, right.said]")),
        others=others,
    )
    inputs = {"left": {"base": {"age": 20}}, "right": {"base": {"age": 60}}}
    assert answer(loaded, "it", inputs) == ["it is young", "it is old"]


def test_an_import_that_is_missing_wrong_or_in_a_circle_is_refused() -> None:
    assert "c: 没有可引入的决策文件“urn:common”" in problems(imported("c", "urn:common"))
    wrong = definitions(decision("it", literal("1 +")), namespace="urn:common")
    assert "c: 引入的决策文件有误" in problems(imported("c", "urn:common"), others={"common.dmn": wrong})
    circle = {
        "a.dmn": definitions(imported("b", "urn:b"), namespace="urn:a"),
        "b.dmn": definitions(imported("a", "urn:a"), namespace="urn:b"),
    }
    assert "a: 引入的决策文件有误" in problems(imported("a", "urn:a"), others=circle)
    others = {"common.dmn": COMMON}
    gone = decision("it", link("Decision", "gone") + literal("1"))
    assert "引用的“urn:common#gone”不存在" in problems(imported("c", "urn:common"), gone, others=others)


FARE = (
    data("age", "number"),
    data("km", "number"),
    decision("base", literal("km * 2"), "Input:km"),
    decision("share", literal("if age < 6 then 0 else 1"), "Input:age"),
    decision("price", literal("base * share"), "Decision:base", "Decision:share"),
    service("fare", ["price"], ["share"], ["base"], ["age"]),
    service("parts", ["base", "share"], [], [], ["age", "km"]),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fare(5, 100)", 0),  # input data first, then input decisions
        ("fare(base: 100, age: 30)", 100),
        ("fare(age: 30)", None),
        ("fare(age: 30, other: 1)", None),
        ("parts(30, 10)", {"base": 20, "share": 1}),
        ("parts(30, 10).base", 20),
        ("fare(1)", None),
    ],
)
def test_a_service_is_a_function_of_its_inputs(text: str, expected: Any) -> None:
    asked = decision("it", literal(text), "Knowledge:fare", "Knowledge:parts")
    assert answer(load(*FARE, asked), "it") == expected


def test_without_strictness_many_answers_to_nothing_are_null() -> None:
    several = {
        policy: table(policy, ["n"], ["o|1,2"], [("> 5", "1")]) for policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER")
    }
    for logic in several.values():
        loaded = load(decision("it", logic))
        assert (answer(loaded, "it", {"n": 1}), answer(loaded, "it", {"n": 1}, strict=False)) == ([], None)


def test_without_strictness_gaps_clashes_and_foreign_values_are_null() -> None:
    gap = decision("gap", table("UNIQUE", ["n"], ["o"], [("> 5", '"high"')]), "Input:n")
    clash = decision("clash", table("ANY", ["n"], ["o"], [("> 0", "1"), ("> 1", "2")]), "Input:n")
    foreign = decision("foreign", table("UNIQUE", ["n|1,2"], ["o"], [("-", "1")]), "Input:n")
    names = ("gap", "clash", "foreign")
    after = decision("after", literal('if gap = null then "none" else gap'), *(f"Decision:{one}" for one in names))
    loaded = load(data("n", "number"), gap, clash, foreign, after)
    environment = Environment(NOW, strict=False)
    assert loaded["after"].evaluate({"n": 3}, environment).value == "none"
    assert "决策表“gap”没有适用的规则，输入为：n=3" in [why.text() for why in environment.warnings]
    assert [answer(loaded, name, {"n": 3}, strict=False) for name in (*names, "after")] == [None, None, None, "none"]
    assert answer(loaded, "after", {"n": "many"}, strict=False) == "none"
    with pytest.raises(NoRuleMatched):
        answer(loaded, "after", {"n": 3})


def test_a_file_that_needs_too_much_is_refused() -> None:
    assert "决策元素超过 2000 个" in problems(*(decision(f"d{n}", literal("1")) for n in range(2001)))
    asked = ", ".join(f"a{n}, f{n}()" for n in range(501))
    assert "外来的名称超过 1000 个" in problems(decision("it", literal(f"[{asked}]")))


def test_a_long_chain_of_decisions_loads_and_is_refused_when_it_runs_too_deep() -> None:
    chain = [decision(f"d{n}", literal(f"d{n - 1} + x"), f"Decision:d{n - 1}") for n in range(1, 1500)]
    loaded = load(decision("d0", literal("f(x)")), *chain)
    assert (loaded["d1499"].parameters, loaded["d1499"].calls) == (("x",), frozenset({"f"}))
    assert answer(loaded, "d0", {"x": 1}) is None
    with pytest.raises(BudgetExceeded):
        answer(loaded, "d1499", {"x": 1})
