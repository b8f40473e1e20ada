"""Tables that we hand out as Excel files: every cell is text, whatever it begins with. Knows no page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Response, make_response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_TEXT = "@"
LONGEST_TITLE = 31  # of a sheet


def cell(sheet: Any, text: str, bold: bool = False) -> Any:
    """A cell that is text: a value that begins with ``=`` is no formula."""
    made = WriteOnlyCell(sheet, value=text)
    made.data_type = "s"
    made.number_format = AS_TEXT
    if bold:
        made.font = Font(bold=True)
    return made


def written(book: Workbook) -> bytes:
    """The file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def template(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> Response:
    """A table to fill in, whose columns are text, so that leading zeros and long numbers stay what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:LONGEST_TITLE])
    for number, heading in enumerate(headings, start=1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.number_format, column.width = AS_TEXT, max(12, 2 * len(heading) + 4)
    sheet.append([cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([cell(sheet, text) for text in row])
    answer = make_response(written(book))
    answer.content_type = EXCEL
    answer.headers["Content-Disposition"] = "attachment; filename=template.xlsx"
    return answer
