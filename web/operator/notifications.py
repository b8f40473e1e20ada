"""The operator's page of what is told outside: how each channel stands, the fate of each, a test. Shows no business."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.errors import BadInput
from web.common.context import actor, application
from web.common.fates import PURPOSES, STATES
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("outgoing_pages", __name__)
LARGEST: Final = 2**31 - 1
SHOWN: Final = ("waiting", "failed", "sent", "dropped")


@pages.get("/operations/notifications")
def outgoing() -> ResponseReturnValue:
    """How all stands."""
    return _page()


@pages.post("/operations/notifications/test")
def test() -> ResponseReturnValue:
    """Queue a test; what becomes of it stands in the list."""
    channel, address = request.form.get("channel", ""), request.form.get("address", "")
    try:
        application().notifications.test(actor(), channel, address, language())
    except BadInput as refused:
        return _page(refused)
    flash(gettext("测试消息已排队，几秒后在下面可以看到结果。"), "success")
    return redirect(url_for("outgoing_pages.outgoing"), code=303)


@pages.post(f"/operations/notifications/<int(max={LARGEST}):number>/again")
def again(number: int) -> ResponseReturnValue:
    """Let what was given up be sent again."""
    application().notifications.again(actor(), number)
    flash(gettext("已重新排队。"), "success")
    return redirect(url_for("outgoing_pages.outgoing"), code=303)


def _page(refused: BadInput | None = None) -> ResponseReturnValue:
    status, after = request.args.get("status", ""), request.args.get("after", "")
    status = status if status in SHOWN else ""
    page = render_template(
        "operations/notifications.html",
        page=application().notifications.page(actor(), status, after),
        status=status,
        after=after,
        shown=SHOWN,
        states=STATES,
        purposes=PURPOSES,
        error=refused.message(language()) if refused else "",
        typed=request.form,
    )
    return page, status_of(refused) if refused else 200
