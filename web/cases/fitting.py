"""Which filters of an address still fit: an old one may name a kind or a column of before. Knows no page."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from flask_babel import gettext

from engine.views import CaseFilters, InboxFilters
from web.cases.columns import AT, is_order
from web.common.context import actor, application

F = TypeVar("F", InboxFilters, CaseFilters)


def fitting(asked: F) -> tuple[F, tuple[str, ...]]:
    """What is left of what was asked for, and the names of the filters that fit no longer."""
    if asked.key and asked.key not in {key for key, _ in application().cases.inbox.kinds()}:
        return _without(asked, replace(asked, key=""), frozenset()), (gettext("事项类型"),)
    if not asked.columns and not is_order(asked.sort):
        return asked, ()
    known = frozenset(one.id for one in application().cases.visible.columns(actor(), asked.key))
    gone = [one.id for one in asked.columns if one.id not in known]
    if is_order(asked.sort) and asked.sort.removeprefix("-").removeprefix(AT) not in known:
        gone.append(gettext("排序"))
    return _without(asked, asked, known), tuple(gone)


def _without(asked: F, left: F, known: frozenset[str]) -> F:
    """Without the columns that there are not."""
    kept = tuple(one for one in asked.columns if one.id in known)
    sort = left.sort
    if is_order(sort) and sort.removeprefix("-").removeprefix(AT) not in known:
        sort = "due" if isinstance(left, InboxFilters) else "-opened"
    return replace(left, columns=kept, sort=sort)
