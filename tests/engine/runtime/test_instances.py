"""Who gets a task and when it is due is asked for each instance, with what it sees; what is the same is asked once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import semantics
from engine.definition import Definition, assemble
from engine.errors import ExpressionFailed
from engine.model import RunResult
from engine.runtime import commands
from engine.spiff import Stored
from tests.engine.runtime.test_guards import flow

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LANE = """<bpmn:laneSet id="lanes"><bpmn:lane id="visitors"><bpmn:extensionElements>
<gw:assignment role="city" where="ancestor" when="person.level = &quot;city&quot;"/><gw:assignment role="county" where="same"/>
</bpmn:extensionElements><bpmn:flowNodeRef>visit</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"""
ASKED = """<bpmn:extensionElements><gw:deadline workingDays="=person.days" since="=person.since"/>
<gw:notActorOf case="=person.earlier"/></bpmn:extensionElements>"""
MANY = """<bpmn:multiInstanceLoopCharacteristics isSequential="{one_by_one}"><bpmn:loopDataInputRef>people</bpmn:loopDataInputRef>
<bpmn:inputDataItem id="person" name="person"/></bpmn:multiInstanceLoopCharacteristics>"""
TASK = '<bpmn:userTask id="visit">' + ASKED + "{many}</bpmn:userTask>"
SHAPES = {
    "parallel": (TASK.format(many=MANY.format(one_by_one="false")), "visit"),
    "sequential": (TASK.format(many=MANY.format(one_by_one="true")), "visit"),
    "in a sub-process": (
        '<bpmn:subProcess id="each"><bpmn:startEvent id="in"/>' + TASK.format(many="") + '<bpmn:endEvent id="out"/>'
        + flow("in", "visit") + flow("visit", "out") + MANY.format(one_by_one="false") + "</bpmn:subProcess>",
        "each",
    ),
}  # fmt: skip


def drawn(shape: str) -> Definition:
    body, name = SHAPES[shape]
    xmlns = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:gw="urn:gangwei:bpmn:1"'
    inside = LANE + '<bpmn:startEvent id="start"/>' + body + '<bpmn:endEvent id="end"/>'
    flows = flow("start", name) + flow(name, "end")
    xml = f'<bpmn:definitions {xmlns}><bpmn:process id="p" isExecutable="true">{inside}{flows}</bpmn:process></bpmn:definitions>'
    return assemble("p", {"process.bpmn": xml.encode()}, 1)


DRAWN = {shape: drawn(shape) for shape in SHAPES}
PERSON = st.fixed_dictionaries({
    "level": st.sampled_from(["city", "county"]),
    "days": st.integers(1, 3),
    "since": st.sampled_from(["2026-11-20", "2026-11-21"]),
    "earlier": st.sampled_from(["A1", "A2", 3]),
})  # fmt: skip


class Asked:
    """Answers as the world would, and keeps what it was asked."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def __call__(self, name: str, parameters: Any) -> Any:
        self.questions.append(json.dumps([name, parameters], sort_keys=True))
        if name == "assignment":
            held = parameters["assignments"][0][0]
            return {"candidate": f"{held}@{','.join(parameters.get('cases', ()))}", "organisation": held}
        return {"due_at": f"{parameters['working_days']} after {parameters['since']}", "warn_at": None}


def started(shape: str, people: list[dict[str, Any]], ask: Asked, version: int | None = None) -> RunResult:
    return commands.start(DRAWN[shape], {"people": people}, NOW, ask, semantics=version)


def expected(person: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    cases = (str(person["earlier"]),)
    return f"{person['level']}@{cases[0]}", f"{person['days']} after {person['since']}", cases


def told(result: RunResult) -> list[tuple[Any, ...]]:
    return [(one.candidate, (one.deadline or {})["due_at"], one.other_cases) for one in result.opened]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SHAPES)), st.lists(PERSON, min_size=1, max_size=6))
def test_each_instance_is_asked_for_with_what_it_sees(shape: str, people: list[dict[str, Any]]) -> None:
    ask = Asked()
    result = started(shape, people, ask)
    now_open = people[:1] if shape == "sequential" else people
    assert told(result) == [expected(person) for person in now_open]
    assert len(ask.questions) == len(set(ask.questions))
    seen = Stored(result.state)
    assert [seen.seen(one.number)["person"] for one in result.opened] == now_open
    assert "person" not in seen.variables
    if shape == "sequential":
        for person in people[1:]:
            result = commands.complete(DRAWN[shape], result.state, result.opened[0].number, {}, NOW, Asked())
            assert told(result) == [expected(person)]


@pytest.mark.parametrize("earlier", [None, "", True, ["A1"], {"number": "A1"}])
def test_a_case_to_stand_aside_from_is_named_by_a_text_or_a_number(earlier: Any) -> None:
    person = {"level": "city", "days": 1, "since": "2026-11-20", "earlier": earlier}
    with pytest.raises(ExpressionFailed, match="visit"):
        started("parallel", [person], Asked())


def test_a_thousand_instances_that_are_the_same_are_one_question_each() -> None:
    ask = Asked()
    person = {"level": "city", "days": 1, "since": "2026-11-20", "earlier": "A1"}
    assert len(started("parallel", [person] * 1000, ask).opened) == 1000
    assert len(ask.questions) == 2


def test_before_all_instances_got_who_the_first_one_did() -> None:
    people = [
        {"level": level, "days": days, "since": "2026-11-20", "earlier": None}
        for level, days in (("city", 1), ("county", 2), ("county", 2))
    ]
    ask = Asked()
    result = started("parallel", people, ask, semantics.UNNAMED)
    assert [one.candidate for one in result.opened] == ["city@"] * 3
    assert [json.loads(one)[0] for one in ask.questions] == ["assignment", "deadline", "deadline", "deadline"]
    assert [one.other_cases for one in result.opened] == [()] * 3
