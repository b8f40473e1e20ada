"""Regular expressions of XPath for ``matches``, ``replace`` and ``split``, on an engine whose time grows evenly.

RE2 never backtracks, so no pattern of a user can hang the machine; back-references are refused for that reason.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

LONGEST = 2_000
_FLAGS = frozenset("smixq")
MEMORY = 8 << 20


@lru_cache(maxsize=512)
def pattern_of(text: str, flags: str) -> Any:
    """The compiled pattern, or None when the pattern or a flag is wrong."""
    if len(text) > LONGEST or not set(flags) <= _FLAGS:
        return None
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    options.dot_nl = "s" in flags
    options.never_nl = False
    if "q" in flags:
        text = re.escape(text)
    else:
        text = translate(text, "x" in flags)
        text = f"(?m:{text})" if "m" in flags else text
    try:
        return re2.compile(text, options)
    except re2.error:
        return None


def translate(text: str, extended: bool) -> str:
    """A pattern of XPath in RE2's terms; with ``x`` white space outside of brackets means nothing."""
    out: list[str] = []
    depth, at = 0, 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            out.append(text[at : at + 2])
            at += 2
            continue
        depth += (char == "[") - (char == "]" and depth > 0)
        if not (extended and depth == 0 and char in " \t\r\n"):
            out.append(char)
        at += 1
    return "".join(out)
