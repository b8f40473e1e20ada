"""The public door of FEEL: text to something that can be evaluated, remembered by its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from engine.feel import blocks, errors, invocations
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Run, compile_node, compile_test, passes
from engine.feel.environment import Environment
from engine.feel.errors import BudgetExceeded
from engine.feel.nodes import AskingTest, Literal, Node, RangeNode, SignTest, UnaryTestsNode
from engine.feel.parser import Parser
from engine.feel.scope import Scope
from engine.feel.values import lift

assert blocks and invocations  # importing them teaches the compiler loops, blocks and calls
CellTest = Callable[[Any, Scope], bool | None]
_OWN_NAMES = tuple(name for name in BUILTINS if " " in name)


class Expression:
    """A FEEL expression, ready to run. Immutable; may be shared between threads.

    ``names``: data that must come from outside. ``perhaps``: names inside of filters, which may be members of what is
    filtered or come from outside. ``called``: functions that must come from outside, built-in ones excepted.
    """

    __slots__ = ("called", "names", "perhaps", "run", "text", "weight")

    def __init__(self, text: str, run: Run, parser: Parser) -> None:
        self.text = text
        self.names, self.perhaps, self.called = _outside(parser)
        self.weight = len(parser.tokens)  # what one evaluation is charged before it does anything
        self.run = run  # for the reader of decisions, which evaluates in a scope of its own

    def evaluate(self, context: Mapping[str, Any], environment: Environment) -> Any:
        """The value in FEEL's terms (``to_json`` makes it plain). Raises ``BudgetExceeded`` and what functions raise.

        The context is only read; the value may share lists with it. What has no meaning is null, with a note in
        ``environment.warnings``.
        """
        known = environment.known
        if known is None:
            return self._evaluated(context, environment)
        names = self.names | self.perhaps | self.called
        return known.give(self.text, names, context, environment, partial(self._evaluated, context, environment))

    def _evaluated(self, context: Mapping[str, Any], environment: Environment) -> Any:
        environment.enter()
        try:
            environment.charge(self.weight)
            return self.run(Scope(environment, context, None))
        except RecursionError:
            raise _too_deep(self.text) from None
        except BudgetExceeded as exceeded:
            exceeded.of(self.text)
            raise
        finally:
            environment.leave()


class UnaryTests:
    """The condition cell of a decision table, ready to run; its names as those of ``Expression``."""

    __slots__ = ("_asks", "_negated", "_tests", "_weight", "called", "names", "perhaps", "text")

    def __init__(self, text: str, tests: list[CellTest], node: UnaryTestsNode, parser: Parser | None) -> None:
        self.text = text
        none: frozenset[str] = frozenset()
        self.names, self.perhaps, self.called = _outside(parser) if parser else (none, none, none)
        self._weight = len(parser.tokens) if parser else 1
        self._asks = any(isinstance(test, AskingTest) for test in node.tests)
        self._tests = tests
        self._negated = node.negated

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
            return self.matches_in(lift(value), Scope(environment, context, None))
        except RecursionError:
            raise _too_deep(self.text) from None
        except BudgetExceeded as exceeded:
            exceeded.of(self.text)
            raise
        finally:
            environment.leave()

    def matches_in(self, value: Any, scope: Scope) -> bool:
        """``matches`` for the reader of decisions, which evaluates in a scope of its own."""
        inner = Scope(scope.env, {"?": value}, scope) if self._asks else scope
        scope.env.charge(self._weight)
        if self._negated:
            return all(test(value, inner) is False for test in self._tests)
        for test in self._tests:
            if test(value, inner) is True:
                return True
        return not self._tests


def _too_deep(text: str) -> BudgetExceeded:
    exceeded = BudgetExceeded(errors.DEPTH)
    exceeded.of(text)
    return exceeded


def compile_expression(text: str, names: frozenset[str] = frozenset()) -> Expression:
    """An expression of FEEL; a leading ``=`` is dropped. ``names`` are known names with spaces or signs in them.

    Raises ``FeelSyntaxError`` with position, line and expected token.
    """
    return _compile_expression(text, names)


def compile_unary_tests(text: str, names: frozenset[str] = frozenset()) -> UnaryTests:
    """The condition cell of a decision table (rule 17); empty is a dash. Raises ``FeelSyntaxError``."""
    return _compile_unary_tests(text, names)


@lru_cache(maxsize=2048)
def _compile_expression(text: str, names: frozenset[str]) -> Expression:
    source = text.replace("=", " ", 1) if text.lstrip().startswith("=") else text
    parser = Parser(source, (*_OWN_NAMES, *names))
    try:
        run = compile_node(parser.expression_alone())
    except RecursionError:
        raise parser.too_deep() from None
    return Expression(text, run, parser)


def _outside(parser: Parser) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    free = frozenset(parser.free) - {"?"}
    return free, frozenset(parser.perhaps) - free - {"?"}, frozenset(parser.called) - BUILTINS.keys()


@lru_cache(maxsize=2048)
def _compile_unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    if not text.strip():
        return UnaryTests(text, [], UnaryTestsNode((), False), None)
    parser = Parser(text, (*_OWN_NAMES, *names))
    try:
        node = parser.unary_tests_alone()
        tests = [_cell_test(test) for test in node.tests]
    except RecursionError:
        raise parser.too_deep() from None
    return UnaryTests(text, tests, node, parser)


def _literal_test(wanted: str | Decimal) -> CellTest:
    kind = type(wanted)

    def same(value: Any, scope: Scope) -> bool | None:
        return bool(value == wanted) if type(value) is kind else passes(lift(value), wanted, scope)

    return same


def _cell_test(node: Node) -> CellTest:
    """A test that names the input as ``?`` is true or false by itself; any other is compared with the input."""
    if isinstance(node, SignTest | AskingTest | RangeNode):
        return compile_test(node)
    if isinstance(node, Literal) and isinstance(node.value, str | Decimal):
        return _literal_test(node.value)
    run = compile_node(node)

    def decide(value: Any, scope: Scope) -> bool | None:
        found = run(scope)
        if type(found) is bool and type(value) is not bool:
            return found
        return passes(lift(value), found, scope)

    return decide
