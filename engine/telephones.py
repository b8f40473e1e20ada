"""A telephone number as people write it, in the one shape in which it is stored. Knows no field and no person.

``0311-80000000``, ``13800138000``, ``400-000-0000``, ``12351``, ``+49 30 1234567``, each with an extension as
``转8001``; Chinese numbers without their country code. ITU-T E.164: at most 15 digits.
"""

from __future__ import annotations

import re
from typing import Final

from engine import letters

_EXTENSION: Final = re.compile(r"^(.*?)[ ,;]*(?:\(?(?:转|分机|内线|ext\.?|x|#)[ :.]*|--)([0-9]{1,6})\)?$")
_AREA: Final = r"0(?:10|2[0-9]|[3-9][0-9]{2})"
_LAST_GROUP: Final = re.compile(rf"^(\(?{_AREA}\)?[- ]?[0-9]{{7,8}})-([0-9]{{1,6}})$")
_CHINA: Final = re.compile(r"^(?:\(?(?:\+|00) ?86\)?|86(?=[- ]))[- ]*")
_WRITTEN: Final = re.compile(r"^\+?[0-9(][0-9() -]{0,28}[0-9)]$")
_SHAPES: Final = (
    (re.compile(r"^(?:86)?(1[3-9][0-9]{9})$"), r"\1"),
    (re.compile(rf"^({_AREA})([0-9]{{7,8}})$"), r"\1-\2"),
    (re.compile(r"^([48]00)([0-9]{3})([0-9]{4})$"), r"\1-\2-\3"),
)
_BETWEEN: Final = re.compile("[、,;/]")
_FEWEST, _WITH_AREA, _MOST = 3, 9, 15
_ABROAD: Final = re.compile(r"^(?:\+|00)([1-9][0-9 ()-]*)$")


def telephone(text: str) -> str:
    """It in its one shape; empty when it is none. Several, one after the other, are kept with ``、`` between them."""
    plain = letters.folded(text)
    one = _one(plain)
    several = [_one(part.strip()) for part in _BETWEEN.split(plain)] if not one else [one]
    return "、".join(several) if all(several) else ""


def _one(plain: str) -> str:
    plain, extension = _apart(plain)
    home = _CHINA.sub("", plain)
    if not _WRITTEN.match(home):
        return ""
    digits = re.sub("[^0-9]", "", home)
    if not _FEWEST <= len(digits) <= _MOST:
        return ""
    if home != plain and len(digits) >= _WITH_AREA and re.match("(?![48]00)[2-9]|10", digits):
        digits = f"0{digits}"  # +86 311 …: the country code stands for the zero of the area
    return _shaped(home, digits) + (f"转{extension}" if extension else "")


def _apart(plain: str) -> tuple[str, str]:
    """(the number, its extension)."""
    found = _EXTENSION.match(plain) or _LAST_GROUP.match(plain)
    return (found[1].strip(), found[2]) if found else (plain, "")


def _shaped(home: str, digits: str) -> str:
    for pattern, shape in _SHAPES:
        if pattern.match(digits):
            return pattern.sub(shape, digits)
    abroad = _ABROAD.match(home)
    return f"+{re.sub('[^0-9]', '', abroad[1])}" if abroad else digits
