"""A table as somebody sent it: its cells as text, where each stands, what is wrong with one, and what was left out.

Knows neither CSV nor Excel: their readers fill it. What is read here is bounded before it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.errors import Refusal
from engine.words import Said, Words, say

MOST_ROWS: Final = 20_000  # that have something in them
MOST_COLUMNS: Final = 60
LONGEST_CELL: Final = 1_000  # characters
MOST_CELLS: Final = 200_000  # that have something in them
MOST_TEXT: Final = 4_000_000  # characters of all cells together
MOST_WRONG: Final = 200  # cells that are told; the others are counted
SHOWN: Final = 60  # characters of a wrong value
ERRORS: Final = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")
_ROUNDED: Final = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{2,3}")
"""A long number as Excel shows it, and writes it into CSV: its last digits are gone."""


class SheetUnreadable(Refusal):
    """A file that is no table, or one that is damaged or too large."""

    sentence = say("文件无法读取：{reason}")


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell whose value cannot be known, or would not be what its writer sees. ``column`` counts from 0."""

    line: int
    column: int
    what: Said


@dataclass(frozen=True, slots=True)
class Sheet:
    """``header`` as written in ``line``; ``rows``: line (1 is the first) and at least as many cells.

    ``name``: of the sheet, empty in CSV. ``wrong``: cells that cannot be taken. ``notes``: what its sender should know,
    of what was not read, and of what was read although it is hidden.
    """

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    name: str = ""
    wrong: tuple[WrongCell, ...] = ()
    notes: tuple[Said, ...] = ()

    def place(self, line: int, column: int | None = None, heading: Said = "") -> Words:
        """Where a cell stands, or (``column`` none) a row: as Excel names it, with what stands above it."""
        address = f"{letters_of(column)}{line}" if column is not None else ""
        heading = heading or (self.header[column] if column is not None and column < len(self.header) else "")
        where = say("第 {line} 行", line=line)
        if heading and address:
            where = say("第 {line} 行，{column}（{address}）", line=line, column=heading, address=address)
        elif heading or address:
            where = say("第 {line} 行，{column}", line=line, column=heading or address)
        return say("“{sheet}”{where}", sheet=self.name, where=where) if self.name else where


@dataclass(slots=True)
class TableReading:
    """A table that is being read."""

    name: str = ""
    lines: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    wrong: list[WrongCell] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    _cells: int = 0
    _text: int = 0
    _told: set[tuple[int, int]] = field(default_factory=set)

    def add(self, line: int, cells: Sequence[str]) -> None:
        """One row. Rows without any text are left out. Raises SheetUnreadable when there is too much."""
        kept = [cell.strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if not kept:
            return
        self._cells += sum(map(bool, kept))
        self._text += sum(map(len, kept))
        if len(kept) > MOST_COLUMNS:
            raise SheetUnreadable(reason=say("第 {number} 行超过 {most} 列", number=line, most=MOST_COLUMNS))
        if max(map(len, kept)) > LONGEST_CELL:
            raise SheetUnreadable(reason=say("第 {number} 行有过长的单元格", number=line))
        if len(self.lines) > MOST_ROWS:
            raise SheetUnreadable(reason=say("超过 {most} 行", most=MOST_ROWS))
        if self._cells > MOST_CELLS or self._text > MOST_TEXT:
            raise SheetUnreadable(reason=say("内容过多，请分成几个文件"))
        for column, cell in enumerate(kept):
            if (line, column) in self._told:
                continue
            if cell[:1] == "#" and cell in ERRORS:
                self.refuse(line, column, say("“{cell}”是公式错误，请改正公式或直接填写内容", cell=cell))
            elif "E" in cell.upper() and _ROUNDED.fullmatch(cell):
                self.refuse(line, column, rounded(cell))
        self.lines.append((line, tuple(kept)))

    def refuse(self, line: int, column: int, what: Said) -> None:
        """Say of a cell why it cannot be taken."""
        self._told.add((line, column))
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(WrongCell(line, column, what))

    def sheet(self) -> Sheet:
        """What was read. Raises SheetUnreadable when there is nothing."""
        if not self.lines:
            raise SheetUnreadable(reason=say("文件是空的"))
        line, header = self.lines[0]
        rows = tuple((number, cells + ("",) * (len(header) - len(cells))) for number, cells in self.lines[1:])
        return Sheet(line, header, rows, self.name, tuple(self.wrong), tuple(self.notes))


def rounded(shown: str) -> Words:
    """What to say of a number of which Excel has kept the first digits only."""
    return say("“{cell}”的末几位已丢失（Excel 只保留 15 位数字），请把这一列设为文本后重新填写", cell=shown[:SHOWN])


def letters_of(column: int) -> str:
    """The letters by which Excel calls a column that counts from 0."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
