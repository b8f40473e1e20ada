"""Nodes to closures: calls of functions. Knows no text."""

from __future__ import annotations

from typing import Any

from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.feel.calls import invoke
from engine.feel.compiler import COMPILERS, Run, compile_node
from engine.feel.environment import worked_out
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.scope import Scope
from engine.words import say

CONSTANT = frozenset({"date", "time", "date and time", "duration"})  # of literals these are literals themselves


def _named_function(name: str) -> Run:
    """In front of brackets data of the same name does not hide a function: forms do have fields called ``date``."""
    builtin = BUILTINS.get(name)

    def run(scope: Scope) -> Any:
        block: Scope | None = scope
        while block is not None:
            value = block.names.get(name)
            if type(value) is FeelFunction or type(value) is Builtin:
                return value
            block = block.parent
        function = scope.env.function(name) or builtin
        if function is None:
            return scope.env.null(say("没有名为“{name}”的函数"), name=name)
        return function

    return run


def _call(node: n.Call) -> Run:
    function = _named_function(node.function.name) if isinstance(node.function, n.Name) else compile_node(node.function)
    arguments = [compile_node(argument) for argument in node.arguments]
    names, named = node.names, isinstance(node.function, n.Name)
    constant = _constant(node)
    if constant is not None:
        return _unless_renamed(function, *constant, arguments)

    def run(scope: Scope) -> Any:
        target = function(scope)
        if target is None and named:
            return None
        return invoke(target, [argument(scope) for argument in arguments], names, scope.env)

    return run


def _constant(node: n.Call) -> tuple[Builtin, Any] | None:
    """The value of ``date("2026-01-01")`` and its like, worked out once."""
    if not (isinstance(node.function, n.Name) and node.function.name in CONSTANT and node.names is None):
        return None
    values = [argument.value for argument in node.arguments if isinstance(argument, n.Literal)]
    if len(values) < len(node.arguments):
        return None
    builtin = BUILTINS[node.function.name]
    result = worked_out(lambda environment: invoke(builtin, values, None, environment))
    return None if result is None else (builtin, result)


def _unless_renamed(function: Run, builtin: Builtin, result: Any, arguments: list[Run]) -> Run:
    """The known result, as long as nobody gives the name of the built-in another meaning."""

    def run(scope: Scope) -> Any:
        target = function(scope)
        if target is builtin:
            return result
        return invoke(target, [argument(scope) for argument in arguments], None, scope.env)

    return run


COMPILERS |= {n.Call: _call}
