"""What the checks accept, the engine plays: every element on the list is run to its end, with a save and load between."""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.checks.attached import check_attached
from engine.checks.events import check_events
from engine.checks.gateways import check_gateways
from engine.checks.report import Page, Report
from engine.checks.soundness import check_soundness
from engine.checks.supported import EXECUTED, PARTS, check_supported
from engine.checks.tokens import check_tokens
from engine.definition import assemble
from engine.diagram import read_diagram
from engine.errors import DefinitionInvalid, ExpressionFailed
from engine.runtime import commands
from tests.engine.bpmn.walks import constructs
from tests.engine.checks.oracle import NoWay, Oracle
from tests.engine.checks.rewired import rewired
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
from tests.engine.runtime import drawing, models
from tests.engine.runtime.states import open_tasks

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
PLAYED: dict[str, Any] = {
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
    """(element, number) of every open task, read from the state."""
    return list(open_tasks(outcome.state))


@pytest.mark.parametrize("what", PLAYED)
def test_an_accepted_element_is_played_to_its_end(what):
    parts, flows, expected = PLAYED[what]
    files = folder(process(*parts, flows=flows), {"grade.dmn": GRADE})
    if what == "a called process":
        files |= {"other.bpmn": OTHER}
    assert errors(checked(files)) == []
    definition = assemble("tiny", files, 1)
    outcome = commands.start(definition, {"case": {"number": "T1"}}, NOW, ask)
    for _ in range(5):
        if outcome.ended_at_element is None:
            submission = {"outcome": "pass"}
            outcome = commands.complete(definition, outcome.state, waiting(outcome)[0][1], submission, NOW, ask)
    assert outcome.ended_at_element in {"end", "stop"}
    assert expected.items() <= outcome.variables.items()


def test_every_element_on_the_list_is_played_by_a_walk_through_its_construct():
    drawn = "".join(construct.files()["process.bpmn"].decode() for construct in constructs() if construct.steps)
    assert [tag for tag in sorted({*EXECUTED, *PARTS}) if f"<bpmn:{tag}" not in drawn] == []


def accepted(xml):
    """Whether the rules of shape let a diagram pass (its tasks are bare, so the rules about people are left out)."""
    report = Report()
    try:
        diagram = read_diagram("process.bpmn", xml)
    except DefinitionInvalid:
        return False
    check_supported(diagram, report)
    page = Page("process.bpmn", diagram.processes[0], True, report)
    check_soundness(page)
    check_attached(page)
    check_events(page)
    if not errors(report.problems):
        check_gateways(page)
        check_tokens([page], {})
    return not errors(report.problems)


# A token in the other branch can reach both ways into the inclusive join by going round the loop: it holds up nothing.
_ROUND = models.Loop(
    models.Par(
        (models.Task("t1"), models.Choice(models.Task("t2"), (models.Task("t3"), models.Task("t4")), inclusive=True))
    ),
    models.Task("t5"),
)


@settings(max_examples=150)
@example(_ROUND)
@given(models.models())
def test_a_well_structured_model_is_found_sound(model):
    assert accepted(drawing.bpmn(model))


@settings(max_examples=250, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(models.models(9), st.integers(0, 2**40))
def test_whatever_wild_diagram_is_accepted_runs_as_bpmn_says(model, seed):
    chance = random.Random(seed)
    xml = rewired(drawing.bpmn(model), chance)
    if not accepted(xml):
        return
    definition = assemble("random", {"process.bpmn": xml}, 1)
    with suppress(NoWay):  # what the answers below leave undecided stops both
        oracle = Oracle(definition.process)
        outcome = commands.start(definition, {}, NOW, ask)
        for _ in range(20):
            assert Counter(element for element, _ in waiting(outcome)) == +oracle.open
            assert (outcome.ended_at_element is not None) == (not +oracle.open)
            if outcome.ended_at_element is not None:
                break
            task = chance.choice(sorted(+oracle.open))
            answer = {"picks": chance.sample(range(3), 2), "pick": chance.randrange(3), "again": chance.random() < 0.3}
            oracle.complete(task, answer)
            outcome = commands.complete(definition, outcome.state, dict(waiting(outcome))[task], answer, NOW, ask)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(models.models(9), st.integers(0, 2**40))
def test_no_case_of_an_accepted_diagram_gets_stuck_whatever_is_done_and_whatever_happens(model, seed):
    chance = random.Random(seed)
    xml = rewired(drawing.bpmn(model), chance)
    if not accepted(xml):
        return
    definition = assemble("random", {"process.bpmn": xml}, 1)
    waits: set[tuple[int, str]] = set()
    with suppress(ExpressionFailed):  # an answer is asked for that was not given yet
        outcome = commands.start(definition, {}, NOW, ask)
        for _ in range(25):
            waits = (waits - set(outcome.unwaited)) | {(wait.number, wait.element) for wait in outcome.waits}
            if outcome.ended_at_element is not None:
                break
            tasks = waiting(outcome)
            assert tasks or waits
            answer = {"picks": chance.sample(range(3), 2), "pick": chance.randrange(3), "again": chance.random() < 0.3}
            if tasks and (not waits or chance.random() < 0.7):
                number = chance.choice(tasks)[1]
                outcome = commands.complete(definition, outcome.state, number, answer, NOW, ask)
            else:
                number, element = chance.choice(sorted(waits))
                outcome = commands.fire(definition, outcome.state, number, element, None, NOW, ask)
