"""Files of cases on disk, named by the hash of their content. Knows no case.

A file is written whole and flushed before the transaction that names it commits, so a row never points to nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.errors import NotFound
from engine.words import say

LEAST_FREE = 64 * 1024 * 1024
"""Bytes that must be free on the disk: one request with files."""


class FileStore:
    """A folder of immutable files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Keep the content; its SHA-256. Keeping it again changes nothing."""
        (digest,) = self.put_all([content])
        return digest

    def put_all(self, contents: Iterable[bytes]) -> list[str]:
        """The same for several: each is waited for, and once the names of all of them."""
        kept = [self._put(content) for content in contents]
        for folder in sorted({self._path(digest).parent for digest, new in kept if new}):
            _settle(folder)
        if any(new for _, new in kept):
            _settle(self._root)
        return [digest for digest, _ in kept]

    def _put(self, content: bytes) -> tuple[str, bool]:
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        if target.exists():
            return digest, False
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:  # a full disk, for one: half a file helps nobody
            Path(temporary).unlink(missing_ok=True)
            raise
        return digest, True

    def get(self, digest: str) -> bytes:
        """The content. Raises NotFound when it is gone or is not what it was."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != digest:
            raise NotFound(what=say("附件内容"))
        return content

    def room(self) -> str:
        """Whether further files can be kept: ``ok``, ``full`` or ``read_only``."""
        folder = next(one for one in (self._root, *self._root.parents) if one.exists())
        if not os.access(folder, os.W_OK):
            return "read_only"
        return "ok" if shutil.disk_usage(folder).free >= LEAST_FREE else "full"

    def sweep(self, before: float) -> int:
        """Remove what a program that was killed left half written before a moment (seconds since 1970); how many."""
        old = [one for one in self._root.glob(f"*/{tempfile.gettempprefix()}*") if one.stat().st_mtime < before]
        for one in old:
            one.unlink(missing_ok=True)
        return len(old)

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on disk: a power cut after a rename may otherwise take the name back."""
    if not hasattr(os, "O_DIRECTORY"):  # a system that opens no folders
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
