"""Records as an Excel file. Knows no request."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext, pgettext
from openpyxl import Workbook

from engine.views import RecordRow, RegisterPage
from web.common.i18n import day, pick
from web.common.sheets import LONGEST_TITLE, cell, written
from web.registers.lists import shown


def workbook(page: RegisterPage, rows: list[RecordRow]) -> bytes:
    """The rows as an Excel file. Text stays text: a value that begins with ``=`` is no formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(pick(page.head.title)[:LONGEST_TITLE])
    own = gettext("编号"), pgettext("column", "单位"), pgettext("column", "更新日期")
    labels = [*own[:2], *(pick(column.label) for column in page.columns), own[2]]
    sheet.append([cell(sheet, label, bold=True) for label in labels])
    columns = [replace(one, kind="number") if one.numeric else one for one in page.columns]  # without thousands
    for row in rows:
        values = [shown(column, row.values.get(column.key)) for column in columns]
        sheet.append([cell(sheet, text) for text in (row.number, row.organisation.name, *values, day(row.changed_at))])
    return written(book)
