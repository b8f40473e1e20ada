"""Sheets of forms while they are filled in: rows saved one by one, Excel out and in. Knows no rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, TypedDict

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import BadRequest

from engine.cases.acting.row_drafts import RowChange
from engine.cases.reading.sheets import Opened
from engine.errors import BadInput
from engine.forms.guard import check_shape
from engine.forms.model import MAX_ROWS
from engine.views import FormView, SavedRow
from web.cases.form_page import exactly
from web.cases.handed_in import handed_in, parsed
from web.cases.sheet_book import sheet_book
from web.cases.sheet_texts import sheet_texts
from web.common.context import actor, application
from web.common.downloads import to_save
from web.common.i18n import moment, pick
from web.common.sheets import EXCEL
from web.common.words import say

pages = Blueprint("sheet_pages", __name__)
LARGEST_PLACE: Final = 10**9
LARGEST_VERSION: Final = 2**31 - 1
Row = dict[str, object]


class SheetOnPage(TypedDict):
    """What the page's script is told of one sheet: its addresses, and the rows that were saved."""

    rowsUrl: str | None
    bookUrl: str
    readUrl: str
    saved: list[Row]


class SheetsOnPage(TypedDict):
    """All sheets of a form by name, and the sentences of the script."""

    by_name: dict[str, SheetOnPage]
    texts: dict[str, str]


def sheets_on_page(form: FormView | None, keeps: bool, **place: Any) -> SheetsOnPage | None:
    """For ``form_page``; none for a form without sheets. ``keeps``: rows can be saved; ``place``: of which form."""
    if form is None or not form.sheets:
        return None
    start = "" if "task_id" in place else "start_"
    told: dict[str, SheetOnPage] = {
        name: {
            "rowsUrl": url_for(f"sheet_pages.save_{start}rows", sheet=name, **place) if keeps else None,
            "bookUrl": url_for(f"sheet_pages.{start}book", sheet=name, **place),
            "readUrl": url_for(f"sheet_pages.read_{start}book", sheet=name, **place),
            "saved": [_told(row) for row in rows],
        }
        for name, rows in form.sheets.items()
    }
    return {"by_name": told, "texts": sheet_texts()}


@pages.post("/tasks/<task_id>/sheets/<sheet>/rows")
def save_rows(task_id: str, sheet: str) -> Response:
    """Keep rows of a task's sheet, and hear which rows others have kept meanwhile."""
    changes, known = _asked()
    rows = application().cases.row_drafts.save(actor(), task_id, sheet, changes, known)
    return _answer(rows)


@pages.post("/start/<key>/sheets/<sheet>/rows")
def save_start_rows(key: str, sheet: str) -> Response:
    """The same of a start form; a person may have it open twice."""
    changes, known = _asked()
    start = key, request.args.get("organisation", "")
    return _answer(application().cases.row_drafts.save_start(actor(), start, sheet, changes, known))


@pages.post("/tasks/<task_id>/sheets/<sheet>/book")
def book(task_id: str, sheet: str) -> Response:
    """The sheet as it stands on the page, as an Excel file to be filled in."""
    return _book(Opened(task_id=task_id), sheet)


@pages.post("/start/<key>/sheets/<sheet>/book")
def start_book(key: str, sheet: str) -> Response:
    """The same of a start form."""
    return _book(Opened(key=key, code=request.args.get("organisation", "")), sheet)


@pages.post("/tasks/<task_id>/sheets/<sheet>/read")
def read_book(task_id: str, sheet: str) -> Response:
    """What a file that was filled in would change, or what is wrong with it; nothing is kept."""
    return _read(Opened(task_id=task_id), sheet)


@pages.post("/start/<key>/sheets/<sheet>/read")
def read_start_book(key: str, sheet: str) -> Response:
    """The same of a start form."""
    return _read(Opened(key=key, code=request.args.get("organisation", "")), sheet)


def _book(place: Opened, sheet: str) -> Response:
    table = application().cases.sheets.table(actor(), place, sheet, handed_in().data)
    return to_save(f"{pick(table.name)}.xlsx", sheet_book(table), EXCEL)


def _read(place: Opened, sheet: str) -> Response:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(field=say("文件"), reason=say("请选择文件"))
    found = application().cases.sheets.read(actor(), place, sheet, handed_in().data, sent.read())
    return jsonify(
        rows=[{"index": row.index, "data": exactly(row.data)} for row in found.rows],
        wrong=[{"where": pick(where), "value": value, "what": pick(what)} for where, value, what in found.wrong],
        notes=[pick(note) for note in found.notes],
    )


def _answer(rows: tuple[SavedRow, ...]) -> Response:
    return jsonify(rows=[_told(row) for row in rows], saved_at=moment(application().clock.now())[-5:])


def _told(row: SavedRow) -> Row:
    data = exactly(row.data) if row.data is not None else None
    told = {"id": row.id, "version": row.version, "place": row.place, "data": data}
    return {**told, "by": row.by, "at": moment(row.at)}


def _asked() -> tuple[list[RowChange], dict[str, int]]:
    """``{changes: [{id, version, place, data}], known: {id: version}}``. Raises BadRequest, BadInput."""
    asked = parsed(request.get_data())
    if not isinstance(asked, dict):
        raise BadRequest
    check_shape(asked)
    changes, known = asked.get("changes", []), asked.get("known", {})
    if not isinstance(changes, list) or len(changes) > MAX_ROWS or not isinstance(known, dict):
        raise BadRequest
    return [_change(one) for one in changes], {str(name): one for name, one in known.items() if type(one) is int}


def _change(one: object) -> RowChange:
    if not isinstance(one, dict):
        raise BadRequest
    name, version, place, data = one.get("id"), one.get("version"), one.get("place"), one.get("data")
    if not isinstance(name, str) or isinstance(version, bool) or not isinstance(version, int):
        raise BadRequest
    if not 0 <= version < LARGEST_VERSION:
        raise BadRequest
    if not isinstance(place, (int, float, Decimal)) or abs(float(place)) > LARGEST_PLACE:
        raise BadRequest
    if data is not None and not isinstance(data, dict):
        raise BadRequest
    return RowChange(name, version, float(place), data)
