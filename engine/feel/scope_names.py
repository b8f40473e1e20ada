"""Which names the parser knows where: names may hold spaces and signs, so tokens alone do not tell where one ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.lexer import Token, tokenize

_STOP = frozenset({"and", "or", "in", "between", "then", "else", "return", "satisfies", "true", "false", "null"})


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    """The tokens of a name; none if it is no name that could be written."""
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelSyntaxError:
        return ()


@dataclass(slots=True)
class _Tree:
    """The names that go on with one of the words; ``name``: the one that ends here, "" for none."""

    words: dict[str, _Tree] = field(default_factory=dict)
    name: str = ""


def _grow(tree: _Tree, name: str) -> None:
    words = _words(name)
    if len(words) > 1:
        for word in words:
            tree = tree.words.setdefault(word, _Tree())
        tree.name = name


@lru_cache(maxsize=1024)
def _outermost(known: tuple[str, ...]) -> _Tree:
    """The scope of what is known from the start, which many texts share: nothing is added to it."""
    tree = _Tree()
    for name in known:
        _grow(tree, name)
    return tree


class Names:
    """Known names as trees of tokens, word by word, innermost scope last."""

    def __init__(self, known: Iterable[str]) -> None:
        self._scopes: list[_Tree] = [_Tree(), _outermost(tuple(known))]  # what is added here goes before what was known

    def push(self) -> None:
        self._scopes.append(_Tree())

    def pop(self) -> None:
        self._scopes.pop()

    def add(self, name: str) -> None:
        """Make a name known in the innermost scope. One-word names need no entry."""
        _grow(self._scopes[-1 if len(self._scopes) > 2 else 0], name)

    def match(self, tokens: list[Token], at: int) -> tuple[str, int]:
        """The longest name that starts at a token, and how many tokens it takes.

        Known names win. Else neighbouring words are one name, since nothing else in the grammar puts two words
        side by side.
        """
        best, length = "", 0
        for scope in self._scopes:
            end, tree = at, scope.words.get(tokens[at].text)
            while tree is not None and end + 1 < len(tokens):
                end += 1
                if tree.name and end - at > length:
                    best, length = tree.name, end - at
                tree = tree.words.get(tokens[end].text)
        if length:
            return best, length
        end = at + 1
        while _continues(tokens, end):
            end += 1
        return " ".join(token.text for token in tokens[at:end]), end - at


def _continues(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind == "number":
        return token.text.isdigit()
    if token.kind != "name" or token.text in _STOP:
        return False
    return not (token.text == "instance" and tokens[at + 1].text == "of")


def written_name(text: str, tokens: list[Token]) -> str:
    """A name as its author wrote it, runs of space made one."""
    return " ".join(text[tokens[0].start : tokens[-1].end].split())
