"""The list of all running deadlines in the reader's part of the tree (期限督办). Knows no rule of counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext

from engine.views.deadlines import RunningFilters, RunningPage
from web.cases.filters import LONGEST_SEARCH, read_id
from web.common.context import actor, application
from web.common.places import places

pages = Blueprint("running_pages", __name__)

STANDINGS = {
    "": lazy_gettext("全部"),
    "late": lazy_gettext("已逾期"),
    "near": lazy_gettext("即将到期"),
    "suspended": lazy_gettext("已中止"),
}

PAGE = 50


@pages.get("/deadlines")
def deadlines() -> str:
    """A page of what runs, the one due first first."""
    asked = read_query(request.args)
    page: RunningPage = application().cases.ledgers.running(actor(), asked)
    return render_template(
        "deadlines/running.html",
        asked=asked,
        page=page,
        standings=STANDINGS,
        words=lambda **changes: words_of(replace(asked, **changes)),
        narrowed=bool(asked.key or asked.place or asked.claimed_by),
        kinds=application().cases.inbox.kinds(),
        places=places(),
    )


def read_query(query: Mapping[str, str]) -> RunningFilters:
    """The filters of an address. What makes no sense is ignored: an old bookmark must not fail."""
    only = query.get("only", "")
    return RunningFilters(
        standing=only if only in STANDINGS else "",
        q=query.get("q", "").strip()[:LONGEST_SEARCH],
        key=query.get("key", ""),
        place=query.get("place", ""),
        claimed_by=read_id(query.get("claimed_by", "")),
        after=query.get("after", ""),
        limit=PAGE,
    )


def words_of(asked: RunningFilters) -> dict[str, str]:
    """The address of a list; empty values are left out."""
    words = {"only": asked.standing, "q": asked.q, "key": asked.key, "place": asked.place, "after": asked.after}
    words |= {"claimed_by": str(asked.claimed_by or "")}
    return {key: value for key, value in words.items() if value}
