"""The first page (首页): what is due and late, for whom one waits, what was done. Knows no rule.

Whoever has no part in business begins at his desk (``web.common.landing``).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.views import CaseFilters, InboxFilters
from engine.views.overview import Overview, Tally
from web.cases import filters, running, visible, visible_query
from web.common.context import actor, application
from web.common.i18n import counted
from web.common.landing import first_page

pages = Blueprint("overview_pages", __name__)


@pages.get("/")
def home() -> ResponseReturnValue:
    """The front door."""
    if not actor().in_business:
        return redirect(first_page(actor()))
    page: Overview = application().cases.overviews.of(actor())
    return render_template(
        "overview/page.html", page=page, address=address, cell=cell, holders=visible.holders, stands=visible.steps
    )


def cell(tally: Tally) -> tuple[int, str, str]:
    """A tally in the table of a chart: the number that is drawn, what is written, where its rows are."""
    return tally.count, counted(tally.count), address(tally)


def address(tally: Tally) -> str:
    """Where just the rows are listed that a tally counts."""
    asked = tally.asked
    if isinstance(asked, InboxFilters):
        return _list("inbox_pages.inbox", filters.Asked(tally.view, asked).query())
    if isinstance(asked, CaseFilters):
        return _list("case_list_pages.cases", visible_query.words_of(asked))
    return _list("running_pages.deadlines", running.words_of(asked))


def _list(page: str, query: Mapping[str, str]) -> str:
    return url_for(page) + (f"?{urlencode(query)}" if query else "")
