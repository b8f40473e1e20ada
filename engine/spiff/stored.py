"""The texts of a state: JSON in which a variable stays what it is. Knows no scope and no token.

A state without anything that JSON lacks costs no more than plain JSON: the mark is looked for, nothing is walked.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from engine.feel.jsonform import MARK, from_stored, to_stored, written

_OPTION: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
_MARKED: Final = f'"{MARK}":'
_MARKED_BYTES: Final = _MARKED.encode()


def dumps(content: Any) -> bytes:
    """Names sorted: the same content gives the same bytes."""
    data = orjson.dumps(content, default=written, option=_OPTION)
    if _MARKED_BYTES not in data:
        return data
    return orjson.dumps(to_stored(content), option=_OPTION)  # a name of somebody's own data may look like the mark


def loads(text: str) -> Any:
    """What was written."""
    return from_stored(orjson.loads(text)) if _MARKED in text else orjson.loads(text)


def is_marked(state: bytes) -> bool:
    """Whether there may be a value in it that JSON lacks."""
    return _MARKED_BYTES in state
