"""What the checks accept, the engine plays: every element on the list is run to its end, with a save and load between."""

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings

from engine import runtime
from engine.catalog import assemble
from engine.checks.gateways import check_gateways
from engine.checks.report import Page, Report
from engine.checks.soundness import check_soundness
from engine.checks.supported import EXECUTED, check_supported
from engine.checks.tokens import check_tokens
from engine.diagram import read_diagram
from tests.engine import models
from tests.engine.checks.test_work import GRADE
from tests.engine.checks.tiny import (
    checked,
    end,
    errors,
    folder,
    gateway,
    process,
    rule,
    script,
    service,
    start,
    sub,
    user,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
STOP = end("stop", "<terminateEventDefinition/>")
MILESTONE = '<intermediateThrowEvent id="milestone" name="已受理"/>'
CALL = '<callActivity id="call" calledElement="other"/>'
OTHER = process(
    start("other_begin"),
    user("other_task"),
    end("other_end"),
    flows="other_begin>other_task>other_end",
    id="other",
    case="",
)

SERVED = '<gw:operation name="register.create" result="made"><gw:parameter name="register" value="=1"/></gw:operation>'
PLAYED = {
    "a user task": ((start(), user(), end()), "begin>review>end", {}),
    "a milestone": ((start(), MILESTONE, user(), end()), "begin>milestone>review>end", {}),
    "a script": ((start(), script(), user(), end()), "begin>count>review>end", {"total": 1}),
    "a service": ((start(), service(extension=SERVED), user(), end()), "begin>work>review>end", {"made": "answer"}),
    "a decision": ((start(), rule(), user(), end()), "begin>decide>review>end", {"graded": "高"}),
    "a sub-process": (
        (start(), sub("inner", start("in"), user("deep"), end("out"), flows="in>deep>out"), end()), "begin>inner>end", {},
    ),
    "a called process": ((start(), CALL, user(), end()), "begin>call>review>end", {}),
    "an exclusive choice": (
        (start(), user(), gateway("g", default="g_end"), user("more"), end()),
        'begin>review>g>end; g>more?review.outcome = "pass"; more>end', {},
    ),
    "an inclusive choice": (
        (start(), gateway("g", "inclusive", "g_end"), user("a"), user("b"), gateway("join", "inclusive"), end()),
        "begin>g; g>a?true; g>b?1 = 1; g>end?; a>join>end; b>join".replace("g>end?", "g>end"), {},
    ),
    "parallel branches": (
        (start(), gateway("split", "parallel"), user("a"), user("b"), gateway("join", "parallel"), end()),
        "begin>split>a>join>end; split>b>join", {},
    ),
    "a terminate end": (
        (start(), gateway("split", "parallel"), user("a"), user("b"), STOP, end()),
        "begin>split>a>stop; split>b>end", {},
    ),
}  # fmt: skip


def ask(name, parameters):
    if name == "assignment":
        return {"candidate": "clerk@1", "organisation": "某县总工会"}
    return {"due_at": None, "warn_at": None} if name == "deadline" else "answer"


def waiting(outcome):
    rows = [row for part in orjson.loads(outcome.state)["w"] for row in part[2]]
    return [row[0] for row in rows if row[3] == 16]  # READY


@pytest.mark.parametrize("what", PLAYED)
def test_an_accepted_element_is_played_to_its_end(what):
    parts, flows, expected = PLAYED[what]
    files = folder(process(*parts, flows=flows), {"grade.dmn": GRADE})
    if what == "a called process":
        files |= {"other.bpmn": OTHER}
    assert errors(checked(files)) == []
    definition = assemble("tiny", files, 1)
    outcome = runtime.start(definition, {"case": {"number": "T1"}}, NOW, ask)
    for _ in range(5):
        if outcome.ended_at_element is None:
            submission = {"outcome": "pass"}
            outcome = runtime.complete(definition, outcome.state, waiting(outcome)[0], submission, NOW, ask)
    assert outcome.ended_at_element in {"end", "stop"}
    assert expected.items() <= outcome.variables.items()


def test_every_element_on_the_list_is_played_somewhere_here():
    drawn = " ".join("".join(parts) + process(flows="a>b?c").decode() for parts, _, _ in PLAYED.values())
    assert [tag for tag in sorted(EXECUTED) if f"<{tag}" not in drawn] == []


@settings(max_examples=150)
@given(models.models())
def test_a_well_structured_model_is_found_sound(model):
    diagram = read_diagram("process.bpmn", models.bpmn(model))
    report = Report()
    check_supported(diagram, report)
    page = Page("process.bpmn", diagram.processes[0], True, report)
    check_soundness(page)
    check_gateways(page)
    check_tokens(page)
    assert [problem.en for problem in errors(report.problems)] == []
