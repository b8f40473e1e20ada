"""The book of anchors: a folder outside the database, to which each day adds one signed line. Knows no database.

``anchors.jsonl`` has a line for each anchor: how many leaves the tree has, its root, the hash of the line before, and a
signature (Ed25519, RFC 8032) by a key that no database holds. ``leaves/`` has the hashes of the leaves that each anchor
added, so that what was changed afterwards can be told leaf by leaf. Nothing in the folder is ever changed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.evidence.anchors import lock

FORMAT: Final = 1
LINES, LEAVES, LOCK = "anchors.jsonl", "leaves", "lock"
NO_LINE: Final = "0" * 64
_HASH: Final = 32
_CODE: Final = 20  # letters of a short code: a hundred bits


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line of the book. ``after``: the number of the anchor that it continues, 0 for none."""

    format: int
    number: int
    at: str  # ISO 8601, UTC
    after: int
    size: int  # leaves under the root
    root: str
    previous: str  # SHA-256 of the line before
    key: str  # public, in hexadecimal
    signature: str = ""

    @property
    def code(self) -> str:
        """The root, short enough for a printed register."""
        return short(self.root)

    def signed(self) -> bytes:
        """What the signature is over."""
        told = {name: value for name, value in asdict(self).items() if name != "signature"}
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()

    def line(self) -> str:
        """As it stands in the book."""
        return json.dumps(asdict(self), separators=(",", ":"))

    def holds(self) -> bool:
        """Whether its key has signed what it says."""
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key)).verify(
                bytes.fromhex(self.signature), self.signed()
            )
        except (InvalidSignature, ValueError):
            return False
        return self.format == FORMAT


def short(digest: str) -> str:
    """The first hundred bits of a hash in hexadecimal, in letters that nobody takes for another (RFC 4648)."""
    code = base64.b32encode(bytes.fromhex(digest)).decode()[:_CODE]
    return "-".join(code[i : i + 4] for i in range(0, _CODE, 4))


class Book:
    """The folder with the anchors, and the file with the key that signs them."""

    def __init__(self, folder: Path, key_file: Path) -> None:
        self.folder = folder
        self._key_file = key_file

    def alone(self, waits: bool = True) -> AbstractContextManager[bool]:
        """Let no other program add meanwhile, as ``engine.evidence.anchors.lock`` says. Raises OSError."""
        return lock.alone(self.folder / LOCK, waits)

    def anchors(self) -> tuple[list[Anchor], list[int]]:
        """The lines that can be read, and the numbers of lines that cannot, or do not follow the line before.

        Raises OSError when the folder is out of reach.
        """
        found: list[Anchor] = []
        broken: list[int] = []
        previous = NO_LINE
        for number, line in enumerate(self._lines(), start=1):
            anchor = _read(line)
            if anchor is None or anchor.number != number or anchor.previous != previous or not anchor.holds():
                broken.append(number)
            if anchor is not None:
                found.append(anchor)
            previous = hashlib.sha256(line.encode()).hexdigest()
        return found, broken

    def leaves(self, anchors: Sequence[Anchor], anchor: Anchor) -> list[bytes] | None:
        """The hashes of all leaves under an anchor; None when the folder does not have them any more."""
        by_number = {one.number: one for one in anchors}
        parts: list[bytes] = []
        one: Anchor | None = anchor
        while one is not None:
            with suppress(OSError):
                parts.append((self.folder / LEAVES / f"{one.number:06d}").read_bytes())
            one = by_number.get(one.after) if one.after < one.number else None
        whole = b"".join(reversed(parts))
        return (
            [whole[i : i + _HASH] for i in range(0, len(whole), _HASH)] if len(whole) == _HASH * anchor.size else None
        )

    def add(self, at: str, after: Anchor | None, leaves: Sequence[bytes], size: int, root: bytes) -> Anchor:
        """Sign and add an anchor; ``leaves``: those since ``after``. On disk when this returns. Raises OSError."""
        lines = list(self._lines())
        previous = hashlib.sha256(lines[-1].encode()).hexdigest() if lines else NO_LINE
        key = self._private()
        public = key.public_key().public_bytes_raw().hex()
        number = len(lines) + 1
        anchor = Anchor(FORMAT, number, at, after.number if after else 0, size, root.hex(), previous, public)
        anchor = replace(anchor, signature=key.sign(anchor.signed()).hex())
        (self.folder / LEAVES).mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self.folder / LEAVES / f"{number:06d}", b"".join(leaves), os.O_TRUNC)
        _write(self.folder / LINES, f"{self._gap()}{anchor.line()}\n".encode(), os.O_APPEND)
        return anchor

    def public(self) -> str:
        """The public half of the key that signs here, in hexadecimal; empty when there is none yet."""
        try:
            return _key(self._key_file.read_bytes()).public_key().public_bytes_raw().hex()
        except (OSError, ValueError):
            return ""

    def sign(self, content: bytes) -> str:
        """The signature over a content, in hexadecimal. Raises OSError."""
        return self._private().sign(content).hex()

    def key(self) -> str:
        """The public half of the key, which is made when there is none, in hexadecimal. Raises OSError."""
        return self._private().public_key().public_bytes_raw().hex()

    def _private(self) -> Ed25519PrivateKey:
        """The key; made for its owner's eyes only when there is none."""
        self._key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            handle = os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(Ed25519PrivateKey.generate().private_bytes_raw().hex().encode())
        return _key(self._key_file.read_bytes())

    def _gap(self) -> str:
        """What ends a line that a program which was killed has left half."""
        with suppress(FileNotFoundError):
            text = (self.folder / LINES).read_bytes()
            return "\n" if text and not text.endswith(b"\n") else ""
        return ""

    def _lines(self) -> Iterator[str]:
        with suppress(FileNotFoundError):
            yield from (self.folder / LINES).read_text("utf-8", "replace").splitlines()


def _key(content: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(content.decode().strip()))


def _read(line: str) -> Anchor | None:
    try:
        found = Anchor(**json.loads(line))
        ints, texts = (found.format, found.number, found.after, found.size), (found.at, found.root, found.previous)
        bytes.fromhex(found.root)
        datetime.fromisoformat(found.at)
        right = all(type(one) is int for one in ints) and all(type(one) is str for one in (*texts, found.key))
        return found if right and type(found.signature) is str else None
    except (TypeError, ValueError):
        return None


def _write(file: Path, content: bytes, how: int) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
