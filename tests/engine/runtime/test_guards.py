"""The guards of a run: what would go on forever, stand too deep or be too many is stopped, and nothing is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.definition import Definition, assemble
from engine.errors import EngineFailed, ExpressionFailed, Refusal, Runaway
from engine.runtime import commands
from engine.spiff.instance import MAX_DEPTH
from engine.spiff.loops import MAX_INSTANCES

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MI = "bpmn:multiInstanceLoopCharacteristics"


def ask(name: str, parameters: Any) -> Any:
    return {"candidate": "role@1", "organisation": "一个单位"}


def process(body: str, name: str = "tiny") -> str:
    return (
        f'<bpmn:process id="{name}" isExecutable="true"><bpmn:startEvent id="{name}_start"/>{body}'
        f'<bpmn:endEvent id="{name}_end"/></bpmn:process>'
    )


def definition(*processes: str) -> Definition:
    xmlns = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    files = {
        f"{'process' if number == 0 else f'called{number}'}.bpmn": f"<bpmn:definitions {xmlns}>{text}</bpmn:definitions>"
        for number, text in enumerate(processes)
    }
    return assemble("tiny", {name: text.encode() for name, text in files.items()}, 1)


def flow(source: str, target: str, condition: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}'
        "</bpmn:sequenceFlow>"
    )


def through(element: str, name: str) -> str:
    return element + flow("tiny_start", name) + flow(name, "tiny_end")


def repeated(how: str) -> str:
    return through(f'<bpmn:userTask id="task"><{MI}>{how}</{MI}></bpmn:userTask>', "task")


def timer(kind: str, text: str) -> str:
    event = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    return through(f'<bpmn:intermediateCatchEvent id="wait">{event}</bpmn:intermediateCatchEvent>', "wait")


def refused(body: str, error: type[Refusal], **variables: Any) -> Refusal:
    with pytest.raises(error) as found:
        commands.start(definition(process(body)), variables, NOW, ask)
    return found.value


def test_a_multi_instance_has_a_largest_size() -> None:
    size = "<bpmn:loopCardinality>n</bpmn:loopCardinality>"
    assert str(MAX_INSTANCES) in refused(repeated(size), Runaway, n=MAX_INSTANCES + 1).message()
    assert (
        len(commands.start(definition(process(repeated(size))), {"n": MAX_INSTANCES}, NOW, ask).opened) == MAX_INSTANCES
    )


@pytest.mark.parametrize("n", [-1, 2.5, "many", None, True])
def test_a_multi_instance_without_a_whole_number_is_refused(n: Any) -> None:
    refused(repeated("<bpmn:loopCardinality>n</bpmn:loopCardinality>"), ExpressionFailed, n=n)


@pytest.mark.parametrize("items", [None, 3, "abc", {"a": 1}])
def test_a_multi_instance_over_something_that_is_no_list_is_refused(items: Any) -> None:
    how = '<bpmn:loopDataInputRef>items</bpmn:loopDataInputRef><bpmn:inputDataItem id="i" name="one"/>'
    refused(repeated(how), ExpressionFailed, items=items)


def test_a_process_that_calls_itself_is_stopped_at_a_depth() -> None:
    body = '<bpmn:callActivity id="again" calledElement="tiny"/>'
    assert str(MAX_DEPTH) in refused(through(body, "again"), Runaway).message()


def test_a_loop_that_never_waits_is_stopped() -> None:
    loop = '<bpmn:scriptTask id="go"><bpmn:script>{ n: 1 }</bpmn:script></bpmn:scriptTask>'
    gateway = '<bpmn:exclusiveGateway id="back" default="back_tiny_end"/>'
    flows = flow("tiny_start", "go") + flow("go", "back") + flow("back", "go", "n = 1") + flow("back", "tiny_end")
    refused(loop + gateway + flows, Runaway)


def test_a_run_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MAX_SECONDS", -1.0)
    assert "秒" in refused(flow("tiny_start", "tiny_end"), Runaway).message("zh")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "=duration(&quot;-PT1H&quot;)"),
        ("timeDuration", "=duration(&quot;P200Y&quot;)"),
        ("timeDuration", "=soon"),
        ("timeDuration", "=3"),
        ("timeDate", "=&quot;tomorrow&quot;"),
        ("timeDate", "=date(&quot;9999-01-01&quot;)"),
        ("timeCycle", "=&quot;R3/PT1S&quot;"),
        ("timeCycle", "=&quot;R0/PT1H&quot;"),
    ],
)
def test_a_time_that_is_none_is_an_incident_and_no_timer(kind: str, text: str) -> None:
    assert "wait" in refused(timer(kind, text), ExpressionFailed).message()


def test_a_gateway_without_a_way_out_is_named() -> None:
    gateway = '<bpmn:exclusiveGateway id="decide"/>'
    refusal = refused(gateway + flow("tiny_start", "decide") + flow("decide", "tiny_end", "false"), EngineFailed)
    assert "decide" in refusal.message("zh")


@pytest.mark.parametrize("condition", ["missing", "3", '"yes"'])
def test_a_condition_that_is_neither_true_nor_false_is_refused(condition: str) -> None:
    gateway = '<bpmn:exclusiveGateway id="decide"/>'
    flows = flow("tiny_start", "decide") + flow("decide", "tiny_end", condition)
    refused(gateway + flows, ExpressionFailed)
