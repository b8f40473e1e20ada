"""Large XML from outside as a stream of events, which holds no more than a piece of it. Knows no element by name.

For files that are read whole and once, in a process of their own; what is walked as a tree comes by ``xml.parse``.
Without document types and so without entities; depth, length of a text and of the whole are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final
from xml.parsers import expat

MOST_DEPTH: Final = 64
MOST_TEXT: Final = 64 * 1024  # characters of one text
_PIECE: Final = 64 * 1024

Event = tuple[str, dict[str, str] | None, str]
"""The local name of an element; at its start its attributes by local name, at its end none and the text before it."""


class BeyondLimits(Exception):
    """More than is read; or a document type, which nobody needs who means well."""


def events(source: IO[bytes], most: int) -> Iterator[Event]:
    """What stands in a file of at most ``most`` bytes. Raises BeyondLimits, and ExpatError for what is no XML."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    waiting: list[Event] = []
    texts: list[str] = []
    depth = length = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, length
        depth, length = depth + 1, 0
        texts.clear()
        if depth > MOST_DEPTH:
            raise BeyondLimits
        waiting.append((_local(name), {_local(key): value for key, value in attributes.items()}, ""))

    def end(name: str) -> None:
        nonlocal depth, length
        waiting.append((_local(name), None, "".join(texts)))
        texts.clear()
        depth, length = depth - 1, 0

    def text(part: str) -> None:
        nonlocal length
        length += len(part)
        if length > MOST_TEXT:
            raise BeyondLimits
        texts.append(part)

    def declared(*_: object) -> None:
        raise BeyondLimits

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = declared
    for piece in _pieces(source, most):
        parser.Parse(piece, not piece)
        yield from waiting
        waiting.clear()


def _pieces(source: IO[bytes], most: int) -> Iterator[bytes]:
    """The file piece by piece, and then nothing."""
    while piece := source.read(_PIECE):
        most -= len(piece)
        if most < 0:
            raise BeyondLimits
        yield piece
    yield b""


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
