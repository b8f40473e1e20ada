"""Regular expressions of XPath for ``matches``, ``replace`` and ``split``, on an engine whose time grows evenly.

RE2 never backtracks, so no pattern of a user can hang the machine; back-references are refused for that reason.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

LONGEST = 2_000
MEMORY = 1 << 20
_FLAGS = frozenset("smixq")
_SPACES = " \t\r\n"
_LAST = 0x10FFFF
# What may stand inside of brackets for the escapes of XPath that RE2 reads otherwise or not at all.
_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r" \t\n\r",
    "S": r"\x00-\x08\x0B\x0C\x0E-\x1F!-\x{10FFFF}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{M}\p{N}_:.\-\x{B7}",
}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_THEMSELVES = frozenset("\\|.-^?*+{}()[]$")
_BLOCKS = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "Greek": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_QUANTITY = re.compile(r"[0-9]+(?:,[0-9]*)?\}")
Spans = list[tuple[int, int]]


class _Unreadable(ValueError):
    """The pattern is no regular expression of XPath, or needs backtracking."""


KEPT = 32  # patterns that stay compiled, each in up to MEMORY bytes
TOO_LARGE = 10_000  # what finding out costs, in steps


@lru_cache(maxsize=KEPT)
def pattern_of(text: str, flags: str, groups: bool) -> Any:
    """The compiled pattern, or None when the pattern or a flag is wrong. ``groups``: whether its groups are asked for.

    Its ``programsize`` tells the work: of compiling it, and for each character of a text.
    """
    if len(text) > LONGEST or not set(flags) <= _FLAGS:
        return None
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.never_capture = not groups
    options.case_sensitive = "i" not in flags
    try:
        return re2.compile(re.escape(text) if "q" in flags else _Translation(text, flags).whole(), options)
    except (re2.error, _Unreadable):
        return None


def _without_spaces(text: str) -> str:
    """Flag ``x``: white space means nothing, except inside of brackets."""
    out, depth, escaped = [], 0, False
    for char in text:
        if not escaped:
            depth += (char == "[") - (char == "]" and depth > 0)
        if depth or char not in _SPACES:
            out.append(char)
            escaped = char == "\\" and not escaped
    return "".join(out)


class _Translation:
    """A pattern of XPath in RE2's terms."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = _without_spaces(text) if "x" in flags else text
        self.dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"
        self.lines = "m" in flags
        self.at = 0

    def whole(self) -> str:
        out: list[str] = []
        while self.at < len(self.text):
            out.append(self._piece())
        joined = "".join(out)
        return f"(?m:{joined})" if self.lines else joined

    def _take(self) -> str:
        if self.at >= len(self.text):
            raise _Unreadable
        self.at += 1
        return self.text[self.at - 1]

    def _piece(self) -> str:
        char = self._take()
        if char == "\\":
            return f"[{self._escape()[0]}]"
        if char == "[":
            return self._brackets()[0]
        if char == "(" and self.text.startswith("?", self.at) and not self.text.startswith("?:", self.at):
            raise _Unreadable
        if char == "{":
            return self._quantity()
        if char in "]}":  # by itself it means nothing: it must be escaped
            raise _Unreadable
        return self.dot if char == "." else char

    def _quantity(self) -> str:
        found = _QUANTITY.match(self.text, self.at)
        if not found:
            raise _Unreadable
        self.at = found.end()
        return "{" + found[0]

    def _escape(self) -> tuple[str, int | None]:
        """What follows a backslash: text for inside of brackets, and the character if it is one."""
        char = self._take()
        if char in _CLASSES:
            return _CLASSES[char], None
        if char in "pP":
            return self._category(char), None
        if char in _CONTROLS:
            return _code(ord(_CONTROLS[char])), ord(_CONTROLS[char])
        if char in _THEMSELVES:
            return _code(ord(char)), ord(char)
        raise _Unreadable

    def _category(self, letter: str) -> str:
        end = self.text.find("}", self.at)
        if not self.text.startswith("{", self.at) or end < 0:
            raise _Unreadable
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        if not name.startswith("Is"):
            return f"\\{letter}{{{name}}}"
        if name[2:] not in _BLOCKS:
            raise _Unreadable
        span = _BLOCKS[name[2:]]
        return _written([span] if letter == "p" else _complement([span]))

    def _brackets(self) -> tuple[str, Spans | None]:
        """A class after its bracket: RE2's text, and its characters if they can be listed."""
        negated = self.text.startswith("^", self.at)
        self.at += negated
        parts: list[str] = []
        spans: Spans | None = []
        less: Spans | None = None
        while (char := self._take()) != "]" or not parts:
            if char == "-" and self.text.startswith("[", self.at) and parts:
                self.at += 1
                less = self._brackets()[1]
                if less is None or self._take() != "]":
                    raise _Unreadable
                break
            part, span = self._member(char)
            parts.append(part)
            spans = None if spans is None or span is None else [*spans, span]
        if less is None:
            listed = None if spans is None else (_complement(spans) if negated else spans)
            return f"[{'^' if negated else ''}{''.join(parts)}]", listed
        if spans is None:
            raise _Unreadable
        kept = _complement(_union([*_complement(_complement(spans) if negated else spans), *less]))
        return (f"[{_written(kept)}]" if kept else r"[^\x00-\x{10FFFF}]"), kept

    def _member(self, char: str) -> tuple[str, tuple[int, int] | None]:
        """One character, range or escape inside of brackets."""
        if char == "[":
            raise _Unreadable
        text, first = self._escape() if char == "\\" else (_code(ord(char)), ord(char))
        ranged = self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] not in ("]", "[", "")
        if first is None or not ranged:
            return text, None if first is None else (first, first)
        self.at += 1
        end = self._take()
        last = self._escape()[1] if end == "\\" else ord(end)
        if last is None or last < first:
            raise _Unreadable
        return _written([(first, last)]), (first, last)


def _code(point: int) -> str:
    return f"\\x{{{point:X}}}"


def _written(spans: Spans) -> str:
    return "".join(_code(a) if a == b else f"{_code(a)}-{_code(b)}" for a, b in spans)


def _union(spans: Spans) -> Spans:
    made: Spans = []
    for first, last in sorted(spans):
        if made and first <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(last, made[-1][1]))
        else:
            made.append((first, last))
    return made


def _complement(spans: Spans) -> Spans:
    made: Spans = []
    start = 0
    for first, last in _union(spans):
        if first > start:
            made.append((start, first - 1))
        start = last + 1
    return [*made, (start, _LAST)] if start <= _LAST else made
