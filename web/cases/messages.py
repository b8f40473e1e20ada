"""The bell and the page of messages: what a person was told, and the way from each to what it is about."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engine.messages.kinds import GROUPS
from engine.views import MessageFilters
from web.common.context import actor, application

pages = Blueprint("message_pages", __name__)

NEWEST = 8
"""So many the bell shows."""


@pages.get("/messages")
def messages() -> str:
    """What the system told the person, the newest first."""
    group = request.args.get("group", "")
    asked = MessageFilters(
        group=group if group in GROUPS else "",
        unread=request.args.get("only") == "unread",
        after=request.args.get("after", ""),
    )
    page = application().messages.page(actor(), asked)
    return render_template("inbox/messages.html", page=page, asked=asked, groups=GROUPS, words=_words)


@pages.get("/messages/newest")
def newest() -> Response:
    """The newest of them, for the bell."""
    page = application().messages.page(actor(), MessageFilters(limit=NEWEST))
    answer = make_response(render_template("inbox/newest.html", page=page))
    answer.cache_control.no_store = True
    return answer


@pages.get("/messages/<message_id>")
def message(message_id: str) -> AnyResponse:
    """Go to what a message is about: the task while it waits for the reader, else the case."""
    opened = application().messages.open(actor(), message_id)
    found = application().cases.attachments.leads_to(actor(), opened)
    if found is None:
        if opened.case_id is not None:
            flash(gettext("这条消息所说的事项您现在不能查看，可能已移交他人。"), "info")
        return redirect(url_for("message_pages.messages"), code=303)
    where, number = found
    if where == "task":
        return redirect(url_for("task_pages.task", task_id=number), code=303)
    return redirect(url_for("case_pages.case", case_id=number), code=303)


@pages.post("/messages/read")
def read_messages() -> AnyResponse:
    """All messages that the page showed, and those before them, count as read from now on."""
    application().messages.read(actor(), up_to=request.form.get("up_to") or None)
    return redirect(url_for("message_pages.messages"), code=303)


def _words(asked: MessageFilters, **changed: str) -> dict[str, str]:
    """The words of an address that asks the same but for what is changed."""
    now = {"group": asked.group, "only": "unread" if asked.unread else "", "after": ""} | changed
    return {name: value for name, value in now.items() if value}
