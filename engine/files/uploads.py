"""Which files are taken from people, under which name, and why one is not. Knows no case and keeps nothing.

The content must be what the ending says: a program named ``.pdf`` is refused. A refusal names the file and what to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from engine.errors import BadInput
from engine.words import Words, listed, say

MAX_BYTES = 20 * 1024 * 1024
MOST_FILES = 100  # of one case
MOST_TOLD: Final = 10  # files that one refusal names
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
    ".doc": ("application/msword", (*_OLE, b"{\\rtf")),
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


_LED: Final = 1024  # bytes that may come before a PDF begins (ISO 32000-1, annex H, note 13)
_FOREIGN: Final = (b"MZ", b"\x7fELF", b"#!", b"<", *_ZIP, *_OLE)
_PACKED: Final = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"), (b"OFD.xml", ".ofd"))
_WIDE: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody hands it in, not yet believed."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that is taken: its safe name, its media type, its content."""

    name: str
    media_type: str
    content: bytes


def accept(filename: str, content: bytes) -> tuple[str, str]:
    """A safe name and the media type of an upload. Raises BadInput with the reason it is not taken."""
    (taken,) = accept_all([Upload(filename, content)])
    return taken.name, taken.media_type


def accept_all(uploads: Sequence[Upload]) -> list[Accepted]:
    """All of them. Raises BadInput naming each that is not taken, and why."""
    if len(uploads) > MOST_FILES:
        raise BadInput(field=_FIELD, reason=say("一次最多上传{most}个文件，请分次上传", most=MOST_FILES))
    names = [safe_name(one.filename) for one in uploads]
    wrong = [reason for name, one in zip(names, uploads, strict=True) if (reason := _refusal(name, one.content))]
    first: dict[bytes, str] = {}
    for name, one in zip(names, uploads, strict=True):
        if not one.content:
            continue
        if one.content in first:
            twin = first[one.content]
            wrong.append(say("“{name}”与“{twin}”内容相同，请只选一个", name=name, twin=twin))
        first.setdefault(one.content, name)
    if wrong:
        _refuse(wrong, len(uploads))
    return [Accepted(name, KINDS[_ending(name)][0], one.content) for name, one in zip(names, uploads, strict=True)]


def _refuse(wrong: list[Words], count: int) -> NoReturn:
    told = wrong[:MOST_TOLD]
    if len(wrong) > MOST_TOLD:
        told.append(say("还有{count}处", count=len(wrong) - MOST_TOLD))
    each = listed(told, say("；"))
    raise BadInput(field=_FIELD, reason=each if count == 1 else say("{each}。一个文件也没有保存", each=each))


def _refusal(name: str, content: bytes) -> Words | None:
    ending, found = _ending(name), guessed(content)
    if not ending and found:
        return say("“{name}”没有扩展名，请改名为“{name}{found}”", name=name, found=found)
    if not ending:
        return say("“{name}”没有扩展名，请在文件名末尾加上（例如 .pdf）", name=name)
    if ending not in KINDS:
        kinds = listed(KINDS)
        return say("不接收“{name}”，可用的类型：{kinds}", name=name, kinds=kinds)
    if not content:
        return say("“{name}”是空的，请重新选择", name=name)
    if len(content) > MAX_BYTES:
        return say("“{name}”超过{limit}MB，请压缩或分成几份", name=name, limit=MAX_BYTES // 1024 // 1024)
    if _is(ending, content):
        return None
    if found and found != ending:
        return say("“{name}”的内容是{found}，请把扩展名改为{found}", name=name, found=found)
    return say("“{name}”的内容与扩展名不符，请用原来的软件打开后另存", name=name)


def guessed(content: bytes) -> str:
    """The ending that a content should have; empty where that cannot be seen."""
    if content.startswith(_ZIP):
        return next((ending for mark, ending in _PACKED if mark in content[:4096]), ".zip")
    if content.startswith(_OLE):
        return ""  # several kinds look alike
    told = (ending for ending, (_, beginnings) in KINDS.items() if beginnings and _is(ending, content))
    return next(told, "")


def _is(ending: str, content: bytes) -> bool:
    beginnings = KINDS[ending][1]
    if not beginnings:
        return _is_text(content)
    if ending == ".pdf":
        return beginnings[0] in content[:_LED] and not content.startswith(_FOREIGN)
    return content.startswith(beginnings)


def _is_text(content: bytes) -> bool:
    encoding = _WIDE.get(content[:2])
    if encoding is None:
        return b"\0" not in content
    try:
        return "\0" not in content.decode(encoding)
    except UnicodeDecodeError:
        return False


def _ending(name: str) -> str:
    return Path(name).suffix.lower()


def must_have_room(count: int, more: int = 1) -> None:
    """Raises BadInput when a case with ``count`` files does not take so many more."""
    if count + more > MOST_FILES:
        reason = say("一个事项最多{most}个附件，已有{count}个", most=MOST_FILES, count=count)
        raise BadInput(field=_FIELD, reason=reason)


def safe_name(filename: str) -> str:
    """The last part of a name without characters that a file system or a header could mistake; at most 120 long."""
    last = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join("_" if unicodedata.category(letter) in _UNSEEN else letter for letter in last)
    clean = _UNSAFE.sub("_", seen).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 119 - len(ending)]}{dot}{ending[:20]}" if dot else clean[:120] or "_"
