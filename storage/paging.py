"""One page after another by the key of the last row, so that page 5,000 costs what page 1 costs. Knows no table.

A key begins with a text (or a moment, which is stored as text) and goes on with whole numbers.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Integer, Select, String, literal, tuple_, type_coerce

from storage.database import utc_text

LARGEST: Final = 2**31  # beyond an integer of PostgreSQL


def mark(key: Sequence[Any]) -> str:
    """Where the next page begins after the row with this key."""
    parts = [utc_text(part) if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def page(query: Select[Any], key: Sequence[Any], after: str, limit: int, *, descending: bool = False) -> Select[Any]:
    """The rows after a mark in the order of their key. One row more than the limit tells that there is a next page."""
    begin = _read(after, len(key))
    if begin is not None:
        left = tuple_(type_coerce(key[0], String), *key[1:])  # a moment is compared as the text that it is stored as
        right = tuple_(literal(begin[0], String), *(literal(part, Integer) for part in begin[1:]))
        query = query.where(left < right if descending else left > right)
    return query.order_by(*(part.desc() if descending else part.asc() for part in key)).limit(limit + 1)


def _read(after: str, length: int) -> list[Any] | None:
    """The key of a mark; a mark that is none begins at the first page."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        return None
    whole = isinstance(parts, list) and len(parts) == length and isinstance(parts[0], str) and "\0" not in parts[0]
    return parts if whole and all(isinstance(part, int) and 0 <= part < LARGEST for part in parts[1:]) else None
