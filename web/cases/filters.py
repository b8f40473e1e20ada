"""What the address of an inbox asks for: a view, its filters, its order. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext

from engine import letters
from engine.cases.reading.inbox import WAITING
from engine.views import InboxFilters
from web.cases import columns

VIEWS = {
    "todo": lazy_gettext("待办"),
    "done": lazy_gettext("已办"),
    "mine": lazy_gettext("我发起的"),
    "copied": lazy_gettext("抄送我的"),
    "aside": lazy_gettext("应当回避"),
}
STATES = {
    "running": lazy_gettext("办理中"),
    "completed": lazy_gettext("已办结"),
    "refused": lazy_gettext("已驳回"),
    "withdrawn": lazy_gettext("已撤回"),
    "cancelled": lazy_gettext("已撤销"),
}
DUES: Mapping[str, object] = {
    "late": lazy_gettext("已逾期"),
    "today": lazy_gettext("今天到期"),
    "week": lazy_gettext("本周到期"),
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
            **columns.words_of(asked.columns),
        }
        return {key: value for key, value in {**words, **changes}.items() if value}

    @property
    def narrowed(self) -> int:
        """How many filters besides the search are in use."""
        asked = self.filters
        return len(asked.columns) + sum(
            map(bool, (asked.key, asked.place, asked.state, asked.arrived_from, asked.arrived_to, asked.due))
        )


def default_sort(view: str) -> str:
    """The most urgent first where there is something to do, else the newest first."""
    return "due" if view in WAITING else "-arrived"


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
            state=read_one_of(query.get("state", ""), STATES),
            arrived_from=read_day(query.get("arrived_from", "")),
            arrived_to=read_day(query.get("arrived_to", "")),
            due=read_one_of(query.get("due", ""), DUES),
            sort=sort if sort in SORTS or (columns.is_order(sort) and view == "todo") else default_sort(view),
            columns=columns.read_columns(query),
            after=query.get("after", ""),
        ),
    )


def read_one_of(word: str, words: Mapping[str, object]) -> str:
    """The word if it is one of these, else none."""
    return word if word in words else ""


def read_id(text: str) -> int | None:
    """Which account an address names; none for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def read_day(text: str) -> date | None:
    """A day as a browser or a person writes it; none for what is none."""
    try:
        return date.fromisoformat(letters.narrow(text))
    except ValueError:
        return None
