"""A table that somebody sends as CSV or Excel, as rows of text with their line numbers. Knows no column by name.

A file from outside is hostile until read: size, rows and columns are capped, and XML bombs are refused (defusedxml,
which openpyxl uses when it is there).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import defusedxml
import openpyxl
from openpyxl.xml import DEFUSEDXML

from engine.errors import Refusal
from engine.words import say

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 1_000

if not DEFUSEDXML:  # openpyxl looks for it by itself, and can be told by an environment variable not to
    raise ImportError(f"openpyxl was told to do without {defusedxml.__name__}")


class SheetUnreadable(Refusal):
    """A file that is no spreadsheet, or one that is damaged or too large."""

    sentence = say("文件无法读取：{reason}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """``header`` as written in ``line``; ``rows``: line (1 is the first) and at least as many cells."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(filename: str, data: bytes) -> Sheet:
    """The first table of the file. Raises SheetUnreadable. Rows without any text are left out."""
    if len(data) > LARGEST:
        megabytes = LARGEST // 1024 // 1024
        raise SheetUnreadable(reason=say("文件超过 {megabytes} MB", megabytes=megabytes))
    lines = _excel(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    filled = [(number, cells) for number, cells in _capped(lines) if any(cells)]
    if not filled:
        raise SheetUnreadable(reason=say("文件是空的"))
    line, header = filled[0]
    while header and not header[-1]:
        header = header[:-1]
    return Sheet(line, header, tuple((number, _fit(cells, len(header))) for number, cells in filled[1:]))


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    # A cell beyond the header is kept: dropping it in silence would hide a slipped row.
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells + ("",) * (width - len(cells))


def _capped(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for count, (number, cells) in enumerate(lines):
        if count > MOST_ROWS:
            raise SheetUnreadable(reason=say("超过 {most} 行", most=MOST_ROWS))
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise SheetUnreadable(reason=say("第 {number} 行超过 {most} 列", number=number, most=MOST_COLUMNS))
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise SheetUnreadable(reason=say("第 {number} 行有过长的单元格", number=number))
        yield number, tuple(cell.strip() for cell in cells[:MOST_COLUMNS])


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise SheetUnreadable(reason=say("第 {start} 行的引号或分隔有误", start=start)) from error


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China saves CSV in GBK
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetUnreadable(reason=say("不是 Excel（.xlsx）或 CSV（UTF-8、GBK）文件"))


def _excel(data: bytes) -> Iterator[tuple[int, list[str]]]:
    broken = SheetUnreadable(reason=say("Excel 文件已损坏"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise SheetUnreadable(reason=say("Excel 文件解压后过大"))
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except SheetUnreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds through
        raise broken from error
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims about its size is not to be trusted
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
            yield number, [_text(cell) for cell in cells]
    except SheetUnreadable:
        raise
    except Exception as error:
        raise broken from error
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # Excel keeps a code or a count as a float
    return str(value)
