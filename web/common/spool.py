"""What of a request does not fit into memory: a temporary file that holds nothing in clear. Knows no request.

Encrypted with AES in counter mode under a key that this process alone has, for this file alone: when it is closed, or
the process ends, what is left on the disk is noise.
"""

from __future__ import annotations

import secrets
from io import SEEK_CUR, SEEK_END, SEEK_SET, BytesIO, RawIOBase
from tempfile import TemporaryFile
from typing import IO, Any, Final, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

IN_MEMORY: Final = 64 * 1024
"""Bytes of what somebody hands in that are held in memory; more goes into a file."""
_BLOCK: Final = 16


class Spool(RawIOBase):
    """A temporary file, read and written at any place, encrypted."""

    def __init__(self) -> None:
        super().__init__()
        self._file = cast("IO[bytes]", TemporaryFile("w+b", buffering=0))  # noqa: SIM115 - closed with this
        self._key, self._at = secrets.token_bytes(32), 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, start_at: int = SEEK_SET, /) -> int:
        """Raises ValueError for a place before the beginning."""
        start = {SEEK_SET: 0, SEEK_CUR: self._at}.get(start_at, self._length() if start_at == SEEK_END else 0)
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        self._file.seek(self._at)
        found = self._mixed(self._file.read(len(buffer)))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def write(self, data: Any, /) -> int:
        self._file.seek(self._at)
        mixed, done = memoryview(self._mixed(bytes(data))), 0
        while done < len(mixed):
            done += self._file.write(mixed[done:])
        self._at += done
        return done

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _length(self) -> int:
        return self._file.seek(0, SEEK_END)

    def _mixed(self, data: bytes) -> bytes:
        """With what the key gives at this place; twice is once back."""
        whole = Cipher(AES(self._key), CTR((self._at // _BLOCK).to_bytes(_BLOCK))).encryptor()
        whole.update(bytes(self._at % _BLOCK))
        return whole.update(data)


def stream(length: int | None) -> IO[bytes]:
    """Where a file of a form goes while it is taken in. ``length``: of the whole form, when it is known."""
    known = length is not None and length <= IN_MEMORY
    return BytesIO() if known else cast("IO[bytes]", Spool())
