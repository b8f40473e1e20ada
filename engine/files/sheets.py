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

LARGEST = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 1_000

if not DEFUSEDXML:  # openpyxl looks for it by itself, and can be told by an environment variable not to
    raise ImportError(f"openpyxl was told to do without {defusedxml.__name__}")


class SheetUnreadable(Refusal):
    """文件无法读取：{reason} | The file cannot be read: {reason}"""


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
        raise SheetUnreadable(reason=(f"文件超过 {megabytes} MB", f"it is larger than {megabytes} MB"))
    lines = _excel(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    filled = [(number, cells) for number, cells in _capped(lines) if any(cells)]
    if not filled:
        raise SheetUnreadable(reason=("文件是空的", "it is empty"))
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
            raise SheetUnreadable(reason=(f"超过 {MOST_ROWS} 行", f"it has more than {MOST_ROWS} rows"))
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise SheetUnreadable(
                reason=(f"第 {number} 行超过 {MOST_COLUMNS} 列", f"line {number} has more than {MOST_COLUMNS} columns")
            )
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise SheetUnreadable(reason=(f"第 {number} 行有过长的单元格", f"line {number} has an overlong cell"))
        yield number, tuple(cell.strip() for cell in cells[:MOST_COLUMNS])


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise SheetUnreadable(
            reason=(f"第 {start} 行的引号或分隔有误", f"quotes or separators are wrong in line {start}")
        ) from error


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # Excel in China saves CSV in GBK
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetUnreadable(
        reason=("不是 Excel（.xlsx）或 CSV（UTF-8、GBK）文件", "it is neither Excel (.xlsx) nor CSV (UTF-8, GBK)")
    )


def _excel(data: bytes) -> Iterator[tuple[int, list[str]]]:
    broken = SheetUnreadable(reason=("Excel 文件已损坏", "the Excel file is damaged"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise SheetUnreadable(reason=("Excel 文件解压后过大", "the Excel file is too large when unpacked"))
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
