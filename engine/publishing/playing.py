"""A new definition is played before it is published: forms filled in, answers given, times let come, as far as it goes.

Nothing is judged but what takes too long: whatever else is refused here may go well with the data of a real case. What
takes too long with every field filled in, or asks for no data at all, is an error; with nothing filled in a warning.
Knows no row, and runs where a definition may do no harm (``quarantine``).
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from engine.definition import Definition
from engine.diagram import Element, Outcome
from engine.errors import Problem, Runaway
from engine.feel import BudgetExceeded, Environment, step
from engine.forms import Form
from engine.forms.model import ONE_OF, SOME_OF, TEXTS, Field
from engine.forms.trees import put
from engine.model import OpenedTask, RunResult, Wait
from engine.runtime import commands
from engine.spiff import Memory, Stored
from engine.words import say

T = TypeVar("T")
PRESENT: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
"""The same for every play, so that what is found never changes."""
MOST_MOVES: Final = 300
MOST_SECONDS: Final = 5.0
TWICE: Final = 2
"""So often one answer is given at one element: once more shows what a loop does."""
_MOMENTS: Final = {"date": "2026-01-05", "time": "09:00", "datetime": "2026-01-05T09:00"}


def play(definition: Definition) -> tuple[Problem, ...]:
    """What takes too long on the way of a case, an expression or the process itself; each once, where it stands."""
    game = _Game(definition, time.thread_time() + MOST_SECONDS)
    game.play()
    return tuple(game.found.values())


@dataclass(slots=True)
class _Game:
    definition: Definition
    until: float
    found: dict[str, Problem] = field(default_factory=dict)
    _given: Counter[tuple[str, str]] = field(default_factory=Counter)
    _moves: int = 0
    _todo: deque[tuple[RunResult, bool]] = field(default_factory=deque)  # with whether all was filled in so far

    def play(self) -> None:
        for decision in self.definition.decisions.values():
            sure = not decision.parameters
            self._try(sure, decision.evaluate, {}, self._environment())
        start = self.definition.process.start
        if start is not None:
            for data, sure in self._filled(start, {}):
                begun = {"case": {}, start.into or start.id: data}
                self._move(sure, commands.start, self.definition, begun, PRESENT, _answer)
        while self._todo and self._moves < MOST_MOVES and time.thread_time() < self.until:
            self._go_on(*self._todo.popleft())
        reached = {element for element, _ in self._given}
        for element in self.definition.elements.values():  # what is filled in where no play has come
            if element.form and element.id not in reached:
                list(self._filled(element, {}))

    def _go_on(self, done: RunResult, sure: bool) -> None:
        """Give every answer to every task that is open since, and let everything come that is waited for."""
        for task in done.opened:
            element = self.definition.elements[task.element]
            for outcome in element.outcomes or (None,):
                if self._again(element.id, outcome.id if outcome else ""):
                    self._answer(done, sure, task, element, outcome)
        for wait in done.waits:
            if self._again(wait.element, ""):
                self._move(sure, self._fire, done, wait)

    def _again(self, element: str, answer: str) -> bool:
        self._given[element, answer] += 1
        return self._given[element, answer] <= TWICE

    def _answer(self, done: RunResult, sure: bool, task: OpenedTask, element: Element, outcome: Outcome | None) -> None:
        said = {} if outcome is None else {"outcome": outcome.id, "opinion": "1"}
        if outcome is not None and outcome.targets:
            said["return_to"] = outcome.targets[0]
        for data, filled in self._filled(element, Stored(done.state, Memory(done.pieces)).seen(task.number)):
            self._move(sure and filled, self._complete, done, task, {**data, **said})

    def _complete(self, done: RunResult, task: OpenedTask, data: Mapping[str, Any]) -> RunResult:
        beside = Memory(done.pieces)
        result = commands.complete(self.definition, done.state, task.number, data, PRESENT, _answer, beside=beside)
        return _with_pieces(result, beside)

    def _fire(self, done: RunResult, wait: Wait) -> RunResult:
        beside, place = Memory(done.pieces), (wait.number, wait.element)
        result = commands.fire(self.definition, done.state, *place, {}, PRESENT, _answer, beside=beside)
        return _with_pieces(result, beside)

    def _filled(self, element: Element, seen: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], bool]]:
        """What is handed in at an element, as its form takes it: every field filled in (then true), and nothing."""
        form = self.definition.form_of(element.id)
        if form is None:
            yield {}, True
            return
        for data in (example(form.fields), {}):
            sure = bool(data)
            checked = self._try(sure, self._checked, form, data, seen)
            clean = data if checked is None else checked
            yield {**clean, "by": {"login": "a", "name": "a"}, "at": "2026-01-05T01:00:00Z"}, sure

    def _checked(self, form: Form, data: Mapping[str, Any], seen: Mapping[str, Any]) -> Mapping[str, Any]:
        context = {**seen, **dict.fromkeys(form.sources)}
        environment = self._environment()
        form.initial({}, context, environment)
        checked = form.check(data, initial={}, context=context, environment=environment)
        form.view(checked.data, context=context, environment=environment)
        return checked.data

    def _environment(self) -> Environment:
        return Environment(PRESENT, self.definition.functions(lambda _: None), ask=_answer)

    def _move(self, sure: bool, act: Callable[..., RunResult], *words: Any) -> None:
        self._moves += 1
        done = self._try(sure, act, *words)
        if done is not None:
            self._todo.append((done, sure))

    def _try(self, sure: bool, act: Callable[..., T], *words: Any) -> T | None:
        """What an act gives; None for one that is refused, which is only told when it takes too long."""
        try:
            with step():
                return act(*words)
        except (BudgetExceeded, Runaway) as exceeded:
            if isinstance(exceeded, Runaway) or exceeded.slow:
                self._tell(exceeded, "error" if sure else "warning")
        except Exception:  # what breaks here may break for want of a case, of people and of records: it says nothing
            return None
        return None

    def _tell(self, exceeded: BudgetExceeded | Runaway, severity: str) -> None:
        file, process = f"{self.definition.key}/process.bpmn", self.definition.process.id
        if isinstance(exceeded, BudgetExceeded):
            place = exceeded.element or exceeded.text[:60]
            what = say("试运行：{why}", why=exceeded.words)
            self.found.setdefault(str(place), Problem(file, place, what, say("请改正后再发布。"), severity=severity))
            return
        what = say("试运行没有走到头：{why}", why=exceeded.words)
        self.found.setdefault(process, Problem(file, process, what, say("请检查其中的循环。"), severity="warning"))


def _answer(operation: str, parameters: Mapping[str, Any]) -> Any:
    """Whose task it is, and until when; of everything else nothing."""
    if operation in ("assignment", "deadline"):
        return dict.fromkeys(("candidate", "organisation", "due_at", "warn_at"), "")
    return None


def example(fields: Sequence[Field]) -> dict[str, Any]:
    """A small value in every field that a person fills in."""
    found: dict[str, Any] = {}
    for item in fields:
        if item.repeating and item.path:
            put(found, item.path, [example(item.children)])
        elif item.children:
            inner = example(item.children)
            put(found, item.path, inner) if item.path else found.update(inner)
        elif item.is_input and item.path and not item.fixed:
            put(found, item.path, _value(item))
    return found


def _value(item: Field) -> Any:
    chosen = item.options[0].value if item.options else None
    if item.type in ONE_OF | SOME_OF:
        return [chosen] if item.type in SOME_OF and chosen is not None else chosen
    if item.type == "datetime":
        return _MOMENTS[item.subtype or "date"]
    known = {"number": 1, "checkbox": True} | dict.fromkeys(TEXTS, "1" * max(1, _least(item)))
    return known.get(item.type)


def _least(item: Field) -> int:
    return item.rules.min_length if isinstance(item.rules.min_length, int) else 1


def _with_pieces(result: RunResult, beside: Memory) -> RunResult:
    """A result with all pieces of its state, since nothing else keeps them."""
    beside.follow(result.pieces)
    return replace(result, pieces=beside.all())
