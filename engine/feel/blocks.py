"""Nodes to closures: lists, contexts, filters, choices, loops and functions, all that opens a scope or repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from engine.feel import nodes as n
from engine.feel.compiler import COMPILERS, Run, compile_node
from engine.feel.environment import Environment
from engine.feel.functions import FeelFunction
from engine.feel.operators import kind_name
from engine.feel.scope import Scope
from engine.feel.types import ANY, FeelType, coerce, resolved, type_of_node
from engine.feel.values import Date, Range, lift
from engine.semantics import FEEL_LETTER
from engine.words import say

NO_ANSWER = say("条件的结果不是是否值")


def _list(node: n.ListNode) -> Run:
    items = [compile_node(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _context(node: n.ContextNode) -> Run:
    entries = [(key, compile_node(value)) for key, value in node.entries]

    def run(scope: Scope) -> dict[str, object]:
        made: dict[str, object] = {}
        inner = Scope(scope.env, made, scope)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return run


def _if(node: n.If) -> Run:
    condition, then, otherwise = compile_node(node.condition), compile_node(node.then), compile_node(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _filter(node: n.Filter) -> Run:
    return filter_of(compile_node(node.base), compile_node(node.condition), node.weight)


def filter_of(base: Run, condition: Run, weight: int, boxed: bool = False) -> Run:
    """``base[condition]``. A boxed condition must be true or false, so that no number picks (clause 10.2.1.9)."""

    def run(scope: Scope) -> Any:
        value = base(scope)
        if value is None:
            return scope.env.null(say("null 不能筛选"))
        if type(value) is not list:
            value = [value]
        kept = []
        for position, raw in enumerate(value):
            scope.env.charge(weight)
            item = lift(raw)
            inner = Scope(scope.env, {"item": item}, scope)
            result = condition(Scope(scope.env, item, inner) if type(item) is dict else inner)
            if result is True:
                kept.append(item)
            elif boxed and no_answer(result, scope.env):
                return scope.env.null(NO_ANSWER)
            elif position == 0 and type(result) is Decimal:
                return pick(value, result, scope.env)
        return kept if value else _empty(condition, scope)

    return run


def no_answer(result: Any, env: Environment) -> bool:
    """Whether a boxed condition came to anything but true, false or null (clauses 10.2.1.8 to 10.2.1.10)."""
    return env.semantics >= FEEL_LETTER and result is not None and type(result) is not bool


def _empty(condition: Run, scope: Scope) -> Any:
    """What a filter makes of an empty list: a number picks nothing, which is null; a test keeps nothing."""
    notes = len(scope.env.warnings)
    result = condition(Scope(scope.env, {"item": None}, scope))
    del scope.env.warnings[notes:]
    return scope.env.null(say("列表为空")) if type(result) is Decimal else []


def pick(items: list[Any], position: Decimal, env: Environment) -> Any:
    """The member at a position from 1, or from -1 backwards; null beyond."""
    if abs(position) <= len(items) and position == position.to_integral_value() and position != 0:
        index = int(position)
        return lift(items[index - 1 if index > 0 else index])
    return env.null(say("列表没有第 {position} 项"), position=str(position)[:20])


def _numbers(start: Decimal, end: Decimal) -> Iterator[Decimal]:
    step = 1 if start <= end else -1
    for value in range(int(start), int(end) + step, step):
        yield Decimal(value)


def _dates(start: Date, end: Date, env: Environment) -> Iterator[Date]:
    step = 1 if start.days <= end.days else -1
    for days in range(start.days, end.days + step, step):
        env.charge(2)
        date = Date.from_days(days)
        if date is not None:
            yield date


def _steps(start: Any, end: Any, env: Environment) -> Any:
    """All whole numbers or days from one end to the other, up or down, made only as they are asked for."""
    if type(start) is Decimal and type(end) is Decimal:
        whole = start == start.to_integral_value() and end == end.to_integral_value()
        if whole and max(abs(start), abs(end)) < 10**18:
            return _numbers(start, end)
    if type(start) is Date and type(end) is Date:
        return _dates(start, end, env)
    return env.null(say("不能从{start}逐个数到{end}"), start=kind_name(start), end=kind_name(end))


Source = Callable[[Scope], Iterable[Any] | None]


def _source(iterator: n.Iterator) -> Source:
    source = compile_node(iterator.source)
    if iterator.end is None:
        return source_of(source)
    end = compile_node(iterator.end)
    return lambda scope: _steps(source(scope), end(scope), scope.env)


def source_of(source: Run) -> Source:
    """What a loop goes through: the members of a list, the steps of a range, or one value."""

    def run(scope: Scope) -> Iterable[Any] | None:
        value = source(scope)
        if type(value) is list:
            return map(lift, value)
        if type(value) is Range:
            return _range_steps(value, scope.env)
        return scope.env.null(say("不能逐个处理 null")) if value is None else [value]

    return run


def _range_steps(span: Range, env: Environment) -> Iterable[Any] | None:
    low, high = lift(span.low), lift(span.high)
    steps = _steps(low, None if span.apart else high, env)
    if steps is None or (type(low) is Decimal and low > high) or (type(low) is Date and low.days > high.days):
        return None if steps is None else []
    return (x for x in steps if (span.low_closed or x != low) and (span.high_closed or x != high))


def _rounds(sources: list[tuple[str, Source]], scope: Scope, weight: int) -> Iterator[Scope | None]:
    """The scope of every round, inner loops fastest; None if a source cannot be gone through."""
    (name, source), rest = sources[0], sources[1:]
    items = source(scope)
    if items is None:
        yield None
        return
    for item in items:
        scope.env.charge(weight)
        inner = Scope(scope.env, {name: item}, scope)
        if rest:
            yield from _rounds(rest, inner, weight)
        else:
            yield inner


def _sources(iterators: tuple[n.Iterator, ...]) -> list[tuple[str, Source]]:
    return [(iterator.name, _source(iterator)) for iterator in iterators]


def _for(node: n.For) -> Run:
    return for_of(_sources(node.iterators), compile_node(node.body), node.weight + 1, node.uses_partial)


def for_of(sources: list[tuple[str, Source]], body: Run, weight: int, uses_partial: bool) -> Run:
    """``for … return body``."""

    def run(scope: Scope) -> list[Any] | None:
        made: list[Any] = []
        most = scope.env.budget.items
        outer = Scope(scope.env, {"partial": made}, scope) if uses_partial else scope
        for inner in _rounds(sources, outer, weight):
            if inner is None:
                return None
            made.append(body(inner))
            if len(made) > most:
                scope.env.check_items(len(made))
        return made

    return run


def _quantified(node: n.Quantified) -> Run:
    return quantified_of(_sources(node.iterators), compile_node(node.body), node.weight + 1, node.every)


def quantified_of(sources: list[tuple[str, Source]], body: Run, weight: int, every: bool, boxed: bool = False) -> Run:
    """``every …`` or ``some … satisfies body``. A boxed body must be true or false (clause 10.2.1.10)."""

    def run(scope: Scope) -> bool | None:
        unsure = False
        for inner in _rounds(sources, scope, weight):
            if inner is None:
                return None
            result = body(inner)
            if result is (not every):
                return not every
            if boxed and no_answer(result, scope.env):
                scope.env.null(NO_ANSWER)
                return None
            unsure = unsure or type(result) is not bool
        return None if unsure else every

    return run


def _function(node: n.FunctionNode) -> Run:
    if node.external:
        return lambda scope: scope.env.null(say("不支持外部函数"))
    parameters = [(name, ANY if kind is None else type_of_node(kind)) for name, kind in node.parameters]
    body, weight = compile_node(node.body), node.weight + 1
    if all(kind.complete for _, kind in parameters):
        return lambda scope: function_of("function", parameters, body, weight, scope, node)

    def run(scope: Scope) -> FeelFunction:
        known = [(name, resolved(kind, scope)) for name, kind in parameters]
        return function_of("function", known, body, weight, scope, node)

    return run


def function_of(
    name: str, parameters: list[tuple[str, FeelType]], body: Run, weight: int, scope: Scope, node: Any = None
) -> FeelFunction:
    """A function whose body sees the scope where it was made. An argument of a wrong type makes the result null."""
    names = tuple(label for label, _ in parameters)
    typed = any(kind.name != "Any" for _, kind in parameters)

    def call(env: Environment, *values: Any) -> Any:
        env.charge(weight)
        given: dict[str, object] = dict(zip(names, values, strict=True))
        for label, kind in parameters if typed else ():
            value = coerce(given[label], kind, env)
            if value is None and given[label] is not None:
                return None
            given[label] = value
        env.enter()
        try:
            return body(Scope(env, given, scope))
        finally:
            env.leave()

    origin = None if node is None else (node, scope)
    return FeelFunction(name, names, call, kinds=tuple(kind for _, kind in parameters), origin=origin)


COMPILERS |= {
    n.ListNode: _list,
    n.ContextNode: _context,
    n.If: _if,
    n.Filter: _filter,
    n.For: _for,
    n.Quantified: _quantified,
    n.FunctionNode: _function,
}
