"""Days of a filter as moments: a day is one in Asia/Shanghai. Knows no list."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from engine.calendar.days import LEGAL_ZONE

EARLIEST, LATEST = date(1949, 10, 1), date(9000, 1, 1)


def monday_of(day: date) -> date:
    """The day with which its week begins (GB/T 7408.1-2023)."""
    return day - timedelta(days=day.weekday())


def midnight(day: date | None, later: int = 0) -> datetime | None:
    """The beginning of a day, or of one some days later, as UTC; of no day none."""
    return None if day is None else beginning(day, later)


def beginning(day: date, later: int = 0) -> datetime:
    """The beginning of a day, or of one some days later, as UTC. A day outside any calendar of ours is its first or
    last."""
    within = min(max(day, EARLIEST), LATEST)
    return datetime.combine(within + timedelta(days=later), time(), LEGAL_ZONE).astimezone(UTC)
