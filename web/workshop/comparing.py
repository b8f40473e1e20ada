"""The page on which two versions, designs or snapshots stand beside each other. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from web.common.context import actor, application
from web.common.differences import shown

pages = Blueprint("compare_pages", __name__, url_prefix="/workshop/compare")


@pages.get("")
def compare() -> str:
    """Two sides, chosen from all of the same process."""
    sides, after = application().workshop.sides, request.args.get("after", "")
    before = request.args.get("before") or sides.beside(actor(), after)
    difference = sides.difference(actor(), before, after)
    offered = sides.offered(actor(), after)
    return render_template("workshop/compare.html", difference=difference, offered=offered, **shown(difference.files))


@pages.get("/diagram")
def diagram() -> Response:
    """A diagram of one side."""
    text = application().workshop.sides.diagram(actor(), request.args.get("of", ""), request.args.get("file", ""))
    response = make_response(text)
    response.mimetype = "application/xml"
    return response
