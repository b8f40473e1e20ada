"""Pages of phrases for opinions: the list that a person or an organisation keeps, and the picker of a task. No rule."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.desks.phrases import LONGEST
from engine.errors import BadInput
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("phrase_pages", __name__)
LARGEST: Final = 2**31 - 1
LONGEST_CODE = 20


@pages.get("/phrases")
def kept() -> ResponseReturnValue:
    """One's own, or those of an organisation."""
    return _page()


@pages.get("/phrases/picker")
def picker() -> str:
    """What a task's page shows beside the opinion; asked for when somebody begins to write."""
    return render_template("cases/_phrases.html", phrases=application().phrases.of_reader(actor()))


@pages.post("/phrases")
def add() -> ResponseReturnValue:
    """A new one."""
    text, code = request.form.get("text", ""), _code()
    try:
        application().phrases.add(actor(), text, code)
    except BadInput as refused:
        return _page(refused, text)
    if request.headers.get("X-Picker"):
        return picker()
    flash(gettext("已加入常用意见。"), "success")
    return _back()


@pages.post(f"/phrases/<int(max={LARGEST}):number>/<any(change,remove,up,down):act>")
def change(number: int, act: str) -> ResponseReturnValue:
    """Write one again, forget it, or put it elsewhere."""
    desk = application().phrases
    try:
        if act == "change":
            desk.change(actor(), number, request.form.get("text", ""))
        elif act == "remove":
            desk.remove(actor(), number)
        else:
            desk.move(actor(), number, -1 if act == "up" else 1)
    except BadInput as refused:
        return _page(refused)
    return _back()


@pages.post("/phrases/by-use")
def by_use() -> ResponseReturnValue:
    """What is used most first."""
    application().phrases.order_by_use(actor(), _code())
    return _back()


@pages.post(f"/phrases/<int(max={LARGEST}):number>/used")
def used(number: int) -> ResponseReturnValue:
    """One was put into an opinion."""
    application().phrases.used(actor(), number)
    return "", 204


def _code() -> str:
    return request.values.get("organisation", "")[:LONGEST_CODE]


def _back() -> ResponseReturnValue:
    return redirect(url_for("phrase_pages.kept", organisation=_code() or None), code=303)


def _page(refused: BadInput | None = None, text: str = "") -> ResponseReturnValue:
    code, desk = _code(), application().phrases
    found = desk.kept(actor(), code)
    page = render_template(
        "people/phrases.html",
        phrases=found,
        of_units=() if code else [one for one in desk.of_reader(actor()) if not one.own],
        code=code,
        longest=LONGEST,
        text=text,
        error=refused.message(language()) if refused else "",
    )
    return page, status_of(refused) if refused else 200
