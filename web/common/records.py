"""The address of a list of records. Knows no page."""

from __future__ import annotations

from engine.views import RegisterFilters
from web.common.as_of import written


def words_of(asked: RegisterFilters, **changes: str) -> dict[str, str]:
    """The address of the same list with ``changes``; empty values are left out."""
    words = {"q": asked.q, "place": asked.place, "sort": asked.sort, "after": asked.after}
    words["as_of"] = written(asked.at)
    words |= {f"is.{key}": value for key, value in asked.equals.items()}
    words |= {f"not.{key}": value for key, value in asked.unless.items()}
    return {key: value for key, value in {**words, **changes}.items() if value}
