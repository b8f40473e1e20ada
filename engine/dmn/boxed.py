"""Boxed expressions other than tables (clauses 7.3, 10.2): XML to logic that runs in a scope. Knows no requirements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.dmn.reading import FEEL_LANGUAGE, Reading, attribute, child, children, local, nothing, text_of
from engine.dmn.tables import read_table
from engine.feel.blocks import NO_ANSWER, filter_of, for_of, function_of, no_answer, quantified_of, source_of
from engine.feel.calls import invoke
from engine.feel.compiler import Run
from engine.feel.scope import Scope
from engine.feel.types import FeelType, coerce
from engine.files.xml import Node
from engine.words import say

BODY_WEIGHT = 20  # what one round of a boxed body is charged, whose size in tokens is not counted
DEEPEST = 30


class Boxed:
    """Reads the expressions of one file."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.depth = 0
        self.readers: dict[str, Callable[[Node], Run]] = {
            "literalExpression": self._literal,
            "decisionTable": lambda node: read_table(node, reading),
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self._function,
            "conditional": self._conditional,
            "for": self._for,
            "every": self._every,
            "some": self._some,
            "filter": self._filter,
        }

    def _place(self, node: Node) -> str:
        return attribute(node, "id") or self.reading.place

    def find(self, parent: Node) -> Node | None:
        """The first expression among the children of an element."""
        return next((node for node in parent if local(node) in self.readers), None)

    def inside(self, parent: Node | None, place: str) -> Run:
        """The logic inside an element; none is a problem."""
        node = None if parent is None else self.find(parent)
        if node is None:
            self.reading.wrong(place, say("没有决策逻辑"))
            return nothing
        return self.read(node)

    def read(self, node: Node) -> Run:
        """The logic of an expression, its value coerced to the expression's own type."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.reading.wrong(self._place(node), say("表达式嵌套过深"))
            return nothing
        run = self.readers[local(node)](node)
        self.depth -= 1
        kind = self.reading.type(attribute(node, "typeRef"), self._place(node))
        return run if kind.name == "Any" else typed(run, kind)

    def _literal(self, node: Node) -> Run:
        language = attribute(node, "expressionLanguage")
        if language and FEEL_LANGUAGE not in language.upper():
            self.reading.wrong(self._place(node), say("只支持 FEEL 表达式"))
            return nothing
        if child(node, "importedValues") is not None:
            self.reading.wrong(self._place(node), say("不支持引入的表达式"))
            return nothing
        return self.reading.expression(text_of(node), self._place(node))

    def _context(self, node: Node) -> Run:
        entries: list[tuple[str, Run]] = []
        result: Run | None = None
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            name = attribute(variable, "name")
            run = self.inside(entry, name or attribute(node, "id"))
            if not name:
                result = run
                continue
            kind = self.reading.type(attribute(variable, "typeRef"), name)
            self.reading.local.add(name)
            entries.append((name, run if kind.name == "Any" else typed(run, kind)))

        def run_context(scope: Scope) -> Any:
            made: dict[str, object] = {}
            inner = Scope(scope.env, made, scope)
            for name, run in scope.env.each(entries):
                made[name] = run(inner)
            return made if result is None else result(inner)

        return run_context

    def _invocation(self, node: Node) -> Run:
        called = self.find(node)
        name = text_of(called)
        function = self.reading.expression(name, self._place(node))
        self.reading.local.add(name)
        bindings: list[tuple[str, Run]] = []
        for binding in children(node, "binding"):
            parameter = attribute(child(binding, "parameter"), "name")
            bindings.append((parameter, self.inside(binding, parameter)))
        names = [parameter for parameter, _ in bindings]

        def run(scope: Scope) -> Any:
            return invoke(function(scope), [value(scope) for _, value in bindings], names or None, scope.env)

        return run

    def _list(self, node: Node) -> Run:
        items = [self.read(item) for item in node if local(item) in self.readers]
        return lambda scope: [item(scope) for item in scope.env.each(items)]

    def _relation(self, node: Node) -> Run:
        columns = [attribute(column, "name") for column in children(node, "column")]
        rows = []
        for row in children(node, "row"):
            cells = [self.read(cell) for cell in row if local(cell) in self.readers]
            if len(cells) != len(columns):
                place = attribute(row, "id") or self._place(node)
                self.reading.wrong(place, say("行与列的数量不符"))
                return nothing
            rows.append(cells)
        return lambda scope: [
            {name: cell(scope) for name, cell in zip(columns, row, strict=True)} for row in scope.env.each(rows)
        ]

    def _function(self, node: Node) -> Run:
        if attribute(node, "kind") not in ("", FEEL_LANGUAGE):
            self.reading.wrong(self._place(node), say("不支持外部函数"))
            return nothing
        return self.function(node, "function")

    def function(self, node: Node, name: str) -> Run:
        """A function definition as a function over the scope where it stands."""
        parameters = []
        for parameter in children(node, "formalParameter"):
            label = attribute(parameter, "name")
            parameters.append((label, self.reading.type(attribute(parameter, "typeRef"), label)))
            self.reading.local.add(label)
        body = self.inside(node, self._place(node))
        return lambda scope: function_of(name, parameters, body, BODY_WEIGHT, scope)

    def _conditional(self, node: Node) -> Run:
        place = self._place(node)
        condition, then, otherwise = (self.inside(child(node, part), place) for part in ("if", "then", "else"))

        def run(scope: Scope) -> Any:
            result = condition(scope)
            if no_answer(result, scope.env):
                return scope.env.null(NO_ANSWER)
            return then(scope) if result is True else otherwise(scope)

        return run

    def _for(self, node: Node) -> Run:
        name, source, body = self._loop(node, "return")
        return for_of([(name, source_of(source))], body, BODY_WEIGHT, True)

    def _every(self, node: Node) -> Run:
        name, source, body = self._loop(node, "satisfies")
        return quantified_of([(name, source_of(source))], body, BODY_WEIGHT, True, boxed=True)

    def _some(self, node: Node) -> Run:
        name, source, body = self._loop(node, "satisfies")
        return quantified_of([(name, source_of(source))], body, BODY_WEIGHT, False, boxed=True)

    def _loop(self, node: Node, part: str) -> tuple[str, Run, Run]:
        name, place = attribute(node, "iteratorVariable"), self._place(node)
        source = self.inside(child(node, "in"), place)
        self.reading.local.update((name, "partial"))
        return name, source, self.inside(child(node, part), place)

    def _filter(self, node: Node) -> Run:
        place = self._place(node)
        source = self.inside(child(node, "in"), place)
        sure = {name for name, surely in self.reading.used.items() if surely}
        match = self.inside(child(node, "match"), place)
        self.reading.used.update((name, name in sure) for name in list(self.reading.used))  # or members of an item
        self.reading.local.add("item")
        return filter_of(source, match, BODY_WEIGHT, boxed=True)


def typed(run: Run, kind: FeelType) -> Run:
    """Logic whose value is coerced to a type (clause 10.3.2.9.4)."""
    return lambda scope: coerce(run(scope), kind, scope.env)
