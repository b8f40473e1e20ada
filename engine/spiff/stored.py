"""The texts of a state: JSON in which a variable stays what it is. Knows no scope and no token.

A state without anything that JSON lacks costs no more than plain JSON: the mark is looked for, nothing is walked.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from engine.feel.jsonform import MARK, from_stored, to_stored, written

_OPTION: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
_MARKED: Final = f'"{MARK}":'


def dumps(content: Any) -> str:
    """Names sorted: the same content gives the same text."""
    made = 0

    def write(value: Any) -> dict[str, str]:
        nonlocal made
        made += 1
        return written(value)

    text = orjson.dumps(content, default=write, option=_OPTION).decode()
    if text.count(_MARKED) == made:
        return text
    return orjson.dumps(to_stored(content), option=_OPTION).decode()  # somebody's own data has a name like the mark


def loads(text: str) -> Any:
    """What was written."""
    return from_stored(orjson.loads(text)) if is_marked(text) else orjson.loads(text)


def is_marked(text: str) -> bool:
    """Whether a text may hold a value that JSON lacks."""
    return _MARKED in text
