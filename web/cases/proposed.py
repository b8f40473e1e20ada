"""The page on which what a case is to put in force stands beside what that replaces. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from web.common.context import actor, application
from web.common.differences import shown

pages = Blueprint("proposed_pages", __name__, url_prefix="/cases/<case_id>/proposed")


@pages.get("")
def proposed(case_id: str) -> str:
    """The version in force and what is proposed, file by file."""
    difference = application().cases.proposed.difference(actor(), case_id)
    return render_template("cases/proposed.html", case_id=case_id, difference=difference, **shown(difference.files))


@pages.get("/diagram")
def diagram(case_id: str) -> Response:
    """A diagram of one side: to be read by our viewer, never to be run as a page."""
    side, file = request.args.get("side", ""), request.args.get("file", "")
    answer = make_response(application().cases.proposed.diagram(actor(), case_id, side, file))
    answer.content_type = "application/xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
