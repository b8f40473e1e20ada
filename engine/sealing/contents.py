"""What is put into a box: the clean data of a form, the decisions that it consulted, its files. Knows no key.

Filled up to whole blocks, so that its length says little of what was written in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict, cast

from engine.sealing.boxes import NotReadable
from storage import exact

VERSION: Final = 1
BLOCK: Final = 4096
_LENGTH: Final = 4  # bytes that say how long the head is


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file of a sealed submission."""

    name: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of its content, by which the form names it."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Contents:
    """What somebody handed in sealed."""

    data: dict[str, Any]
    consulted: list[list[Any]]
    files: tuple[SealedFile, ...] = ()


class _Entry(TypedDict):
    name: str
    media_type: str
    size: int


class _Head(TypedDict):
    version: int
    data: dict[str, Any]
    consulted: list[list[Any]]
    files: list[_Entry]


def packed(contents: Contents) -> bytes:
    """As bytes, in whole blocks."""
    entries: list[_Entry] = [
        {"name": one.name, "media_type": one.media_type, "size": len(one.content)} for one in contents.files
    ]
    told: _Head = {"version": VERSION, "data": contents.data, "consulted": contents.consulted, "files": entries}
    head = exact.dumps(told)
    whole = b"".join((len(head).to_bytes(_LENGTH), head, *(one.content for one in contents.files)))
    return whole + bytes(-len(whole) % BLOCK)


def unpacked(data: bytes) -> Contents:
    """Back from bytes. Raises NotReadable for a version that is not known, or what is no such thing."""
    end = _LENGTH + int.from_bytes(data[:_LENGTH])
    try:
        head = cast(_Head, exact.loads(data[_LENGTH:end]))
        if head["version"] != VERSION:
            raise NotReadable
        return Contents(head["data"], head["consulted"], _files(data, end, head["files"]))
    except (KeyError, TypeError, ValueError) as error:
        raise NotReadable from error


def _files(data: bytes, start: int, entries: Sequence[_Entry]) -> tuple[SealedFile, ...]:
    found = []
    for one in entries:
        content, start = data[start : start + one["size"]], start + one["size"]
        if len(content) != one["size"]:
            raise NotReadable
        found.append(SealedFile(one["name"], one["media_type"], content))
    return tuple(found)
