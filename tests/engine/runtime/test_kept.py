"""A variable stays what it is: dates, times, durations and long numbers, wherever a case takes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import semantics
from engine.calendar.days import LEGAL_ZONE
from engine.definition import Definition, assemble
from engine.feel import Date, DaysDuration, Environment, MonthsDuration, Range, compile_expression, to_kept
from engine.feel.values import number
from engine.model import RunResult
from engine.runtime import commands
from engine.spiff import Stored
from engine.spiff.stored import dumps, loads
from tests.engine.dmn.dmn_files import data, decision, definitions, literal
from tests.engine.runtime.test_guards import flow

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
XMLNS = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"'
VALUES = [
    'date("2026-11-23")', 'date("-0044-03-15")', 'date("999999999-12-31")', 'time("08:30:00")', 'time("08:30:00Z")',
    'time("08:30:00.000000001+08:00")', 'time("08:30:00@Asia/Shanghai")', "today()", "now()",
    'date and time("2026-11-23T08:30:00")', 'date and time("2026-11-23T17:30:00Z")',
    'date and time("2026-11-23T08:30:00@Europe/Paris")', 'duration("P3DT2H0.5S")', 'duration("-PT5M")',
    'duration("P1Y2M")', 'duration("P0M")', 'duration("PT0S")', '[date("2026-11-23"), {a: [duration("P1D")]}]',
    "6222021234567890123", "12345678901234567.89", "1234567890123456789012345678901234", "1 / 3", "0.1", "1E400",
    "-1E-400", '{"@": "2026-11-23"}', '{"@": {"@": date("2026-11-23")}}', '{"@": null, b: date("2026-11-23")}',
    '"2026-11-23"', "null", "true", "[1..5]", "(!= 5)", '(date("2026-01-01")..today()]',
    '["a".."c")', "[1 / 3..1]", '{"@": [1, true, 5, false, false]}', '{"@": [1..5]}',
]  # fmt: skip


def ask(name: str, parameters: Any) -> Any:
    return {"candidate": "role@1", "organisation": "一个单位"}


def meant(text: str) -> Any:
    return to_kept(compile_expression(text).evaluate({}, Environment(NOW.astimezone(LEGAL_ZONE))))


def same(left: Any, right: Any) -> bool:
    """Equal, and of equal types all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def script(name: str, text: str, inside: str = "") -> str:
    return f'<bpmn:scriptTask id="{name}"><bpmn:script>{escape(text)}</bpmn:script>{inside}</bpmn:scriptTask>'


EACH = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="{one_by_one}"><bpmn:loopDataInputRef>[v, v]</bpmn:loopDataInputRef>'
    '<bpmn:loopDataOutputRef>out</bpmn:loopDataOutputRef><bpmn:inputDataItem id="one" name="one"/>'
    '<bpmn:outputDataItem id="z" name="z"/></bpmn:multiInstanceLoopCharacteristics>'
)
INSIDE = [script("s", "{ own: v }"), '<bpmn:userTask id="inner"/>', script("t", "{ w: own }")]
SUB = (
    '<bpmn:subProcess id="way"><bpmn:dataObject id="own"/><bpmn:startEvent id="in"/>' + "".join(INSIDE)
    + '<bpmn:endEvent id="done"/>' + flow("in", "s") + flow("s", "inner") + flow("inner", "t") + flow("t", "done")
    + "</bpmn:subProcess>"
)  # fmt: skip
DECISION = (
    '<bpmn:businessRuleTask id="way"><bpmn:extensionElements><gw:decision ref="same" result="w">'
    '<gw:parameter name="x" value="=v"/></gw:decision></bpmn:extensionElements></bpmn:businessRuleTask>'
)
THROWS = (
    '<bpmn:subProcess id="way"><bpmn:startEvent id="in"/><bpmn:endEvent id="broken"><bpmn:errorEventDefinition errorRef="e"/>'
    "</bpmn:endEvent>" + flow("in", "broken") + '<bpmn:subProcess id="caught" triggeredByEvent="true"><bpmn:startEvent id="wrong">'
    '<bpmn:errorEventDefinition errorRef="e"/></bpmn:startEvent>' + script("t", "{ w: v }") + '<bpmn:endEvent id="mended"/>'
    + flow("wrong", "t") + flow("t", "mended") + "</bpmn:subProcess></bpmn:subProcess>"
)  # fmt: skip
UNDONE = (
    '<bpmn:subProcess id="way"><bpmn:dataObject id="own"/><bpmn:startEvent id="in"/>' + script("s", "{ own: v }")
    + '<bpmn:subProcess id="done_in"><bpmn:startEvent id="in2"/><bpmn:endEvent id="out2"/>' + flow("in2", "out2")
    + '</bpmn:subProcess><bpmn:boundaryEvent id="undo" attachedToRef="done_in"><bpmn:compensateEventDefinition/>'
    "</bpmn:boundaryEvent>" + script("undoing", "{ w: own }").replace(' id="undoing"', ' id="undoing" isForCompensation="true"')
    + '<bpmn:association id="as" sourceRef="undo" targetRef="undoing"/><bpmn:userTask id="inner"/>'
    '<bpmn:intermediateThrowEvent id="throw"><bpmn:compensateEventDefinition/></bpmn:intermediateThrowEvent>'
    '<bpmn:endEvent id="done"/>' + flow("in", "s") + flow("s", "done_in") + flow("done_in", "inner")
    + flow("inner", "throw") + flow("throw", "done") + "</bpmn:subProcess>"
)  # fmt: skip
CALLED = (
    '<bpmn:process id="called" isExecutable="true"><bpmn:startEvent id="in"/><bpmn:userTask id="inner"/>'
    + script("t", "{ w: v }") + '<bpmn:endEvent id="done"/>' + flow("in", "inner") + flow("inner", "t") + flow("t", "done")
    + "</bpmn:process>"
)  # fmt: skip
ROUTES = {  # how ``v`` becomes ``w``
    "a script": [script("way", "{ w: v }")],
    "a list and a context": [script("way", "{ x: {a: [v]} }"), script("then", "{ w: x.a[1] }")],
    "parallel instances": [script("way", "{ z: one }", EACH.format(one_by_one="false")), script("then", "{ w: out[2] }")],
    "instances one by one": [script("way", "{ z: one }", EACH.format(one_by_one="true")), script("then", "{ w: out[2] }")],
    "a sub-process with a task": [SUB],
    "a called process": ['<bpmn:callActivity id="way" calledElement="called"/>'],
    "an event sub-process that interrupts": [THROWS],
    "compensation": [UNDONE],
    "a decision": [DECISION],
    "a function of a decision": [script("way", "{ w: same(v) }")],
}  # fmt: skip


def drawn(elements: list[str], before: str, more: str = "") -> Definition:
    """start, ``before``, a task, the elements, a task, end."""
    body = [before, '<bpmn:userTask id="a"/>', *elements, '<bpmn:userTask id="b"/>']
    ids = [part.split('id="', 1)[1].split('"', 1)[0] for part in body]
    flows = "".join(flow(one, other) for one, other in zip(["start", *ids], [*ids, "end"], strict=True))
    inside = more + '<bpmn:startEvent id="start"/>' + "".join(body) + '<bpmn:endEvent id="end"/>' + flows
    processes = {
        "process.bpmn": f'<bpmn:process id="p" isExecutable="true">{inside}</bpmn:process><bpmn:error id="e" errorCode="E"/>',
        "called.bpmn": CALLED,
    }
    files = {name: f"<bpmn:definitions {XMLNS}>{text}</bpmn:definitions>" for name, text in processes.items()}
    rule = definitions(data("x"), decision("same", literal("x"), "Input:x"))
    return assemble("p", {**{name: text.encode() for name, text in files.items()}, "same.dmn": rule}, 1)


def walked(made: Definition, version: int | None = None) -> RunResult:
    """Complete every task there is, each from the stored state alone."""
    result = commands.start(made, {}, NOW, ask, semantics=version)
    while result.ended_at_element is None:
        result = commands.complete(made, result.state, result.opened[0].number, {}, NOW, ask, semantics=version)
    return result


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("text", VALUES)
def test_a_variable_stays_what_it_is_on_every_way(text: str, route: str) -> None:
    variables = Stored(walked(drawn(ROUTES[route], script("first", f"{{ v: {text} }}"))).state).variables
    for name in ("v", "w"):
        assert same(variables[name], meant(text)), variables[name]


@pytest.mark.parametrize(
    "condition",
    [
        "v.day.year = 2026", "v.day <= today()", "v.at <= now()", 'v.long > duration("P1D")', "v.at.hour = 8",
        'v.months = duration("P14M")', 'v.clock < time("09:00:00")', "v.card = 6222021234567890123",
        "v.cents * 100 = 1234567890123456789", "v.third = 1 / 3", 'v.day + v.long = date("2026-11-26")',
        "v.day in v.year", "3 in v.few",
    ],
)  # fmt: skip
def test_a_condition_after_a_task_sees_the_value_and_before_it_saw_a_text(condition: str) -> None:
    text = """{ v: {day: date("2026-11-23"), at: date and time("2026-11-23T08:30:00+08:00"), long: duration("P3D"),
      months: duration("P1Y2M"), clock: time("08:30:00"), card: number("6222021234567890123"),
      year: [date("2026-01-01")..date("2026-12-31")], few: [1..5], cents: 12345678901234567.89, third: 1 / 3} }"""
    made = drawn([script("way", f"{{ w: {condition} }}")], script("first", text))
    assert Stored(walked(made).state).variables["w"] is True
    assert Stored(walked(made, semantics.FIRST).state).variables["w"] is not True


def test_a_title_is_a_text_of_whatever_it_gives() -> None:
    told = '<bpmn:extensionElements><gw:case number="P{seq}" title="=v" summary="=[v, 1]"/></bpmn:extensionElements>'
    made = drawn([script("way", "{ w: v }")], script("first", '{ v: date("2026-11-23") }'), told)
    assert (walked(made).title, walked(made).summary) == ("2026-11-23", "[2026-11-23, 1]")
    before = walked(made, semantics.FIRST)
    assert (before.title, before.summary) == ("2026-11-23", None)


def test_a_timer_takes_a_date_and_a_duration_from_a_variable() -> None:
    for kind, text, due in (
        ("timeDate", 'date("2026-12-01")', "2026-11-30T16:00:00+00:00"),
        ("timeDate", 'date and time("2026-12-01T08:00:00@Asia/Shanghai")', "2026-12-01T00:00:00+00:00"),
        ("timeDuration", 'duration("P2D")', "2026-11-25T01:00:00+00:00"),
    ):
        event = f"<bpmn:timerEventDefinition><bpmn:{kind}>=v</bpmn:{kind}></bpmn:timerEventDefinition>"
        wait = f'<bpmn:intermediateCatchEvent id="way">{event}</bpmn:intermediateCatchEvent>'
        made = drawn([wait], script("first", f"{{ v: {text} }}"))
        result = commands.start(made, {}, NOW, ask)
        result = commands.complete(made, result.state, result.opened[0].number, {}, NOW, ask)
        assert [one.due_at for one in result.waits] == [due]


MOMENTS = st.builds(
    lambda text, zone: text + zone,
    st.sampled_from(["2026-11-23T08:30:00", "1986-07-01T23:59:59.999999999", "-0001-01-01T00:00:00"]),
    st.sampled_from(["", "Z", "+08:00", "-18:00", "+01:02:03", "@Asia/Shanghai"]),
)
TYPED = st.one_of(
    st.builds(Date, st.integers(-9999, 99999), st.integers(1, 12), st.integers(1, 28)),
    st.builds(lambda text: meant(f'@"{text}"'), MOMENTS),
    st.builds(lambda text: meant(f'time(@"{text}")'), MOMENTS),
    st.builds(DaysDuration, st.integers(-(10**25), 10**25)),
    st.builds(Range, st.none() | st.integers(0, 9).map(number), st.booleans(), st.dates().map(str), st.booleans()),
    st.builds(MonthsDuration, st.integers(-(10**9), 10**9)),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda value: to_kept(number(value))),
)
NAMES = st.sampled_from(["@", "a", '"@":', "@@"])
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    PLAIN | st.text(max_size=5) | st.sampled_from(['{"@":"2026-11-23"}', "2026-11-23"]) | TYPED,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=500)
@example({"@": "2026-11-23"})
@example([{"@": {"@": "1"}}, Date(2026, 11, 23)])
@example({"@": [1]})
@given(TREES)
def test_what_a_case_keeps_comes_back_and_nothing_is_taken_for_what_it_is_not(value: Any) -> None:
    assert same(loads(dumps({"v": value}).decode())["v"], value)
    nested = dumps({"v": value, "s": dumps(value).decode()}).decode()
    assert same(loads(loads(nested)["s"]), value)


def test_a_planted_fault_is_found() -> None:
    """Without the wrapping a context of somebody's own would come back as a date."""
    careless = orjson.loads(orjson.dumps({"v": {"@": "2026-11-23"}}))
    assert not same(loads(orjson.dumps(careless).decode())["v"], {"@": "2026-11-23"})


OLD = {
    "n": 5,
    "v": {"d": "2026-11-23", "odd": {"@": "2026-11-23"}},
    "m": [None, "p", {"3": '["a",4,"first_a",{"own":{"@":"2026-11-23"}}]'}],
    "s": {"7": '[[1,3],"way",{"8":"[\\"inner\\",4,null,{\\"x\\":{\\"@\\":\\"P1D\\"}}]"},{"data":{"own":{"@":"1"}}}]'},
}


@pytest.mark.parametrize("said", [{}, {"f": 2}])
def test_a_state_of_an_old_format_is_read_as_it_was_written(said: dict[str, int]) -> None:
    """There a date was a text, and a context was a context whatever its name."""
    found = Stored(orjson.dumps(said | OLD, option=orjson.OPT_SORT_KEYS))
    assert found.variables == OLD["v"]
    assert dict(found.seen(3)) == {**OLD["v"], "own": {"@": "2026-11-23"}}
    assert found.seen(8)["x"] == {"@": "P1D"} and found.seen(8)["own"] == {"@": "1"}


def test_a_case_of_an_old_format_goes_on_in_todays() -> None:
    made = drawn([script("way", "{ w: d, e: today() }")], script("first", "{ v: 1 }"))
    result = commands.start(made, {}, NOW, ask, semantics=semantics.FIRST)
    content = {**orjson.loads(result.state), "v": OLD["v"]}
    del content["f"]
    state = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    after = commands.complete(made, state, result.opened[0].number, {}, NOW, ask)
    kept = Stored(after.state).variables
    assert (kept["w"], kept["odd"], kept["e"]) == ("2026-11-23", {"@": "2026-11-23"}, Date(2026, 11, 23))
    assert orjson.loads(after.state)["f"] == 3
