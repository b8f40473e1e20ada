"""One value of one field: its exact type. Knows no rules, no options and no other field."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from engine import letters
from engine.feel import to_json
from engine.feel.texts import parse_time
from engine.feel.values import whole_number
from engine.forms.model import BROWSER_DIGITS, MAX_DIGITS, SOME_OF, TEXTS, Field
from engine.forms.patterns import KINDS, matches
from engine.telephones import telephone

MAX_CHOSEN = 500
MAX_FILES = 50
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_NUMBER = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?")
_FILE = re.compile(r"[A-Za-z0-9_:.-]{1,100}")  # an attachment's id, or the key that form-js gave to chosen files


class WrongType(Exception):
    """The value is not of the field's type. Stays inside this package."""


class TooLarge(Exception):
    """The number has more digits than are kept. Stays inside this package."""


def typed(field: Field, value: Any) -> Any:
    """The value in the one shape the case keeps; null is the field's empty value. Raises WrongType or TooLarge."""
    if value is None:
        return field.empty
    return _READERS[field.type](field, value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise WrongType
    text = letters.tidy(value)
    text = text.replace("\n", " ").replace("\t", " ") if field.type == "textfield" else text
    return _in_shape(field, text) if text else ""


def _in_shape(field: Field, text: str) -> str:
    """The one shape of a telephone number; of a text that fits its pattern only so, its half width or its code."""
    if field.telephone:
        return telephone(text) or text
    pattern = field.rules.pattern or KINDS.get(field.rules.kind, "")
    if not pattern or matches(pattern, text):
        return text
    return next((one for one in (letters.narrow(text), letters.code(text)) if matches(pattern, one)), text)


def _number(field: Field, value: Any) -> int | float | Decimal | str | None:
    if field.as_text:
        return _number_text(value)
    value = letters.narrow(value) if isinstance(value, str) else value
    if isinstance(value, bool) or not (isinstance(value, int | float | Decimal) or _is_long(value)):
        raise WrongType
    made = whole_number(value)
    if made is None or made.adjusted() >= MAX_DIGITS:
        raise TooLarge
    found: int | float | Decimal = to_json(made)
    return found


def _is_long(value: Any) -> bool:
    """Whether it is a number that a browser hands in as text, because it would round it."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return False
    return len(value.lstrip("-0.").replace(".", "").rstrip("0")) > BROWSER_DIGITS


def _number_text(value: Any) -> str | None:
    if not isinstance(value, str):
        raise WrongType
    text = letters.narrow(value)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise WrongType
    if whole_number(text) is None:
        raise TooLarge
    return text


def _checkbox(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongType
    return value


def _one_of(field: Field, value: Any) -> Any:
    return None if value == "" else value


def _some_of(field: Field, value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_CHOSEN:
        raise WrongType
    chosen: list[Any] = []
    for item in value:
        if not any(same(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def _moment(field: Field, value: Any) -> str | None:
    if not isinstance(value, str):
        raise WrongType
    text = letters.narrow(value)
    if not text:
        return None
    try:
        if field.subtype == "date":
            _day(text)
        elif field.subtype == "time":
            _clock(text)
        else:
            day, _, clock = text.partition("T")
            _day(day)
            _clock(clock)
    except ValueError:
        raise WrongType from None
    return text


def _day(text: str) -> None:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    date.fromisoformat(text)


def _clock(text: str) -> None:
    if not _CLOCK.fullmatch(text):
        raise ValueError(text)
    if parse_time(text) is None:  # what a form takes, FEEL reads
        raise ValueError(text)


def _files(field: Field, value: Any) -> str | list[str] | None:
    if isinstance(value, str):
        return _file(value) if value else None
    if not field.multiple or not isinstance(value, list) or len(value) > MAX_FILES:
        raise WrongType
    return [_file(item) for item in value]


def _file(value: Any) -> str:
    if not isinstance(value, str) or not _FILE.fullmatch(value):
        raise WrongType
    return value


def _as_it_is(field: Field, value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(SOME_OF, _some_of),
    "number": _number,
    "checkbox": _checkbox,
    "radio": _one_of,
    "select": _one_of,
    "datetime": _moment,
    "filepicker": _files,
    "expression": _as_it_is,
}


def same(left: Any, right: Any) -> bool:
    """Equal as JSON: ``1`` is ``1.0`` but not ``true`` and not ``"1"``."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def is_empty(field: Field, value: Any) -> bool:
    """Whether ``required`` would complain, as form-js does."""
    return value is None or value == "" or value == [] or (field.type == "checkbox" and value is False)
