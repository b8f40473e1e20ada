"""FEEL that a browser works out as the server does: what form-js and its feelin read alike, whatever the data.

They compute in binary fractions, with their own dates, and judge null in their own way where a list is asked. What is
told here is refused in the properties that a browser evaluates; what only the server works out (derived and
prepared values, sources) may say anything. Knows no form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from engine.checks.alike_parts import bare_items, joined, keeps, never_null, number, plain_pattern
from engine.feel import nodes as n
from engine.feel.builtins import BUILTINS
from engine.feel.lexer import tokenize
from engine.words import Words, say

MOST_DIGITS: Final = 15  # that a binary fraction keeps
_PLAIN_STRING: Final = re.compile(r'"(?:[^"\\\n\r]|\\["\\nrt])*"')


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a value: its name below, and what its members or its rows hold."""

    name: str
    members: Mapping[str, Known] = field(default_factory=dict)


ANY, TEXT, FLAG, LIST = Known("any"), Known("text"), Known("flag"), Known("list")
WHOLE, NUMBER, DAY = Known("whole"), Known("number"), Known("day")  # a number may have decimals
_NUMBERS: Final = frozenset({"whole", "number"})
_MANY: Final = frozenset({"list", "rows", "context"})

# Functions that answer alike, with the kind of their answer.
_ALIKE: Final = {
    "count": WHOLE, "list contains": FLAG, "contains": FLAG, "starts with": FLAG, "ends with": FLAG,
    "string length": WHOLE, "upper case": TEXT, "lower case": TEXT, "not": FLAG, "string join": TEXT, "max": NUMBER,
    "min": NUMBER, "sum": WHOLE, "abs": NUMBER, "floor": WHOLE, "ceiling": WHOLE, "date": DAY, "matches": FLAG,
    "get value": ANY, "substring before": TEXT, "substring after": TEXT,
}  # fmt: skip
_BEFORE_IF: Final = frozenset({"(", ",", "[", ":", "then", "else", "return", "satisfies"})


class Alike:
    """Reads one expression; ``problems`` says what a browser would work out otherwise."""

    def __init__(self, names: Mapping[str, Known]) -> None:
        self.names = dict(names)
        self.problems: list[Words] = []

    def read(self, text: str, node: n.Node) -> None:
        """The whole of a text that parses."""
        tokens = tokenize(text.removeprefix("="))
        words = [token.text if token.kind in ("name", "sign") else "" for token in tokens]
        if any(joined(words, at) for at, word in enumerate(words) if word == "in"):
            self._no(say("in 后面接 and 或 or，浏览器会读成另一个意思，请给 in 加括号"))
        if any(word == "if" and at and words[at - 1] not in _BEFORE_IF for at, word in enumerate(words)):
            self._no(say("if 在别的式子里面要加括号"))
        for token in tokens:
            digits = token.text.replace(".", "").strip("0")
            wrong = token.kind == "number" and ((not digits.isdigit() and digits != "") or len(digits) > MOST_DIGITS)
            if wrong or (token.kind == "string" and not _PLAIN_STRING.fullmatch(token.text)):
                self._no(say("浏览器不认这样写的文字或数字：{text}", text=token.text[:40]))
        self.kind(node)

    def kind(self, node: n.Node) -> Known:
        """What a part comes to; what a browser would work out otherwise is noted."""
        return _READERS.get(type(node), Alike._foreign)(self, node)

    def _no(self, what: Words) -> Known:
        self.problems.append(what)
        return ANY

    def _foreign(self, _: Any) -> Known:
        return self._no(say("浏览器里没有这种写法"))

    def _unknown(self, name: str) -> Known:
        return self._no(say("函数“{name}”在浏览器里没有，或结果与服务器不同", name=name))

    def _literal(self, node: n.Literal) -> Known:
        value = node.value
        if isinstance(value, bool):
            return FLAG
        if isinstance(value, Decimal):
            return WHOLE if value == value.to_integral_value() else NUMBER
        return TEXT if isinstance(value, str) else ANY if value is None else self._foreign(node)

    def _name(self, node: n.Name) -> Known:
        if node.name not in self.names and node.name in BUILTINS:
            return self._unknown(node.name)
        return self.names.get(node.name, ANY)

    def _path(self, node: n.Path) -> Known:
        base = self.kind(node.base)
        if base == DAY:
            return WHOLE if node.name in ("year", "month", "day") else self._foreign(node)
        member = base.members.get(node.name, ANY)
        return Known("list", {"": member}) if base.name == "rows" else member

    def _negation(self, node: n.Negation) -> Known:
        return self.kind(node.operand)

    def _arithmetic(self, node: n.Arithmetic) -> Known:
        kinds = [self.kind(node.first)]
        for sign, operand in node.rest:
            kinds.append(self.kind(operand))
            if sign in ("/", "**"):
                return self._no(say("“{sign}”在浏览器里的结果可能与服务器不同", sign=sign))
        if DAY in kinds:
            return self._foreign(node)
        if TEXT in kinds:
            return TEXT
        if NUMBER in kinds:
            return self._no(say("浏览器按二进制小数计算，结果可能与服务器不同"))
        return WHOLE if all(kind == WHOLE for kind in kinds) else ANY

    def _comparison(self, node: n.Comparison) -> Known:
        left, right = self.kind(node.left), self.kind(node.right)
        names = {left.name, right.name}
        if node.sign in ("=", "!="):
            empty = any(isinstance(one, n.Literal) and one.value is None for one in (node.left, node.right))
            wrong = names & _MANY and not empty
        else:
            wrong = names & (_MANY | {"flag"})
        if wrong:
            return self._no(say("列表和上下文在浏览器里不能这样比较，列表请比 count(…)"))
        if node.sign in ("=", "!="):
            return FLAG
        known = names - {"any"}
        return FLAG if len(known) < 2 or known <= _NUMBERS else self._no(say("文字与数字不能比较大小"))

    def _between(self, node: n.Between) -> Known:
        self.kind(node.value)
        ends = [number(one) for one in (node.low, node.high)]
        return FLAG if None not in ends and ends[0] <= ends[1] else self._no(say("between 的两端须是从小到大的数字"))  # type: ignore[operator]

    def _in(self, node: n.In) -> Known:
        self.kind(node.value)
        for test in node.tests:
            if isinstance(test, n.SignTest | n.RangeNode | n.AskingTest):
                return self._no(say("值为空时，区间在浏览器里的结果与服务器不同，请用 >= 和 <= 写"))
            self.kind(test)
            if not isinstance(test, n.Literal | n.ListNode):
                return self._no(say("in 后面在浏览器里只能是写出的值或列表，其他列表请用 list contains(列表, 值)"))
        return FLAG

    def _junction(self, node: n.Junction) -> Known:
        for operand in node.operands:
            self.kind(operand)
        return FLAG

    def _if(self, node: n.If) -> Known:
        if self.kind(node.condition).name not in ("flag", "any"):
            self._foreign(node)
        then, otherwise = self.kind(node.then), self.kind(node.otherwise)
        if {then.name, otherwise.name} <= _NUMBERS:
            return then if then == otherwise else NUMBER
        return then if then == otherwise else ANY

    def _list(self, node: n.ListNode) -> Known:
        for item in node.items:
            self.kind(item)
        return LIST

    def _context(self, node: n.ContextNode) -> Known:
        inner = Alike(self.names)
        for name, value in node.entries:
            inner.names[name] = inner.kind(value)
        self.problems += inner.problems
        return Known("context", {name: inner.names[name] for name, _ in node.entries})

    def _loops(self, iterators: tuple[n.Iterator, ...]) -> Alike:
        """The names inside of a loop: a browser goes through lists only."""
        inner = Alike(self.names)
        for iterator in iterators:
            source = inner.kind(iterator.source)
            if iterator.end is not None or source.name not in ("list", "rows", "any"):
                inner._foreign(iterator)
            inner.names[iterator.name] = item_of(source)
        return inner

    def _for(self, node: n.For) -> Known:
        inner = self._loops(node.iterators)
        body = inner.kind(node.body)
        self.problems += inner.problems
        return Known("list", {"": body})

    def _quantified(self, node: n.Quantified) -> Known:
        inner = self._loops(node.iterators)
        inner.kind(node.body)
        self.problems += inner.problems
        if not never_null(node.body):
            self._no(say("成员为空时，some 和 every 在浏览器里的结果与服务器不同，请先写 … != null and"))
        return FLAG

    def _filter(self, node: n.Filter) -> Known:
        base = self.kind(node.base)
        item = item_of(base)
        if number(node.condition) is not None:
            return item
        inner = Alike({**self.names, **item.members, "item": item})
        inner.kind(node.condition)
        self.problems += inner.problems
        asks = isinstance(node.condition, n.Comparison | n.Junction | n.Quantified | n.In)
        if not asks or not all(map(keeps, bare_items(node.condition))):
            return self._no(say("浏览器不能这样筛选列表"))
        return base if base.name in ("rows", "list") else ANY

    def _call(self, node: n.Call) -> Known:
        name = node.function.name if isinstance(node.function, n.Name) else ""
        kinds = [self.kind(argument) for argument in node.arguments]
        if name not in _ALIKE:
            return self._unknown(name)
        if name in self.names:
            return self._no(say("“{name}”既是字段名又是函数名，浏览器会取字段", name=name))
        if node.names is not None:
            return self._no(say("浏览器里的函数不按名称取参数"))
        if name == "sum" and any(NUMBER in (kind, *kind.members.values()) for kind in kinds):
            return self._no(say("浏览器按二进制小数计算，结果可能与服务器不同"))
        if name == "matches" and not plain_pattern(node.arguments):
            return self._unknown(name)
        if name == "get value" and kinds[0].members:
            first, *others = kinds[0].members.values()
            return first if all(one == first for one in others) else ANY
        if name in ("max", "min", "sum", "abs") and all(kind == WHOLE for kind in kinds):
            return WHOLE
        return _ALIKE[name]


def item_of(kind: Known) -> Known:
    """What a loop or a filter sees of a value."""
    if kind.name == "rows":
        return replace(kind, name="context")
    return kind.members.get("", ANY) if kind.name == "list" else ANY


_READERS: Final[Mapping[type, Callable[[Alike, Any], Known]]] = {
    n.Literal: Alike._literal,
    n.Name: Alike._name,
    n.Path: Alike._path,
    n.Negation: Alike._negation,
    n.Arithmetic: Alike._arithmetic,
    n.Comparison: Alike._comparison,
    n.Between: Alike._between,
    n.In: Alike._in,
    n.Junction: Alike._junction,
    n.If: Alike._if,
    n.ListNode: Alike._list,
    n.ContextNode: Alike._context,
    n.For: Alike._for,
    n.Quantified: Alike._quantified,
    n.Filter: Alike._filter,
    n.Call: Alike._call,
}
