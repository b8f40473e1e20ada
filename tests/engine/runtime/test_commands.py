"""The engine's heart: what must be open is open, after every save and load; the same acts give the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition import Definition, assemble
from engine.errors import ExpressionFailed, Runaway, TaskNotOpen
from engine.model import RunResult
from engine.runtime import commands
from tests.engine.runtime import drawing, models
from tests.engine.runtime.states import open_tasks

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def ask(name: str, parameters: Any) -> Any:
    if name == "assignment":
        return {"candidate": "role@1", "organisation": "一个单位"}
    return {"due_at": None, "warn_at": None}


def definition(xml: bytes) -> Definition:
    return assemble("random", {"process.bpmn": xml}, 1)


def waiting(outcome: RunResult) -> dict[str, int]:
    """Element to number of everything that waits for a person, read from the state."""
    return dict(open_tasks(outcome.state))


@settings(max_examples=120)
@given(models.models(), st.data())
def test_after_every_step_of_every_walk_just_the_right_tasks_are_open(model: Any, data: st.DataObject) -> None:
    made = definition(drawing.bpmn(model))
    outcome, left = commands.start(made, {}, NOW, ask), model
    asks = models.questions(model)
    for _ in range(24):
        assert set(waiting(outcome)) == models.open_now(left)
        if not models.open_now(left):
            break
        name = data.draw(st.sampled_from(sorted(models.open_now(left))))
        answer = data.draw(answers(asks.get(name)))
        outcome = commands.complete(made, outcome.state, waiting(outcome)[name], answer, NOW, ask)
        left = models.step(left, name, answer)
    assert (outcome.ended_at_element is not None) == (not models.open_now(left))


def answers(question: Any) -> st.SearchStrategy[dict[str, Any]]:
    if isinstance(question, models.Choice) and question.inclusive:
        some = st.sets(st.integers(0, len(question.parts) - 1), min_size=1)
        return some.map(lambda picks: {"picks": [str(pick) for pick in sorted(picks)]})
    if isinstance(question, models.Choice):
        return st.integers(0, len(question.parts) - 1).map(lambda pick: {"pick": pick})
    if isinstance(question, (models.Loop, models.AdHoc)):
        return st.booleans().map(lambda again: {"again": again})
    return st.just({})


@settings(max_examples=30)
@given(models.models(), st.data())
def test_the_same_acts_give_the_same_bytes(model: Any, data: st.DataObject) -> None:
    made = definition(drawing.bpmn(model))
    asks, acts = models.questions(model), []
    outcome = commands.start(made, {}, NOW, ask)
    for _ in range(10):
        if not waiting(outcome):
            break
        name = data.draw(st.sampled_from(sorted(waiting(outcome))))
        acts.append((waiting(outcome)[name], data.draw(answers(asks.get(name)))))
        outcome = commands.complete(made, outcome.state, *acts[-1], NOW, ask)
    again = commands.start(definition(drawing.bpmn(model)), {}, NOW, ask)
    for number, answer in acts:
        again = commands.complete(made, again.state, number, answer, NOW, ask)
    assert again.state == outcome.state


@settings(max_examples=200)
@given(models.models(events=True), st.data())
def test_whatever_happens_just_the_right_tasks_are_open_and_the_right_times_awaited(model: Any, data: Any) -> None:
    followed, left = Followed(definition(drawing.bpmn(model))), model
    asks = models.questions(model)
    for _ in range(24):
        assert set(followed.possible()) == models.open_now(left)
        if not models.open_now(left):
            break
        name = data.draw(st.sampled_from(sorted(models.open_now(left))))
        answer = data.draw(answers(asks.get(name)))
        followed.act(name, answer)
        left = models.step(left, name, answer)
    assert followed.ended == (not models.open_now(left))


class Followed:
    """A case, and what it waits for as its outcomes alone tell it."""

    def __init__(self, made: Definition) -> None:
        self.made, self.state, self.ended = made, b"", False
        self.open: dict[int, str] = {}
        self.waits: dict[tuple[int, str], str] = {}
        self._follow(commands.start(made, {}, NOW, ask))

    def possible(self) -> set[str]:
        """Tasks and events by name."""
        return {*self.open.values(), *self.waits.values()}

    def act(self, name: str, answer: dict[str, Any]) -> None:
        """Complete a task or let a time be due, the oldest of that name."""
        if name in self.waits.values():
            number, element = min(place for place, event in self.waits.items() if event == name)
            self._follow(commands.fire(self.made, self.state, number, element, None, NOW, ask))
            return
        number = min(number for number, task in self.open.items() if task == name)
        outcome = commands.complete(self.made, self.state, number, answer, NOW, ask)
        del self.open[number]
        self._follow(outcome)

    def _follow(self, outcome: RunResult) -> None:
        for number in outcome.closed:
            del self.open[number]
        for place in outcome.unwaited:
            del self.waits[place]
        self.open |= {task.number: task.element for task in outcome.opened}
        self.waits |= {(wait.number, wait.element): wait.element for wait in outcome.waits}
        self.state, self.ended = outcome.state, outcome.ended_at_element is not None
        assert dict(self.open) == {number: name for name, number in open_tasks(outcome.state)}


def test_a_task_cannot_be_completed_twice() -> None:
    made = definition(drawing.bpmn(models.Par((models.Task("t1"), models.Task("t2")))))
    begun = commands.start(made, {}, NOW, ask)
    done = commands.complete(made, begun.state, waiting(begun)["t1"], {}, NOW, ask)
    with pytest.raises(TaskNotOpen):
        commands.complete(made, done.state, waiting(begun)["t1"], {}, NOW, ask)


def test_a_state_does_not_grow_with_the_rounds_of_a_loop() -> None:
    body = models.Par((models.Task("t1"), models.Sub(models.Task("t2"))))
    made = definition(drawing.bpmn(models.Loop(body, models.Task("t3"))))
    outcome, sizes = commands.start(made, {}, NOW, ask), []
    for _ in range(300):
        for name, answer in (("t1", {}), ("t2", {}), ("t3", {"again": True})):
            outcome = commands.complete(made, outcome.state, waiting(outcome)[name], answer, NOW, ask)
        sizes.append(len(outcome.state))
    assert max(sizes) - sizes[1] <= 32  # the numbers get digits, nothing else grows


def test_a_loop_without_end_is_stopped_and_named() -> None:
    made = definition(SPIN)
    with pytest.raises(Runaway):
        commands.start(made, {}, NOW, ask)


def test_a_condition_without_a_value_is_refused_with_its_text() -> None:
    made = definition(drawing.bpmn(models.Loop(models.Task("t1"), models.Task("t2"))))
    begun = commands.start(made, {}, NOW, ask)
    asked = commands.complete(made, begun.state, waiting(begun)["t1"], {}, NOW, ask)
    with pytest.raises(ExpressionFailed) as refused:
        commands.complete(made, asked.state, waiting(asked)["t2"], {"again": None}, NOW, ask)
    assert "t2.again" in refused.value.message("zh")


SPIN = b"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL">
<bpmn:process id="spin" name="spin" isExecutable="true">
  <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="merge"/>
  <bpmn:exclusiveGateway id="merge"/><bpmn:sequenceFlow id="f2" sourceRef="merge" targetRef="count_up"/>
  <bpmn:scriptTask id="count_up" scriptFormat="application/feel"><bpmn:script>{ n: 1 }</bpmn:script></bpmn:scriptTask>
  <bpmn:sequenceFlow id="f3" sourceRef="count_up" targetRef="decide"/>
  <bpmn:exclusiveGateway id="decide" default="f5"/>
  <bpmn:sequenceFlow id="f4" sourceRef="decide" targetRef="merge">
    <bpmn:conditionExpression>n = 1</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f5" sourceRef="decide" targetRef="end"/><bpmn:endEvent id="end"/>
</bpmn:process></bpmn:definitions>"""
