"""Files that somebody uploads as a design, taken apart in a process of its own with limits (``engine.files.apart``).

A zip file may unfold to anything, and a diagram that nobody has drawn must be read to be drawn: both are done where
nothing else is. Knows no row and no page.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from typing import Final, TypedDict

from engine.checks.folder import MAX_FILE, MAX_FILES, MAX_TOTAL
from engine.definition import SHARED
from engine.diagram import shown
from engine.errors import BadInput, Refusal
from engine.files.apart import MEGABYTE, Heard, Limits, NotStarted, answer, ask, ready
from engine.words import say

LIMITS: Final = Limits(seconds=10, memory=512 * MEGABYTE, patience=30)
UPLOAD: Final = say("上传的文件")
MAIN: Final = "process.bpmn"
_UTF8: Final = 0x800  # flag of an entry whose name is UTF-8 (PKZIP APPNOTE, 4.4.4)
_PARTS: Final = (".bpmn", ".dmn", ".form.json")
_NOISE: Final = ("__MACOSX", ".DS_Store", "Thumbs.db")
_MOST: Final = 2 * MAX_FILES
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError)


class _Order(TypedDict):
    """``what``: "unpack" or "draw"; ``data``: in base64."""

    what: str
    name: str
    data: str


class Unpacked(TypedDict):
    """The key of the folder, if it has a name, its files, and what of the archive was left out."""

    key: str
    files: dict[str, bytes]
    left_out: list[str]


def unpack(data: bytes) -> Unpacked:
    """The folder of one process in a zip file. Raises BadInput for anything else."""
    said = _asked({"what": "unpack", "name": "", "data": b64encode(data).decode()})
    if said.get("refused"):
        raise BadInput(field=UPLOAD, reason=_WHY[str(said["refused"])])
    files = {name: b64decode(content) for name, content in said["files"].items()}
    return {"key": said["key"], "files": files, "left_out": said["left_out"]}


def drawn(name: str, data: bytes) -> str:
    """The text of a diagram with a drawing, made where there is none. Raises BadInput for what is no diagram."""
    said = _asked({"what": "draw", "name": name, "data": b64encode(data).decode()})
    if said.get("refused"):
        raise BadInput(field=name, reason=_WHY[str(said["refused"])])
    return said["text"]


def as_drawn(name: str, data: bytes) -> str:
    """The text of a diagram for a page, drawn if it can be; the page says what it cannot draw."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if "BPMNDiagram" in text:
        return text
    try:
        return drawn(name, data)
    except BadInput:
        return text


class _Said(TypedDict, total=False):
    refused: str
    key: str
    files: dict[str, str]
    left_out: list[str]
    text: str


_WHY: Final = {
    "zip": say("不是有效的zip文件，或者加了密码；请重新压缩后上传"),
    "large": say("解开后的文件过多或过大（最多{most}个，合计{size}MB）", most=MAX_FILES, size=MAX_TOTAL // MEGABYTE),
    "several": say("zip文件里有几个流程，请每次只上传一个流程的文件夹"),
    "none": say("zip文件里没有流程文件（.bpmn、.dmn、.form.json）"),
    "diagram": say("不是能读取的BPMN文件"),
}


def _asked(order: _Order) -> _Said:
    try:
        heard: Heard = ask(__name__, [json.dumps(order).encode()], LIMITS.patience)
    except NotStarted as fault:
        raise BadInput(field=UPLOAD, reason=say("检查程序没有启动，请联系系统管理员")) from fault
    for line in heard.lines:
        said: _Said = json.loads(line)
        return said
    raise BadInput(field=UPLOAD, reason=say("读取用时过长或占用内存过多，没有收下"))


# -- the other process ---------------------------------------------------------------------------------------------


def main() -> None:
    """Answer one order."""
    ready()
    answer(_answered, LIMITS)


def _answered(line: bytes) -> bytes:
    order: _Order = json.loads(line)
    data = b64decode(order["data"])
    said = _unpacked(data) if order["what"] == "unpack" else _drawn(order["name"], data)
    return json.dumps(said).encode()


def _drawn(name: str, data: bytes) -> _Said:
    try:
        return {"text": shown(name, data)}
    except (Refusal, ValueError, RecursionError):
        return {"refused": "diagram"}


def _unpacked(data: bytes) -> _Said:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _folder(_read(archive))
    except _TooLarge:
        return {"refused": "large"}
    except _BROKEN:
        return {"refused": "zip"}


class _TooLarge(Exception):
    """More than a folder may hold."""


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_TOTAL
    entries = [one for one in archive.infolist() if not one.is_dir()]
    if len(entries) > _MOST:
        raise _TooLarge
    for entry in entries:
        name = _named(entry)
        if any(part in _NOISE for part in name.split("/")):
            continue
        with archive.open(entry) as opened:
            found[name] = opened.read(min(MAX_FILE, left) + 1)
        left -= len(found[name])
        if left < 0 or len(found[name]) > MAX_FILE:
            raise _TooLarge
    return found


def _named(entry: zipfile.ZipInfo) -> str:
    """The name as its writer has meant it: Windows in China writes GBK where the standard says CP437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("gbk")
        except UnicodeError:
            name = entry.filename
    return name.replace("\\", "/").lstrip("/")


def _folder(found: Mapping[str, bytes]) -> _Said:
    """The one folder with a process; of none, the folder of whatever else there is."""
    roots = sorted({_root(name) for name in found if name.rsplit("/", 1)[-1] == MAIN}, key=lambda one: one.count("/"))
    if not roots:
        roots = sorted({_root(name).removesuffix("forms/") for name in found if name.endswith(_PARTS)}, key=len)[:1]
    if not roots:
        return {"refused": "none"}
    if len(roots) > 1:
        return {"refused": "several"}
    (root,) = roots
    above = root.rstrip("/").rpartition("/")[0]
    shared = f"{above}/{SHARED}/" if above else f"{SHARED}/"
    files = dict(_placed(found, root, shared))
    left_out = sorted(name for name in found if not name.startswith((root, shared)))
    return {"key": root.rstrip("/").rpartition("/")[2], "files": files, "left_out": left_out[:20]}


def _placed(found: Mapping[str, bytes], root: str, shared: str) -> Iterator[tuple[str, str]]:
    for name, data in found.items():
        if name.startswith(shared):
            yield f"{SHARED}/{name.removeprefix(shared)}", b64encode(data).decode()
        elif name.startswith(root):
            yield name.removeprefix(root), b64encode(data).decode()


def _root(name: str) -> str:
    folder, slash, _ = name.rpartition("/")
    return f"{folder}{slash}"
