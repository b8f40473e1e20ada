"""The operator's pages: background work, and what failed. Shows no business."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from engine.cases.acting.naming import MOST_NAMED
from engine.errors import BadInput
from engine.jobs.report import MOST_JOBS, SHOWN
from web.common.context import actor, application
from web.common.i18n import language
from web.common.statuses import status_of
from web.operator.words import ACTS, ANSWERS, COUNTED, DONE, JOB_STATES, OUTCOMES, ROUTINES

pages = Blueprint("operation_pages", __name__)


@pages.get("/operations")
def desk() -> str:
    """How the background work stands, what failed, what was settled last."""
    return _desk()


def _desk(error: str = "", wrong: int | str = 0, reason: str = "") -> str:
    after = request.args.get("after", "")
    standing = application().operator.standing(actor(), after)
    words: dict[str, Any] = {"job_states": JOB_STATES, "acts": ACTS, "answers": ANSWERS}
    words |= {"routines": ROUTINES, "outcomes": OUTCOMES, "told_by": COUNTED, "most": MOST_JOBS}
    return render_template(
        "operations/desk.html",
        standing=standing,
        after=after,
        stranded=application().cases.stranding.count(actor()),
        error=error,
        wrong=wrong,
        reason=reason,
        **words,
    )


@pages.post("/operations/incidents/<int(max=2147483647):incident_id>")
def answer(incident_id: int) -> ResponseReturnValue:
    """Settle an incident, run its job again or give it up; a reason is needed."""
    chosen, reason = request.form.get("answer", ""), request.form.get("reason", "")
    try:
        application().operator.answer(actor(), incident_id, chosen, reason)
    except BadInput as refused:
        return _desk(refused.message(language()), incident_id, reason), status_of(refused)
    flash(str(DONE[chosen]), "success")
    return redirect(url_for("operation_pages.desk"), code=303)


@pages.get("/operations/incidents/<int(max=2147483647):incident_id>/holder")
def holder(incident_id: int) -> str:
    """Who may be named for a task for which nobody was found."""
    return _holder(incident_id, request.args.get("q", ""))


def _holder(incident_id: int, words: str, error: str = "", reason: str = "") -> str:
    incident, people = application().operator.nameable(actor(), incident_id, words)
    shown: dict[str, Any] = {"incident": incident, "people": people, "words": words, "most": MOST_NAMED}
    return render_template(
        "operations/holder.html", error=error, reason=reason, chosen=request.form.get("key"), **shown
    )


@pages.post("/operations/incidents/<int(max=2147483647):incident_id>/holder")
def name_holder(incident_id: int) -> ResponseReturnValue:
    """Name one of them; a reason is needed."""
    key, reason = request.form.get("key", ""), request.form.get("reason", "")
    try:
        application().operator.name_holder(actor(), incident_id, key, reason)
    except BadInput as refused:
        shown = _holder(incident_id, request.form.get("q", ""), refused.message(language()), reason)
        return shown, status_of(refused)
    flash(gettext("已指定办理人。后台任务将立即重新执行；由人办理的，请他再提交一次。"), "success")
    return redirect(url_for("operation_pages.desk"), code=303)


@pages.post("/operations/suspensions/<string(length=64):digest>")
def resume(digest: str) -> ResponseReturnValue:
    """Let a suspended definition go on; a reason is needed."""
    reason = request.form.get("reason", "")
    try:
        application().operator.resume(actor(), digest, reason)
    except BadInput as refused:
        return _desk(refused.message(language()), digest, reason), status_of(refused)
    flash(gettext("流程已恢复办理，等待的事项可以继续。"), "success")
    return redirect(url_for("operation_pages.desk"), code=303)


@pages.post("/operations/outbox")
def release() -> ResponseReturnValue:
    """Let go what a restored installation holds back."""
    count = application().outbox.release(actor())
    flash(ngettext("已放行 %(num)d 项后台任务。", "已放行 %(num)d 项后台任务。", count), "success")
    return redirect(url_for("operation_pages.desk"), code=303)


@pages.get("/operations/downtimes/<int(max=2147483647):downtime>")
def caught_up(downtime: int) -> str:
    """What should have happened while nobody looked, and when it did."""
    gap, held = application().operator.caught_up(actor(), downtime)
    words = {"job_states": JOB_STATES, "acts": ACTS, "most": SHOWN}
    return render_template("operations/downtime.html", gap=gap, held=held, **words)
