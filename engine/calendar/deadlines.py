"""The deadline of a task, computed from its start, its working days, what was granted and when it stood still. Pure.

The due moment is always derived, never written over: whoever suspends or extends adds a fact, and a newer calendar
computes the same facts again. Knows no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NotRequired, TypedDict

from engine.calendar import days as calendars
from engine.calendar.days import LEGAL_ZONE, Calendar, LedgerDay
from engine.errors import BadInput
from engine.files.uploads import Upload
from engine.words import both, say
from storage.database import utc_text
from storage.rows import DeadlineRow, LedgerEntry, Pause

OPEN: Final = ("open", "passed")
"""Statuses of a deadline that still runs; ``passed``: the task is late and open."""
HELD: Final = say("期限中止")
"""Why the ledger leaves out a day of a suspension."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an act on a deadline rests on: a reason, an article, the document that orders it.

    ``seen``: the mark of the deadline as the person saw it; empty: however it stands.
    """

    reason: str
    article: str = ""
    paper: Upload | None = None
    seen: str = ""


class DueFacts(TypedDict):
    """A due moment with all behind it, as an event keeps it and a row stores it. Moments are ISO texts in UTC."""

    due_at: str
    warn_at: str
    calendar: str
    provisional: bool
    ledger: list[LedgerEntry]


class TaskDue(DueFacts):
    """What the service of deadlines says of a task that opens."""

    days: int
    since: NotRequired[str]  # when the period began, of which the task is a further step
    extra: NotRequired[int]  # working days that were granted to the period before
    pauses: NotRequired[list[Pause]]


@dataclass(frozen=True, slots=True)
class Computed:
    """When a deadline is due and from when on it is near (UTC), by which calendar, and the ledger day by day."""

    due_at: datetime
    warn_at: datetime
    calendar: str
    provisional: bool
    ledger: tuple[LedgerDay, ...]

    def told(self) -> DueFacts:
        """As an event keeps it and a row stores it."""
        return {
            "due_at": utc_text(self.due_at),
            "warn_at": utc_text(self.warn_at),
            "calendar": self.calendar,
            "provisional": self.provisional,
            "ledger": [[day.day.isoformat(), day.counted, *both(day.why)] for day in self.ledger],
        }


def compute(
    calendar: Calendar,
    started_at: datetime,
    days: Any,
    warn_days: int = 3,
    extra: int = 0,
    pauses: Iterable[Pause] = (),
) -> Computed:
    """The end of ``days`` + ``extra`` working days after the day of ``started_at``, pauses left out.

    ``warn_days``: so many working days before the last one the deadline is near. Raises BadInput.
    """
    if isinstance(days, bool) or not isinstance(days, (int, float)) or days < 1 or days % 1:
        reason = say("应为正整数：{days}", days=days)
        raise BadInput(field=say("工作日数"), reason=reason)
    due = calendar.add_working_days(started_at, int(days) + extra, pauses=[_pause(row) for row in pauses])
    counted = [entry.day for entry in due.ledger if entry.counted]
    near: date = counted[-1 - warn_days] if len(counted) > warn_days else due.ledger[0].day
    warn = datetime.combine(near, time(), LEGAL_ZONE).astimezone(UTC)
    return Computed(due.at, min(warn, due.at - timedelta(seconds=1)), due.calendar, due.provisional, due.ledger)


def computed(calendar: Calendar, row: DeadlineRow) -> Computed:
    """A stored deadline by a calendar. Raises BadInput."""
    return compute(calendar, row["started_at"], row["days"], row["warn_days"], row["extra"], row["pauses"])


def _pause(row: Pause) -> calendars.Pause:
    """A stored pause: from the moment of the act to its resumption, at the latest to its limit."""
    end = row.get("resumed_at") or row["until"]
    return calendars.Pause(datetime.fromisoformat(row["from"]), datetime.fromisoformat(end), HELD)


def days_left(calendar: Calendar, row: DeadlineRow, now: datetime) -> int:
    """Working days of the ledger after today, those of a suspension left out; negative when the deadline is past."""
    left = calendar.working_days_left(now, row["due_at"])
    if left < 0:
        return left
    today = now.astimezone(LEGAL_ZONE).date().isoformat()
    return sum(counted for day, counted, *_ in row["ledger"] if day > today)


def paused(row: DeadlineRow, now: datetime) -> bool:
    """Whether a deadline stands still now."""
    return any(not pause.get("resumed_at") and datetime.fromisoformat(pause["until"]) > now for pause in row["pauses"])


def mark(row: DeadlineRow) -> str:
    """What acts have made of a deadline so far: it differs after each of them, and after a newer calendar's."""
    resumed = sum("resumed_at" in pause for pause in row["pauses"])
    return f"{utc_text(row['due_at'])} {row['extra']} {len(row['pauses'])} {resumed}"


def paused_days(calendar: Calendar, pauses: Iterable[Pause]) -> int:
    """Working days that pauses, in the order of time, leave out: every day that one touches, and each day once."""
    total, through = 0, date.min
    for one in pauses:
        first, last = (_day(one["from"]), _day(one.get("resumed_at") or one["until"]))
        before = max(through, first - timedelta(days=1))
        if last > before:
            total, through = total + calendar.working_days_between(before, last), last
    return total


def _day(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(LEGAL_ZONE).date()
