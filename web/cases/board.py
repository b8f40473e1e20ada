"""Boards (看板): the cases of a kind in lanes, as its diagram declares them. Knows no kind and no lane."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from engine.views.boards import Board
from web.cases.columns import shown
from web.cases.filters import STATES
from web.cases.fitting import fitting
from web.cases.visible import holders, steps
from web.cases.visible_query import read_query, words_of
from web.common.context import actor, application
from web.common.places import places

pages = Blueprint("board_pages", __name__)


@pages.get("/cases/board")
def board() -> str:
    """The board of the kind that the address names; of another state than running cases when it asks for one."""
    asked, unfit = fitting(read_query(request.args))
    found: Board = application().cases.boards.of(actor(), asked)
    return render_template(
        "inbox/board.html",
        board=found,
        unfit=unfit,
        kinds=application().cases.boards.kinds(actor()),
        places=places(),
        states=STATES,
        holders=holders,
        stands=steps,
        shown=shown,
        words=words_of,
    )
