"""Two texts or two orders against each other: which runs are the same. Quick on large ones. Knows no format."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

from engine.comparing.views import TextRun
from engine.feel import FeelError
from engine.feel.lexer import tokenize

MOST: Final = 1_000_000
"""So many pairs are looked at, what both begin and end with left out; beyond that it is one change as a whole."""
_WORD: Final = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)

Block = tuple[int, int, int, int]
"""Before from, to; after from, to. Same blocks are equally long; others stand for each other."""


def blocks(before: Sequence[Hashable], after: Sequence[Hashable]) -> Iterator[tuple[bool, Block]]:
    """Both sequences in blocks, in their order: whether they are the same, and where they are."""
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    a, b = before[head : len(before) - tail], after[head : len(after) - tail]
    if head:
        yield True, (0, head, 0, head)
    if len(a) * len(b) > MOST or not a or not b:
        if a or b:
            yield False, (head, head + len(a), head, head + len(b))
    else:
        for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            yield tag == "equal", (head + i, head + j, head + k, head + m)
    if tail:
        yield True, (len(before) - tail, len(before), len(after) - tail, len(after))


def pieces(before: str, after: str, feel: bool = False) -> list[TextRun]:
    """Both texts at once, by words, or by the tokens of FEEL; what is no FEEL goes by words, too."""
    a, b = (_tokens(text) if feel else _WORD.findall(text) for text in (before, after))
    found: list[TextRun] = []
    for same, (i, j, k, m) in blocks(a, b):
        if same:
            _add(found, "same", "".join(b[k:m]))
        else:
            _add(found, "removed", "".join(a[i:j]))
            _add(found, "added", "".join(b[k:m]))
    return found


def out_of_order(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """Of the names that both orders have, those that stand elsewhere among the others."""
    both = set(before) & set(after)
    a, b = ([name for name in order if name in both] for order in (before, after))
    return frozenset(name for same, (_, _, k, m) in blocks(a, b) if not same for name in b[k:m])


def _add(found: list[TextRun], kind: Literal["same", "added", "removed"], text: str) -> None:
    if text:
        found.append({"kind": kind, "text": text})


def _tokens(text: str) -> list[str]:
    """The tokens, each with the blanks before it: together they are the text. An equals sign before it is one, too."""
    own = text.removeprefix("=")
    try:
        ends = [token.end for token in tokenize(own)]
    except FeelError:
        return _WORD.findall(text)
    starts = [0, *ends[:-1]]
    told = [own[start:end] for start, end in zip(starts, ends, strict=True) if end > start]
    return ["=", *told] if len(own) < len(text) else told
