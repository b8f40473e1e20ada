"""The rows of a table of organisations: which columns it has, and what a cell may hold.

Knows no tree: whether a row fits the others is the import's matter (``organisation_import``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import letters
from engine.directory.columns import headers, plain, spoken, titles
from engine.directory.contents import Directory
from engine.directory.kinds import Figure
from engine.errors import Problem
from engine.files.table import SHOWN, Sheet
from engine.words import Text, Words, listed, say

Problems = list[tuple[int, Problem]]  # each with its line
CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")  # no "/" and no "@": codes stand in paths and in inbox keys
LARGEST_NUMBER = 200_000_000
LONGEST = {"name": 100, "short_name": 50}
CLEAR = "-"
YES, NO = {"是", "有效", "yes", "true", "1"}, {"否", "停用", "无效", "no", "false", "0"}


class _Wrong(Exception):
    """A cell is wrong; its argument says how."""


@dataclass(frozen=True, slots=True)
class Row:
    """One good row: ``values`` of columns and ``figures`` that it gives (``None`` clears), and its line.

    ``faulty`` names columns whose cells were wrong: their problems are already written down.
    """

    line: int
    code: str
    headings: Headings
    values: dict[str, object] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    def problem(self, filename: str, column: str, what: Words) -> tuple[int, Problem]:
        """The line, and a problem of this row at a column as the file names it."""
        return self.line, Problem(filename, self.headings.place(self.line, column), what)


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a table in the order in which they stand in it (empty: one that is not ours), and our names."""

    sheet: Sheet
    columns: tuple[str, ...]
    names: Mapping[str, Text]

    def place(self, line: int, column: str) -> Words:
        """Where a cell of a column stands; a column that the table lacks is called by our name for it."""
        if column in self.columns:
            return self.sheet.place(line, self.columns.index(column))
        return self.sheet.place(line, heading=self.names[column])


def read_rows(filename: str, sheet: Sheet, directory: Directory) -> tuple[tuple[Row, ...], Problems]:
    """The rows whose code can be read, and every problem that a row has by itself."""
    columns, problems = _columns(filename, sheet, directory)
    rows: list[Row] = []
    for one in sheet.wrong:
        problems.append((one.line, Problem(filename, sheet.place(one.line, one.column), one.what)))
    if "code" not in columns:
        place = sheet.place(sheet.line, heading=say("表头"))
        problems.append((sheet.line, Problem(filename, place, say("缺少“编码”一列"))))
        return (), problems
    headings, wrong = (
        Headings(sheet, tuple(columns), titles(directory)),
        {(one.line, one.column) for one in sheet.wrong},
    )
    at = columns.index("code")
    for line, cells in sheet.rows:
        row = Row(line, letters.narrow(cells[at]), headings)
        for index, cell in enumerate(cells[len(columns) :], start=len(columns)):
            if cell:
                what = say("这一格“{cell}”上面没有列名", cell=cell[:SHOWN])
                problems.append((line, Problem(filename, sheet.place(line, index), what)))
        if (line, at) in wrong:
            continue
        if not CODE.fullmatch(row.code):
            wrong_code = say("“{cell}”应为 1 至 20 位的数字、字母、横线或下划线", cell=row.code[:SHOWN])
            problems.append(row.problem(filename, "code", wrong_code if row.code else say("不能为空")))
            continue
        for index, (column, cell) in enumerate(zip(columns, cells, strict=False)):
            if (line, index) in wrong:
                row.faulty.add(column)
            elif column and cell and column not in ("code", "remark"):
                _take(row, column, _clean(cell), directory, filename, problems)
        rows.append(row)
    return tuple(rows), problems


def _columns(filename: str, sheet: Sheet, directory: Directory) -> tuple[list[str], Problems]:
    known = headers(directory)
    found: list[str] = []
    problems: Problems = []
    for index, written in enumerate(sheet.header):
        place = sheet.place(sheet.line, index)
        column = known.get(plain(written), "")
        if not column and written:
            unknown = say("无法识别的列；可用的列：{columns}", columns=listed(titles(directory).values()))
            problems.append((sheet.line, Problem(filename, place, unknown)))
        elif not written and any(cells[index] for _, cells in sheet.rows):
            problems.append((sheet.line, Problem(filename, place, say("这一列有内容，但没有列名"))))
        elif column in found and column:
            problems.append((sheet.line, Problem(filename, place, say("这一列重复了"))))
            column = ""
        found.append(column)
    return found, problems


def _clean(text: str) -> str:
    return letters.name(text)


def _take(row: Row, column: str, cell: str, directory: Directory, filename: str, problems: Problems) -> None:
    try:
        if column in directory.figures:
            row.figures[column] = None if cell == CLEAR else _figure(directory.figures[column], cell)
        elif column == "kind":
            row.values[column] = _kind(directory, cell)
        else:
            row.values[column] = _READERS.get(column, _text)(column, cell)
    except _Wrong as wrong:
        row.faulty.add(column)
        problems.append(row.problem(filename, column, *wrong.args))


def _figure(figure: Figure, cell: str) -> int | str:
    if figure.choices:
        for choice in figure.choices:
            if plain(cell) in spoken((choice.id, *choice.name, *choice.aliases)):
                return choice.id
        choices = listed((choice.name[0], choice.id) for choice in figure.choices)
        raise _Wrong(say("“{cell}”不在可选范围内：{choices}", cell=cell, choices=choices))
    digits = re.sub(r"[, ]", "", letters.narrow(cell))
    if not re.fullmatch(r"[0-9]{1,9}", digits) or int(digits) > LARGEST_NUMBER:
        raise _Wrong(say("“{cell}”应为不小于 0 的整数", cell=cell))
    return int(digits)


def _text(column: str, cell: str) -> str:
    if len(cell) > LONGEST[column] or not cell.isprintable():
        shown = cell[:SHOWN] if cell.isprintable() else ascii(cell[:SHOWN])
        raise _Wrong(say("“{cell}”应为 1 至 {most} 个可显示的字符", cell=shown, most=LONGEST[column]))
    return cell


def _parent(_column: str, cell: str) -> str | None:
    cell = letters.narrow(cell)
    if cell == CLEAR:
        return None
    if not CODE.fullmatch(cell):
        raise _Wrong(say("“{cell}”不是单位编码", cell=cell))
    return cell


def _kind(directory: Directory, cell: str) -> str:
    for kind in directory.kinds.values():
        if plain(cell) in spoken((kind.id, *kind.name, *kind.aliases)):
            return kind.id
    known = listed((kind.name[0], kind.id) for kind in directory.kinds.values())
    raise _Wrong(say("“{cell}”不是单位类型；可填：{kinds}", cell=cell, kinds=known))


def _valid(_column: str, cell: str) -> bool:
    said = letters.folded(cell)
    if said in YES | NO:
        return said in YES
    raise _Wrong(say("“{cell}”应为“是”或“否”", cell=cell))


_READERS: dict[str, Callable[[str, str], Any]] = {"parent_code": _parent, "valid": _valid}
