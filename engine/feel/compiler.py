"""Nodes to closures: operators, names, paths. Loops are in ``blocks``, calls in ``invocations``. Knows no text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.feel.environment import worked_out
from engine.feel.operators import arithmetic, compare, equal, kind_name, negate, within
from engine.feel.properties import PROPERTIES
from engine.feel.scope import Scope
from engine.feel.types import FeelType, conforms, resolved, type_of_node
from engine.feel.values import NATIVE, Range, lift
from engine.semantics import FEEL_LETTER
from engine.words import say

Run = Callable[[Scope], Any]
COMPILERS: dict[type, Callable[[Any], Run]] = {}
MISSING = object()
PROPERTY = 4  # what reading a property is charged: the offset of a named zone asks its calendar
PARTED = frozenset({"list", "context", "range", "function"})  # types that are incomplete without their parts


def compile_node(node: n.Node) -> Run:
    """The closure that evaluates a node in a scope."""
    return COMPILERS[type(node)](node)


def find(scope: Scope, name: str) -> Any:
    """A name's value in the scopes, innermost first, or MISSING."""
    block: Scope | None = scope
    while block is not None:
        value = block.names.get(name, MISSING)
        if value is not MISSING:
            return value if type(value) in NATIVE else lift(value)
        block = block.parent
    return MISSING


def _literal(node: n.Literal) -> Run:
    value = node.value
    return lambda scope: value


def _name(node: n.Name) -> Run:
    name = node.name
    if name == "partial":
        return _partial
    builtin = BUILTINS.get(name)

    def run(scope: Scope) -> Any:
        value = find(scope, name)
        if value is not MISSING:
            return value
        function = scope.env.function(name) or builtin
        if function is None:
            return scope.env.null(say("没有名为“{name}”的数据"), name=name)
        return function

    return run


def _partial(scope: Scope) -> Any:
    value = find(scope, "partial")
    if type(value) is not list:
        return None if value is MISSING else value
    scope.env.charge(1 + len(value) // 16)
    return value.copy()  # the list grows on; what was read must not


def _path(node: n.Path) -> Run:
    base = compile_node(node.base)
    name = node.name

    def run(scope: Scope) -> Any:
        value = base(scope)
        return member(value, name, scope)

    return run


def member(value: Any, name: str, scope: Scope) -> Any:
    """``value.name``: of a context, of every member of a list, or a property of a date, time, duration or range."""
    kind = type(value)
    if kind is dict:
        found = value.get(name, MISSING)
        if found is MISSING:
            return scope.env.null(say("其中没有“{name}”"), name=name)
        return found if type(found) in NATIVE else lift(found)
    if kind is list:
        scope.env.check_count(len(value))
        return [member(lift(item), name, scope) for item in scope.env.each(value)]
    reader = PROPERTIES.get(kind, {}).get(name)
    if reader is None:
        return scope.env.null(say("{kind}没有“{name}”"), kind=kind_name(value), name=name)
    scope.env.charge(PROPERTY)
    return reader(value)


def _negation(node: n.Negation) -> Run:
    operand = compile_node(node.operand)
    return lambda scope: negate(operand(scope), scope.env)


def _arithmetic(node: n.Arithmetic) -> Run:
    first = compile_node(node.first)
    rest = [(sign, compile_node(operand)) for sign, operand in node.rest]
    if len(rest) == 1:
        (sign, second) = rest[0]
        return lambda scope: arithmetic(sign, first(scope), second(scope), scope.env)

    def run(scope: Scope) -> Any:
        value = first(scope)
        for sign, operand in rest:
            value = arithmetic(sign, value, operand(scope), scope.env)
        return value

    return run


def _comparison(node: n.Comparison) -> Run:
    left, right, sign = compile_node(node.left), compile_node(node.right), node.sign
    if sign == "=":
        return lambda scope: equal(left(scope), right(scope), scope.env)
    if sign == "!=":

        def differ(scope: Scope) -> bool | None:
            same = equal(left(scope), right(scope), scope.env)
            return None if same is None else not same

        return differ
    return lambda scope: compare(sign, left(scope), right(scope), scope.env)


def _between(node: n.Between) -> Run:
    value, low, high = compile_node(node.value), compile_node(node.low), compile_node(node.high)

    def run(scope: Scope) -> bool | None:
        tested = value(scope)
        above = compare(">=", tested, low(scope), scope.env)
        below = compare("<=", tested, high(scope), scope.env)
        return both(above, below)

    return run


def both(a: Any, b: Any) -> bool | None:
    """Three-valued ``and``."""
    if a is False or b is False:
        return False
    return True if a is True and b is True else None


def _junction(node: n.Junction) -> Run:
    operands = [compile_node(operand) for operand in node.operands]
    decisive = node.sign == "or"

    def run(scope: Scope) -> Any:
        unsure = False
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                unsure = True
        return None if unsure else not decisive

    return run


def _end(node: n.Node | None) -> Run:
    return (lambda scope: None) if node is None else compile_node(node)


def _range(node: n.RangeNode) -> Run:
    low, high, low_closed, high_closed = _end(node.low), _end(node.high), node.low_closed, node.high_closed
    apart = node.apart
    both_ends = node.low is not None and node.high is not None

    def run(scope: Scope) -> Any:
        start, end = low(scope), high(scope)
        if both_ends and (type(start) is not type(end) or start is None):
            return scope.env.null(say("区间的一端为 null，或两端类型不同"))
        if both_ends and compare("<=", start, end, scope.env) is not True:
            return scope.env.null(say("区间的起点大于终点"))
        return Range(start, low_closed, end, high_closed, apart)

    if all(end is None or isinstance(end, n.Literal) for end in (node.low, node.high)):
        fixed = worked_out(lambda environment: run(Scope(environment, {}, None)))
        return run if fixed is None else lambda scope: fixed  # what is null is noted every time
    return run


def _instance_of(node: n.InstanceOf) -> Run:
    value, kind = compile_node(node.value), type_of_node(node.kind)
    return lambda scope: is_instance(value(scope), resolved(kind, scope), scope)


def is_instance(value: Any, kind: FeelType, scope: Scope) -> Any:
    """``instance of``: null for a type that does not exist. Allowed values are no part of a type (clause 10.3.2.9)."""
    if kind.name in PARTED and not (kind.element or kind.members):
        return scope.env.null(say("类型要写全，如 {name}<…>"), name=kind.name)
    if not kind.complete:
        return scope.env.null(say("没有名为“{name}”的类型"), name=kind.name)
    if kind.name == "Null":
        return value is None
    return conforms(value, kind, scope.env, restricted=scope.env.semantics < FEEL_LETTER)


def passes(value: Any, test: Any, scope: Scope) -> bool | None:
    """Whether a value fits the value of a test: equal to it, in it if it is a range, among it if it is a list."""
    kind = type(test)
    if kind is Range and type(value) is not Range:
        return within(value, test, scope.env)
    same = equal(value, test, scope.env)
    if kind is not list or same is True:
        return same
    env = scope.env
    results = [within(value, item, env) if type(item) is Range else equal(value, item, env) for item in env.each(test)]
    return True in results


def compile_test(node: n.Node) -> Callable[[Any, Scope], bool | None]:
    """A positive unary test as a function of the value tested."""
    if isinstance(node, n.AskingTest):
        asked = compile_node(node.operand)
        return lambda value, scope: asked(scope)
    if isinstance(node, n.RangeNode):
        span = compile_node(node)
        return lambda value, scope: _in_span(value, span(scope), scope)
    if not isinstance(node, n.SignTest):
        run = compile_node(node)
        return lambda value, scope: passes(value, run(scope), scope)
    operand, sign = compile_node(node.operand), node.sign
    if sign == "=":
        return lambda value, scope: equal(value, operand(scope), scope.env)
    if sign == "!=":
        return lambda value, scope: _opposite(equal(value, operand(scope), scope.env))
    return lambda value, scope: compare(sign, value, operand(scope), scope.env)


def _in_span(value: Any, span: Range | None, scope: Scope) -> bool | None:
    return None if span is None else passes(value, span, scope)


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _in(node: n.In) -> Run:
    value = compile_node(node.value)
    tests = [compile_test(test) for test in node.tests]
    asks = any(isinstance(test, n.AskingTest) for test in node.tests)

    def run(scope: Scope) -> bool | None:
        tested = value(scope)
        unsure = False
        if asks:
            scope = Scope(scope.env, {"?": tested}, scope)
        for test in tests:
            result = test(tested, scope)
            if result is True:
                return True
            unsure = unsure or result is None
        return None if unsure else False

    return run


COMPILERS |= {
    n.Literal: _literal,
    n.Name: _name,
    n.Path: _path,
    n.Negation: _negation,
    n.Arithmetic: _arithmetic,
    n.Comparison: _comparison,
    n.Between: _between,
    n.Junction: _junction,
    n.RangeNode: _range,
    n.InstanceOf: _instance_of,
    n.In: _in,
}
