"""Times of timer events (BPMN 2.0, 10.5.5.12): ISO 8601 text to the moment at which one is due. Knows no diagram.

A date without an hour is its beginning, a time without a zone is legal time (Asia/Shanghai). Years and months are
counted on the calendar, the rest is elapsed time. Whoever was down fires a cycle once and goes on with the next round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final, Self, TypedDict

from engine.calendar.days import LEGAL_ZONE
from engine.model import Rounds
from engine.words import Words, say

LONGEST: Final = timedelta(days=36525)
"""No timer lies further ahead: a hundred years."""
SHORTEST_CYCLE: Final = timedelta(minutes=1)
_DURATION: Final = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,5})W|(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?)"
)
_CYCLE: Final = re.compile(r"R(?P<count>\d{1,6})?/(?:(?P<start>[^/]+)/)?(?P<every>P.+)")
_ZONE: Final = re.compile(r"@Asia/Shanghai$")


class NoTime(ValueError):
    """A text that is no time; ``reason`` says why in Chinese and English."""

    def __init__(self, reason: Words) -> None:
        super().__init__()
        self.reason = reason


class Record(TypedDict, total=False):
    """A timer as a state keeps it: ``at`` always, the others for a cycle."""

    at: str
    every: str
    left: int | None
    start: str
    round: int


@dataclass(frozen=True, slots=True)
class Missed:
    """Rounds of a cycle that were over before an earlier one fired: how many, and when the first and last were due."""

    rounds: int
    first: datetime
    last: datetime

    def record(self) -> Rounds:
        """As an event keeps it."""
        return {"rounds": self.rounds, "first": self.first.isoformat(), "last": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Timer:
    """A running timer: when it is due (UTC), and for a cycle its interval and the rounds left after this one.

    Round n of a cycle is due n intervals after its start (ISO 8601-1, 5.6.1), so that one of months from the 31st comes
    back to the 31st. A cycle without a start is one of the first semantics: each round counts from the one before.
    """

    due: datetime
    every: str = ""
    left: int | None = 0  # None: without end
    start: datetime | None = None
    round: int = 0  # of the time that is due

    @property
    def at(self) -> str:
        """Its due time as text."""
        return self.due.isoformat()

    def record(self) -> Record:
        """The timer as a state keeps it."""
        if not self.every:
            return {"at": self.at}
        record: Record = {"at": self.at, "every": self.every, "left": self.left}
        return record if self.start is None else record | {"start": self.start.isoformat(), "round": self.round}

    def next(self, now: datetime) -> Self | None:
        """The next round that is not over yet; None when there is none left. Missed rounds are used up."""
        return next((one for one in self._rounds() if one.due > now), None)

    def missed(self, now: datetime) -> Missed | None:
        """The rounds after this one that are over; None when there are none."""
        rounds, first, last = 0, self.due, self.due
        for one in self._rounds():
            if one.due > now:
                break
            rounds, first, last = rounds + 1, first if rounds else one.due, one.due
        return Missed(rounds, first, last) if rounds else None

    def _rounds(self) -> Iterator[Self]:
        """The rounds after this one."""
        due, left, number = self.due, self.left, self.round
        while self.every and (left is None or left > 0):
            number, left = number + 1, None if left is None else left - 1
            due = after(due, self.every) if self.start is None else after(self.start, self.every, number)
            yield type(self)(due, self.every, left, self.start, number)


def read(record: Record, steady: bool = True) -> Timer:
    """The timer of a record. A cycle without a start begins with the time that is due, if it is to be steady."""
    due, every = datetime.fromisoformat(record["at"]), record.get("every", "")
    start = datetime.fromisoformat(record["start"]) if "start" in record else due if every and steady else None
    return Timer(due, every, record.get("left", 0), start, record.get("round", 0))


def read_missed(record: Rounds) -> Missed:
    """The missed rounds of an event."""
    return Missed(record["rounds"], datetime.fromisoformat(record["first"]), datetime.fromisoformat(record["last"]))


def begin(kind: str, value: Any, now: datetime, steady: bool = True) -> Timer:
    """A timer that starts at ``now``. ``kind``: date, duration or cycle; ``value``: its text. Raises NoTime.

    ``steady``: the rounds of a cycle count from its start, not each from the one before.
    """
    if not isinstance(value, str):
        raise NoTime(say("定时事件没有得出时间"))
    if kind == "cycle":
        found = _CYCLE.fullmatch(value)
        if found is None or found["count"] == "0":
            raise NoTime(say("“{value}”不是循环，例如R3/P1D、R/PT1H", value=value))
        if found["start"]:
            return _from_start(moment(found["start"]), found["every"], found["count"], now)
        first = after(now, found["every"])
        if first - now < SHORTEST_CYCLE:
            raise NoTime(say("循环间隔不得短于一分钟"))
        left = int(found["count"]) - 1 if found["count"] else None
        start = (now.astimezone(UTC), 1) if steady else (None, 0)
        return Timer(_possible(first, now), found["every"], left, *start)
    return Timer(_possible(moment(value) if kind == "date" else after(now, value), now))


def _from_start(start: datetime, every: str, count: str | None, now: datetime) -> Timer:
    """A cycle whose rounds count from a moment of the calendar; the first of them that is not over. Raises NoTime."""
    if after(start, every) - start < SHORTEST_CYCLE:
        raise NoTime(say("循环间隔不得短于一分钟"))
    if abs(now - start) > LONGEST:
        raise NoTime(say("定时超过一百年"))
    months, rest = _duration(every)
    number = 0 if months or start > now else (now - start) // rest
    while after(start, every, number) <= now:
        number += 1
    left = int(count) - 1 - number if count else None
    if left is not None and left < 0:
        raise NoTime(say("循环的各次都已过去"))
    return Timer(after(start, every, number), every, left, start, number)


def after(start: datetime, duration: str, times: int = 1) -> datetime:
    """``start`` moved on by so many times an ISO 8601 duration. Raises NoTime."""
    months, rest = _duration(duration)
    try:
        if not months:
            return start.astimezone(UTC) + rest * times
        return _plus_months(start.astimezone(LEGAL_ZONE), months * times).astimezone(UTC) + rest * times
    except (OverflowError, ValueError):
        raise _too_long(duration) from None


@lru_cache(maxsize=256)
def _duration(text: str) -> tuple[int, timedelta]:
    """Months, and what is beside them. Raises NoTime."""
    found = _DURATION.fullmatch(text)
    if found is None:
        wrong = say("“{text}”不是ISO 8601时长，例如P10D、PT2H")
        if text.startswith("-"):
            wrong = say("“{text}”是负的时长，例如P10D、PT2H")
        raise NoTime(wrong.about(text=text))
    parts = {name: float(value) for name, value in found.groupdict(default="0").items()}
    months = int(parts.pop("years") * 12 + parts.pop("months"))
    try:
        return months, timedelta(**parts)
    except OverflowError:
        raise _too_long(text) from None


def _too_long(duration: str) -> NoTime:
    return NoTime(say("“{duration}”太长", duration=duration))


def moment(text: str) -> datetime:
    """A date, or a date and time, as a moment in UTC. Raises NoTime."""
    try:
        plain = _ZONE.sub("", text)
        if len(plain) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(plain), time(), LEGAL_ZONE).astimezone(UTC)
        found = datetime.fromisoformat(plain)
        return (found if found.tzinfo else found.replace(tzinfo=LEGAL_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoTime(say("“{text}”不是ISO 8601日期或时间", text=text)) from None


def _possible(due: datetime, now: datetime) -> datetime:
    if due - now > LONGEST:
        raise NoTime(say("定时超过一百年"))
    return due


def _plus_months(start: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last))
