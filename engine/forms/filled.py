"""A sheet that somebody has filled in elsewhere, as a table of texts: which row is which, and what each cell means.

Rows are matched by the columns that identify them, without such columns by their number. Knows no workbook and no case;
what rules say of the values is asked of the form afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine import letters
from engine.feel.formats import plain_text
from engine.files.table import SHOWN, Sheet
from engine.forms.model import CHOICES, TEXTS, Field
from engine.forms.options import OptionSet
from engine.forms.sheet import columns, grows, keys
from engine.forms.values import TooLarge, WrongType, typed
from engine.words import Said, both, say

NUMBER: Final = say("序号")
"""The heading over the numbers of the rows."""
CHOICES_SHEET: Final = "_choices"
"""The hidden sheet of a workbook from here, which holds what can be chosen."""
YES: Final = frozenset({"是", "有", "yes", "y", "true", "1", "√"})
NO: Final = frozenset({"否", "无", "no", "n", "false", "0", "×"})
MOST_WRONG: Final = 200
LOOKED_AT: Final = 5  # lines in which the headings may stand
_THOUSANDS: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{0,60})?")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True, slots=True)
class WrongPlace:
    """A cell, or a row, that cannot be taken: where it stands in the file, what is written there, and why not."""

    where: Said
    value: str
    what: Said


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of the file. ``index``: the row of the sheet that it is (from 0), none for a new one."""

    line: int
    index: int | None
    data: Mapping[str, Any]


@dataclass(slots=True)
class Filled:
    """What a file says of a sheet. Nothing of it may be taken over while anything is wrong."""

    rows: list[FilledRow] = field(default_factory=list)
    wrong: list[WrongPlace] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)  # where each column stands, from 0

    def refuse(self, where: Said, value: str, what: Said) -> None:
        """Say of a place why it cannot be taken."""
        if len(self.wrong) < MOST_WRONG:
            self.wrong.append(WrongPlace(where, value[:SHOWN], what))


class TableReader:
    """Reads one table for one sheet."""

    def __init__(self, sheet: Field, rows: Sequence[Mapping[str, Any]], options: Mapping[str, OptionSet]) -> None:
        self.sheet, self.rows, self.options = sheet, rows, options
        self.found = Filled()
        self._taken: dict[int, int] = {}

    def read(self, table: Sheet) -> Filled:
        """All of it: rows matched, cells read, whatever is wrong named by its place."""
        lines = [(table.line, table.header), *table.rows]
        head = max(range(min(LOOKED_AT, len(lines))), key=lambda at: len(self._headed(lines[at][1])), default=0)
        known = self._headed(lines[head][1])
        if not known:
            self.found.refuse(table.place(lines[head][0]), "", say("找不到表的列名，请使用下载的表格填写"))
            return self.found
        numbers = next((at for at, text in enumerate(lines[head][1]) if _is(text, NUMBER)), None)
        self.found.at = {column.path[0]: at for at, column in known.items()}
        self.found.notes.extend(note for note in table.notes if f"“{CHOICES_SHEET}”" not in both(note)[0])
        for one in table.wrong:
            self.found.refuse(table.place(one.line, one.column), "", one.what)
        for line, cells in lines[head + 1 :]:
            self._row(table, line, cells, known, numbers)
        return self.found

    def _headed(self, cells: Sequence[str]) -> dict[int, Field]:
        """The columns of the sheet by where their headings stand."""
        found: dict[int, Field] = {}
        for at, text in enumerate(cells):
            column = next((one for one in columns(self.sheet) if _is(text, one.label) or text == one.path[0]), None)
            if column is not None and column not in found.values():
                found[at] = column
        return found

    def _row(
        self, table: Sheet, line: int, cells: Sequence[str], known: Mapping[int, Field], numbers: int | None
    ) -> None:
        before = len(self.found.wrong)
        told = {at: cells[at].strip() if at < len(cells) else "" for at in known}
        number = cells[numbers].strip() if numbers is not None and numbers < len(cells) else ""
        if not any(told.values()):
            return
        data: dict[str, Any] = {}
        for at, column in known.items():
            try:
                data[column.path[0]] = value_of(column, told[at], self.options.get(column.id))
            except (WrongType, TooLarge):
                self.found.refuse(table.place(line, at, column.label), told[at], _why(column))
        index = self._index(table, line, data, known.values(), number)
        if len(self.found.wrong) > before:
            return
        own = {column.path[0] for column in known.values() if not column.fixed}
        self.found.rows.append(FilledRow(line, index, {key: value for key, value in data.items() if key in own}))

    def _index(
        self, table: Sheet, line: int, data: Mapping[str, Any], known: Iterable[Field], number: str
    ) -> int | None:
        """Which row of the sheet it is."""
        there = list(known)
        naming = [one for one in keys(self.sheet) if one in there]
        found, value = None, number
        if naming:
            value = " ".join(_text(data.get(one.path[0])) for one in naming)
            same = (at for at, row in enumerate(self.rows) if _named(row, naming) == _named(data, naming))
            found = next(same, None)
        elif number:
            found = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < len("10000") else -1
            if not 0 <= found < len(self.rows):
                self.found.refuse(table.place(line), number, say("表中没有这个序号的行"))
                return None
        if found is None and not grows(self.sheet):
            self.found.refuse(table.place(line), value, say("表中没有这一行，行数不能增减"))
        elif found is not None and found in self._taken:
            what = say("与第 {other} 行是同一行", other=self._taken[found])
            self.found.refuse(table.place(line), value, what)
        elif found is not None:
            self._taken[found] = line
        return found


def value_of(column: Field, text: str, options: OptionSet | None) -> Any:
    """What a text of a cell means. Raises WrongType, TooLarge."""
    plain = letters.narrow(text)
    if column.type in TEXTS or column.computed:
        return typed(column, text) if not column.computed else text
    if not plain:
        return typed(column, None)
    if column.type == "number":
        number = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
        if not _DECIMAL.fullmatch(number):
            raise WrongType
        return typed(column, number.lstrip("+") if column.as_text else Decimal(number))
    if column.type in CHOICES:
        return _chosen(plain, options)
    if column.type == "checkbox":
        return _ticked(plain)
    return typed(column, _moment(column, plain))


def _chosen(text: str, options: OptionSet | None) -> Any:
    wanted = letters.folded(text)
    for one in options.options if options else ():
        if wanted in (letters.folded(one.label[0]), letters.folded(one.label[1]), letters.folded(str(one.value))):
            return one.value
    raise WrongType


def _ticked(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise WrongType


def _moment(column: Field, text: str) -> str:
    day, _, clock = text.replace("T", " ").partition(" ")
    if column.subtype == "time":
        return text[: len("00:00")]
    return f"{_day(day)}T{(clock or '00:00')[: len('00:00')]}" if column.subtype == "datetime" else _day(day)


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else text
    except ValueError:
        raise WrongType from None


def _why(column: Field) -> Said:
    if column.type in CHOICES:
        return say("不在可选范围内")
    return {
        "number": say("应为数字，不超过34位"),
        "checkbox": say("应为是或否"),
        "datetime": say("应为日期，如2026-03-01") if column.subtype == "date" else say("应为时间"),
    }.get(column.type, say("无法识别"))


def _is(text: str, label: Said) -> bool:
    wanted = letters.folded(text.strip().rstrip("*").strip())
    return bool(wanted) and wanted in {letters.folded(one) for one in both(label)}


def _named(row: Mapping[str, Any], naming: Iterable[Field]) -> tuple[str, ...]:
    return tuple(letters.folded(_text(row.get(one.path[0]))) for one in naming)


def _text(value: Any) -> str:
    return "" if value is None else plain_text(value)


def filled_cells(rows: Iterable[FilledRow]) -> Iterator[tuple[FilledRow, str]]:
    """Every cell of the file in which something stands."""
    for row in rows:
        yield from ((row, key) for key, value in row.data.items() if value not in (None, "", False))
