"""The inbox (待办, 已办, 我发起的, 抄送我的). Knows no rule of who sees what: the engine answers that."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engine.views import InboxFilters
from web.cases.columns import address, heads, shown
from web.cases.filters import DUES, SORTS, STATES, VIEWS, Asked, read_query
from web.cases.fitting import fitting
from web.cases.saved import opened_with, saved
from web.common.context import actor, application
from web.common.places import places
from web.common.returning import asked_of, came_from

pages = Blueprint("inbox_pages", __name__)


@pages.get("/tasks")
def inbox() -> ResponseReturnValue:
    """A page of one view; only its rows when htmx asks for them. Asked for nothing, it opens with a filter of his."""
    elsewhere = opened_with("inbox")
    if elsewhere is not None:
        return elsewhere
    read = read_query(request.args)
    kept, unfit = fitting(read.filters)
    asked = replace(read, filters=kept)
    page = application().cases.inbox.page(actor(), asked.view, asked.filters)
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
    template = "inbox/rows.html" if partial else "inbox/page.html"
    choices = {} if partial else {"places": places(), "kinds": application().cases.inbox.kinds()}
    answer = make_response(
        render_template(
            template,
            asked=asked,
            partial=partial,
            unfit=unfit,
            saved=saved("inbox", read.query()),
            heads=heads(
                page.columns,
                asked.filters.columns,
                asked.filters.sort,
                lambda sort: address("inbox_pages.inbox", asked.query(sort=sort, after="")),
            ),
            shown=shown,
            page=page,
            views=VIEWS,
            states=STATES,
            dues=DUES,
            sorts=SORTS,
            first=asked.query(after=""),
            cleared=Asked(asked.view, replace(InboxFilters(), sort=asked.filters.sort)).query(),
            **choices,
        )
    )
    answer.vary.add("HX-Request")
    return answer


@pages.get("/tasks/next")
def next_task() -> AnyResponse:
    """On to the next task of the list that ``back`` names, after the one ``beside`` which it is asked for."""
    asked = asked_of("inbox_pages.inbox")
    filters = None if asked is None else read_query(asked)
    wanted = filters.filters if filters and filters.view == "todo" else None
    found = application().cases.inbox.next_like(actor(), request.args.get("beside", ""), wanted)
    if found is not None:
        return redirect(url_for("task_pages.task", task_id=found, back=came_from() or None))
    flash(gettext("没有同类的待办事项了。"), "info")
    return redirect(came_from() or url_for("inbox_pages.inbox"))
