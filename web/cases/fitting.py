"""Which filters of an address still fit: an old one may name a kind that there is no longer. Knows no page."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from flask_babel import gettext

from engine.views import CaseFilters, InboxFilters
from web.common.context import application

F = TypeVar("F", InboxFilters, CaseFilters)


def fitting(asked: F) -> tuple[F, tuple[str, ...]]:
    """What is left of what was asked for, and the names of the filters that fit no longer."""
    if asked.key and asked.key not in {key for key, _ in application().cases.inbox.kinds()}:
        return replace(asked, key=""), (gettext("事项类别"),)
    return asked, ()
