"""The public door of FEEL: text to something that can be evaluated, remembered by its text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.feel import blocks, errors
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Run, compile_node, compile_test
from engine.feel.environment import Environment
from engine.feel.errors import BudgetExceeded
from engine.feel.nodes import Node
from engine.feel.parser import Parser
from engine.feel.scope import Scope

assert blocks  # importing it teaches the compiler loops and blocks
_OWN_NAMES = tuple(name for name in BUILTINS if " " in name)


class Expression:
    """A FEEL expression, ready to run. Immutable; may be shared between threads."""

    __slots__ = ("_run", "names", "text")

    def __init__(self, text: str, run: Run, names: frozenset[str]) -> None:
        self.text = text
        self.names = names  # names that must come from outside, built-in functions excepted
        self._run = run

    def evaluate(self, context: Mapping[str, Any], environment: Environment) -> Any:
        """The value in FEEL's terms (``to_json`` makes it plain). Raises ``BudgetExceeded`` and what functions raise.

        The context is only read. What has no meaning is null, with a note in ``environment.warnings``.
        """
        environment.enter()
        try:
            return self._run(Scope(environment, context, None))
        except RecursionError:
            raise BudgetExceeded(errors.DEPTH) from None
        finally:
            environment.leave()


class UnaryTests:
    """The condition cell of a decision table, ready to run."""

    __slots__ = ("_negated", "_tests", "names", "text")

    def __init__(self, text: str, tests: list[Any], negated: bool, names: frozenset[str]) -> None:
        self.text = text
        self.names = names
        self._tests = tests
        self._negated = negated

    @property
    def passes_all(self) -> bool:
        """A dash or nothing: every value matches."""
        return not self._tests

    def matches(self, value: Any, context: Mapping[str, Any], environment: Environment) -> bool:
        """Whether the value passes any of the tests (none of them, after ``not``). Null is no match."""
        if not self._tests:
            return True
        environment.enter()
        try:
            scope = Scope(environment, {"?": value}, Scope(environment, context, None))
            results = [test(value, scope) for test in self._tests]
        except RecursionError:
            raise BudgetExceeded(errors.DEPTH) from None
        finally:
            environment.leave()
        if self._negated:
            return all(result is False for result in results)
        return True in results


def compile_expression(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """An expression of FEEL; a leading ``=`` is dropped. ``names`` are known names with spaces or signs in them.

    Raises ``FeelSyntaxError`` with position, line and expected token.
    """
    return _compile_expression(text, names)


def compile_unary_tests(text: str, names: frozenset[str] = frozenset()) -> UnaryTests:
    """The condition cell of a decision table (rule 17); empty is a dash. Raises ``FeelSyntaxError``."""
    return _compile_unary_tests(text, names)


@lru_cache(maxsize=8192)
def _compile_expression(text: str, names: frozenset[str]) -> Expression:
    source = text.replace("=", " ", 1) if text.lstrip().startswith("=") else text
    parser = Parser(source, (*_OWN_NAMES, *names))
    node = parser.expression_alone()
    return Expression(text, compile_node(node), _outside(parser))


def _outside(parser: Parser) -> frozenset[str]:
    return frozenset(name for name in parser.free if name not in BUILTINS)


@lru_cache(maxsize=8192)
def _compile_unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    if not text.strip():
        return UnaryTests(text, [], False, frozenset())
    parser = Parser(text, (*_OWN_NAMES, *names))
    node = parser.unary_tests_alone()
    return UnaryTests(text, [_cell_test(test) for test in node.tests], node.negated, _outside(parser) - {"?"})


def _cell_test(node: Node) -> Any:
    return compile_test(node)
