"""Safe patterns and exact numbers: RE2 instead of backtracking, decimals instead of floats. Knows no field."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 1000
MAX_PATTERN_MEMORY = 1 << 20  # bytes that a compiled pattern may take
NUMBERS = Context(prec=120, traps=[])  # twice the digits that any number here has: nothing is rounded, nothing raises
_WORD = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
# The address that HTML's <input type="email"> takes, and a number with its country code (E.164).
KINDS = {
    "email": rf"^[\w.!#$%&'*+/=?^`{{|}}~-]+@{_WORD}(?:\.{_WORD})*$",
    "phone": r"^(?:\+|00)[1-9][0-9]{5,20}$",
}
_UNICODE = re2.compile(r"\\u\{?([0-9a-fA-F]{4,6})\}?")


@lru_cache(maxsize=512)
def compiled_pattern(pattern: str) -> Any:
    """The pattern as linear-time RE2, or None when RE2 cannot have it. JavaScript's ``\\uXXXX`` is understood."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PATTERN_MEMORY
    try:
        return re2.compile(_UNICODE.sub(r"\\x{\1}", pattern), options)
    except (re2.error, UnicodeEncodeError):
        return None


def as_decimal(value: Any) -> Decimal | None:
    """A number (or the text of one) exactly, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None
