"""The drafts of a person (草稿箱): go on with one, or discard it. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from web.cases.filters import VIEWS
from web.common.context import actor, application

pages = Blueprint("draft_pages", __name__)


@pages.get("/drafts")
def drafts() -> str:
    """A page of them, the one saved last first."""
    after, cases = request.args.get("after", ""), application().cases
    page, counts = cases.draft_list.page(actor(), after), cases.inbox.counts(actor())
    return render_template("inbox/drafts.html", page=page, after=after, views=VIEWS, counts=counts)


@pages.post("/drafts/<draft_id>/discard")
def discard(draft_id: str) -> ResponseReturnValue:
    """Forget one; in a second tab it may be gone already."""
    application().cases.drafts.discard(actor(), draft_id)
    flash(gettext("草稿已删除。"), "success")
    return redirect(url_for("draft_pages.drafts"), code=303)
