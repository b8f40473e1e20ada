"""Renaming an organisation, or letting it go into another one: what would go with it, and the act. Knows no rule."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine import letters
from engine.errors import BadInput
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of

pages = Blueprint("succession_pages", __name__)

LONGEST_CODE = 20
PLACES = 2000
RENAME, SUCCEED = "rename", "succeed"


@pages.get("/organisations/<code>/succession")
def succession(code: str) -> str:
    """What stands in its name, and the forms of both acts."""
    return _page(code)


def _page(code: str, error: str = "", act: str = "") -> str:
    opened = application()
    return render_template(
        "people/succession.html",
        found=opened.succession.foresee(actor(), code),
        places=[one for one in opened.organisations.search(actor(), "", PLACES) if one.code != code],
        said=request.form,
        error=error,
        act=act,
    )


@pages.post("/organisations/<code>/succession")
def change(code: str) -> ResponseReturnValue:
    """Rename it, or let it go into another one. What cannot be is shown on the same page."""
    said, desk = request.form, application().succession
    act = SUCCEED if said.get("act") == SUCCEED else RENAME
    shown = code
    try:
        if act == RENAME:
            done = desk.rename(actor(), code, said.get("name", ""), said.get("short_name", ""), said.get("reason", ""))
        else:
            shown = letters.narrow(said.get("successor", "")).split(" ")[0][:LONGEST_CODE]
            done = desk.succeed(actor(), code, shown, said.get("reason", ""))
    except BadInput as refused:
        return _page(code, refused.message(language()), act), status_of(refused)
    told = {"cases": done.cases, "tasks": done.tasks}
    if act == RENAME:
        flash(gettext("已更名；%(cases)d 件在办事项、%(tasks)d 项任务已改用新名称。", **told), "success")
    else:
        told |= {"records": done.records, "people": done.people}
        words = gettext(
            "已办理单位变更：移交在办事项 %(cases)d 件、任务 %(tasks)d 项、记录 %(records)d 条、人员 %(people)d 名。",
            **told,
        )
        flash(words, "success")
    return redirect(url_for("organisation_pages.organisation", code=shown), code=303)
