"""The moment as of which an address asks (``as_of=2026-11-01T09:30``, legal time). Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from engine.calendar.days import LEGAL_ZONE

MINUTE = "%Y-%m-%dT%H:%M"
"""As a field of the kind ``datetime-local`` writes it."""
REST = timedelta(minutes=1) - timedelta(microseconds=1)


def as_of(query: Mapping[str, str]) -> datetime | None:
    """The end of the minute that is asked for; of a day (also ``at=2026-11-01``, as older addresses have it) its last.

    What is none asks for the present.
    """
    told = query.get("as_of") or query.get("at", "")
    try:
        began = datetime.strptime(told if "T" in told else f"{told}T23:59", MINUTE)
        return (began.replace(tzinfo=LEGAL_ZONE) + REST).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written(at: datetime | None) -> str:
    """The moment as an address and a field write it; nothing for the present."""
    return at.astimezone(LEGAL_ZONE).strftime(MINUTE) if at else ""
