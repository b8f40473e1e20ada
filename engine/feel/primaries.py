"""Tokens to nodes: literals, lists, contexts, ranges, names, and what follows them (paths, filters, calls)."""

from __future__ import annotations

from engine.feel import nodes as n
from engine.feel.cursor import COMPARISONS, NAME_SIGNS, Cursor
from engine.feel.errors import FeelSyntaxError
from engine.feel.texts import parse_temporal
from engine.feel.values import number
from engine.words import say

WORD_VALUES = {"true": True, "false": False, "null": None}
RESERVED = frozenset(
    {"and", "or", "in", "between", "then", "else", "return", "satisfies", "instance", "if", "for", "some", "every"}
)
_CLOSING = frozenset({")", "]", "}", ",", ".", "..", *COMPARISONS})


class Primaries(Cursor):
    """What binds tightest."""

    def postfix(self) -> n.Node:
        """A primary with its paths, filters, calls and ``instance of`` (rules 45 and below)."""
        node = self.primary()
        chained = 0
        while True:
            if self.sees(".") and self.peek().kind == "name":
                self.take()
                node = n.Path(node, self.take_name(self.members))
            elif self.sees("[") and not self._closes_range():
                node = self._filter(node)
            elif self.sees("("):
                node = self._call(node)
            elif self.sees("instance") and self.peek().text == "of":
                self.at += 2
                node = n.InstanceOf(node, self.type())
            else:
                return node
            chained += 1
            if chained > 60:
                raise self.unexpected()

    def _closes_range(self) -> bool:
        after = self.peek()
        ends = after.kind == "end" or (after.kind == "sign" and after.text in _CLOSING) or after.text in RESERVED
        return self.range_end and ends

    def _filter(self, base: n.Node) -> n.Node:
        self.take()
        start = self.at
        self.bind(("item",))
        self.filters += 1
        condition = self.expression()
        self.filters -= 1
        self.unbind()
        weight = self.at - start
        self.expect("]")
        return n.Filter(base, condition, weight)

    def _call(self, function: n.Node) -> n.Node:
        self.take()
        arguments: list[n.Node] = []
        names: list[str] = []
        while not self.sees(")"):
            if self._named_argument():
                names.append(self.name_before(":"))
                self.take()
            elif names:
                raise self.unexpected(say("参数名称:"))
            if self.token.kind == "end":
                raise self.unexpected(")")
            arguments.append(self.expression())
            self.separate(")")
        self.expect(")")
        if names and len(names) != len(arguments):
            raise self.unexpected()
        return n.Call(function, tuple(arguments), tuple(names) if names else None)

    def _named_argument(self) -> bool:
        at = self.at
        while self.tokens[at].kind in ("name", "number") or self.tokens[at].text in NAME_SIGNS:
            at += 1
        return at > self.at and self.tokens[at].text == ":" and self.token.kind == "name"

    def primary(self) -> n.Node:
        token = self.token
        if token.kind == "number":
            self.take()
            return n.Literal(number(token.text))
        if token.kind == "string":
            self.take()
            return n.Literal(token.value)
        if token.kind == "name":
            return self._word()
        opened = {"(": self._parenthesis, "[": self._list, "]": self._list, "{": self._context, "@": self._at_literal}
        if token.kind == "sign" and token.text in opened:
            return opened[token.text]()
        if token.text == "?" and token.kind == "sign":
            self.take()
            self.free.add("?")
            return n.Name("?")
        raise self.unexpected()

    def _word(self) -> n.Node:
        name, length = self.names.match(self.tokens, self.at)
        if length == 1 and name in WORD_VALUES:
            return n.Literal(WORD_VALUES[self.take().text])
        if length == 1 and name in RESERVED:
            raise self.unexpected()
        if name.startswith("not "):
            wrong = say("not 后面要加括号：not(…)")
            raise FeelSyntaxError(self.text, self.token.start, wrong, "(")
        self.at += length
        self.partials += name == "partial"
        if not any(name in bound for bound in self.bound):
            found = self.called if self.sees("(") else self.perhaps if self.filters else self.free
            found.add(name)
        return n.Name(name)

    def _at_literal(self) -> n.Node:
        start = self.take().start
        text = self.token
        if text.kind != "string":
            raise self.unexpected('"')
        self.take()
        value = parse_temporal(text.value)
        if value is None:
            wrong = say("“{text}”不是日期、时间或时长", text=text.value[:40])
            raise FeelSyntaxError(self.text, start, wrong)
        return n.Literal(value)

    def _parenthesis(self) -> n.Node:
        self.take()
        if self.token.kind == "sign" and self.token.text in COMPARISONS:
            node = self.half_range()
            self.expect(")")
            return node
        node = self.expression()
        if self.sees(".."):
            return self.range_from(node, False)
        self.expect(")")
        return node

    def half_range(self) -> n.Node:
        """``< 10`` as a value: a range with one end (clause 10.3.2.7); ``!= 10`` is all but its end."""
        sign = self.take().text
        end = self.additive()
        if sign in ("<", "<="):
            return n.RangeNode(None, False, end, sign == "<=")
        if sign in (">", ">="):
            return n.RangeNode(end, sign == ">=", None, False)
        if sign == "=":
            return n.RangeNode(end, True, end, True)
        return n.RangeNode(end, False, end, False, True)

    def range_from(self, low: n.Node, closed: bool) -> n.Node:
        """The rest of a range, from its two dots."""
        self.expect("..")
        outer, self.range_end = self.range_end, True
        high = self.additive()
        self.range_end = outer
        if not self.sees(")", "]", "["):
            raise self.unexpected("]")
        return n.RangeNode(low, closed, high, self.take().text == "]")

    def _list(self) -> n.Node:
        closed = self.take().text == "["
        if closed and self.accept("]"):
            return n.ListNode(())
        items = [self.expression()]
        if self.sees(".."):
            return self.range_from(items[0], closed)
        if not closed:
            raise self.unexpected("..")
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return n.ListNode(tuple(items))

    def _context(self) -> n.Node:
        self.take()
        entries: dict[str, n.Node] = {}
        self.bind(())
        while not self.sees("}"):
            at = self.token.start
            key = self.take().value if self.token.kind == "string" else self.name_before(":")
            if key in entries:
                twice = say("“{name}”在同一个上下文中写了两次，请去掉一处或者改名", name=key)
                raise FeelSyntaxError(self.text, at, twice)
            self.expect(":")
            entries[key] = self.expression()
            self.bind_also(key)
            self.separate("}")
        self.unbind()
        self.expect("}")
        return n.ContextNode(tuple(entries.items()))
