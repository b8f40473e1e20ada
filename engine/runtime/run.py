"""One run of a case, as the host of its instance: every expression, operation and effect passes here.

Does no I/O and reads no clock: the answers of operations come from ``ask``.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from engine import spiff
from engine.calendar.days import LEGAL_ZONE
from engine.definition import Definition
from engine.diagram import Element, Parameters
from engine.dmn.decisions import DecisionResult
from engine.dmn.effective import IN_FORCE
from engine.errors import ExpressionFailed, Runaway
from engine.feel import (
    Allowance,
    BudgetExceeded,
    Environment,
    allowance,
    compile_expression,
    from_stored,
    to_json,
    to_kept,
    to_stored,
)
from engine.feel.formats import number_text, text_of
from engine.feel.values import lift
from engine.model import Ask, Concerned, DecisionTaken, Effects, RunResult, Thrown
from engine.picking import only
from engine.runtime.opening import opened
from engine.runtime.showing import published
from engine.semantics import EXACT_NUMBERS, KEYS_SAY_SOMETHING, TYPED_VARIABLES
from engine.spiff import Instance, Place
from engine.words import Words, say

MAX_STEPS: Final = 20_000
"""Elements that one run may pass."""
LOOK_EVERY: Final = 16  # elements between two looks at the processor's clock; what each may take is bounded elsewhere
LONGEST_NAME: Final = 200  # characters of a correlation key and the like
MAX_SECONDS: Final = 10.0
"""Of the processor, that one run may take. Only a refusal follows from it, and a replay runs without it."""


@dataclass(slots=True, eq=False)
class Run:
    """One run, and the host of its instance."""

    definition: Definition
    now: datetime
    ask: Ask
    semantics: int  # the version under which it runs
    seconds: float  # that it may take
    variables: MutableMapping[str, Any] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)
    walked: list[str] = field(default_factory=list)
    instance: Instance = field(init=False)
    _allowance: Allowance = field(default_factory=allowance)
    _until: float = field(init=False)
    _environment: Environment | None = None

    def __post_init__(self) -> None:
        self.instance = Instance(self, self.definition.specs.all)
        self._until = self._allowance.until(self.seconds)

    def finished(self) -> RunResult:
        """Run everything that needs nobody, and close the run: what was opened and closed, and the state to store."""
        self.instance.run()
        return self.closed()

    def closed(self) -> RunResult:
        """The same without running on."""
        instance, opening = self.instance, opened(self)
        return RunResult(
            state=spiff.save(instance, self.variables),
            pieces=instance.families.pieces.changed,
            ended_at_element=instance.ended_at,
            opened=opening,
            closed=tuple(instance.closed),
            passed=tuple(self.walked),
            flows=tuple(instance.flows),
            decisions=tuple(self.effects.decisions),
            changes=tuple(self.effects.changes),
            messages=tuple(self.effects.messages),
            files=tuple(self.effects.files),
            waits=tuple(instance.events.waits.values()),
            unwaited=tuple(instance.events.unwaited),
            thrown=tuple(self.effects.thrown),
            starts=tuple(self.effects.starts),
            published=tuple(self.effects.published),
            publications=tuple(self.effects.publications),
            variables=self.variables,
            title=self._text(self.definition.process.title),
            summary=self._text(self.definition.process.summary),
            concerned=() if instance.ended_at is not None else self._concerned(),
        )

    def _text(self, expression: str) -> str | None:
        value = self._feel(expression, self.variables) if expression else None
        if value is None or isinstance(value, str) or self.semantics < TYPED_VARIABLES:
            return value if isinstance(value, str) else None
        return text_of(value, self.environment)

    def _concerned(self) -> tuple[Concerned, ...]:
        """The records that the case is about, by its variables as they stand. Raises ExpressionFailed."""
        found = dict[tuple[str, str], Concerned]()
        for one in self.definition.process.concerns:
            value = to_json(self._feel(one.records, self.variables))
            for number in value if isinstance(value, list) else [value]:
                if number is not None and not isinstance(number, str):
                    reason = say("{text} 没有得出记录编号", text=one.records)
                    raise ExpressionFailed(element=self.definition.process.name, reason=reason)
                if number:
                    found[one.register, number] = Concerned(one.register, number, one.exclusive, one.fields)
        return tuple(sorted(found.values()))

    # -- the host of the instance ------------------------------------------------------------------------------

    def passed(self, element: Element) -> None:
        """Note an element that a token has passed; refuse to go on forever."""
        self.walked.append(element.id)
        many = len(self.walked) > MAX_STEPS
        if many or (len(self.walked) % LOOK_EVERY == 1 and self._allowance.cpu() > self._until):
            limit = say("{most}个环节", most=MAX_STEPS) if many else say("{seconds:g}秒", seconds=self.seconds)
            raise self._allowance.told(Runaway(limit=limit), self.definition.owner)

    def value(self, text: str, place: Place, beside: Mapping[str, Any] | None = None) -> Any:
        """An expression as a variable keeps it: dates, times and durations stay what they are."""
        return self._kept(self._feel(text, self._scope(place, beside), place.label))

    def plain(self, text: str, place: Place, beside: Mapping[str, Any] | None = None) -> Any:
        """An expression as plain JSON, for the operations and for what everybody may read."""
        return self._plain(self._feel(text, self._scope(place, beside), place.label))

    def _kept(self, value: Any) -> Any:
        return self._plain(value) if self.semantics < TYPED_VARIABLES else to_kept(value)

    def _plain(self, value: Any) -> Any:
        return to_json(value, exact=self.semantics >= EXACT_NUMBERS)

    def known(self, text: str, place: Place) -> dict[str, Any]:
        """The variables that an expression names, as seen from ``place``."""
        expression, scope = compile_expression(text), self._scope(place)
        return only(scope, sorted(expression.names | expression.perhaps))

    def time(self, text: str, known: Mapping[str, Any], at: datetime) -> tuple[Any, Mapping[str, Any] | None]:
        """The time that an expression gives at a moment; with what it was counted from if the calendar was asked."""
        asked: list[str] = []

        def count(name: str, parameters: Mapping[str, Any]) -> Any:
            if name != IN_FORCE:  # which table answers follows from the day, not from the calendar
                asked.append(name)
            return self.ask(name, parameters)

        value = to_json(compile_expression(text).evaluate(known, self._environment_at(at, count)))
        return value, known if asked else None

    def holds(self, text: str, place: Place, beside: Mapping[str, Any] | None = None) -> bool:
        """A condition. Raises ExpressionFailed when it is neither true nor false (FEEL has null)."""
        value = self._feel(text, self._scope(place, beside), place.label)
        if not isinstance(value, bool):
            raise ExpressionFailed(element=place.label, reason=self._why(text, value))
        return value

    def happens(self, text: str, place: Place) -> bool:
        """The condition of an event. What has no value yet is not true yet."""
        return self._feel(text, self._scope(place), place.label) is True

    def key(self, element: Element, place: Place) -> str | None:
        """The correlation key that an element writes (BPMN 2.0, 8.4.2). Raises ExpressionFailed when it says nothing.

        Who waits without a key takes every message: so a key must be a text or a number once it is written.
        """
        text = element.correlation.key
        if self.semantics < KEYS_SAY_SOMETHING:
            value = self.value(text, place)
            return None if value is None else str(value)
        return self.naming(text, place, element.id, say("消息的标识"))

    def naming(self, text: str, place: Place, element: str, what: Words) -> str:
        """The text or number by which an expression names something. Raises ExpressionFailed when it names nothing."""
        value = lift(self._feel(text, self._scope(place), element))
        name = number_text(value) if isinstance(value, Decimal) else value if isinstance(value, str) else ""
        if not name.strip():
            given = text_of([value], self.environment)[1:-1][:100]  # as FEEL writes it
            reason = say("{what} {text} 应为文字或数字，得到 {given}", what=what, text=text, given=given)
            raise ExpressionFailed(element=element, reason=reason)
        if len(name) > LONGEST_NAME:
            reason = say("{what} {text} 不得超过{most}个字", what=what, text=text, most=LONGEST_NAME)
            raise ExpressionFailed(element=element, reason=reason)
        return name

    def assign(self, place: Place, name: str, value: Any) -> None:
        """Set a variable as seen from ``place``: of the innermost scope that declares it, else of the case."""
        at: Place | None = place
        while at is not None and not at.keeps(name):
            at = at.around
        (self.variables if at is None else at.data)[name] = value
        self.instance.events.changed = True

    def perform(self, element: Element, place: Place) -> None:
        """A task of the machine (BPMN 2.0, 10.3.3): a service, a script or a business rule."""
        if element.script is not None:
            values = self._feel(element.script.text, self._scope(place), element.id)
            for name, value in (values or {}).items():
                self.assign(place, name, self._kept(value))
        elif element.decision is not None:
            call = element.decision
            inputs = {name: self.value(text, place) for name, text in call.parameters}
            result = self.definition.decide(call.ref, inputs, self.environment)
            self._decided(result)
            self.assign(place, call.result, self._kept(result.value))
        elif element.operation is not None:
            self._operate(element, place)
        if element.public is not None:
            self.effects.published.append(published(element.public, place, self.plain, self.now))

    def _operate(self, element: Element, place: Place) -> None:
        operation = element.operation
        assert operation is not None
        answer = self.ask(operation.name, self._parameters(operation.parameters, place))
        if isinstance(answer, dict) and "effects" in answer:
            self.effects.add(answer["effects"])
            answer = answer["result"]
        if operation.result:
            self.assign(place, operation.result, answer)

    def _parameters(self, parameters: Parameters, place: Place) -> dict[str, Any]:
        return {name: self.plain(text, place) for name, text in parameters}

    def send(self, element: Element, place: Place) -> None:
        """A message to whichever case waits for it."""
        event, told = element.event, element.correlation
        assert event is not None
        key = self.key(element, place) if told.key else None
        payload = self.value(told.payload, place) if told.payload else None
        thrown = Thrown("message", event.known_as, key, payload, told.forget)
        if self.semantics >= TYPED_VARIABLES:
            thrown = replace(thrown, payload=to_stored(payload), format=2)
        self.effects.thrown.append(thrown)

    def received(self, payload: Any) -> Any:
        """What a message carries, as a variable keeps it."""
        return payload if self.semantics < TYPED_VARIABLES else from_stored(payload)

    def broadcast(self, name: str) -> None:
        """A signal to every case that waits for it."""
        self.effects.thrown.append(Thrown("signal", name, None, None))

    # -- FEEL --------------------------------------------------------------------------------------------------

    def _feel(self, text: str, scope: Mapping[str, Any], element: str = "") -> Any:
        try:
            return compile_expression(text).evaluate(scope, self.environment)
        except BudgetExceeded as exceeded:
            exceeded.of(text, element or self.definition.process.id)
            raise

    def _scope(self, place: Place, beside: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What is visible at ``place``: its own variables, those of the scopes around it, those of the case."""
        layers: list[dict[str, Any]] = [dict(beside)] if beside else []
        at: Place | None = place
        while at is not None:
            if at.data:
                layers.append(at.data)
            if at.shut:
                return ChainMap(*layers, only(self.variables, spiff.EVERYWHERE))
            at = at.around
        return ChainMap(*layers, self.variables) if layers else self.variables

    @property
    def environment(self) -> Environment:
        """The present, every decision of the definition as a function, and the working days of the calendar."""
        if self._environment is None:
            self._environment = self._environment_at(self.now, self.ask)
        return self._environment

    def _environment_at(self, at: datetime, ask: Ask) -> Environment:
        functions = self.definition.functions(self._decided)
        now, owner = at.astimezone(LEGAL_ZONE), self.definition.owner
        return Environment(now, functions, semantics=self.semantics, ask=ask, owner=owner)

    def _decided(self, result: DecisionResult) -> None:
        inputs = {name: self._plain(value) for name, value in result.inputs.items()}
        taken = (result.decision, tuple(result.rules), inputs, self._plain(result.value), result.table)
        self.effects.decisions.append(DecisionTaken(*taken))

    def _why(self, text: str, value: Any) -> Words:
        if value is not None:
            return say("{text} 的结果不是“是”或“否”", text=text)
        detail = next(reversed(self.environment.warnings), "")
        return say("{text} 的结果为空。{detail}", text=text, detail=detail)
