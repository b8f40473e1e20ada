"""The page on which two versions, designs or snapshots stand beside each other. Knows no rule."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import lazy_gettext

from engine.comparing.views import FileChange
from web.common.context import actor, application
from web.common.element_names import ELEMENTS, FIELDS

pages = Blueprint("compare_pages", __name__, url_prefix="/workshop/compare")

KINDS: Final = {
    "added": lazy_gettext("增加"),
    "removed": lazy_gettext("删除"),
    "changed": lazy_gettext("修改"),
    "moved": lazy_gettext("移动"),
}
SORTS: Final = {**FIELDS, **ELEMENTS}


@pages.get("")
def compare() -> str:
    """Two sides, chosen from all of the same process."""
    sides, after = application().workshop.sides, request.args.get("after", "")
    before = request.args.get("before") or sides.beside(actor(), after)
    difference = sides.difference(actor(), before, after)
    return render_template(
        "workshop/compare.html",
        difference=difference,
        offered=sides.offered(actor(), after),
        kinds=KINDS,
        sorts=SORTS,
        counts=counted(difference.files),
    )


@pages.get("/diagram")
def diagram() -> Response:
    """A diagram of one side."""
    text = application().workshop.sides.diagram(actor(), request.args.get("of", ""), request.args.get("file", ""))
    response = make_response(text)
    response.mimetype = "application/xml"
    return response


def counted(files: tuple[FileChange, ...]) -> dict[str, int]:
    """How much of each kind differs: elements, fields, entries, rows; a file without any of these counts itself."""
    found = dict.fromkeys(KINDS, 0)
    for file in files:
        told = [*file["changes"], *(row for table in file["tables"] for row in table["rows"])]
        for one in told:
            found[one["kind"]] += 1
        found[file["kind"]] += not told
    return found
