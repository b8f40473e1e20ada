"""What an event says, as fields that are committed to one by one: any can be hidden, and the rest is still proved.

A field is a member of an object, at any depth; its path is a JSON Pointer (RFC 6901). A list is taken apart when there
are objects with members in it. The commitment of a field is SHA-256 over its salt and its value as JSON; that of a
whole content is SHA-256 over its paths as JSON and the commitments after them, both in the order of the paths. Without
the salt nobody can find out by trying what a hidden field held. Pure: knows no event and no table.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from operator import itemgetter
from typing import Any, NamedTuple, NotRequired, TypedDict

import orjson

from storage import exact

_PATH = itemgetter(0)
_SINGLE = frozenset({str, int, bool, float, type(None)})
SALT = 16
"""Bytes of a salt."""


class Opening(TypedDict):
    """What opens the commitments of a content of which fields were hidden: all in hexadecimal, by path."""

    salts: NotRequired[dict[str, str]]
    hidden: NotRequired[dict[str, str]]  # commitments that nothing opens any more


def fresh_salts() -> str:
    """A seed from which the salts of one content follow, as hexadecimal."""
    return secrets.token_hex(SALT)


def fields(content: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The fields of a content by path, in the order of the paths."""
    found: list[tuple[str, Any]] = []
    _members(content, "/", found)
    found.sort(key=_PATH)
    return found


def commitment(content: Mapping[str, Any], salts: str) -> str:
    """The commitment to a content; ``salts``: the seed, or the ``Opening`` as JSON. Raises KeyError, ValueError."""
    if not salts.startswith("{"):
        return _of_all(content, salts)
    found = fields(content)
    return _together([path for path, _ in found], _digests(found, salts))


def opens(content: Mapping[str, Any], salts: str, said: str | None) -> bool:
    """Whether a content is what was committed to. Other fields than those committed to are a change like any other."""
    try:
        return commitment(content, salts) == said
    except (KeyError, ValueError):
        return False


def hide(content: Mapping[str, Any], salts: str, paths: Collection[str]) -> tuple[dict[str, Any], str]:
    """The content with null in place of these fields, and what opens the rest; its commitment is the same as before.

    Raises KeyError when there is no such field.
    """
    found = fields(content)
    digests = dict(zip((path for path, _ in found), _digests(found, salts), strict=True))
    opening: Opening = {"salts": _salts(found, salts), "hidden": {path: digests[path].hex() for path in paths}}
    opening["hidden"] |= _opening(salts).get("hidden", {})
    opening["salts"] = {path: salt for path, salt in opening["salts"].items() if path not in opening["hidden"]}
    left: dict[str, Any] = exact.loads(exact.dumps(content))
    for path in paths:
        _blank(left, path)
    return left, orjson.dumps(opening, option=orjson.OPT_SORT_KEYS).decode()


def hidden(salts: str) -> frozenset[str]:
    """The paths of the fields that nothing opens any more."""
    return frozenset(_opening(salts).get("hidden", {}))


def _of_all(content: Mapping[str, Any], seed: str) -> str:
    """``commitment`` where nothing is hidden, as every step of a case asks it: written for speed."""
    found: list[tuple[str, bytes]] = []
    _texts(content, "/", found)
    found.sort()
    known, sha256 = _spread(seed, len(found)), hashlib.sha256
    places = range(0, len(known), SALT)
    digests = [sha256(known[at : at + SALT] + text).digest() for at, (_, text) in zip(places, found, strict=True)]
    return _together([path for path, _ in found], digests)


def _texts(value: Mapping[str, Any], above: str, found: list[tuple[str, bytes]]) -> None:
    """The fields of an object with their values as JSON: those of ``_members``, the same in every byte."""
    for name, part in value.items():
        path = above + (_escaped(name) if "/" in name or "~" in name else name)
        kind = type(part)
        if kind in _SINGLE:
            found.append((path, orjson.dumps(part)))
        elif kind is dict and part:
            _texts(part, path + "/", found)
        else:
            text = exact.dumps(part)
            if b"{" in text:  # an object perhaps, or a text with a brace
                own: list[tuple[str, Any]] = []
                _parts(part, path, own)
                found += [(at, exact.dumps(one)) for at, one in own]
            else:
                found.append((path, text))


def _members(value: Mapping[str, Any], above: str, found: list[tuple[str, Any]]) -> None:
    """The fields of an object. Written for speed: every step of a case goes through here, member by member."""
    for name, part in value.items():
        path = above + (_escaped(name) if "/" in name or "~" in name else name)
        kind = type(part)
        if kind in _SINGLE:
            found.append((path, part))
        elif kind is dict and part:
            _members(part, path + "/", found)
        else:
            _parts(part, path, found)


def _parts(value: Any, path: str, found: list[tuple[str, Any]]) -> None:
    """The fields of a member that is an object or a list: itself, when there is nothing to take apart."""
    if isinstance(value, dict):
        if value:
            _members(value, path + "/", found)
            return
    elif isinstance(value, list | tuple) and _holds_members(value):
        for index, part in enumerate(value):
            _parts(part, f"{path}/{index}", found)
        return
    found.append((path, value))


def _holds_members(value: Any) -> bool:
    """Whether there are objects with members in a list. An empty object is a value, and may be hidden."""
    for part in value:
        if type(part) in _SINGLE:
            continue
        if (isinstance(part, dict) and part) or (isinstance(part, list | tuple) and _holds_members(part)):
            return True
    return False


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _digests(found: list[tuple[str, Any]], salts: str) -> list[bytes]:
    gone, kept = _opening(salts).get("hidden", {}), _salts(found, salts)
    return [
        bytes.fromhex(gone[path]) if path in gone
        else hashlib.sha256(bytes.fromhex(kept[path]) + exact.dumps(value)).digest()
        for path, value in found
    ]  # fmt: skip


def _salts(found: list[tuple[str, Any]], salts: str) -> dict[str, str]:
    if salts.startswith("{"):
        return dict(_opening(salts).get("salts", {}))
    known = _spread(salts, len(found)).hex()
    places = range(0, len(known), 2 * SALT)
    return {path: known[at : at + 2 * SALT] for at, (path, _) in zip(places, found, strict=True)}


def _spread(seed: str, count: int) -> bytes:
    """As many salts as there are fields: none of them tells anything of another, or of the seed."""
    return hashlib.shake_256(bytes.fromhex(seed)).digest(SALT * count)


def _opening(salts: str) -> Opening:
    opening: Opening = orjson.loads(salts) if salts.startswith("{") else {}
    return opening


def _together(paths: list[str], digests: list[bytes]) -> str:
    return hashlib.sha256(orjson.dumps(paths) + b"".join(digests)).hexdigest()


def _blank(content: dict[str, Any], path: str) -> None:
    *way, last = (part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])
    place: dict[str, Any] | list[Any] = content
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if isinstance(place, list):
        place[int(last)] = None
    else:
        place[last] = None


class ToldField(NamedTuple):
    """A field as it can be verified alone: ``salt`` and ``text`` in clear, or of a hidden one its commitment."""

    path: str
    salt: str | None
    text: str


def told(content: Mapping[str, Any], salts: str) -> list[ToldField]:
    """The fields of a content, each with what opens it, in the order of the paths. Raises KeyError, ValueError."""
    found, gone = fields(content), _opening(salts).get("hidden", {})
    known = _salts(found, salts)
    return [
        ToldField(path, None, gone[path]) if path in gone else ToldField(path, known[path], exact.dumps(value).decode())
        for path, value in found
    ]
