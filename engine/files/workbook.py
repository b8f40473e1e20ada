"""A table in a workbook (.xlsx, ECMA-376) of Excel, of WPS and of others, read as a stream. Knows no column by name.

Of what a workbook holds only the cells of one sheet are kept. Formats are looked at, so that a date is read as its
writer sees it. Whatever may not be what he means is told: what is hidden, merged, computed and not saved, or rounded.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers.expat import ExpatError

from engine.files.cells import TRUE, Cell, Found, found_in, place_of
from engine.files.events import BeyondLimits, Event, events
from engine.files.numbers import format_of, shown
from engine.files.table import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_TEXT,
    SHOWN,
    Sheet,
    SheetUnreadable,
    TableReading,
    letters_of,
    rounded,
)
from engine.words import listed, say

MOST_PARTS: Final = 2_000
MOST_SHEETS: Final = 100
MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = {"sheet": 40 * MEGABYTE, "texts": 20 * MEGABYTE, "styles": 10 * MEGABYTE, "other": MEGABYTE}
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, ExpatError, EOFError, KeyError, IndexError, ValueError, OverflowError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


def read(data: bytes) -> Sheet:
    """The first visible sheet that has anything in it. Raises SheetUnreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Workbook(archive).sheet()
    except BeyondLimits:
        raise SheetUnreadable(reason=say("Excel 文件解压后过大或过于复杂，请只保留要导入的工作表")) from None
    except SheetUnreadable:
        raise
    except _BROKEN as error:
        raise SheetUnreadable(reason=say("Excel 文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx")) from error


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        if len(archive.infolist()) > MOST_PARTS:
            raise BeyondLimits
        self._home = next(iter(self._related("", "/officeDocument").values()), "xl/workbook.xml")
        if self._home.endswith(".bin"):
            raise SheetUnreadable(reason=say("是二进制工作簿（.xlsb），请另存为 .xlsx"))
        self._since_1904 = False

    def sheet(self) -> Sheet:
        """The first visible sheet that has anything in it, with notes on the others."""
        parts, read, notes = self._related(self._home, "/worksheet"), None, []
        for name, hidden, relation in self._sheets():
            if relation not in parts:
                continue  # a sheet that is a chart
            if hidden or read is not None:
                if self._has_anything(parts[relation]):
                    kind = say("隐藏的工作表“{name}”没有读入") if hidden else say("工作表“{name}”没有读入")
                    notes.append(kind.about(name=name[:SHOWN]))
                continue
            found = found_in(self._events(parts[relation], "sheet"))
            read = self._table(name[:SHOWN], found) if found.rows else None
        if read is None:
            raise SheetUnreadable(reason=say("可见的工作表都是空的"))
        read.notes.extend(notes)
        return read.sheet()

    def _sheets(self) -> list[tuple[str, bool, str]]:
        """Of each sheet its name, whether it is hidden, and the id of its part."""
        found = []
        for name, told, _ in self._events(self._home, "other"):
            if name == "workbookPr" and told is not None:
                self._since_1904 = told.get("date1904") in TRUE
            elif name == "sheet" and told is not None:
                found.append((told["name"], told.get("state", "visible") != "visible", told["id"]))
        if len(found) > MOST_SHEETS:
            raise BeyondLimits
        return found

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts of a kind to which a part is related, by the id of the relation."""
        folder, name = posixpath.split(part)
        found = {}
        for _, told, _ in self._events(posixpath.join(folder, "_rels", f"{name}.rels"), "other"):
            if told and told.get("Type", "").endswith(kind):
                found[told["Id"]] = posixpath.normpath(posixpath.join("/", folder, told["Target"])).lstrip("/")
        return found

    def _events(self, part: str, kind: str) -> Iterator[Event]:
        entry = self._archive.getinfo(part)
        if entry.compress_type not in _METHODS:
            raise BeyondLimits
        with self._archive.open(entry) as source:
            yield from events(source, MOST_BYTES[kind])

    def _has_anything(self, part: str) -> bool:
        return any(
            told is None and name in ("v", "t", "f") and text for name, told, text in self._events(part, "sheet")
        )

    def _table(self, name: str, found: Found) -> TableReading:
        texts, styles = self._texts(found), self._styles()
        table = TableReading(name)
        for line, cells in found.rows:
            row = [""] * (max(cell.column for cell in cells) + 1)
            for cell in cells:
                row[cell.column] = self._text(table, line, cell, texts, styles)
            table.add(line, row)
        _tell(table, found)
        return table

    def _text(self, table: TableReading, line: int, cell: Cell, texts: dict[int, str], styles: list[str]) -> str:
        value = cell.value
        if value is None or (not value and cell.computed and cell.kind in ("", "n")):  # and nobody saved it
            table.refuse(line, cell.column, say("公式没有保存结果，请用 Excel 打开并保存，或改填数值"))
            return f"={cell.formula[:SHOWN]}"
        if cell.kind == "s":
            return texts[int(value)]
        if cell.kind == "b":
            return "TRUE" if value in TRUE else "FALSE"
        if cell.kind in ("n", "") and value.strip():
            style = styles[cell.style] if cell.style < len(styles) else ""
            text = shown(value.strip(), style, since_1904=self._since_1904)
            if text is None:
                no_day = say("“{cell}”不是有效的日期", cell=value[:SHOWN])
                table.refuse(line, cell.column, no_day if style == "date" else rounded(value))
            return value[:SHOWN] if text is None else text
        return _unescaped(value)

    def _texts(self, found: Found) -> dict[int, str]:
        """Of the texts that cells share those that are needed."""
        needed = {int(cell.value) for _, cells in found.rows for cell in cells if cell.kind == "s" and cell.value}
        part = next(iter(self._related(self._home, "/sharedStrings").values()), "")
        kept: dict[int, str] = {}
        if not needed or not part:
            return kept
        number, length, parts, spoken = 0, 0, [""], False
        for name, told, text in self._events(part, "texts"):
            if name == "rPh":
                spoken = told is not None  # how a text is pronounced is none of it
            elif name == "t" and told is None and not spoken and number in needed:
                length += len(text)
                parts.append(text[: LONGEST_CELL + 1] if len(parts) < LONGEST_CELL else "")
            elif name == "si" and told is None:
                if number in needed:
                    kept[number] = _unescaped("".join(parts))
                number, parts = number + 1, []
            if length > MOST_TEXT:
                raise BeyondLimits
        return kept

    def _styles(self) -> list[str]:
        """Of each style of cells how it shows a number (``format_of``)."""
        part = next(iter(self._related(self._home, "/styles").values()), "")
        codes: dict[int, str] = {}
        found: list[str] = []
        inside = False
        for name, told, _ in self._events(part, "styles") if part else ():
            if name == "numFmt" and told is not None and len(codes) < MOST_CELLS:
                codes[int(told["numFmtId"])] = told.get("formatCode", "")[:200]
            elif name == "cellXfs":
                inside = told is not None
            elif name == "xf" and inside and told is not None:
                number = int(told.get("numFmtId", 0))
                found.append(format_of(number, codes.get(number, "")))
        return found


def _tell(table: TableReading, found: Found) -> None:
    """Notes on what is hidden and was read; and a refusal of each merged cell, which stands for several."""
    if found.hidden_rows:
        rows = listed([*found.hidden_rows[:20], *(["…"] if len(found.hidden_rows) > 20 else [])])
        table.notes.append(say("隐藏的第 {rows} 行也读入了", rows=rows))
    used = {number for _, cells in table.lines for number, cell in enumerate(cells) if cell}
    unseen = sorted(number for number in used if any(low <= number <= high for low, high in found.hidden_columns))
    if unseen:
        columns = listed([letters_of(number) for number in unseen])
        table.notes.append(say("隐藏的 {columns} 列也读入了", columns=columns))
    filled = dict(table.lines)
    for merged in found.merged:
        first, _, last = merged.partition(":")
        column, line = place_of(first)
        if last and last != first and line in filled:
            what = say(
                "{range} 是合并的单元格，请取消合并并逐格填写（现为“{value}”）",
                range=merged,
                value=_at(filled[line], column),
            )
            table.refuse(line, column, what)


def _at(cells: tuple[str, ...], column: int) -> str:
    return cells[column][:SHOWN] if column < len(cells) else ""


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold stand as _x000D_ (ECMA-376-1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
