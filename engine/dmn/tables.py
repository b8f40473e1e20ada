"""Decision tables (chapter 8): XML to logic. Inputs and outputs are checked against their allowed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.dmn.hits import POLICIES, Hit, Output, Policy, settle
from engine.dmn.reading import Reading, attribute, child, children, local, nothing, text_of
from engine.dmn.refusals import RulesOverlap, ValueNotAllowed
from engine.errors import NoRuleMatched
from engine.feel import Environment, UnaryTests
from engine.feel.compiler import Run
from engine.feel.environment import EPOCH
from engine.feel.formats import text_of as written
from engine.feel.scope import Scope
from engine.feel.texts import parse_temporal
from engine.feel.types import ANY, SIMPLE, FeelType, coerce
from engine.feel.values import Date, DateTime, lift
from engine.files.xml import Node
from engine.words import say

TEMPORAL = frozenset({
    "date", "time", "date and time", "dateTime", "days and time duration", "dayTimeDuration",
    "years and months duration", "yearMonthDuration",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions."""

    label: str
    run: Run
    kind: FeelType
    allowed: UnaryTests | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: its tests, each with the number of its input, and its outputs. A dash is no test."""

    id: str
    tests: tuple[tuple[int, UnaryTests], ...]
    outputs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, ready to run."""

    name: str
    policy: Policy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    def run(self, scope: Scope) -> Any:
        """The table's answer. Raises NoRuleMatched, RulesOverlap, ValueNotAllowed, if the environment is strict."""
        try:
            return self._decide(scope)
        except (NoRuleMatched, RulesOverlap, ValueNotAllowed) as refusal:
            return scope.env.refuse(refusal)

    def _decide(self, scope: Scope) -> Any:
        values = [self._input(column, scope) for column in self.inputs]
        matched = []
        for rule in self.rules:
            scope.env.charge(1)
            for column, test in rule.tests:
                if not test.matches_in(values[column], scope):
                    break
            else:
                matched.append(rule)
                if self.policy.first_only:
                    break
        if not matched:
            return self._unmatched(values, scope)
        hits = [
            Hit(rule.id, [self._output(out, run, scope) for out, run in zip(self.outputs, rule.outputs, strict=True)])
            for rule in matched
        ]
        kept, answer = settle(self.name, self.policy, self.outputs, hits, scope.env)
        scope.env.rules.extend(hit.rule for hit in kept)
        return answer

    def _input(self, column: Input, scope: Scope) -> Any:
        given = column.run(scope)
        return self._allowed(column, given, as_typed(given, column.kind, scope), scope)

    def _output(self, column: Output, run: Run, scope: Scope) -> Any:
        given = run(scope)
        return self._allowed(column, given, coerce(given, column.kind, scope.env), scope)

    def _allowed(self, column: Input | Output, given: Any, value: Any, scope: Scope) -> Any:
        """The value of a column, if its type and its allowed values admit it. Null they always do.

        A value of a wrong type is refused rather than taken for null: the rule for null would answer in its place.
        """
        if value is None and given is None:
            return None
        if value is not None and (column.allowed is None or column.allowed.matches_in(value, scope)):
            return value
        many = type(value) is list and column.kind.name == "list" and column.allowed is not None
        if many and all(column.allowed.matches_in(lift(item), scope) for item in scope.env.each(value)):  # type: ignore[union-attr]
            return value
        raise ValueNotAllowed(decision=self.name, field=column.label, value=shown(given, scope))

    def _unmatched(self, values: list[Any], scope: Scope) -> Any:
        if any(column.default is not None for column in self.outputs):
            made = {out.name: None if out.default is None else out.default(scope) for out in self.outputs}
            answer = made if len(self.outputs) > 1 else next(iter(made.values()))
            return [answer] if self.policy.many and type(answer) is not list else answer
        if self.policy.empty is not None and (scope.env.strict or not self.policy.many):
            return self.policy.empty()
        pairs = (f"{column.label}={shown(value, scope)}" for column, value in zip(self.inputs, values, strict=True))
        raise NoRuleMatched(decision=self.name, inputs=", ".join(pairs))


def shown(value: Any, scope: Scope) -> str:
    """A value for a message."""
    return "null" if value is None else written(value, scope.env)[:100]


def as_typed(value: Any, kind: FeelType, scope: Scope) -> Any:
    """A value from outside as the declared type.

    Forms and JSON have no dates, times and durations: their ISO text is read where the type, its items or its members
    declare one.
    """
    return coerce(_read(value, kind, scope.env), kind, scope.env)


def _read(value: Any, kind: FeelType, env: Environment) -> Any:
    if type(value) is str and kind.name in TEMPORAL:
        found = parse_temporal(value)
        if type(found) is Date and DateTime in SIMPLE[kind.name]:
            return DateTime(found, 0, 0)  # as coercion does (clause 10.3.2.9.4)
        return found if type(found) in SIMPLE[kind.name] else value
    if type(value) is list and kind.name != "Any":
        return [_read(item, kind.element or kind, env) for item in env.each(value)]
    if kind.element and kind.name == "list":  # coercion makes a list of it
        return _read(value, kind.element, env)
    if type(value) is dict and kind.members:
        return value | {name: _read(value[name], part, env) for name, part in kind.members.items() if name in value}
    return value


def read_table(node: Node, reading: Reading) -> Run:
    """A ``decisionTable`` as logic; its problems are noted."""
    place = attribute(node, "id") or reading.place
    policy = _policy(node, reading, place)
    inputs = tuple(_read_input(one, reading) for one in children(node, "input"))
    ranked = policy is not None and policy.by_priority
    outputs = tuple(_read_output(one, reading, index, ranked) for index, one in enumerate(children(node, "output")))
    labels = tuple(one.label for one in inputs)
    rules = tuple(
        _read_rule(rule, reading, labels, outputs, index) for index, rule in enumerate(children(node, "rule"))
    )
    if not outputs:
        reading.wrong(place, say("决策表没有输出"))
    if policy is None or not outputs:
        return nothing
    _check_policy(policy, outputs, reading, place)
    return Table(_table_name(node), policy, inputs, outputs, rules).run


def _table_name(node: Node) -> str:
    parent = node.getparent()
    while parent is not None and local(parent) not in ("decision", "businessKnowledgeModel"):
        parent = parent.getparent()
    return attribute(parent, "name") or attribute(node, "id")


def _policy(node: Node, reading: Reading, place: str) -> Policy | None:
    name, aggregation = attribute(node, "hitPolicy") or "UNIQUE", attribute(node, "aggregation")
    policy = POLICIES.get((name, aggregation if name == "COLLECT" else ""))
    if policy is None:
        reading.wrong(place, say("不支持命中策略“{name} {aggregation}”", name=name, aggregation=aggregation))
    return policy


def _check_policy(policy: Policy, outputs: tuple[Output, ...], reading: Reading, place: str) -> None:
    if policy.aggregate is not None and len(outputs) > 1:
        reading.wrong(place, say("汇总的决策表只能有一个输出"))
    if policy.by_priority and not any(column.priorities for column in outputs):
        hint = say("请在输出列填写允许值，从高到低排列。")
        reading.wrong(place, say("按优先级命中须给出输出的允许值"), hint)


def _read_input(node: Node, reading: Reading) -> Input:
    expression = child(node, "inputExpression")
    place = attribute(node, "id") or attribute(node, "label") or reading.place
    kind = reading.type(attribute(expression, "typeRef"), place)
    text = text_of(expression)
    label = attribute(node, "label") or text
    return Input(label, reading.expression(text, place), kind, _values(node, "inputValues", reading, place))


def _values(node: Node, name: str, reading: Reading, place: str) -> UnaryTests | None:
    found = child(node, name)
    text = text_of(found)
    return reading.tests(text, attribute(found, "id") or place) if text else None


def _read_output(node: Node, reading: Reading, index: int, ranked: bool) -> Output:
    name = attribute(node, "name")
    place = attribute(node, "id") or name or reading.place
    default = child(node, "defaultOutputEntry")
    run = reading.expression(text_of(default), attribute(default, "id") or place) if text_of(default) else None
    kind = reading.type(attribute(node, "typeRef"), place) if attribute(node, "typeRef") else ANY
    ordered = _ordered(node, kind, reading, place) if ranked else None
    allowed = _values(node, "outputValues", reading, place)
    return Output(name or f"output{index + 1}", attribute(node, "label") or name, kind, allowed, ordered, run)


def _ordered(node: Node, kind: FeelType, reading: Reading, place: str) -> Run | None:
    """The values of an output, highest first: its own, or else those of its type, which may be written at the table."""
    text = text_of(child(node, "outputValues"))
    if text:
        return reading.expression(f"[{text}]", place)
    table = node.getparent()
    if not kind.values and table is not None and len(children(table, "output")) == 1:
        variable = child(table.getparent(), "variable")
        kind = reading.type(attribute(table, "typeRef") or attribute(variable, "typeRef"), place)
    values = list((kind.element or kind).values)
    return (lambda scope: values) if values else None


def _check_constant(node: Node, reading: Reading, column: Output, place: str) -> None:
    """An answer that is written out can be judged now."""
    value = reading.constant(text_of(node))
    if value is None:
        return
    env = Environment(EPOCH)
    fitted = coerce(value, column.kind, env)
    allowed = column.allowed is None or type(fitted) is list or column.allowed.matches(fitted, {}, env)
    if fitted is None or not allowed:
        text = text_of(node)[:60]
        problem = say("“{label}”不能是 {text}", label=column.label, text=text)
        hint = say("请改这一格，或改输出列的类型和允许值。")
        reading.wrong(attribute(node, "id") or place, problem, hint)


def _read_rule(node: Node, reading: Reading, labels: tuple[str, ...], outputs: tuple[Output, ...], index: int) -> Rule:
    place = attribute(node, "id") or f"rule{index + 1}"
    tests, runs = children(node, "inputEntry"), children(node, "outputEntry")
    if len(tests) != len(labels) or len(runs) != len(outputs):
        reading.wrong(place, say("规则的列数与表头不符"))
        return Rule(place, (), ())
    compiled, made = [], []
    for cell, label in zip(tests, labels, strict=True):
        with reading.at(index + 1, label):
            compiled.append(reading.tests(text_of(cell), attribute(cell, "id") or place))
    for cell, column in zip(runs, outputs, strict=True):
        with reading.at(index + 1, column.label):
            _check_constant(cell, reading, column, place)
            made.append(reading.expression(text_of(cell), attribute(cell, "id") or place))
    told = tuple((column, test) for column, test in enumerate(compiled) if test is not None and not test.passes_all)
    return Rule(place, told, tuple(made))
