"""Tokens to nodes: the grammar of clause 10.3.1.2, from the whole down to the signs of arithmetic. No evaluation."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel import nodes as n
from engine.feel.cursor import COMPARISONS, DEEPEST
from engine.feel.primaries import Primaries

# Ranks of the signs between two operands, the loosest first.
COMPARISON, SUM = 3, 4
RANKS = {"or": 1, "and": 2, "between": COMPARISON, "in": COMPARISON, **dict.fromkeys(COMPARISONS, COMPARISON)}
RANKS |= {"+": SUM, "-": SUM, "*": 5, "/": 5, "**": 6}


class Parser(Primaries):
    """One use: ``expression_alone`` or ``unary_tests_alone``."""

    def expression_alone(self) -> n.Node:
        """The whole text as one expression."""
        node = self.expression()
        if self.token.kind != "end":
            raise self.unexpected()
        return node

    def unary_tests_alone(self) -> n.UnaryTestsNode:
        """The whole text as the cell of a decision table (rule 17)."""
        if self.sees("-") and self.peek().kind == "end":
            return n.UnaryTestsNode((), False)
        negated = self.sees("not") and self.peek().text == "(" and self._closes_at_end(self.at + 1)
        if negated:
            self.at += 2
        tests = [self.test()]
        while self.accept(","):
            tests.append(self.test())
        if negated:
            self.expect(")")
        if self.token.kind != "end":
            raise self.unexpected()
        return n.UnaryTestsNode(tuple(tests), negated)

    def _closes_at_end(self, at: int) -> bool:
        depth = 0
        for index in range(at, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return self.tokens[index + 1].kind == "end"
        return False

    def test(self) -> n.Node:
        """A positive unary test: a comparison with the left side unwritten, or an expression."""
        if self.token.kind == "sign" and self.token.text in COMPARISONS:
            return n.SignTest(self.take().text, self.additive())
        start = self.at
        node = self.expression()
        asks = any(token.kind == "sign" and token.text == "?" for token in self.tokens[start : self.at])
        return n.AskingTest(node) if asks and self.at - start > 1 else node

    def expression(self) -> n.Node:
        self.deeper()
        outer, self.range_end = self.range_end, False
        try:
            special = self._special()
            return special() if special else self.binary(1)
        finally:
            self.depth -= 1
            self.range_end = outer

    def _special(self) -> Callable[[], n.Node] | None:
        if self.token.kind != "name":
            return None
        if self.token.text == "function" and self.peek().text == "(":
            return self.function
        if self.token.text in ("some", "every") and self.peek().kind == "name":
            return self.quantified
        if self.token.text == "for" and self.peek().kind == "name":
            return self.loop
        return self.choice if self.token.text == "if" else None

    def choice(self) -> n.Node:
        self.take()
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return n.If(condition, then, self.expression())

    def iterators(self, end: str) -> tuple[n.Iterator, ...]:
        """Binds the names: the caller unbinds."""
        self.bind(())
        found = []
        while True:
            name = self.name_before("in")
            self.take()
            source = self.expression()
            stop = self.expression() if self.accept("..") else None
            found.append(n.Iterator(name, source, stop))
            self.bind_also(name)
            if not self.accept(","):
                break
        self.expect(end)
        return tuple(found)

    def loop(self) -> n.Node:
        self.take()
        iterators = self.iterators("return")
        self.bind_also("partial")
        start, partials = self.at, self.partials
        body = self.expression()
        self.unbind()
        return n.For(iterators, body, self.at - start, self.partials > partials)

    def quantified(self) -> n.Node:
        every = self.take().text == "every"
        iterators = self.iterators("satisfies")
        start = self.at
        body = self.expression()
        self.unbind()
        return n.Quantified(every, iterators, body, self.at - start)

    def function(self) -> n.Node:
        self.take()
        self.expect("(")
        parameters: list[tuple[str, n.TypeNode | None]] = []
        while not self.sees(")"):
            name = self.name_before(":", ",", ")")
            parameters.append((name, self.type() if self.accept(":") else None))
            if not self.sees(")"):
                self.expect(",")
        self.expect(")")
        external = self.accept("external")
        self.bind(name for name, _ in parameters)
        start = self.at
        body = self.expression()
        self.unbind()
        return n.FunctionNode(tuple(parameters), body, external, self.at - start)

    def type(self) -> n.TypeNode:
        """A type: a name, ``list<…>``, ``range<…>``, ``context<a: …>`` or ``function<…> -> …`` (rule 54)."""
        self.deeper()
        name = self.take_name(self.types)
        while self.sees(".") and self.peek().kind == "name":  # a type of an imported file
            self.take()
            name += "." + self.take_name(self.types)
        arguments: list[n.TypeNode] = []
        members: list[str] = []
        if name in ("list", "range", "context", "function") and self.accept("<"):
            while not self.sees(">"):
                if name == "context":
                    members.append(self.name_before(":"))
                    self.take()
                arguments.append(self.type())
                if not self.sees(">"):
                    self.expect(",")
            self.expect(">")
            if name == "function":
                self.expect("->")
                arguments.append(self.type())
        self.depth -= 1
        return n.TypeNode(name, tuple(arguments), tuple(members))

    def additive(self) -> n.Node:
        return self.binary(SUM)

    def binary(self, rank: int) -> n.Node:
        """Operands joined by signs of this rank or tighter ones (rules 48 to 52), from left to right."""
        left = self.unary()
        joined = 0
        while (found := self._rank()) >= rank:
            left = self._join(left, found)
            joined += 1
            if joined > DEEPEST:
                raise self.unexpected()
        return left

    def _rank(self) -> int:
        return RANKS.get(self.token.text, 0) if self.token.kind in ("sign", "name") else 0

    def _join(self, left: n.Node, rank: int) -> n.Node:
        if rank == COMPARISON:
            return self._compare(left)
        if rank < COMPARISON:
            sign = self.token.text
            operands = [left]
            while self.accept(sign):
                operands.append(self.binary(rank + 1))
            return n.Junction(sign, tuple(operands))
        rest = []
        while self._rank() == rank:
            rest.append((self.take().text, self.binary(rank + 1)))
        return n.Arithmetic(left, tuple(rest))

    def _compare(self, left: n.Node) -> n.Node:
        sign = self.take().text
        if sign == "in":
            return n.In(left, self._in_tests())
        if sign != "between":
            return n.Comparison(sign, left, self.binary(SUM))
        low = self.binary(SUM)
        self.expect("and")
        return n.Between(left, low, self.binary(SUM))

    def _in_tests(self) -> tuple[n.Node, ...]:
        if self.sees("("):
            self.take()
            first = self.test()
            if self.sees(".."):
                return (self.range_from(first, False),)
            tests = [first]
            while self.accept(","):
                tests.append(self.test())
            self.expect(")")
            return tuple(tests)
        if self.token.kind == "sign" and self.token.text in COMPARISONS:
            return (self.test(),)
        return (self.binary(SUM),)

    def _begins_range(self) -> bool:
        """Not behind a sign that takes an operand; behind an equals sign with a space between, for ``=<`` is a slip."""
        before = self.tokens[self.at - 1]
        return before.text not in RANKS or (before.text in ("=", "!=") and before.end < self.token.start)

    def unary(self) -> n.Node:
        if self.sees("-"):
            self.deeper()
            self.take()
            operand = self.unary()
            self.depth -= 1
            return n.Negation(operand)
        if self.sees("<", "<=", ">", ">=") and self._begins_range():
            return self.half_range()  # a comparison without a left side is a range (rule 7)
        if self._special():
            return self.expression()  # an operand may be a choice or a loop, which then reaches as far as it can
        return self.postfix()
