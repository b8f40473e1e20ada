"""The file of a backup: written under another name until it is whole, for its owner's eyes only, and read member by
member. Knows no database.

A tar (POSIX.1-2001), so that it can be looked into without us: ``tar -tf``.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from engine.backup import manifest
from engine.errors import Refusal
from engine.words import say

CHUNK: Final = 1 << 20
FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class BackupThere(Refusal):
    """A file of that name is there already."""

    sentence = say("“{file}”已存在，备份不覆盖任何文件。请换一个文件名。")


class NoRoom(Refusal):
    """The disk is full."""

    sentence = say("磁盘空间不足，没有完成，也没有留下不完整的文件（{where}）。请腾出空间或换一个磁盘后重试。")


@contextmanager
def disk_may_be_full(where: Path) -> Iterator[None]:
    """Raises NoRoom for what the system or a database says when a disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL or "disk is full" in str(error):
            raise NoRoom(where=where) from error
        raise


@dataclass(slots=True)
class Writer:
    """A backup that is being written."""

    tar: tarfile.TarFile
    moment: float  # seconds since 1970, of every member
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, file: Path, size: int | None = None) -> tuple[int, str]:
        """Put a file in; its bytes and its SHA-256. ``size``: no more than that of it."""
        with file.open("rb") as opened:
            length = os.fstat(opened.fileno()).st_size if size is None else size
            hashed = _Hashed(opened)
            self.tar.addfile(self._head(name, length), hashed)
        return length, hashed.digest.hexdigest()

    def add_bytes(self, name: str, data: bytes) -> None:
        """Put a few bytes in."""
        self.tar.addfile(self._head(name, len(data)), io.BytesIO(data))

    def _head(self, name: str, size: int) -> tarfile.TarInfo:
        head = tarfile.TarInfo(name)
        head.size, head.mtime, head.mode = size, int(self.moment), 0o600
        return head


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def private(file: Path) -> int:
    """A new file that only its owner reads and writes; its handle. Raises FileExistsError."""
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)


@contextmanager
def writing(target: Path, moment: float) -> Iterator[tuple[Writer, Path]]:
    """Write a backup: whole and flushed under ``target`` at the end, or nothing of it is left.

    Yields the writer and a name beside it for files of one's own, gone at the end. Raises BackupThere, NoRoom.
    """
    if target.exists():
        raise BackupThere(file=target)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    scratch = beside.with_suffix(".copy")
    try:
        with disk_may_be_full(target.parent):
            with os.fdopen(private(beside), "w+b") as out:
                with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    yield Writer(tar, moment), scratch
                out.flush()
                os.fsync(out.fileno())
            _put(beside, target)
            settle(target.parent)
    finally:
        for left in (beside, scratch, Path(f"{scratch}-journal"), Path(f"{scratch}-wal"), Path(f"{scratch}-shm")):
            left.unlink(missing_ok=True)


def _put(beside: Path, target: Path) -> None:
    """Give the whole file its name; nothing that has got it meanwhile is overwritten."""
    try:
        os.link(beside, target)
    except FileExistsError:
        raise BackupThere(file=target) from None
    except OSError:  # a file system without links
        if target.exists():
            raise BackupThere(file=target) from None
        beside.rename(target)


def settle(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    with suppress(OSError):  # a system that opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def members(file: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and content of every member, in order, within ``whole``. Raises BackupDamaged for what is not ours."""
    with tarfile.open(file, "r:") as tar:
        for head in tar:
            if not head.isreg() or not _ours(head.name):
                raise manifest.damaged(file.name, say("含有无法识别的内容“{name}”", name=head.name[:100]))
            opened = tar.extractfile(head)
            assert opened is not None
            yield head.name, head.size, opened


@contextmanager
def whole(file: Path) -> Iterator[None]:
    """Raises BackupDamaged for what cannot be read of a backup to its end."""
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise manifest.damaged(file.name, say("文件被截断，或不是备份")) from error


def _ours(name: str) -> bool:
    return name == manifest.NAME or bool(manifest.DATABASE.fullmatch(name) or manifest.FILE.fullmatch(name))


def pour(content: IO[bytes], into: IO[bytes] | None) -> tuple[int, str]:
    """Read a member to its end, into a file when one is given; its bytes and SHA-256."""
    digest, size = hashlib.sha256(), 0
    while data := content.read(CHUNK):
        digest.update(data)
        size += len(data)
        if into is not None:
            into.write(data)
    return size, digest.hexdigest()
