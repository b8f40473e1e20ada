"""The page of help, and what ends the tour. Knows no role."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from web.common.context import actor, application
from web.common.i18n import own_path
from web.common.landing import first_page
from web.help.tours import steps_of

pages: Final = Blueprint("help_pages", __name__)


@pages.get("/help")
def help_page() -> str:
    """What this person may use, step by step; the words explained; the keys."""
    return render_template("help/page.html", steps=steps_of(actor()))


@pages.post("/help/tour")
def end_tour() -> ResponseReturnValue:
    """The tour is over or not wanted; it is not offered again."""
    application().tours.end(actor())
    session.pop("tour", None)
    flash(gettext("导览已结束。需要时，点右上角您的名字，选择“使用帮助”。"), "info")
    return redirect(own_path(request.form.get("next", "")) or first_page(actor()), code=303)
