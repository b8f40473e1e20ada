"""What all readers of a DMN file share: walking its XML, collecting problems, compiling its FEEL. Evaluates nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.errors import Problem
from engine.feel import (
    BudgetExceeded,
    Expression,
    FeelError,
    FeelSyntaxError,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Run
from engine.feel.environment import worked_out
from engine.feel.scope import Scope
from engine.feel.types import ANY, FeelType
from engine.files.xml import Node, split
from engine.words import Said, Words, say

FEEL_LANGUAGE = "FEEL"


def local(node: Node) -> str:
    """The name of an element without its namespace."""
    return split(node)[1]


def children(node: Node, name: str) -> list[Node]:
    """The children of that name."""
    return [child for child in node if local(child) == name]


def child(node: Node | None, name: str) -> Node | None:
    """The first child of that name."""
    return None if node is None else next((found for found in node if local(found) == name), None)


def attribute(node: Node | None, name: str) -> str:
    """An attribute without a namespace, or nothing."""
    return "" if node is None else str(node.get(name) or "").strip()


def text_of(node: Node | None) -> str:
    """The text in a ``text`` child, or nothing."""
    found = None if node is None else child(node, "text")
    return "" if found is None else (found.text or "").strip()


def nothing(scope: Any) -> None:
    """Stands in for logic that could not be read; its problem has been noted."""
    return


class Reading:
    """One file being read: its types, the names in it that hold spaces or signs, and what is wrong so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.types: dict[str, FeelType] = {}
        self.names: frozenset[str] = frozenset()
        self.used: dict[str, bool] = {}  # names in the logic at hand, in their order; false: perhaps members only
        self.called: set[str] = set()  # functions that the logic at hand calls, built-in ones excepted
        self.local: set[str] = set()  # names that the logic at hand makes itself
        self.place = file  # the element at hand, for parts without an id of their own
        self.cell: tuple[int, str] | None = None  # row, from 1, and column of the cell at hand

    def enter(self, place: str) -> None:
        """Turn to the logic of another element."""
        self.place, self.used, self.called, self.local = place, {}, set(), set()

    def asked(self) -> dict[str, bool]:
        """Names that the logic at hand does not make itself; false: perhaps only members of what it filters."""
        return {name: sure for name, sure in self.used.items() if name not in self.local and name not in BUILTINS}

    def wrong(self, place: str, problem: Words, hint: Said = "") -> None:
        """Note a problem at an element; one in a table says in which row and column."""
        if self.cell is not None:
            row, column = self.cell
            problem = say("第{row}行“{column}”：{what}", row=row, column=column, what=problem)
        self.problems.append(Problem(self.file, place, problem, hint))

    @contextmanager
    def at(self, row: int, column: str) -> Iterator[None]:
        """Turn to a cell of a table, by its row from 1 and the name of its column."""
        self.cell = (row, column)
        try:
            yield
        finally:
            self.cell = None

    def expression(self, text: str, place: str) -> Run:
        """FEEL text as logic; a wrong text is noted and means nothing."""
        if not text:
            self.wrong(place, say("表达式为空"), say("请填写FEEL表达式；没有值写null"))
            return nothing
        try:
            compiled = compile_expression(text, self.names)
        except FeelSyntaxError as error:
            self._syntax(place, text, error)
            return nothing
        self._use(compiled)
        return _charged(compiled, place)

    def constant(self, text: str) -> Any:
        """The value of FEEL text that asks for nothing from outside, else null."""
        try:
            compiled = compile_expression(text, self.names)
            if compiled.names or compiled.perhaps or compiled.called or "now" in text or "today" in text:
                return None
            return worked_out(lambda environment: compiled.evaluate({}, environment))
        except FeelError:
            return None

    def tests(self, text: str, place: str) -> UnaryTests | None:
        """The text of a condition cell; a wrong text is noted."""
        try:
            compiled = compile_unary_tests(text, self.names)
        except FeelSyntaxError as error:
            self._syntax(place, text, error)
            return None
        self._use(compiled)
        return compiled

    def _use(self, compiled: Expression | UnaryTests) -> None:
        for name in sorted(compiled.names | compiled.perhaps):
            self.used[name] = self.used.get(name, False) or name in compiled.names
        self.called |= compiled.called

    def _syntax(self, place: str, text: str, error: FeelSyntaxError) -> None:
        self.wrong(place, say("{what}（{text}）", what=error.words, text=text[:60]))

    def type(self, name: str, place: str) -> FeelType:
        """The type that ``typeRef`` names; none is any."""
        plain = name.rpartition(":")[2] if name.startswith(("feel:", "xsd:")) else name
        if not plain:
            return ANY
        if plain in self.types:
            return self.types[plain]
        known = FeelType(plain)
        if not known.known:
            self.wrong(place, say("没有名为“{name}”的数据类型", name=name[:60]))
            return ANY
        return known


def _charged(compiled: Expression, place: str) -> Run:
    """The logic of an expression, paid for at every evaluation: tables and functions may be asked again and again."""
    run, weight = compiled.run, compiled.weight

    def charged(scope: Scope) -> Any:
        try:
            scope.env.charge(weight)
            return run(scope)
        except BudgetExceeded as exceeded:
            exceeded.of(compiled.text, place)
            raise

    return charged


def walk(root: Node) -> Iterator[Node]:
    """Every element below, in document order."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element
