"""The organisations that a person may choose in a filter, as an indented list. Knows no page."""

from __future__ import annotations

from web.common.context import actor, application

MOST = 600


def places() -> tuple[tuple[str, str], ...]:
    """(code, name indented by its depth) of every organisation inside the person's subtrees, parents first."""
    found = application().organisations.below(actor(), MOST)
    top = min((one.level for one in found), default=0)
    return tuple((one.code, "　" * (one.level - top) + one.name) for one in found)
