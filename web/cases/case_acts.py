"""What people do to a case as a whole: withdraw, cancel, comment. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape

from web.common.context import actor, application
from web.common.returning import came_from

pages = Blueprint("case_act_pages", __name__)


@pages.post("/cases/<case_id>/withdraw")
def withdraw(case_id: str) -> ResponseReturnValue:
    """The applicant takes it back while nobody has decided."""
    done = application().cases.acting.withdraw(actor(), case_id, request.form.get("reason", ""))
    return _to_the_list(case_id, gettext("%(number)s 已撤回。", number=done.number))


@pages.post("/cases/<case_id>/cancel")
def cancel(case_id: str) -> ResponseReturnValue:
    """End it for good, with a reason."""
    done = application().cases.acting.cancel(actor(), case_id, request.form.get("reason", ""))
    return _to_the_list(case_id, gettext("%(number)s 已撤销。", number=done.number))


@pages.post("/cases/<case_id>/comment")
def comment(case_id: str) -> ResponseReturnValue:
    """A word to everybody who sees the case."""
    application().cases.acting.comment(actor(), case_id, request.form.get("text", ""))
    return back(case_id, gettext("留言已加入流转记录。"), tab="history")


def back(case_id: str, sentence: str, tab: str = "form") -> ResponseReturnValue:
    """After an act that leaves the case with one: to a tab of it, saying what was done."""
    flash(sentence, "success")
    return redirect(url_for("case_pages.case", case_id=case_id, tab=tab), code=303)


def _to_the_list(case_id: str, sentence: str) -> ResponseReturnValue:
    """After an act that ends the case: back to the list, or to the case, saying what was done."""
    link = Markup(' <a href="{}">{}</a>').format(url_for("case_pages.case", case_id=case_id), gettext("查看事项"))
    flash(escape(sentence) + link if came_from() else sentence, "success")
    return redirect(came_from() or url_for("case_pages.case", case_id=case_id), code=303)
