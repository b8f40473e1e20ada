"""The one reader of tables that somebody sends as CSV or Excel. Knows no column by name.

A file from outside is hostile until read, and is read in a process of its own: a small file costs at most two seconds
and 200 MB there, a larger one more by its size, and nothing here but the text of its cells.
"""

from __future__ import annotations

import json
import sys
import threading
from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import TypedDict

from engine.files import delimited, workbook
from engine.files.apart import MEGABYTE, Limits, NotStarted, answer, ask, ready
from engine.files.table import Sheet, SheetUnreadable, WrongCell
from engine.words import Said, both, say

LARGEST = 5 * MEGABYTE
AT_ONCE = 2  # however many ask
LONGEST_WAIT = 10.0  # seconds for a turn
_ZIP = b"PK\x03\x04"
_turns = threading.BoundedSemaphore(AT_ONCE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class _Told(TypedDict):
    """A ``Sheet`` on its way out of the process, words in both languages. In its place: the words of a refusal."""

    line: int
    header: list[str]
    rows: list[tuple[int, list[str]]]
    name: str
    wrong: list[tuple[int, int, list[str]]]
    notes: list[list[str]]


def limits(size: int) -> Limits:
    """What reading a file of ``size`` bytes may use."""
    more = size // MEGABYTE
    return Limits(seconds=2 + more, memory=(200 + 40 * more) * MEGABYTE, patience=60)


def read_sheet(data: bytes) -> Sheet:
    """The first table of a file that has anything in it. Raises SheetUnreadable. Rows without any text are left out."""
    if len(data) > LARGEST:
        raise SheetUnreadable(reason=say("文件超过 {megabytes} MB", megabytes=LARGEST // MEGABYTE))
    allowed = limits(len(data))
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise SheetUnreadable(reason=say("正在读取其他文件，请稍后再试"))
    try:
        heard = ask(__name__, [json.dumps(asdict(allowed)).encode(), b64encode(data)], allowed.patience)
    except NotStarted as fault:
        raise SheetUnreadable(reason=say("读取程序没有启动，请检查安装是否完整（{detail}）", detail=fault)) from fault
    finally:
        _turns.release()
    if not heard.lines:
        what = say("内容过于复杂，读取用时或内存超过限制。请另存为 CSV，或只保留要导入的工作表")
        raise SheetUnreadable(reason=what)
    answered = json.loads(heard.lines[0])
    if isinstance(answered, list):
        raise SheetUnreadable(reason=_pair(answered))
    said: _Told = answered
    return Sheet(
        said["line"],
        tuple(said["header"]),
        tuple((line, tuple(cells)) for line, cells in said["rows"]),
        said["name"],
        tuple(WrongCell(line, column, _pair(what)) for line, column, what in said["wrong"]),
        tuple(map(_pair, said["notes"])),
    )


def _pair(said: list[str]) -> Said:
    zh, en = said
    return zh if zh == en else (zh, en)


# -- the other process ---------------------------------------------------------------------------------------------


def main() -> None:
    """Answer with the table in a file, or with why there is none."""
    ready()
    allowed = Limits(**json.loads(next(sys.stdin.buffer)))
    answer(_read, allowed)


def _read(line: bytes) -> bytes:
    try:
        sheet = read_here(b64decode(line))
    except SheetUnreadable as refused:
        return json.dumps(both(refused.facts["reason"])).encode()
    told = {"line": sheet.line, "header": sheet.header, "rows": sheet.rows, "name": sheet.name}
    wrong = [(one.line, one.column, both(one.what)) for one in sheet.wrong]
    return json.dumps({**told, "wrong": wrong, "notes": [both(what) for what in sheet.notes]}).encode()


def read_here(data: bytes) -> Sheet:
    """The same in this process, without limits. Raises SheetUnreadable."""
    if data.startswith(_ZIP):
        return workbook.read(data)
    if data.startswith(_OLE):
        reason = say("是旧格式或加了密码的 Excel 文件，请取消密码并另存为 .xlsx")
        raise SheetUnreadable(reason=reason)
    return delimited.read(data)
