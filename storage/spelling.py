"""Letters that keyboards offer in several spellings, and looking for a word in a column in all of them.

Which two texts are the same is said by ``storage.letters``, which takes this table. Knows no table of the database.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # the table is read where there is no database
    from sqlalchemy import ColumnElement, Connection

SAME: Final = {
    **dict.fromkeys("‐‑‒–—―−⁃﹘", "-"),
    **dict.fromkeys("・•‧∙⋅⸱", "·"),
    **dict.fromkeys("[〔【〖", "("),
    **dict.fromkeys("]〕】〗", ")"),
}
"""Dashes, points within names and brackets of document numbers: each other spelling with the one that is compared."""
_FIRST, _LAST, _TO_WIDE = 0x21, 0x7E, 0xFEE0  # letters that also have a full width (Unicode, U+FF01 to U+FF5E)


def says(connection: Connection, column: Any, word: str) -> ColumnElement[bool]:
    """Whether a column holds a word, which is folded, in whatever width, case, dashes and brackets it was stored."""
    classes = _classes(word)
    if all(len(spellings) == 1 for spellings in classes):
        found: ColumnElement[bool] = column.contains(word, autoescape=True)
    elif connection.dialect.name == "sqlite":
        found = column.op("GLOB", is_comparison=True)("*" + "".join(map(_class, classes)) + "*")
    else:
        classes = tuple(spellings.replace("\\", "\\\\") for spellings in classes)  # a backslash escapes there
        found = column.op("~", is_comparison=True)("".join(map(_class, classes)))
    return found


@lru_cache(maxsize=256)
def _classes(word: str) -> tuple[str, ...]:
    return tuple(map(_spellings, word))


def _spellings(letter: str) -> str:
    found = [letter, letter.upper(), letter.lower(), *(one for one, same in SAME.items() if same == letter)]
    found = [one for one in found if len(one) == 1]
    wide = [chr(ord(one) + _TO_WIDE) for one in found if _FIRST <= ord(one) <= _LAST]
    return "".join(dict.fromkeys(found + wide))


def _class(spellings: str) -> str:
    """A class of letters that ``GLOB`` and regular expressions of PostgreSQL read alike."""
    special = [one for one in "]-^" if one in spellings]
    rest = "".join(one for one in spellings if one not in "]-^")
    inner = ("]" if "]" in special else "") + rest + ("^" if "^" in special else "") + ("-" if "-" in special else "")
    return f"[{inner}]" if len(spellings) > 1 else spellings
