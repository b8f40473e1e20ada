"""The pages of deadlines: those of a case, and what people do to them. Knows no rule of counting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from engine.calendar.deadlines import Grounds
from engine.errors import BadInput, Conflict, NotFound, Refusal
from engine.files.store import KINDS, Upload
from engine.views import CaseView
from engine.views.deadlines import TaskDeadline
from engine.words import worded
from web.calendar.parts import today, typed_day, typed_number
from web.cases.ledgers import ENDED, LOOKS, MARKS, days_of, end_of, facts_of, lines_of, standing
from web.common.context import actor, application
from web.common.errors import status_of, wants_json
from web.common.i18n import day, pick
from web.common.words import say

pages = Blueprint("deadline_pages", __name__)

ACTS = {
    "suspend": lazy_gettext("中止期限"),
    "resume": lazy_gettext("恢复计算"),
    "extend": lazy_gettext("延长期限"),
}
DONE = {
    "suspend": lazy_gettext("期限已中止"),
    "resume": lazy_gettext("期限已恢复计算"),
    "extend": lazy_gettext("期限已延长"),
}
MOST = 9999
UNTIL = say("中止至")
FIELDS = {"中止至": "until", "延长天数": "days", "依据条款": "article", "附件": "file", "理由": "reason"}
"""What the engine calls the fields, and their names in the form."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an act on a deadline. ``field`` is empty when it is no field's fault."""

    task_id: str
    act: str
    field: str
    words: str


# -- of one case -----------------------------------------------------------------------------------------------------


def case_page(case_id: str, wrong: Wrong | None = None) -> str:
    """The tab of a case that shows its deadlines: those that run first, then the latest."""
    cases = application().cases
    view: CaseView = cases.reading.case(actor(), case_id)
    found: tuple[TaskDeadline, ...] = cases.ledgers.of_case(actor(), case_id)
    ended = [one for one in reversed(found) if one.status in ENDED]
    return render_template(
        "deadlines/case.html",
        case=view,
        tab="deadlines",
        deadlines=[one for one in found if one.status not in ENDED] + ended,
        wrong=wrong,
        typed=request.form if wrong else {},
        counted_times=cases.ledgers.times(actor(), case_id),
        kinds=",".join(KINDS),
        today=today(),
        acts=ACTS,
        marks=MARKS,
        days_of=days_of,
        lines_of=lines_of,
        end_of=end_of,
    )


# -- acts ------------------------------------------------------------------------------------------------------------


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


# -- what other pages show -------------------------------------------------------------------------------------------


def late_deadlines() -> int:
    """How many are late in the reader's part of the tree; asked once a request."""
    if "late_deadlines" not in g:
        g.late_deadlines = application().cases.ledgers.late(actor())
    return int(g.late_deadlines)


def ledger_address(case_id: str, task_id: str) -> str:
    """Where the ledger of a task's deadline is shown."""
    return url_for("case_pages.case", case_id=case_id, tab="deadlines", _anchor=f"deadline-{task_id}")


def init_deadlines(app: Flask) -> None:
    """What templates of other pages show of deadlines."""
    app.jinja_env.globals.update(
        deadline_facts=facts_of,
        deadline_looks=LOOKS,
        late_deadlines=late_deadlines,
        ledger_address=ledger_address,
        standing=standing,
    )
