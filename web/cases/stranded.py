"""The page of tasks that nobody can take (无人办理), for the operator and for who stands above. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from web.common.context import actor, application

pages = Blueprint("stranded_pages", __name__)

LONGEST_PLACE = 20


@pages.get("/stranded")
def stranded() -> str:
    """A page of them, by case."""
    after = request.args.get("after", "")[:LONGEST_PLACE]
    page = application().cases.stranding.page(actor(), after)
    return render_template("cases/stranded.html", page=page, after=after, own=actor().in_business)
