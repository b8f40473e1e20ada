"""The links of every case's chain in one stream: which of them do not follow from the one before. Reads only.

What is left out are the payloads: a link holds when it is what its hash stands for and follows its neighbour; whether
the payload is what the link commits to, ``storage.events.holds`` asks case by case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Select, String, select, tuple_, type_coerce

from storage.events import FIRST, FORMAT, at, events, holds

SLICE: Final = 5_000
_e = events.c
_PLACE = tuple_(_e.case_id, _e.seq)
_LINKS: Final[Select[Any]] = select(
    _e.case_id, _e.seq, _e.format, _e.semantics, _e.name, type_coerce(_e.at, String).label("at"), _e.commitment,
    _e.previous, _e.hash,
).order_by(_e.case_id, _e.seq).limit(SLICE)  # fmt: skip
"""With the moment as the text that is hashed."""


def broken(connection: Connection) -> Iterator[tuple[int, int]]:
    """Case and number of each event that is not what its hash stands for, is missing or does not follow.

    Some thousands of links are in memory at a time, however many there are. A missing event is named by the number
    that it would have.
    """
    case, expected, before = 0, 1, FIRST
    for part in _slices(connection):
        for case_id, seq, form, semantics, name, moment, commitment, previous, hashed in part:
            if case_id != case:
                case, expected, before = case_id, 1, FIRST
            said = [form, semantics, previous, case_id, seq, name, moment, commitment]
            if seq != expected:
                yield case_id, expected
            elif previous != before or (
                hashlib.sha256(orjson.dumps(said)).hexdigest() != hashed
                if form == FORMAT
                else not _holds(connection, case_id, seq)
            ):
                yield case_id, seq
            expected, before = seq + 1, hashed


def _slices(connection: Connection) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Slice by slice by key: nothing is held open between them."""
    query = _LINKS
    while part := [tuple(row) for row in connection.execute(query)]:
        yield part
        query = _LINKS.where(tuple_(*part[-1][:2]) < _PLACE)


def _holds(connection: Connection, case_id: int, seq: int) -> bool:
    """An event of a format before, whose hash is over its payload as well."""
    try:
        return holds(at(connection, case_id, seq))
    except (ValueError, IndexError):
        return False
