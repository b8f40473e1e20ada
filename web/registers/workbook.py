"""Records as an Excel file. Knows no request."""

from __future__ import annotations

import io
from typing import Any

from flask_babel import gettext, pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from engine.views import RecordRow, RegisterPage
from web.common.i18n import day, pick
from web.registers.lists import shown

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(page: RegisterPage, rows: list[RecordRow]) -> bytes:
    """The rows as an Excel file. Text stays text: a value that begins with ``=`` is no formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(pick(page.head.title)[:31])
    own = gettext("编号"), pgettext("column", "单位"), pgettext("column", "更新日期")
    labels = [*own[:2], *(pick(column.label) for column in page.columns), own[2]]
    sheet.append([_cell(sheet, label, bold=True) for label in labels])
    for row in rows:
        values = [shown(column, row.values.get(column.key)) for column in page.columns]
        sheet.append([_cell(sheet, text) for text in (row.number, row.organisation.name, *values, day(row.changed_at))])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
