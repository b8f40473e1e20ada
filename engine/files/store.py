"""Files of cases on disk, named by the hash of their content; and which files are taken. Knows no case.

A file is written whole and flushed before the transaction that names it commits, so a row never points to nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput, NotFound
from engine.words import listed, say

MAX_BYTES = 20 * 1024 * 1024
LEAST_FREE = 64 * 1024 * 1024
"""Bytes that must be free on the disk: one request with files."""
MOST_FILES = 100  # of one case
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    # ending: (media type, what the content must begin with; empty for plain text)
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
    ".doc": ("application/msword", _OLE),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".wps": ("application/vnd.ms-works", _OLE),
    ".et": ("application/vnd.ms-excel", _OLE),
    ".ofd": ("application/ofd", _ZIP),
    ".zip": ("application/zip", _ZIP),
    ".txt": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}
_FIELD = say("附件")
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode that are not seen, or that turn the writing round so that another ending is seen."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody hands it in, not yet believed."""

    filename: str
    content: bytes


class FileStore:
    """A folder of immutable files."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Keep the content; its SHA-256. Keeping it again changes nothing."""
        digest = hashlib.sha256(content).hexdigest()
        target = self._path(digest)
        if target.exists():
            return digest
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
        _settle(target.parent)
        _settle(self._root)
        return digest

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


def accept(filename: str, content: bytes) -> tuple[str, str]:
    """A safe name and the media type of an upload. Raises BadInput with the reason it is not taken.

    The content must be what the ending says: a program named ``.pdf`` is refused.
    """
    name = safe_name(filename)
    ending = Path(name).suffix.lower()
    if ending not in KINDS:
        raise BadInput(
            field=_FIELD, reason=say("不接收“{ending}”文件，可用类型：{kinds}", ending=ending, kinds=listed(KINDS))
        )
    if not content:
        raise BadInput(field=_FIELD, reason=say("文件是空的"))
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise BadInput(field=_FIELD, reason=say("文件超过{limit}MB", limit=limit))
    media_type, beginnings = KINDS[ending]
    if (beginnings and not content.startswith(beginnings)) or (not beginnings and b"\0" in content):
        raise BadInput(field=_FIELD, reason=say("内容与“{ending}”类型不符", ending=ending))
    return name, media_type


def must_have_room(count: int) -> None:
    """Raises BadInput when a case with ``count`` files takes no further one."""
    if count >= MOST_FILES:
        reason = say("一个事项最多{most}个附件", most=MOST_FILES)
        raise BadInput(field=_FIELD, reason=reason)


def safe_name(filename: str) -> str:
    """The last part of a name without characters that a file system or a header could mistake; at most 120 long."""
    last = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join("_" if unicodedata.category(letter) in _UNSEEN else letter for letter in last)
    clean = _UNSAFE.sub("_", seen).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 119 - len(ending)]}{dot}{ending[:20]}" if dot else clean[:120] or "_"
