"""Safe patterns and exact numbers: RE2 instead of backtracking, decimals instead of floats. Knows no field."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

import re2

from engine.forms.dialect import NotForBoth, translated, units

MAX_PATTERN = 1000
MAX_PATTERN_MEMORY = 1 << 20  # bytes that a compiled pattern may take
NUMBERS = Context(prec=120, traps=[])  # twice the digits that any number here has: nothing is rounded, nothing raises
_WORD = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
# The address that HTML's <input type="email"> takes, and a number with its country code (E.164).
KINDS = {
    "email": rf"^[\w.!#$%&'*+/=?^`{{|}}~-]+@{_WORD}(?:\.{_WORD})*$",
    "phone": r"^(?:\+|00)[1-9][0-9]{5,20}$",
}
_UNICODE = re2.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?")


def matches(pattern: str, text: str) -> bool:
    """Whether a browser would find the pattern in the text. The pattern is one that ``compiled_pattern`` takes."""
    return compiled_pattern(pattern).search(units(text)) is not None


def is_common(pattern: str) -> bool:
    """Whether a browser and the server read the pattern alike: it is one for both, and RE2 has room for it."""
    try:
        return _compiled(translated(pattern)) is not None
    except NotForBoth:
        return False


@lru_cache(maxsize=512)
def compiled_pattern(pattern: str) -> Any:
    """The pattern as linear-time RE2, or None when RE2 cannot have it.

    What is none in a browser is read as RE2 reads it: definitions that were published with such a pattern still load.
    """
    try:
        return _compiled(translated(pattern))
    except NotForBoth:
        return _compiled(_UNICODE.sub(r"\\x{\1}", pattern))


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PATTERN_MEMORY
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError):
        return None


def as_decimal(value: Any) -> Decimal | None:
    """A number (or the text of one) exactly, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None
