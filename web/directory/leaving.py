"""The page on which everything of a person who leaves is given to others: rehearsed first, then done. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.desks.leaving import Refused
from engine.desks.leaving_views import Result
from engine.desks.successors import Successor
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("leaving_pages", __name__)
LARGEST: Final = 2**31 - 1


@pages.get(f"/admin/users/<int(max={LARGEST}):user_id>/leaving")
def page(user_id: int) -> ResponseReturnValue:
    """What he has in hand."""
    return _page(user_id)


@pages.post(f"/admin/users/<int(max={LARGEST}):user_id>/leaving")
def change(user_id: int) -> ResponseReturnValue:
    """Rehearse, or do it."""
    desk, choices = application().leaving, _choices()
    close = Successor(nobody="nobody" in request.form) if "close" in request.form else None
    if request.form.get("act") != "do":
        return _page(user_id, desk.rehearse(actor(), user_id, choices, close))
    try:
        desk.hand_over(actor(), user_id, choices, close)
    except Refused as refused:
        return _page(user_id, refused.results, refused)
    flash(gettext("交接已办理完毕。"), "success")
    return redirect(url_for("people_pages.user", user_id=user_id), code=303)


def _choices() -> dict[str, int]:
    """The receiver of each line that has one."""
    found = {}
    for name, value in request.form.items():
        if name.startswith("line:") and value.isascii() and value.isdigit() and len(value) < len(str(LARGEST)):
            found[name.removeprefix("line:")] = int(value)
    return found


def _page(user_id: int, results: Sequence[Result] = (), refused: Refused | None = None) -> ResponseReturnValue:
    told = {one.line: one for one in results}
    page = render_template(
        "people/leaving.html",
        found=application().leaving.page(actor(), user_id),
        told=told,
        problems={line: one.problem.text(language()) for line, one in told.items() if one.problem is not None},
        choices=_choices(),
        close=not request.form or "close" in request.form,
        error=refused.message(language()) if refused else "",
    )
    return page, status_of(refused) if refused else 200
