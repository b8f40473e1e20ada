"""The cells of a sheet of a workbook as they are written (ECMA-376-1, 18.3), as a stream. Knows no format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.files.events import BeyondLimits, Event
from engine.files.table import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_TEXT, SHOWN, SheetUnreadable
from engine.words import say

MOST_MERGED: Final = 1_000
TRUE: Final = ("1", "true")
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(slots=True)
class Cell:
    """A cell; its value is none when it is computed and nobody saved what came out."""

    column: int
    kind: str
    style: int
    formula: str = ""
    computed: bool = False
    value: str | None = None


@dataclass(slots=True)
class Found:
    """What stands in a sheet: cells that have anything in them, by row; what is hidden; the ranges that are merged."""

    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def found_in(source: Iterator[Event]) -> Found:
    """What stands in a sheet. Raises BeyondLimits, SheetUnreadable, ValueError and KeyError for what is none."""
    reader = _Reader()
    for name, told, text in source:
        if told is None:
            reader.end(name, text)
        else:
            reader.start(name, told)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Found()
        self._line, self._column, self._hidden, self._spoken = 0, -1, False, False
        self._cells: list[Cell] = []
        self._cell = Cell(0, "", 0)
        self._count = self._length = 0

    def start(self, name: str, told: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._column = place_of(told["r"])[0] if "r" in told else self._column + 1
            self._cell = Cell(self._column, told.get("t", ""), int(told.get("s", 0)))
        elif name == "row":
            self._line, self._column, self._cells = int(told.get("r", self._line + 1)), -1, []
            self._hidden = told.get("hidden") in TRUE
        elif name == "f":
            self._cell.computed = True
        elif name == "rPh":
            self._spoken = True  # how a text is pronounced is none of it
        elif name == "col" and told.get("hidden") in TRUE and len(self.found.hidden_columns) < MOST_MERGED:
            self.found.hidden_columns.append((int(told["min"]) - 1, int(told["max"]) - 1))
        elif name == "mergeCell":
            self.found.merged.append(told["ref"])
            if len(self.found.merged) > MOST_MERGED:
                raise SheetUnreadable(reason=say("合并单元格超过 {most} 处，请取消合并", most=MOST_MERGED))

    def end(self, name: str, text: str) -> None:
        """An element ends, with the text in it."""
        cell = self._cell
        if name == "v":
            cell.value = self._kept(text)
        elif name == "t" and not self._spoken:
            cell.value = (cell.value or "")[: LONGEST_CELL + 1] + self._kept(text)
        elif name == "f":
            cell.formula = text[:SHOWN]
        elif name == "rPh":
            self._spoken = False
        elif name == "c" and (cell.value or cell.computed):
            self._end_of_cell(cell)
        elif name == "row" and self._cells:
            self.found.rows.append((self._line, self._cells))
            if self._hidden:
                self.found.hidden_rows.append(self._line)

    def _end_of_cell(self, cell: Cell) -> None:
        if cell.column >= MOST_COLUMNS:
            raise SheetUnreadable(reason=say("第 {number} 行超过 {most} 列", number=self._line, most=MOST_COLUMNS))
        self._cells.append(cell)
        self._count += 1
        if self._count > MOST_CELLS or len(self._cells) > MOST_COLUMNS:
            raise BeyondLimits

    def _kept(self, text: str) -> str:
        self._length += len(text)
        if self._length > MOST_TEXT:
            raise BeyondLimits
        return text[: LONGEST_CELL + 1]


def place_of(address: str) -> tuple[int, int]:
    """The column, from 0, and the line of a cell by its address. Raises ValueError."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(address[:SHOWN])
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1, int(found[2])
