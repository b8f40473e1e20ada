"""Proposing a change of the working calendar: a notice, a closure, its end. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine import letters
from engine.calendar.notice_sentences import NAMES
from engine.calendar.notice_text import COLUMNS, OFF
from engine.errors import BadInput, Conflict, NotAllowed, Refusal
from web.calendar.changes import change_page, changes_page
from web.calendar.parts import typed_day, typed_number
from web.common.context import actor, application
from web.common.i18n import language, pick
from web.common.sheets import template
from web.common.statuses import status_of
from web.common.words import say

pages = Blueprint("calendar_proposal_pages", __name__, url_prefix="/calendar")
LONGEST_CODE = 20


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


@pages.get("/notices/template.xlsx")
def blank_notice() -> Response:
    """A table of a notice to fill in, with one line as an example."""
    headings = [pick((names[0], names[-1])) for names in COLUMNS.values()]
    example = ("2027-01-01", "2027-01-03", pick((OFF[0], OFF[-1])), pick(next(iter(NAMES.items()))))
    return template(gettext("放假安排"), headings, [example])


@pages.post("/closures")
def propose_closure() -> ResponseReturnValue:
    """Propose that an organisation is closed on some days."""
    code = letters.narrow(request.form.get("organisation", "")).split(" ")[0][:LONGEST_CODE]
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
        return change_page(proposal_id, refused.message(language())), status_of(refused)
    return _made(made)


def _refused(refused: Refusal, form: str) -> ResponseReturnValue:
    if isinstance(refused, (NotAllowed, Conflict)):
        raise refused
    problems = getattr(refused, "problems", ())
    return changes_page(refused.message(language()), problems, form), 422


def _made(proposal_id: int) -> ResponseReturnValue:
    flash(str(lazy_gettext("提议已提交，须由另一人审定后生效。")), "success")
    return redirect(url_for("calendar_change_pages.change", proposal_id=proposal_id), code=303)
