"""The import of a table of organisations: all of it, or nothing and every mistake. Knows no rule of the tree."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.directory.columns import NAMES
from engine.directory.duties import ORGANISATIONS, require
from engine.errors import Refusal
from engine.words import say
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("import_pages", __name__)

SHEETS = (".csv", ".xlsx")


@pages.route("/operations/organisations", methods=["GET", "POST"])
def organisations() -> ResponseReturnValue:
    """Take a table of organisations in: all of it, or nothing and every mistake."""
    require(actor(), ORGANISATIONS, say("导入单位"))
    if request.method == "GET":
        return _import_page()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _import_page(gettext("请先选择文件。")), 422
    try:
        done = application().organisations.take_in(actor(), sent.filename, sent.read())
    except Refusal as refused:
        problems = getattr(refused, "problems", ())
        return _import_page(refused.message(language()), problems, sent.filename), status_of(refused)
    counts = {"added": done.added, "changed": done.changed, "same": done.unchanged, "moved": len(done.moved)}
    words = gettext("新增 %(added)d 个，更改 %(changed)d 个，未变 %(same)d 个，调整隶属 %(moved)d 个。", **counts)
    flash(words, "success")
    return redirect(url_for("import_pages.organisations"), code=303)


def _import_page(error: str = "", problems: tuple[object, ...] = (), filename: str = "") -> str:
    shown = {"error": error, "problems": problems, "filename": filename}
    directory = actor().directory
    columns = [(names[0], names[-1]) for names in NAMES.values()]
    known = {"columns": columns, "figures": directory.figures.values(), "kinds": directory.kinds.values()}
    return render_template("operations/import.html", endings=",".join(SHEETS), **known, **shown)
