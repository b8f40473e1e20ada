"""The demo's clock: the banner on every page, and the buttons that let time pass. Without a demo there is none."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from engine.desks.clock import BACK, HOUR, TEN_WORKING_DAYS, WORKING_DAY, Shown
from web.common.context import actor, application
from web.common.i18n import moment, own_path

pages = Blueprint("clock_pages", __name__)
MOVES = {
    HOUR: lazy_gettext("+1 小时"),
    WORKING_DAY: lazy_gettext("下一个工作日"),
    TEN_WORKING_DAYS: lazy_gettext("+10 个工作日"),
}


@pages.post("/clock")
def move() -> Response:
    """Let time pass, and go back to the page where it was asked for."""
    now = application().clock_desk.move(actor(), request.form.get("move", ""))
    flash(gettext("演示时钟现在是 %(at)s，到期的任务已执行。", at=moment(now)), "success")
    return redirect(own_path(request.form.get("next", "")) or url_for("overview_pages.home"), code=303)


def shown() -> Shown | None:
    """What the banner of this page says; None: no banner."""
    found: Shown | None = application().clock_desk.shown()
    return found


def init_clock(app: Flask) -> None:
    """Register the buttons, and what the banner needs."""
    app.register_blueprint(pages)
    app.jinja_env.globals.update(demo_clock=shown, clock_moves=MOVES, clock_back=BACK)
