"""Files of cases on disk, named by the hash of their content. Knows no case.

A file is written whole and flushed before the transaction that names it commits, so a row never points to nothing.
What no row came to name is cleared away later; whoever hands the same in again meanwhile renews its time, so that it
is not taken from under him.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from engine.errors import NotFound
from engine.words import say

LEAST_FREE = 64 * 1024 * 1024
"""Bytes that must be free on the disk: one request with files."""


class FileLost(NotFound):
    """A content that rows name is not on the disk at all. A backup may have it; what was altered is NotFound."""


class FileStore:
    """A folder of immutable files. ``keeps`` false: for a rehearsal, of which nothing stays."""

    def __init__(self, root: Path, keeps: bool = True) -> None:
        self._root = root
        self._keeps = keeps

    def rehearsing(self) -> FileStore:
        """The same folder, to which nothing is added."""
        return FileStore(self._root, keeps=False)

    def put(self, content: bytes) -> str:
        """Keep the content; its SHA-256. Keeping it again changes nothing."""
        (digest,) = self.put_all([content])
        return digest

    def put_all(self, contents: Iterable[bytes]) -> list[str]:
        """The same for several: each is waited for, and once the names of all of them."""
        if not self._keeps:
            return [hashlib.sha256(content).hexdigest() for content in contents]
        kept = [self._put(content) for content in contents]
        for folder in sorted({self._path(digest).parent for digest, new in kept if new}):
            _settle(folder)
        if any(new for _, new in kept):
            _settle(self._root)
        return [digest for digest, _ in kept]

    def _put(self, content: bytes) -> tuple[str, bool]:
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        with suppress(FileNotFoundError):
            os.utime(target)
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
        """The content. Raises FileLost when it is gone, NotFound when it is not what it was."""
        try:
            content = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise FileLost(what=say("附件内容")) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise NotFound(what=say("附件内容"))
        return content

    def has(self, digest: str) -> bool:
        """Whether something lies there under that name, whatever it is."""
        return self._path(digest).is_file()

    def room(self) -> str:
        """Whether further files can be kept: ``ok``, ``full`` or ``read_only``."""
        folder = next(one for one in (self._root, *self._root.parents) if one.exists())
        if not os.access(folder, os.W_OK):
            return "read_only"
        return "ok" if shutil.disk_usage(folder).free >= LEAST_FREE else "full"

    def sweep(self, named: Container[str], kept: timedelta) -> int:
        """Remove what is older than ``kept`` and in no row: half a file of a program that was killed, and whole ones
        whose transaction never came. How many. ``named``: the digests that rows name, read before this is called.

        The times are those of the file system, whatever a clock is set to.
        """
        if not self._root.is_dir():
            return 0
        with tempfile.NamedTemporaryFile(dir=self._root) as probe:
            before = os.stat(probe.name).st_mtime - kept.total_seconds()
        return sum(_taken_away(one, before) for one in self._unnamed(named))

    def _unnamed(self, named: Container[str]) -> Iterator[Path]:
        for folder in sorted(self._root.glob("??")):
            with os.scandir(folder) as entries:
                yield from (Path(one.path) for one in entries if one.is_file() and one.name not in named)

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest


class MemoryFiles(FileStore):
    """Files that are gone with the process: of a trial, which may write nothing to disk."""

    def __init__(self) -> None:
        super().__init__(Path("memory"))
        self._contents: dict[str, bytes] = {}

    def put_all(self, contents: Iterable[bytes]) -> list[str]:
        found = {hashlib.sha256(content).hexdigest(): content for content in contents}
        self._contents |= found
        return list(found)

    def get(self, digest: str) -> bytes:
        if digest not in self._contents:
            raise NotFound(what=say("附件内容"))
        return self._contents[digest]

    def has(self, digest: str) -> bool:
        """Whether something lies there under that name, whatever it is."""
        return self._path(digest).is_file()

    def room(self) -> str:
        return "ok"

    def sweep(self, named: Container[str], kept: timedelta) -> int:
        return 0


def _taken_away(file: Path, before: float) -> bool:
    """Remove it unless it is newer: moved aside first, so that whoever wants the same now writes it again."""
    aside = file.with_name(f"{tempfile.gettempprefix()}-{file.name}")
    with suppress(FileNotFoundError):  # another program clears up, too
        if file.stat().st_mtime >= before:
            return False
        file.rename(aside)
        if aside.stat().st_mtime >= before:  # wanted again at this moment
            aside.rename(file)
            return False
        aside.unlink()
        return True
    return False


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on disk: a power cut after a rename may otherwise take the name back."""
    if not hasattr(os, "O_DIRECTORY"):  # a system that opens no folders
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
