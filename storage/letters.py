"""The letters that people type: what of them is visible, and in which one form two texts are compared.

Full and half width, capitals, blanks of any kind and invisible characters make no difference to a search, a login, a
number, a code or a name (``folded``, ``code``, ``login``); prose is kept as it was typed (``tidy``). Unicode 15, UAX 15
and UAX 44 (default ignorable code points). Knows no field, no account and no table.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from storage.spelling import SAME

_IGNORABLE: Final = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065), (0x3164, 0x3164),
    (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Ignorable characters whose category does not say so: fillers, variation selectors, tags."""
LONGEST_LOGIN: Final = 100
"""Characters of a login as it is typed, with the blanks around it."""
_BRAILLE_BLANK: Final = 0x2800
_USUAL: Final = 0xFFFF
_SAME: Final = str.maketrans(SAME)
_BLANKS: Final = re.compile(" +")
_REFUSED: Final = re.compile("[\0\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What no word processor writes: NUL, escape, delete, the C1 block but for its line end, what is no character."""
_LINES: Final = re.compile("\r\n?")


def is_blank(letter: str) -> bool:
    """Whether it takes room and shows nothing: blanks of every width, tabs, line ends, control characters."""
    return letter.isspace() or unicodedata.category(letter) == "Cc" or ord(letter) == _BRAILLE_BLANK


def is_nothing(letter: str) -> bool:
    """Whether it takes no room either: zero-width and direction marks, soft hyphens, fillers, selectors."""
    point = ord(letter)
    return unicodedata.category(letter) == "Cf" or any(first <= point <= last for first, last in _IGNORABLE)


class _Seen(dict[int, int | str | None]):
    """What a reader sees of a letter, for ``str.translate``: itself, a blank, or nothing. Found once for each."""

    def __missing__(self, point: int) -> int | str | None:
        letter = chr(point)
        seen = None if is_nothing(letter) else " " if is_blank(letter) else point
        if point <= _USUAL:  # whoever sends every letter there is must not fill the memory
            self[point] = seen
        return seen


_SEEN: Final = _Seen()


def is_visible(text: str) -> bool:
    """Whether a reader sees anything of a text. A reason that nobody can see is none."""
    return bool(text.translate(_SEEN).strip(" "))


def is_never_text(text: str) -> bool:
    """Whether it holds a control character that no word processor writes, or what is no character at all."""
    return not text.isprintable() and _REFUSED.search(text) is not None


def tidy(text: str) -> str:
    """Prose as it is kept: as typed, without anything invisible at its ends; control characters are blanks.

    A word processor ends lines by vertical tabs and cells by bells; only line feeds and tabs stay what they are.
    What is never text stays, too: whoever stores a text refuses it (``is_never_text``).
    """
    plain = _LINES.sub("\n", text) if "\r" in text else text
    if not plain.isprintable():
        plain = "".join(" " if _is_control(letter) else letter for letter in plain)
    first, last = 0, len(plain)
    while first < last and _unseen(plain[first]):
        first += 1
    while last > first and _unseen(plain[last - 1]):
        last -= 1
    return plain[first:last]


def narrow(text: str) -> str:
    """It in half width, without anything invisible; blanks are single and plain. Capitals stay."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    wide = unicodedata.normalize("NFKC", text.translate(_SEEN))
    return _BLANKS.sub(" ", "".join(one for one in wide if _SEEN[ord(one)] is not None)).strip()


def folded(text: str) -> str:
    """The form in which texts are compared and searched: names, titles, words. Folding it again changes nothing."""
    plain = narrow(text).casefold()
    return plain if plain.isascii() and "[" not in plain and "]" not in plain else _settled(plain)


def words(text: str) -> list[str]:
    """The words of a search, each folded."""
    return folded(text).split()


def name(text: str) -> str:
    """A name as it is kept: on one line, blanks single, nothing invisible within; its widths and capitals stay."""
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", text.translate(_SEEN)).strip())


def code(text: str) -> str:
    """The form in which numbers and codes are compared: of cases, regions, credit, identity. Half width, capitals."""
    together = folded(folded(text).replace(" ", "")).replace(" ", "")  # what stood apart may be one letter now
    return unicodedata.normalize("NFKC", together.upper())


def login(text: str) -> str:
    """The form in which logins are compared and stored: half width, small letters; one with a blank within is none.

    Anybody may send any text for one: what is far too long is cut before it is read, and is no login.
    """
    return folded(text if len(text) <= LONGEST_LOGIN else text[:LONGEST_LOGIN] + "…")


def _settled(plain: str) -> str:
    return narrow(unicodedata.normalize("NFKC", plain.translate(_SAME)).casefold())


def _is_control(letter: str) -> bool:
    return letter not in "\n\t" and not _REFUSED.match(letter) and unicodedata.category(letter) in ("Cc", "Zl", "Zp")


def _unseen(letter: str) -> bool:
    return _SEEN[ord(letter)] in (None, " ") and not _REFUSED.match(letter)
