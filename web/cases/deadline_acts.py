"""What people do to a deadline of a case: suspend, resume, extend. Knows no rule of counting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.calendar.deadlines import Grounds
from engine.errors import BadInput, Conflict, NotFound, Refusal
from engine.files.uploads import Upload
from engine.views.deadlines import TaskDeadline
from engine.words import worded
from web.calendar.parts import typed_day, typed_number
from web.cases.deadlines import Wrong, case_page, ledger_address
from web.common.context import actor, application
from web.common.errors import wants_json
from web.common.i18n import day, pick
from web.common.statuses import status_of
from web.common.words import say

pages = Blueprint("deadline_pages", __name__)
DONE: Mapping[str, object] = {
    "suspend": lazy_gettext("期限已中止"),
    "resume": lazy_gettext("期限已恢复计算"),
    "extend": lazy_gettext("期限已延长"),
}
MOST = 9999
UNTIL = say("中止至")
FIELDS = {"中止至": "until", "延长天数": "days", "依据条款": "article", "附件": "file", "理由": "reason"}
"""What the engine calls the fields, and their names in the form."""


@pages.post("/cases/<case_id>/deadlines/<task_id>/suspend")
def suspend(case_id: str, task_id: str) -> ResponseReturnValue:
    """Let it stand still until the end of a day."""
    cases = application().cases
    return _change(
        case_id,
        task_id,
        "suspend",
        lambda: cases.deadlines.suspend(actor(), task_id, typed_day(request.form, "until", UNTIL), _grounds()),
    )


@pages.post("/cases/<case_id>/deadlines/<task_id>/resume")
def resume(case_id: str, task_id: str) -> ResponseReturnValue:
    """Let it run on from now."""
    cases = application().cases
    return _change(case_id, task_id, "resume", lambda: cases.deadlines.resume(actor(), task_id, _grounds()))


@pages.post("/cases/<case_id>/deadlines/<task_id>/extend")
def extend(case_id: str, task_id: str) -> ResponseReturnValue:
    """Grant further working days."""
    cases = application().cases
    return _change(
        case_id,
        task_id,
        "extend",
        lambda: cases.deadlines.extend(actor(), task_id, typed_number(request.form, "days", 1, MOST, 0), _grounds()),
    )


def _change(case_id: str, task_id: str, act: str, change: Callable[[], None]) -> ResponseReturnValue:
    """Wrong fields, or somebody else has just changed it: the same page, with everything that was typed."""
    _deadline(case_id, task_id)
    try:
        change()
    except (BadInput, Conflict) as refused:
        if wants_json():
            raise
        return case_page(case_id, _wrong(task_id, act, refused)), status_of(refused)
    flash(
        gettext("%(done)s，应办结日为 %(day)s。", done=DONE[act], day=day(_deadline(case_id, task_id).due_at)),
        "success",
    )
    return redirect(ledger_address(case_id, task_id), code=303)


def _deadline(case_id: str, task_id: str) -> TaskDeadline:
    """Raises NotFound when the case has no such deadline."""
    found: tuple[TaskDeadline, ...] = application().cases.ledgers.of_case(actor(), case_id)
    for one in found:
        if one.task_id == task_id:
            return one
    raise NotFound(what=say("这个期限"))


def _wrong(task_id: str, act: str, refused: Refusal) -> Wrong:
    field = refused.facts.get("field")
    if field is None:
        return Wrong(task_id, act, "", gettext("刚才已有人改动了这个期限。下面是最新情况，请核对后再提交。"))
    return Wrong(task_id, act, FIELDS.get(worded(field, "zh"), ""), pick(refused.facts["reason"]))


def _grounds() -> Grounds:
    """Reason, article and document, and the deadline as the page showed it."""
    file, typed = request.files.get("file"), request.form
    paper = Upload(file.filename, file.read()) if file and file.filename else None
    return Grounds(typed.get("reason", ""), typed.get("article", ""), paper, typed.get("seen") or "?")
