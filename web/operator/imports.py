"""The import of a table of organisations: what it would change, and then all of it. Knows no rule of the tree.

What is shown is sent back with the confirmation, file and all, so that nothing lies about in between; it is planned
again where it is written, and refused when something else would come of it.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import BadRequest

from engine.directory.columns import NAMES, titles
from engine.directory.duties import ORGANISATIONS, require
from engine.errors import Refusal
from engine.files.uploads import safe_name
from engine.words import say
from web.common.context import actor, application
from web.common.i18n import language, pick
from web.common.sheets import template
from web.common.statuses import status_of

pages = Blueprint("import_pages", __name__)

SHEETS = (".csv", ".xlsx")
MOST_SHOWN = 200  # changes on one page; the rest is counted


@pages.route("/operations/organisations", methods=["GET", "POST"])
def organisations() -> ResponseReturnValue:
    """Show what a table of organisations would change, or every mistake in it."""
    require(actor(), ORGANISATIONS, say("导入单位"))
    if request.method == "GET":
        return _import_page()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _import_page(gettext("请先选择文件。")), 422
    name, data = safe_name(sent.filename), sent.read()
    return _or_refused(name, lambda: _preview(name, data))


@pages.post("/operations/organisations/confirmed")
def take_in() -> ResponseReturnValue:
    """Take in what was shown: all of it, or nothing."""
    require(actor(), ORGANISATIONS, say("导入单位"))
    name, mark = safe_name(request.form.get("filename", "")), request.form.get("mark", "")
    try:
        data = b64decode(request.form.get("content", ""), validate=True)
    except binascii.Error as error:
        raise BadRequest from error
    if not mark:
        raise BadRequest
    return _or_refused(name, lambda: _take_in(name, data, mark))


@pages.get("/operations/organisations/template.xlsx")
def blank() -> Response:
    """A table to fill in."""
    require(actor(), ORGANISATIONS, say("导入单位"))
    headings = [pick(name) for name in titles(actor().directory).values()]
    return template(gettext("单位"), headings)


def _preview(name: str, data: bytes) -> str:
    found = application().organisations.foresee(actor(), name, data)
    shown = {"filename": name, "found": found, "shown": found.changes[:MOST_SHOWN]}
    return render_template("operations/preview.html", content=b64encode(data).decode(), **shown)


def _take_in(name: str, data: bytes, mark: str) -> ResponseReturnValue:
    done = application().organisations.take_in(actor(), name, data, mark)
    counts = {"added": done.added, "changed": done.changed, "same": done.unchanged, "moved": len(done.moved)}
    words = gettext("新增 %(added)d 个，更改 %(changed)d 个，未变 %(same)d 个，调整隶属 %(moved)d 个。", **counts)
    flash(words, "success")
    return redirect(url_for("import_pages.organisations"), code=303)


def _or_refused(name: str, act: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    try:
        return act()
    except Refusal as refused:
        problems = getattr(refused, "problems", ())
        return _import_page(refused.message(language()), problems, name), status_of(refused)


def _import_page(error: str = "", problems: tuple[object, ...] = (), filename: str = "") -> str:
    shown: dict[str, Any] = {"error": error, "problems": problems, "filename": filename}
    directory = actor().directory
    columns = [(names[0], names[-1]) for names in NAMES.values()]
    known = {"columns": columns, "figures": directory.figures.values(), "kinds": directory.kinds.values()}
    return render_template("operations/import.html", endings=",".join(SHEETS), **known, **shown)
