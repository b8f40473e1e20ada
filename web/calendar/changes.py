"""Changes of the working calendar: what one person proposes and another decides. Knows no rule of either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine.calendar.notices import FIRST_YEAR, LAST_YEAR
from engine.desks.calendar import ACCEPT, REFUSE, WITHDRAW
from engine.errors import BadInput, Conflict, NotAllowed, Refusal
from web.calendar.parts import Cell, page, stretches, today, typed_day, typed_number
from web.common.context import actor, application
from web.common.errors import status_of
from web.common.i18n import language
from web.common.words import say

pages = Blueprint("calendar_change_pages", __name__, url_prefix="/calendar")

LONGEST_CODE, LONGEST_REASON = 20, 2000
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
DONE = {
    ACCEPT: lazy_gettext("变更已生效，有关期限已重新计算。"),
    REFUSE: lazy_gettext("已记录为不予采纳，日历没有变化。"),
    WITHDRAW: lazy_gettext("提议已撤回，日历没有变化。"),
}


@pages.get("/changes")
def changes() -> str:
    """What was proposed and decided, and the forms to propose more."""
    return _changes()


def _changes(error: str = "", problems: Iterable[Any] = (), form: str = "") -> str:
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


@pages.post("/notices")
def propose_notice() -> ResponseReturnValue:
    """Propose the notice of a year, from its text or from a table."""
    sent, desk = request.files.get("file"), application().calendar
    told = (typed_number(request.form, "year", 0, 9999, 0), request.form.get("source", ""))
    try:
        if sent is not None and sent.filename:
            made = desk.propose_notice_table(actor(), *told, sent.filename, sent.read())
        else:
            made = desk.propose_notice(actor(), *told, request.form.get("text", ""))
    except Refusal as refused:
        return _refused(refused, "notice")
    return _made(made)


@pages.post("/closures")
def propose_closure() -> ResponseReturnValue:
    """Propose that an organisation is closed on some days."""
    code = request.form.get("organisation", "").split(" ")[0][:LONGEST_CODE]
    try:
        first = typed_day(request.form, "first", say("停办首日"))
        last = typed_day(request.form, "last", say("停办末日"))
        made = application().calendar.propose_closure(actor(), code, first, last, request.form.get("reason", ""))
    except Refusal as refused:
        return _refused(refused, "closure")
    return _made(made)


@pages.post("/changes/<int(max=2147483647):proposal_id>/reopening")
def propose_reopening(proposal_id: int) -> ResponseReturnValue:
    """Propose that a closure no longer holds."""
    try:
        made = application().calendar.propose_reopening(actor(), proposal_id, request.form.get("reason", ""))
    except BadInput as refused:
        return _change(proposal_id, refused.message(language())), status_of(refused)
    return _made(made)


@pages.get("/changes/<int(max=2147483647):proposal_id>")
def change(proposal_id: int) -> str:
    """One proposal: what it says, what it would do, and the answer."""
    return _change(proposal_id)


def _change(proposal_id: int, error: str = "") -> str:
    view = application().calendar.change(actor(), proposal_id)
    one = view.proposal
    said = [Cell(day, "closed" if one.kind == "closure" else "off", why, False) for day, why in one.off.items()]
    said += [Cell(day, "shift", why, False) for day, why in one.working.items()]
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
        return _change(proposal_id, refused.message(language())), status_of(refused)
    flash(str(DONE[answer]), "success")
    return redirect(url_for("calendar_change_pages.change", proposal_id=proposal_id), code=303)


def _refused(refused: Refusal, form: str) -> ResponseReturnValue:
    if isinstance(refused, (NotAllowed, Conflict)):
        raise refused
    problems = getattr(refused, "problems", ())
    return _changes(refused.message(language()), problems, form), 422


def _made(proposal_id: int) -> ResponseReturnValue:
    flash(str(lazy_gettext("提议已提交，须由另一人审定后生效。")), "success")
    return redirect(url_for("calendar_change_pages.change", proposal_id=proposal_id), code=303)
