"""What people do to a case as a whole: withdraw, cancel, comment. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from web.common.context import actor, application

pages = Blueprint("case_act_pages", __name__)


@pages.post("/cases/<case_id>/withdraw")
def withdraw(case_id: str) -> ResponseReturnValue:
    """The applicant takes it back while nobody has decided."""
    application().cases.acting.withdraw(actor(), case_id, request.form.get("reason", ""))
    return back(case_id, gettext("已撤回。"))


@pages.post("/cases/<case_id>/cancel")
def cancel(case_id: str) -> ResponseReturnValue:
    """End it for good, with a reason."""
    application().cases.acting.cancel(actor(), case_id, request.form.get("reason", ""))
    return back(case_id, gettext("已撤销。"))


@pages.post("/cases/<case_id>/comment")
def comment(case_id: str) -> ResponseReturnValue:
    """A word to everybody who sees the case."""
    application().cases.acting.comment(actor(), case_id, request.form.get("text", ""))
    return back(case_id, gettext("留言已加入流转记录。"), tab="history")


def back(case_id: str, sentence: str, tab: str = "form") -> ResponseReturnValue:
    """After an act: to a tab of the case, saying what was done."""
    flash(sentence, "success")
    return redirect(url_for("case_pages.case", case_id=case_id, tab=tab), code=303)
