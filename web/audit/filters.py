"""What the address of the auditor's list of cases asks for. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.desks.audit_views import AuditFilters
from web.cases.filters import STATES, read_day, read_one_of

LONGEST_SEARCH: Final = 100


def read_filters(query: Mapping[str, str]) -> AuditFilters:
    """The filters of an address. What makes no sense is ignored: an old bookmark must not fail."""
    return AuditFilters(
        word=query.get("q", "").strip()[:LONGEST_SEARCH],
        key=query.get("key", "")[:LONGEST_SEARCH],
        state=read_one_of(query.get("state", ""), STATES),
        opened_from=read_day(query.get("opened_from", "")),
        opened_to=read_day(query.get("opened_to", "")),
    )


def words_of(asked: AuditFilters) -> dict[str, str]:
    """The address of a list; empty values are left out."""
    words = {
        "q": asked.word,
        "key": asked.key,
        "state": asked.state,
        "opened_from": asked.opened_from.isoformat() if asked.opened_from else "",
        "opened_to": asked.opened_to.isoformat() if asked.opened_to else "",
    }
    return {name: value for name, value in words.items() if value}
