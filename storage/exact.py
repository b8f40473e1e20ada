"""JSON whose numbers keep all their digits: what is written is read back as it was. Knows no table and no database.

A number is an ``int`` of 64 bits or a ``float`` where that is the number itself, else a ``Decimal``. orjson would read
a long number as the nearest float; so what holds one is read by the slower reader of the standard library.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import partial
from typing import Any, Final

import orjson
import re2

_LARGEST: Final = 2**63
_LONG: Final = re2.compile(rb"(?:^|[:,\[])-?(?:[0-9][0-9.]{16}|[0-9.]+E)")
"""A number of more digits than a float has for certain, or one that only we write (orjson's exponent is ``e``)."""


_SHAPE: Final = bytes(48 if chr(code) in "0123456789." else code if chr(code) == "E" else 32 for code in range(256))
_MANY: Final = b"0" * 17
"""With every digit and point a zero: no long number is without one of these, and to look costs next to nothing."""


def _may_hold_long(data: bytes) -> bool:
    shape = data.translate(_SHAPE)
    return _MANY in shape or b"0E" in shape


def loads(text: str | bytes) -> Any:
    """What was written, digit by digit. Raises ValueError."""
    data = text.encode() if isinstance(text, str) else text
    if not isinstance(data, bytes):
        raise ValueError("no text")  # whatever stands in a row that was tampered with
    if _may_hold_long(data) and _LONG.search(data) is not None:
        return read(data)
    return orjson.loads(data)


def read(text: str | bytes) -> Any:
    """JSON of somebody else, with his blanks and exponents, digit by digit. Raises ValueError, RecursionError."""
    return json.loads(text, parse_int=_whole, parse_float=_broken)


def plain(value: Decimal) -> int | float | Decimal:
    """The number as Python's own where that is the same number."""
    if value.adjusted() < 19 and value == value.to_integral_value() and -_LARGEST <= value < _LARGEST:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else value


def _whole(text: str) -> int | float | Decimal:
    return int(text) if len(text) < 19 else plain(Decimal(text))


def _broken(text: str) -> float | Decimal:
    near, value = float(text), Decimal(text)
    return near if Decimal(repr(near)) == value else value


def _written(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} is not JSON")


dumps = partial(orjson.dumps, default=_written, option=orjson.OPT_SORT_KEYS)
"""JSON in UTF-8, names sorted. Raises TypeError for what is no JSON: a larger ``int`` than 64 bits, too."""


def same(one: str | None, other: str | None) -> bool:
    """Whether two texts of JSON hold the same value: numbers by all their digits, entries in any order."""
    if one is None or other is None or one == other:
        return one is not None and other is not None
    return _alike(*(json.loads(text, parse_int=Decimal, parse_float=Decimal) for text in (one, other)))


def _alike(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(value, other[key]) for key, value in one.items())
    return bool(one == other)
