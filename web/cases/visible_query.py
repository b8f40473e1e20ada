"""What the address of the list of all cases asks for. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext

from engine.views import CaseFilters
from web.cases.columns import is_order, read_columns
from web.cases.columns import words_of as columns_said
from web.cases.filters import DUES, LONGEST_SEARCH, STATES, read_day, read_id, read_one_of

PAGE = 20
SORTS = {
    "-opened": lazy_gettext("最新发起在前"),
    "opened": lazy_gettext("最早发起在前"),
    "number": lazy_gettext("按编号"),
}
STANDINGS: Mapping[str, object] = {
    **{name: DUES[name] for name in ("late", "soon", "suspended")},
    "all_in_time": lazy_gettext("从未逾期"),
    "once_late": lazy_gettext("曾经逾期"),
}
DAYS: Final = ("opened_from", "opened_to", "ended_from", "ended_to", "done_from", "done_to")
OTHERS: Final = "others"


def read_query(query: Mapping[str, str]) -> CaseFilters:
    """The filters of an address. What makes no sense is ignored: an old bookmark must not fail."""
    return CaseFilters(
        q=query.get("q", "").strip()[:LONGEST_SEARCH],
        key=query.get("key", ""),
        place=query.get("place", ""),
        state=read_one_of(query.get("state", ""), STATES),
        step=query.get("step", "")[:LONGEST_SEARCH],
        waits_at=query.get("waits_at", ""),
        due=read_one_of(query.get("due", ""), STANDINGS),
        opened_from=read_day(query.get("opened_from", "")),
        opened_to=read_day(query.get("opened_to", "")),
        ended_from=read_day(query.get("ended_from", "")),
        ended_to=read_day(query.get("ended_to", "")),
        others=query.get("mine", "") == OTHERS,
        claimed_by=read_id(query.get("claimed_by", "")),
        done_by=read_id(query.get("done_by", "")),
        done_from=read_day(query.get("done_from", "")),
        done_to=read_day(query.get("done_to", "")),
        sort=query["sort"]
        if is_order(query.get("sort", ""))
        else read_one_of(query.get("sort", ""), SORTS) or "-opened",
        columns=read_columns(query),
        after=query.get("after", ""),
        limit=PAGE,
    )


def words_of(asked: CaseFilters) -> dict[str, str]:
    """The address of a list; empty values are left out."""
    words = {
        "q": asked.q,
        "key": asked.key,
        "place": asked.place,
        "state": asked.state,
        "step": asked.step,
        "waits_at": asked.waits_at,
        "due": asked.due,
        **{name: day.isoformat() for name in DAYS if (day := getattr(asked, name)) is not None},
        "mine": OTHERS if asked.others else "",
        "claimed_by": str(asked.claimed_by or ""),
        "done_by": str(asked.done_by or ""),
        "sort": "" if asked.sort == "-opened" else asked.sort,
        "after": asked.after,
        **columns_said(asked.columns),
    }
    return {key: value for key, value in words.items() if value}
