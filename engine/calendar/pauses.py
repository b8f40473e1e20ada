"""Suspensions of a period: which days they take out of it. Knows neither working days nor who may suspend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.calendar.counting import Counting, counting
from engine.errors import BadInput
from engine.words import Said, say

Span = tuple[date, date | None]

LEGAL_ZONE = counting().zone  # one legal time for the whole country


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension of a period: from ``start`` to ``end`` (aware; None: it goes on). ``why`` is for the ledger."""

    start: datetime
    end: datetime | None
    why: Said


class Taken:
    """The days that suspensions take out of a period."""

    def __init__(self, pauses: Sequence[Pause], rules: Counting) -> None:
        """Raises ValueError for a pause that ends before it starts or has no zone."""
        self._spans = [(_span(pause, rules), pause.why) for pause in pauses]
        self._open = min((first for (first, last), _ in self._spans if last is None), default=None)

    def why(self, day: date) -> Said | None:
        """Why ``day`` is not counted; None when no suspension takes it out."""
        found = (why for (first, last), why in self._spans if first <= day and (last is None or day <= last))
        return next(found, None)

    def for_good(self, day: date) -> bool:
        """Whether a suspension without end takes ``day`` and every later one."""
        return self._open is not None and day >= self._open


def local(moment: datetime) -> datetime:
    """An aware moment in legal time. Raises ValueError for a naive one, BadInput for one at the end of all time."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    try:
        return moment.astimezone(LEGAL_ZONE)
    except OverflowError:
        raise BadInput(field=say("日期"), reason=say("{moment}超出日历", moment=moment)) from None


def _span(pause: Pause, rules: Counting) -> Span:
    """The first and the last day that a pause takes out; the last lies before the first when it takes none."""
    if pause.end is not None and pause.end < pause.start:
        raise ValueError("a pause ends before it starts")
    begin, end = local(pause.start), local(pause.end) if pause.end else None
    first, last = begin.date(), end.date() if end else None
    if rules.whole_pauses:
        first += timedelta(days=begin.time() != time())
    if last and end and (rules.whole_pauses or end.time() == time()):  # the day that begins at its end is not touched
        last -= timedelta(days=1)
    return first, last
