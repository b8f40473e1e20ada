"""Registers (台账): lists with search and filters, records with their past, Excel. Knows no register by name."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext, pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from engine.views import Column, RecordRow, RegisterFilters, RegisterPage
from web.common.context import actor, application
from web.common.i18n import day, pick
from web.common.places import places

pages = Blueprint("register_pages", __name__)

LONGEST_SEARCH = 100
EXPORT_AT_ONCE = 500
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_query(query: Mapping[str, str]) -> RegisterFilters:
    """The filters of an address; ``is.KEY`` asks for an exact value of a column."""
    return RegisterFilters(
        q=query.get("q", "").strip()[:LONGEST_SEARCH],
        place=query.get("place", ""),
        equals={key[3:]: value for key, value in query.items() if key.startswith("is.") and value},
        sort=query.get("sort", ""),
        after=query.get("after", ""),
    )


def words_of(asked: RegisterFilters, **changes: str) -> dict[str, str]:
    """The address of the same list with ``changes``; empty values are left out."""
    words = {"q": asked.q, "place": asked.place, "sort": asked.sort, "after": asked.after}
    words |= {f"is.{key}": value for key, value in asked.equals.items()}
    return {key: value for key, value in {**words, **changes}.items() if value}


def told_columns(page: RegisterPage) -> tuple[Column, ...]:
    """The columns of a list without those that only repeat the record's number, which stands first anyway."""
    repeats = {
        column.key
        for column in page.columns
        if page.rows and all(row.values.get(column.key) == row.number for row in page.rows)
    }
    return tuple(column for column in page.columns if column.key not in repeats)


def shown(column: Column, value: object) -> str:
    """A stored value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, (list, tuple)):
        return str(gettext("、")).join(shown(column, one) for one in value)
    choice = column.choices.get(str(value))
    return pick(choice) if choice else str(value)


@pages.get("/registers")
def registers() -> str:
    """Every register that the person may see."""
    return render_template("registers/all.html", registers=application().registers.all(actor()))


@pages.get("/registers/<name>")
def register(name: str) -> Response:
    """A page of records; only the rows when htmx asks for them."""
    asked = read_query(request.args)
    page = application().registers.search(actor(), name, asked)
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
    answer = make_response(
        render_template(
            "registers/rows.html" if partial else "registers/list.html",
            asked=asked,
            page=page,
            columns=told_columns(page),
            shown=shown,
            words=lambda **changes: words_of(asked, **changes),
            places=() if partial else places(),
        )
    )
    answer.vary.add("HX-Request")
    return answer


@pages.get("/registers/<name>/export.xlsx")
def export(name: str) -> Response:
    """All records that the filters leave, as a workbook."""
    asked = replace(read_query(request.args), after="", limit=EXPORT_AT_ONCE)
    page: RegisterPage = application().registers.search(actor(), name, asked)
    rows = list(page.rows)
    while page.next:
        page = application().registers.search(actor(), name, replace(asked, after=page.next))
        rows += page.rows
    answer = make_response(workbook(page, rows))
    answer.content_type = EXCEL
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.xlsx"
    return answer


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


@pages.get("/registers/<name>/<number>")
def record(name: str, number: str) -> str:
    """A record with its whole past."""
    view = application().registers.record(actor(), name, number)
    return render_template("registers/record.html", record=view, shown=shown)
