"""The cursor over the tokens of an expression, and the names in sight. Knows no grammar."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from engine.feel import nodes as n
from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Token, tokenize
from engine.feel.scope_names import Names, written_name
from engine.words import Said, say

DEEPEST = 60
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
TYPE_NAMES = ("date and time", "days and time duration", "years and months duration")
NAME_SIGNS = ("-", "+", "*", "/", ".", "'", "’", "?")  # what a name may hold besides words and numbers
MEMBERS = ("start included", "end included", "time offset")


_QUOTES = say("文字要用双引号")
# What other languages write: the token, after which other one.
_HINTS = {
    ("=", "="): say("相等只写一个“=”"),
    ("<", ">"): say("不等写作“!=”"),
    ("", "'"): _QUOTES,
    ("", "’"): _QUOTES,
}


class Cursor(ABC):
    """The cursor over the tokens and the names in sight."""

    def __init__(self, text: str, known: Iterable[str]) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.at = 0
        self.depth = 0
        known = tuple(known)
        self.names = Names(known)
        self.members = Names((*known, *MEMBERS))
        self.types = Names((*known, *TYPE_NAMES))
        self.bound: list[set[str]] = []
        self.free: set[str] = set()  # names of data from outside
        self.called: set[str] = set()  # names of functions from outside
        self.perhaps: set[str] = set()  # names inside of filters: members of what is filtered, or data from outside
        self.filters = 0  # how many filters we are in
        self.partials = 0  # how often ``partial`` has been named
        self.range_end = False  # at the end of a range a bracket closes it and does not begin a filter

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def peek(self, offset: int = 1) -> Token:
        return self.tokens[min(self.at + offset, len(self.tokens) - 1)]

    def sees(self, *texts: str) -> bool:
        return self.token.text in texts and self.token.kind in ("sign", "name")

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.unexpected(text)

    def separate(self, closing: str) -> None:
        """A comma with more behind it, or the closing token in sight."""
        if self.sees(closing):
            return
        if not self.accept(","):
            raise self.unexpected(closing)
        if self.sees(closing):
            raise self.unexpected()

    def unexpected(self, expected: Said = "") -> FeelSyntaxError:
        """The refusal for the token at hand."""
        token = self.token
        found = say("多出了“{text}”", text=token.text[:30])
        hint = _HINTS.get((self.tokens[self.at - 1].text, token.text)) or _HINTS.get(("", token.text))
        if token.kind == "end":
            found = say("表达式到此结束")
        elif token.kind == "sign" and hint:
            return FeelSyntaxError(self.text, token.start, hint, expected)
        if expected:
            found = say("{found}，此处应为“{expected}”", found=found, expected=expected)
        return FeelSyntaxError(self.text, token.start, found, expected)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.too_deep()

    def too_deep(self) -> FeelSyntaxError:
        """The refusal of a text that nests brackets or blocks without end."""
        detail = say("嵌套超过 {most} 层", most=DEEPEST)
        return FeelSyntaxError(self.text, self.token.start, detail)

    def bind(self, names: Iterable[str]) -> None:
        """Open a scope in which these names are ours."""
        self.names.push()
        self.bound.append(set())
        for name in names:
            self.bind_also(name)

    def bind_also(self, name: str) -> None:
        self.names.add(name)
        self.members.add(name)
        self.bound[-1].add(name)

    def unbind(self) -> None:
        self.names.pop()
        self.bound.pop()

    def take_name(self, names: Names) -> str:
        if self.token.kind != "name":
            raise self.unexpected()
        name, length = names.match(self.tokens, self.at)
        self.at += length
        return name

    def name_before(self, *ends: str) -> str:
        """A name up to one of these tokens, as it is known or else as written: keys, parameters, loop variables."""
        start = self.at
        while not (self.sees(*ends) and self.at > start):
            if ends[0] == "in" and self.sees("return", "satisfies"):
                raise self.unexpected("in")
            if self.token.kind not in ("name", "number") and not self.sees(*NAME_SIGNS):
                raise self.unexpected(ends[0])
            self.at += 1
        known, length = self.names.match(self.tokens, start)
        return known if length == self.at - start else written_name(self.text, self.tokens[start : self.at])

    @abstractmethod
    def expression(self) -> n.Node:
        """Any expression."""

    @abstractmethod
    def additive(self) -> n.Node:
        """An expression without comparison, ``and``, ``or``."""

    @abstractmethod
    def type(self) -> n.TypeNode:
        """A type."""
