"""Starting a case: the kinds that a person may start, and the form of each. Knows no rule and no kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.errors import InvalidForm, NotFound
from engine.views import Startable
from web.cases.form_page import checked_json, form_page
from web.cases.handed_in import handed_in
from web.cases.sheets import sheets_on_page
from web.cases.tasks import went_well
from web.common.context import actor, application
from web.common.errors import field_errors, wants_json
from web.common.grouping import asked_words, grouped, list_in_groups
from web.common.i18n import moment
from web.common.words import say

pages = Blueprint("start_pages", __name__)


@pages.get("/start")
def kinds() -> Response:
    """The kinds by group, those that fit what is looked for; only these when htmx asks."""
    found = [one for one in application().cases.starts.startable(actor()) if one.organisations]
    places = {place.name for one in found for place in one.organisations}
    words = asked_words()
    return list_in_groups(
        "start/kinds.html",
        "start/groups.html",
        groups=grouped(((one.name, one) for one in found), words),
        count=len(found),
        words=words,
        only_place=next(iter(places)) if len(places) == 1 else "",
    )


@pages.get("/start/<key>")
def form(key: str) -> str:
    """The form of the start; first the choice of the organisation when there are several."""
    kind = _kind(key)
    code = request.args.get("organisation", "")
    if not code and len(kind.organisations) > 1:
        return render_template("start/organisation.html", kind=kind)
    return _page(key, code or kind.organisations[0].code)


def _kind(key: str) -> Startable:
    kinds: tuple[Startable, ...] = application().cases.starts.startable(actor())
    found = next((one for one in kinds if one.key == key and one.organisations), None)
    if found is None:
        application().cases.reading.must_be_in_force(key)
        raise NotFound(what=say("这类事项"))
    return found


def _page(key: str, code: str, values: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None) -> str:
    view = application().cases.reading.start_form(actor(), key, code)
    return render_template(
        "start/form.html",
        start=view,
        errors=errors or {},
        form_page=form_page(
            view.form,
            check_url=url_for("start_pages.check", key=key, organisation=code),
            draft_url=url_for("start_pages.save_draft", key=key, organisation=code),
            values=values,
            errors=errors,
            sheets=sheets_on_page(view.form, True, key=key, organisation=code),
        ),
    )


@pages.post("/start/<key>")
def start(key: str) -> ResponseReturnValue:
    """Start it. Wrong fields: the same page with the errors and everything that was typed, 422."""
    code = request.args.get("organisation", "")
    handed = handed_in()
    try:
        receipt = application().cases.acting.start(actor(), key, code, handed.data)
    except InvalidForm as refused:
        if wants_json():
            raise
        return _page(key, code, handed.data, field_errors(refused)), 422
    return went_well(
        receipt, gettext("已提交，编号 %(number)s。", number=receipt.number), url_for("inbox_pages.inbox", view="mine")
    )


@pages.post("/start/<key>/check")
def check(key: str) -> Response:
    """What follows from the form as it stands, and what is wrong with it; nothing is kept."""
    code = request.args.get("organisation", "")
    checked = application().cases.reading.check_start(actor(), key, code, handed_in().data)
    return checked_json(checked)


@pages.post("/start/<key>/draft")
def save_draft(key: str) -> ResponseReturnValue:
    """Keep what was typed so far; nobody else sees it."""
    code = request.args.get("organisation", "")
    application().cases.drafts.save_start(actor(), key, code, handed_in().data)
    return jsonify(saved_at=moment(application().clock.now())[-5:])
