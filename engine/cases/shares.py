"""Whose time a deadline was: the working days of each who had the task, by the events after which
somebody else has it.

A counted day belongs to whoever had the task at its noon; so who gets a late task this minute is not late himself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.calendar.pauses import local
from engine.cases.event_types import HOLDINGS, MOVING, TASK_CLAIMED, payload
from engine.cases.verb_types import Moved
from engine.words import Listed, Words, listed, say
from storage import events
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import DeadlineRow

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class Share:
    """Working days for which somebody had a task, and how many of them were after it was due. ``since``: the latest."""

    holder: str
    days: int
    late: int
    since: datetime


Turns = list[tuple[datetime, str]]
"""From when on who had a task, the earliest first; an empty name is the office."""


def turns_of(connection: Connection, case_ids: Iterable[int]) -> Mapping[tuple[int, int], Turns]:
    """By case and task who had it from when on: asked once for all of them."""
    found: dict[tuple[int, int], Turns] = {}
    for event in events.of_names(connection, list(case_ids), HOLDINGS | MOVING):
        found.setdefault((event["case_id"], payload(event, Moved)["task"]), []).append((event["at"], _holder(event)))
    return found


def _holder(event: LoggedEvent) -> str:
    """Who has the task from an event on, by name; empty for everybody who may."""
    if event["name"] in MOVING:
        held = payload(event, Moved)["held_by"]
        return held[1] if held else ""
    return event["actor_name"] if event["name"] == TASK_CLAIMED else ""


def shares_of(calendar: Calendar, row: DeadlineRow, turns: Turns, office: str, until: datetime) -> tuple[Share, ...]:
    """Each one's share of the working days up to ``until``, in the order in which they had the task first."""
    had: dict[str, Share] = {}
    holders = [(row["started_at"], office), *((at, name or office) for at, name in turns)]
    for at, name in holders:
        before = had.get(name)
        had[name] = Share(name, before.days if before else 0, before.late if before else 0, at)
    due = local(row["due_at"]).date()
    for day in _counted(calendar, row, until):
        noon = min(datetime.combine(day, _NOON, LEGAL_ZONE), until)
        holder = next((name for at, name in reversed(holders) if at <= noon), office)
        share = had[holder]
        had[holder] = Share(share.holder, share.days + 1, share.late + (day > due), share.since)
    return tuple(had.values())


def told(shares: Iterable[Share]) -> Listed:
    """The shares as one fact of a sentence."""
    return listed(map(_one, shares))


def _one(share: Share) -> Words:
    if share.late:
        return say("{who}{days}个工作日（逾期{late}个）", who=share.holder, days=share.days, late=share.late)
    return say("{who}{days}个工作日", who=share.holder, days=share.days)


def _counted(calendar: Calendar, row: DeadlineRow, until: datetime) -> Iterator[date]:
    """The days that counted: those of the ledger, then working days after it was due."""
    last, due = local(until).date(), local(row["due_at"]).date()
    for text, counted, *_ in row["ledger"]:
        day = date.fromisoformat(text)
        if counted and day <= min(last, due):
            yield day
    for number in range(1, (last - due).days + 1):
        day = due + timedelta(days=number)
        if calendar.is_working_day(day):
            yield day
