"""The inbox (待办, 已办, 我发起的, 抄送我的) and the bell. Knows no rule of who sees what: the engine answers that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from engine.views import InboxFilters
from web.common.context import actor, application
from web.common.landing import first_page
from web.common.places import places

pages = Blueprint("inbox_pages", __name__)

VIEWS = {
    "todo": lazy_gettext("待办"),
    "done": lazy_gettext("已办"),
    "mine": lazy_gettext("我发起的"),
    "copied": lazy_gettext("抄送我的"),
}
STATES = {
    "running": lazy_gettext("办理中"),
    "completed": lazy_gettext("已办结"),
    "refused": lazy_gettext("已驳回"),
    "withdrawn": lazy_gettext("已撤回"),
    "cancelled": lazy_gettext("已撤销"),
}
DUES = {
    "late": lazy_gettext("已逾期"),
    "soon": lazy_gettext("即将到期"),
    "suspended": lazy_gettext("已中止"),
    "later": lazy_gettext("时间充裕"),
}
SORTS = {
    "due": lazy_gettext("最急的在前"),
    "-arrived": lazy_gettext("最新到达在前"),
    "arrived": lazy_gettext("最早到达在前"),
    "number": lazy_gettext("按编号"),
}
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a view and its filters."""

    view: str
    filters: InboxFilters

    def query(self, **changes: str) -> dict[str, str]:
        """The address of the same list with ``changes``; empty values are left out."""
        asked = self.filters
        words = {
            "view": self.view,
            "q": asked.q,
            "key": asked.key,
            "place": asked.place,
            "state": asked.state,
            "arrived_from": asked.arrived_from.isoformat() if asked.arrived_from else "",
            "arrived_to": asked.arrived_to.isoformat() if asked.arrived_to else "",
            "due": asked.due,
            "sort": "" if asked.sort == default_sort(self.view) else asked.sort,
            "after": asked.after,
        }
        return {key: value for key, value in {**words, **changes}.items() if value}

    @property
    def narrowed(self) -> int:
        """How many filters besides the search are in use."""
        asked = self.filters
        return sum(map(bool, (asked.key, asked.place, asked.state, asked.arrived_from, asked.arrived_to, asked.due)))


def default_sort(view: str) -> str:
    """The most urgent first where there is something to do, else the newest first."""
    return "due" if view == "todo" else "-arrived"


def read_query(query: Mapping[str, str]) -> Asked:
    """The filters of an address. What makes no sense is ignored: an old bookmark must not fail."""
    view = query.get("view", "todo")
    view = view if view in VIEWS else "todo"
    sort = query.get("sort", "")
    return Asked(
        view,
        InboxFilters(
            q=query.get("q", "").strip()[:LONGEST_SEARCH],
            key=query.get("key", ""),
            place=query.get("place", ""),
            state=_one_of(query.get("state", ""), STATES),
            arrived_from=_day(query.get("arrived_from", "")),
            arrived_to=_day(query.get("arrived_to", "")),
            due=_one_of(query.get("due", ""), DUES),
            sort=sort if sort in SORTS else default_sort(view),
            after=query.get("after", ""),
        ),
    )


def _one_of(word: str, words: Mapping[str, object]) -> str:
    return word if word in words else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pages.get("/")
def home() -> AnyResponse:
    """The inbox is the front door; who has no business opens what he is there for."""
    return redirect(url_for("inbox_pages.inbox") if actor().in_business else first_page(actor()))


@pages.get("/tasks")
def inbox() -> Response:
    """A page of one view; only its rows when htmx asks for them."""
    asked = read_query(request.args)
    page = application().cases.inbox.page(actor(), asked.view, asked.filters)
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"
    template = "inbox/rows.html" if partial else "inbox/page.html"
    choices = {} if partial else {"places": places(), "kinds": application().cases.inbox.kinds()}
    answer = make_response(
        render_template(
            template,
            asked=asked,
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


@pages.get("/messages")
def messages() -> str:
    """What the system told the person, the newest first."""
    return render_template("inbox/messages.html", messages=application().cases.attachments.messages(actor(), limit=100))


@pages.post("/messages/read")
def read_messages() -> AnyResponse:
    """All messages count as read from now on."""
    application().cases.acting.read_messages(actor())
    return redirect(url_for("inbox_pages.messages"), code=303)
