"""Plays a walk on the runtime and compares everything after each step. Every step starts from stored bytes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import errors
from engine.definition import Definition, assemble
from engine.model import RunResult, Wait
from engine.runtime import commands
from engine.spiff import Memory
from tests.engine.bpmn.walks import Construct, Step

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def ask(name: str, parameters: Mapping[str, Any]) -> Any:
    """The services of the walks."""
    if name == "assignment":
        return {"candidate": "county_officer@1", "organisation": "一个单位"}
    if name == "deadline":
        return {"due_at": None, "warn_at": None}
    assert name == "organisation.get"
    return {"code": parameters["organisation"]}


@dataclass
class Player:
    """One case on its way through a walk: what is known of it from the outcomes alone."""

    definition: Definition
    state: bytes = b""
    pieces: Memory = field(default_factory=Memory)
    now: datetime = NOW
    open: dict[int, str] = field(default_factory=dict)
    waits: dict[tuple[int, str], Wait] = field(default_factory=dict)

    @classmethod
    def of(cls, construct: Construct) -> Player:
        return cls(assemble("tiny", construct.files(), 1))

    def play(self, step: Step) -> None:
        """Do one act and compare."""
        if step.fails:
            with pytest.raises(getattr(errors, step.fails)):
                self._act(step)
            return
        outcome = self._act(step)
        self._follow(outcome)
        assert self.seen(outcome, step) == expected(step)
        self.state = bytes(outcome.state)
        self.pieces.follow(outcome.pieces)

    def _act(self, step: Step) -> RunResult:
        if step.act == "act":
            return commands.start(self.definition, {}, self.now, ask)
        if step.act == "opened":
            element = self.definition.elements[step.target]
            result = element.for_each.result if element.for_each else element.correlation.result
            brought = {result: step.payload} if result else {}
            return commands.start(self.definition, brought, self.now, ask, at=step.target)
        if step.act == "complete":
            number = self._task(step)
            given = (number, step.submission, self.now, ask)
            outcome = commands.complete(self.definition, self.state, *given, beside=self.pieces)
            del self.open[number]
            return outcome
        wait = self._wait(step)
        if wait.due_at is not None:
            self.now = max(self.now, datetime.fromisoformat(step.at or wait.due_at))
        came = (wait.number, wait.element, step.payload, self.now, ask)
        return commands.fire(self.definition, self.state, *came, beside=self.pieces)

    def _task(self, step: Step) -> int:
        numbers = sorted(number for number, element in self.open.items() if element == step.target)
        assert len(numbers) >= step.instance, f"{step.target} is not open: {self.open}"
        return numbers[step.instance - 1]

    def _wait(self, step: Step) -> Wait:
        kind = "timer" if step.act == "fire" else step.act
        found = [wait for _, wait in sorted(self.waits.items()) if wait.kind == kind and fits(wait, step)]
        assert found, f"nothing waits for {kind} {step.target} {step.key}: {list(self.waits.values())}"
        if kind != "message":  # which the wait that began first takes
            assert len({wait.element for wait in found}) == 1, f"say which: {found}"
        return found[step.instance - 1]

    def _follow(self, outcome: RunResult) -> None:
        for number in outcome.closed:
            self.open.pop(number)
        for task in outcome.opened:
            assert task.number not in self.open
            self.open[task.number] = task.element
        for key in outcome.unwaited:
            assert self.waits.pop(key).element == key[1]
        self.waits |= {(wait.number, wait.element): wait for wait in outcome.waits}

    def seen(self, outcome: RunResult, step: Step) -> dict[str, Any]:
        """What the step has led to, in the words of the walk."""
        return {
            "open": tuple(sorted(self.open.values())),
            "waits": tuple(sorted(map(said, self.waits.values()))),
            "passed": ordered(step, outcome.passed),
            "ended": outcome.ended_at_element,
            "variables": {name: outcome.variables.get(name) for name in step.variables},
            "present": tuple(name for name in step.absent if name in outcome.variables),
            "thrown": [(t.kind, t.name, t.key or "", t.payload) for t in outcome.thrown],
        }


def expected(step: Step) -> dict[str, Any]:
    """The same, as the walk has it."""
    return {
        "open": tuple(sorted(step.open)),
        "waits": tuple(sorted(step.waits)),
        "passed": ordered(step, step.passed),
        "ended": step.ended,
        "variables": dict(step.variables),
        "present": (),
        "thrown": [(t["kind"], t["name"], t.get("key", ""), t.get("payload")) for t in step.thrown],
    }


def ordered(step: Step, passed: tuple[str, ...]) -> Any:
    """Where the standard leaves the order free, only how often each element was passed counts."""
    return Counter(passed) if step.any_order else passed


def fits(wait: Wait, step: Step) -> bool:
    """Whether a wait is the one that the step means."""
    if step.act == "fire":
        return wait.element == step.target
    return wait.name == step.target and (wait.key or "") == step.key and step.element in {"", wait.element}


def said(wait: Wait) -> str:
    """A wait as the walks write it."""
    if wait.kind == "timer":
        assert wait.due_at is not None
        due = datetime.fromisoformat(wait.due_at).astimezone(UTC)
        return f"timer {wait.element} {due:%Y-%m-%dT%H:%M:%SZ}"
    return " ".join(filter(None, (wait.kind, wait.element, wait.name, wait.key)))
