"""Looking into a FEEL text without any data: its parts, a script's entries, its calls. Knows no diagram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Final

from engine.feel import Budget, Environment, compile_expression
from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.feel.parser import Parser

_MOVING: Final = frozenset({"now", "today"})  # functions whose value changes by itself
_LITTLE: Final = Budget(steps=200, depth=5, text=200, items=20)  # a constant that takes more is worth no look
_OWN_NAMES = tuple(name for name in BUILTINS if " " in name)


@lru_cache(maxsize=2048)
def tree(text: str) -> n.Node:
    """The parsed text; a leading ``=`` is dropped. Each check asks again. Raises FeelSyntaxError."""
    return Parser(text.strip().removeprefix("="), _OWN_NAMES).expression_alone()


def walk(part: Any) -> Iterator[n.Node]:
    """A node and everything below it, in the order of the text."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, n.Node):
            yield one
            kind: Any = type(one)
            waiting.extend(getattr(one, name) for name in _parts_of(kind))
        elif isinstance(one, tuple):
            waiting.extend(reversed(one))


@cache
def _parts_of(kind: Any) -> tuple[str, ...]:
    """Its fields, the last one first."""
    return tuple(item.name for item in reversed(fields(kind)))


def entries_of(text: str) -> tuple[str, ...] | None:
    """The names that a script assigns; None when the text is no context. Raises FeelSyntaxError."""
    node = tree(text)
    return tuple(name for name, _ in node.entries) if isinstance(node, n.ContextNode) else None


def calls_in(node: n.Node) -> Iterator[tuple[str, tuple[str, ...] | None, int]]:
    """Every call of a named function: (its name, the parameter names given or None, how many arguments)."""
    for part in walk(node):
        if isinstance(part, n.Call) and isinstance(part.function, n.Name):
            yield part.function.name, part.names, len(part.arguments)


def answers_in(node: n.Node) -> Iterator[tuple[str, str]]:
    """Every ``variable.outcome = "text"``: (variable, text)."""
    for part in walk(node):
        if isinstance(part, n.Comparison) and part.sign in {"=", "!="}:
            for one, other in ((part.left, part.right), (part.right, part.left)):
                if (
                    isinstance(one, n.Path)
                    and one.name == "outcome"
                    and isinstance(one.base, n.Name)
                    and isinstance(other, n.Literal)
                    and isinstance(other.value, str)
                ):
                    yield one.base.name, other.value


def keys_in(node: n.Node) -> Iterator[str]:
    """Every key of a context written in the text."""
    for part in walk(node):
        if isinstance(part, n.ContextNode):
            yield from (name for name, _ in part.entries)


def hidden_in(node: n.Node) -> Iterator[str]:
    """Every key of a context that an entry behind it reads as a name: what stands there hides a variable."""
    for part in walk(node):
        if isinstance(part, n.ContextNode):
            read: set[str] = set()
            for name, value in reversed(part.entries):
                if name in read and value != n.Name(name):
                    yield name
                read |= {one.name for one in walk(value) if isinstance(one, n.Name)}


def itself_in(node: n.Node) -> Iterator[str]:
    """Every member that a filter compares with itself: ``rows[item.number = number]`` reads both from the item."""
    for part in walk(node):
        for one in walk(part.condition) if isinstance(part, n.Filter) else ():
            if isinstance(one, n.Comparison):
                of_item = {side.name for side in (one.left, one.right) if isinstance(side, n.Path) and _is_item(side)}
                plain = {side.name for side in (one.left, one.right) if isinstance(side, n.Name)}
                yield from of_item & plain


def _is_item(path: n.Path) -> bool:
    return path.base == n.Name("item")


def constant(text: str) -> Any:
    """The value of a text that depends on nothing. Raises FeelError, and LookupError when it is not constant."""
    expression = compile_expression(text)
    moving = any(function in _MOVING for function, _, _ in calls_in(tree(text)))
    if expression.names or expression.perhaps or expression.called or moving:
        raise LookupError(text)
    return expression.evaluate({}, Environment(now=datetime(2026, 1, 1, tzinfo=UTC), budget=_LITTLE))
