"""Changes of the working calendar: what one person proposes and another decides. Knows no rule of either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.calendar.notices import FIRST_YEAR, LAST_YEAR, SATURDAY
from engine.desks.calendar import ACCEPT, REFUSE, WITHDRAW
from engine.errors import BadInput
from web.calendar.parts import Cell, page, stretches, today
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("calendar_change_pages", __name__, url_prefix="/calendar")
LONGEST_REASON = 2000
PLACES = 2000
STATES = {
    "": ("amber", lazy_gettext("待审定")),
    ACCEPT: ("green", lazy_gettext("已生效")),
    REFUSE: ("red", lazy_gettext("未采纳")),
    WITHDRAW: ("", lazy_gettext("已撤回")),
}
ANSWERS = {
    ACCEPT: ("primary", lazy_gettext("审定生效")),
    REFUSE: ("refuse", lazy_gettext("不予采纳")),
    WITHDRAW: ("refuse", lazy_gettext("撤回提议")),
}
DONE: Mapping[str, object] = {
    ACCEPT: lazy_gettext("变更已生效，有关期限已重新计算。"),
    REFUSE: lazy_gettext("已记录为不予采纳，日历没有变化。"),
    WITHDRAW: lazy_gettext("提议已撤回，日历没有变化。"),
}


@pages.get("/changes")
def changes() -> str:
    """What was proposed and decided, and the forms to propose more."""
    return changes_page()


def changes_page(error: str = "", problems: Iterable[Any] = (), form: str = "") -> str:
    """The same; ``form``: the one that was refused, with why."""
    opened = application()
    return page(
        "calendar/changes.html",
        proposals=opened.calendar.changes(actor()),
        states=STATES,
        places=opened.organisations.search(actor(), "", PLACES),
        next_year=today().year + 1,
        years=(FIRST_YEAR, LAST_YEAR),
        said=request.form,
        error=error,
        problems=problems,
        form=form,
    )


@pages.get("/changes/<int(max=2147483647):proposal_id>")
def change(proposal_id: int) -> str:
    """One proposal: what it says, what it would do, and the answer."""
    return change_page(proposal_id)


def change_page(proposal_id: int, error: str = "") -> str:
    """The same; ``error``: why what was handed in was refused."""
    view = application().calendar.change(actor(), proposal_id)
    one = view.proposal
    said = [Cell(day, "closed" if one.kind == "closure" else "off", why, False) for day, why in one.off.items()]
    said += [Cell(day, "shift", why, False) for day, why in one.working.items()]
    said += [Cell(day, "work" if day.weekday() < SATURDAY else "rest", why, False) for day, why in one.plain.items()]
    return page(
        "calendar/change.html",
        view=view,
        one=one,
        said=stretches(sorted(said, key=lambda cell: cell.day)),
        states=STATES,
        answers=ANSWERS,
        error=error,
        reason=request.form.get("reason", ""),
    )


@pages.post("/changes/<int(max=2147483647):proposal_id>")
def decide(proposal_id: int) -> ResponseReturnValue:
    """Put a proposal in force, refuse it or withdraw it."""
    answer, reason = request.form.get("answer", ""), request.form.get("reason", "")[:LONGEST_REASON]
    try:
        application().calendar.decide(actor(), proposal_id, answer, reason)
    except BadInput as refused:
        return change_page(proposal_id, refused.message(language())), status_of(refused)
    flash(str(DONE[answer]), "success")
    return redirect(url_for("calendar_change_pages.change", proposal_id=proposal_id), code=303)
