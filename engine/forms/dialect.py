"""Patterns as a browser reads them (ECMAScript 2024, clauses 22.2 and B.1.2, no flags) in RE2's terms. Knows no field.

A browser matches UTF-16 code units, so a character beyond the first plane is two. RE2 knows no halves of characters:
they are moved to a private plane, in the pattern and in the text alike.
"""

from __future__ import annotations

import re

Spans = list[tuple[int, int]]
_LAST = 0xFFFF  # the greatest code unit
_HALVES, _MOVED = 0xD800, 0x100000  # where halves of characters begin, and where they are moved to
_MOST_REPEATS = 1000  # of RE2
_SPACES: Spans = [
    (0x9, 0xD), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
]  # fmt: skip
_DIGITS: Spans = [(0x30, 0x39)]
_WORD: Spans = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
_CLASSES = {"d": _DIGITS, "s": _SPACES, "w": _WORD}
_LINE_ENDS: Spans = [(0xA, 0xA), (0xD, 0xD), (0x2028, 0x2029)]
_CONTROLS = {"t": 0x9, "n": 0xA, "v": 0xB, "f": 0xC, "r": 0xD}
_QUANTIFIER = re.compile(r"[*+?]|\{([0-9]+)(,([0-9]*))?\}")
_GROUP = re.compile(r"\((?:\?(?::|<([A-Za-z_$][\w$]*)>))?", re.ASCII)
_HEX = {"u": re.compile(r"[0-9A-Fa-f]{4}"), "x": re.compile(r"[0-9A-Fa-f]{2}")}


class NotForBoth(ValueError):
    """The pattern is none in a browser, or needs backtracking."""


def units(text: str) -> str:
    """The text with a character for each UTF-16 code unit."""
    if text.isascii() or max(text) <= "\ud7ff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(_moved(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2))


def length(text: str) -> int:
    """How long a browser says that a text is."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def translated(pattern: str) -> str:
    """The pattern for RE2, to be searched in ``units`` of a text. Raises NotForBoth."""
    translation = _Translation(units(pattern))
    text = translation.alternatives()
    if translation.at < len(translation.text):
        raise NotForBoth  # a bracket that closes nothing
    return text


def _moved(unit: int) -> str:
    return chr(unit + _MOVED - _HALVES if 0xD800 <= unit <= 0xDFFF else unit)


class _Translation:
    """One pass over one pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.names: set[str] = set()

    def alternatives(self) -> str:
        out: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != ")":
            out.append(self._term())
        return "".join(out)

    def _term(self) -> str:
        letter = self.text[self.at]
        if letter in "|^$":
            self.at += 1
            return {"|": "|", "^": r"\A", "$": r"\z"}[letter]
        if self.text.startswith(r"\B", self.at):
            raise NotForBoth  # RE2 finds one between the bytes of a letter
        if self.text.startswith(r"\b", self.at):
            self.at += 2
            return r"\b"
        return self._atom(letter) + self._quantifier()

    def _atom(self, letter: str) -> str:
        if letter == "(":
            return self._group()
        self.at += 1
        if letter == ".":
            return _written(_complement(_LINE_ENDS))
        if letter == "[":
            return self._brackets()
        if letter == "\\":
            found = self._escape()
            return _written(found) if isinstance(found, list) else _code(found)
        self.at -= 1
        if _QUANTIFIER.match(self.text, self.at):
            raise NotForBoth  # nothing to repeat
        self.at += 1
        return _code(_unit(letter))

    def _group(self) -> str:
        found = _GROUP.match(self.text, self.at)
        if found is None or (found[0] == "(" and self.text.startswith("?", found.end())):
            raise NotForBoth  # looks around, or has flags
        if found[1]:
            if found[1] in self.names:
                raise NotForBoth
            self.names.add(found[1])
        self.at = found.end()
        inside = self.alternatives()
        if not self.text.startswith(")", self.at):
            raise NotForBoth
        self.at += 1
        return f"(?:{inside})"

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return ""
        least = int(found[1] or 0)
        most = int(found[3]) if found[3] else least if found[2] is None else 0
        if max(least, most) > _MOST_REPEATS or (found[3] and most < least):
            raise NotForBoth
        self.at = found.end()
        self.at += self.text.startswith("?", self.at)  # whether it is lazy changes nothing in whether there is a match
        return found[0]

    def _escape(self) -> int | Spans:
        """What follows a backslash: a code unit or a class."""
        if self.at >= len(self.text):
            raise NotForBoth
        letter = self.text[self.at]
        self.at += 1
        if letter.lower() in _CLASSES:
            spans = _CLASSES[letter.lower()]
            return spans if letter.islower() else _complement(spans)
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter in _HEX:
            found = _HEX[letter].match(self.text, self.at)
            self.at = found.end() if found else self.at
            return int(found[0], 16) if found else ord(letter)
        if letter == "0" and not self.text[self.at : self.at + 1].isdigit():
            return 0
        if letter.isdigit() or (letter == "k" and "(?<" in self.text):
            raise NotForBoth  # a back-reference, or an octal number
        if letter == "c":
            return self._control()
        return _unit(letter)

    def _control(self) -> int:
        letter = self.text[self.at : self.at + 1]
        if letter.isascii() and letter.isalpha():
            self.at += 1
            return ord(letter) % 32
        self.at -= 1  # the backslash stands for itself
        return ord("\\")

    def _brackets(self) -> str:
        negated = self.text.startswith("^", self.at)
        self.at += negated
        spans: Spans = []
        while not self.text.startswith("]", self.at):
            first = self._member()
            if not self._begins_range():
                spans += _spans(first)
                continue
            self.at += 1
            last = self._member()
            if isinstance(first, list) or isinstance(last, list):
                spans += [*_spans(first), (ord("-"), ord("-")), *_spans(last)]
            elif last < first:
                raise NotForBoth
            else:
                spans.append((first, last))
        self.at += 1
        return _written(_complement(spans) if negated else spans)

    def _begins_range(self) -> bool:
        return self.text.startswith("-", self.at) and not self.text.startswith("]", self.at + 1)

    def _member(self) -> int | Spans:
        if self.at >= len(self.text):
            raise NotForBoth
        letter = self.text[self.at]
        self.at += 1
        if letter != "\\":
            return _unit(letter)
        if self.text.startswith("b", self.at):
            self.at += 1
            return 0x8
        return self._escape()


def _unit(letter: str) -> int:
    point = ord(letter)
    return point - _MOVED + _HALVES if point >= _MOVED else point


def _code(unit: int) -> str:
    return f"\\x{{{ord(_moved(unit)):X}}}"


def _spans(found: int | Spans) -> Spans:
    return found if isinstance(found, list) else [(found, found)]


def _written(spans: Spans) -> str:
    """A class of RE2: the halves of characters apart, where they are moved to."""
    parts: list[str] = []
    for first, last in spans:
        for low, high in ((0, 0xD7FF), (0xD800, 0xDFFF), (0xE000, _LAST)):
            if max(first, low) <= min(last, high):
                parts.append(f"{_code(max(first, low))}-{_code(min(last, high))}")
    return f"[{''.join(parts)}]" if parts else r"[^\x00-\x{10FFFF}]"


def _complement(spans: Spans) -> Spans:
    made: Spans = []
    start = 0
    for first, last in sorted(spans):
        if first > start:
            made.append((start, first - 1))
        start = max(start, last + 1)
    return [*made, (start, _LAST)] if start <= _LAST else made
