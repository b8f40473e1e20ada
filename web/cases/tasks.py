"""The page of one task: fill in, decide, keep a draft, claim and release. Knows no rule: the engine decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape

from engine.errors import InvalidForm
from engine.files.uploads import KINDS
from engine.sealing.codes import new_code
from engine.views import HistoryAsked, Receipt
from web.cases.form_page import checked_json, form_page
from web.cases.handed_in import LONGEST_NUMBER, handed_in
from web.cases.sheets import sheets_on_page
from web.common.context import actor, application
from web.common.downloads import to_save
from web.common.errors import field_errors, wants_json
from web.common.i18n import moment, pick
from web.common.returning import came_from, next_like

pages = Blueprint("task_pages", __name__)
_DOORS = {
    "": "task_pages.complete", "sealed": "sealed_pages.hand_in", "share": "sealed_pages.share",
    "unseal": "sealed_pages.unseal",
}  # fmt: skip
"""Where a task is handed in, by what it seals or opens."""


@pages.get("/tasks/<task_id>")
def task(task_id: str) -> str:
    """The task with its form, what went before, and what the regulation says."""
    page = _page(task_id)
    application().messages.read(actor(), task_id.partition("-")[0])  # whoever looks at the task has been told
    return page


def _page(task_id: str, values: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None) -> str:
    cases = application().cases
    view = cases.reading.task(actor(), task_id)
    words = values or (view.form.values if view.form else {})
    kind = view.sealing.kind if view.sealing else ""
    return render_template(
        "cases/task.html",
        task=view,
        case=cases.reading.case(actor(), view.case.id, HistoryAsked(standing=True, seen_at=view.element_id)),
        opinion=words.get("opinion", ""),
        return_to=words.get("return_to", ""),
        errors=errors or {},
        act_url=url_for(_DOORS[kind], task_id=task_id),
        code=new_code() if view.sealing and view.sealing.printed else "",
        form_page=form_page(
            view.form,
            own_draft=f"gangwei.sealed.{actor().user_id}.{task_id}" if kind == "sealed" else None,
            check_url=url_for("task_pages.check", task_id=task_id),
            draft_url=url_for("task_pages.save_draft", task_id=task_id) if "draft" in view.may else None,
            files_url=url_for("case_file_pages.attach", case_id=view.case.id),
            preview_url=url_for("task_pages.preview", task_id=task_id) if view.makes_papers else None,
            values=values,
            errors=errors,
            sheets=sheets_on_page(view.form, "draft" in view.may, task_id=task_id),
        ),
    )


@pages.post("/tasks/<task_id>")
def complete(task_id: str) -> ResponseReturnValue:
    """Hand in. Wrong fields: the same page with the errors and everything that was typed, 422."""
    handed = handed_in()
    try:
        receipt = application().cases.acting.complete(
            actor(), task_id, handed.data, handed.outcome or "", handed.revision
        )
    except InvalidForm as refused:
        if wants_json():
            raise
        return _page(task_id, handed.data, field_errors(refused)), 422
    done = gettext("%(number)s 已办理：%(outcome)s。", number=receipt.number, outcome=pick(receipt.done))
    return went_well(receipt, done, url_for("inbox_pages.inbox"), task_id)


def went_well(receipt: Receipt, sentence: str, location: str, task_id: str = "") -> ResponseReturnValue:
    """After an act: back to the list, or to the person's own next step, saying what was done and where the case went.

    ``location``: where one goes who has come from no list and has no next step. ``task_id``: what was done.
    """
    steps, own = gettext("、"), [one for one in receipt.opened if one.mine]
    others = [
        gettext("%(step)s（%(who)s）", step=pick(one.name), who=pick(one.waits_for))
        for one in receipt.opened
        if not one.mine
    ]
    if others:
        sentence += gettext("下一步：%(steps)s。", steps=steps.join(others))
    links = [
        (url_for("task_pages.task", task_id=one.id), gettext("继续办理：%(step)s", step=pick(one.name))) for one in own
    ]
    links.append((url_for("case_pages.case", case_id=receipt.case_id, tab="history"), gettext("查看流转记录")))
    said = escape(sentence) + Markup("").join(Markup(' <a href="{}">{}</a>').format(*one) for one in links)
    if receipt.next_task:
        said += next_like(task_id)
    flash(said, "success")
    location = came_from() or (url_for("task_pages.task", task_id=own[0].id) if own else location)
    if wants_json():
        return jsonify(location=location, case_id=receipt.case_id, number=receipt.number, status=receipt.status)
    return redirect(location, code=303)


@pages.post("/tasks/<task_id>/draft")
def save_draft(task_id: str) -> ResponseReturnValue:
    """Keep what was typed so far; nobody else sees it."""
    application().cases.drafts.save(actor(), task_id, handed_in().data)
    saved_at = application().clock.now()
    if wants_json():
        return jsonify(saved_at=moment(saved_at)[-5:])
    flash(gettext("草稿已保存。"), "success")
    return redirect(url_for("task_pages.task", task_id=task_id), code=303)


@pages.post("/tasks/<task_id>/check")
def check(task_id: str) -> Response:
    """What follows from the form as it stands, and what is wrong with it; nothing is kept."""
    checked = application().cases.reading.check(actor(), task_id, handed_in().data)
    return checked_json(checked)


@pages.post("/tasks/<task_id>/preview")
def preview(task_id: str) -> Response:
    """The papers that an outcome would make, as drafts: to be read on the page, or one of them as a Word file."""
    handed = handed_in()
    papers = application().cases.rehearsing.papers(actor(), task_id, handed.data, handed.outcome or "")
    number = request.args.get("paper", "")
    if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER and int(number) < len(papers):
        paper = papers[int(number)]
        return to_save(gettext("草稿 %(name)s", name=paper.name), paper.content, KINDS[".docx"][0])
    return jsonify(papers=len(papers), html=render_template("cases/_drafts.html", papers=papers))


@pages.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    """From now on this person works on it and his colleagues see that."""
    application().cases.claims.claim(actor(), task_id)
    flash(gettext("已签收，请办理。"), "success")
    return redirect(url_for("task_pages.task", task_id=task_id), code=303)


@pages.post("/tasks/<task_id>/release")
def release(task_id: str) -> ResponseReturnValue:
    """Give it back to everybody who may work on it."""
    application().cases.claims.release(actor(), task_id)
    flash(escape(gettext("已取消签收，同岗位人员都可以办理。")) + next_like(task_id), "success")
    return redirect(came_from() or url_for("task_pages.task", task_id=task_id), code=303)
