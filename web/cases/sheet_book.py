"""A sheet of a form as an Excel file to be filled in: headings, choices to pick from, texts that stay texts.

What begins with ``=``, ``+``, ``-`` or ``@`` is text and no formula; a number with more digits than Excel keeps is
text. Knows no case.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from engine.forms.filled import CHOICES_SHEET, NUMBER
from engine.views import SheetColumn, SheetTable
from web.common.i18n import language, pick
from web.common.sheets import AS_TEXT, LONGEST_TITLE, cell, written

EXACT: Final = 15
"""Digits that Excel keeps."""
HEAD: Final = 2
"""The line of the headings; the title stands above."""
MORE: Final = 500
"""Rows below the last one that have choices and formats, too."""
DAY, GREY = "yyyy-mm-dd", PatternFill("solid", start_color="FFF2F3F5")


def sheet_book(table: SheetTable) -> bytes:
    """The file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_title(pick(table.name)))
    sheet.freeze_panes = f"B{HEAD + 1}"
    sheet.column_dimensions["A"].width = 6
    for number, column in enumerate(table.columns, start=2):
        _dress(sheet.column_dimensions[get_column_letter(number)], column)
    _offer(book, sheet, table)
    sheet.append([cell(sheet, pick(table.name), bold=True)])
    headings = [NUMBER.text(language()), *(pick(one.heading) for one in table.columns)]
    sheet.append([cell(sheet, text, bold=True) for text in headings])
    for number, row in enumerate(table.rows, start=1):
        values = [_cell(sheet, column, value) for column, value in zip(table.columns, row, strict=True)]
        sheet.append([WriteOnlyCell(sheet, value=number), *values])
    return written(book)


def _title(name: str) -> str:
    """What Excel takes as the name of a sheet."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)[:LONGEST_TITLE].strip() or "1"


def _dress(dimension: Any, column: SheetColumn) -> None:
    dimension.width = max(12, min(40, 2 * len(pick(column.heading)) + 4))
    dimension.number_format = _format(column)


def _format(column: SheetColumn) -> str:
    if column.kind == "number":
        return "General" if column.digits is None else "0" + ("." + "0" * column.digits if column.digits else "")
    return DAY if column.kind == "date" else AS_TEXT


def _cell(sheet: Any, column: SheetColumn, value: Any) -> Any:
    made = _plain(sheet, column, value)
    if column.fixed:
        made.fill, made.font = GREY, Font(color="FF5F6773")
    return made


def _plain(sheet: Any, column: SheetColumn, value: Any) -> Any:
    if value is None or value == "":
        return _valued(sheet, None, _format(column))
    if isinstance(value, bool):
        return cell(sheet, gettext("是") if value else gettext("否"))
    if isinstance(value, int | float | Decimal):
        exact = len(str(value).lstrip("-0.").replace(".", "")) <= EXACT
        return _valued(sheet, value, _format(column)) if exact else cell(sheet, f"{Decimal(str(value)):f}")
    if column.kind == "date":
        try:
            return _valued(sheet, date.fromisoformat(str(value)), DAY)
        except ValueError:
            return cell(sheet, str(value))
    return cell(sheet, str(value).replace("T", " ") if column.kind == "moment" else str(value))


def _valued(sheet: Any, value: Any, form: str) -> Any:
    made = WriteOnlyCell(sheet, value=value)
    made.number_format = form
    return made


def _offer(book: Workbook, sheet: Any, table: SheetTable) -> None:
    """Choices to pick from; they stand in a sheet of their own that nobody sees, for lists may be long."""
    offered = {number: _choices(column) for number, column in enumerate(table.columns, start=2)}
    offered = {number: texts for number, texts in offered.items() if texts and not table.columns[number - 2].fixed}
    if not offered:
        return
    hidden = book.create_sheet(CHOICES_SHEET)
    hidden.sheet_state = "hidden"
    for at in range(max(map(len, offered.values()))):
        hidden.append([cell(hidden, texts[at]) if at < len(texts) else None for texts in offered.values()])
    last = HEAD + len(table.rows) + MORE
    for place, (number, texts) in enumerate(offered.items(), start=1):
        letter, own = get_column_letter(number), get_column_letter(place)
        formula = f"{CHOICES_SHEET}!${own}$1:${own}${len(texts)}"
        choice = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
        choice.add(f"{letter}{HEAD + 1}:{letter}{last}")
        sheet.data_validations.append(choice)


def _choices(column: SheetColumn) -> tuple[str, ...]:
    return (gettext("是"), gettext("否")) if column.kind == "tick" else column.choices
