"""The walks of the demo as they are written down, and each act of them on its day. Knows no process; they are data.

What a walk says of days and of numbers it says in relation to the day on which the demo is made: ``"in 30 days"``,
``"30 days ago"``, ``"that day"`` (of the act), ``"newest award of 130102"`` (the number of a record, by register and
the organisation to which it belongs).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, cast

from engine.calendar.days import LEGAL_ZONE, Calendar

_OPENING: Final = time(9, 0)
_MINUTES_BETWEEN: Final = 12
_IN, _AGO = re.compile(r"in (\d+) days"), re.compile(r"(\d+) days ago")
_THAT_DAY: Final = "that day"
_NEWEST: Final = re.compile(r"newest (\w+) of (\w+)")


class Step(TypedDict):
    """A step of a walk: who completes a task, how many days after the step before."""

    days: int
    since: NotRequired[int]  # instead: so many days after the step before was done, on a holiday the day of work after
    by: str
    outcome: str
    data: NotRequired[dict[str, Any]]
    papers: NotRequired[dict[str, str]]  # field to the name of a file
    sealed: NotRequired[bool]  # handed in sealed
    secret: NotRequired[str]  # the phrase of a share of a key that is made; "printed": a code
    secrets: NotRequired[list[str]]  # the phrases with which is opened, of the first holders


class Proposes(TypedDict):
    """A design of a process, made of its version in force, with one text of its diagram changed, and proposed."""

    process: str
    before: str
    after: str


class Walk(TypedDict):
    """A case from its start, so many days ago, step by step; without ``start`` one that another walk has opened."""

    key: str
    organisation: str
    days_ago: int
    start: NotRequired[str]  # who
    proposes: NotRequired[Proposes]  # what the starter has proposed before
    data: NotRequired[dict[str, Any]]
    form: NotRequired[str]
    dates: NotRequired[dict[str, int]]  # days ago
    step: NotRequired[list[Step]]


class Walks(TypedDict):
    """The file; ``forms``: answers that several walks share."""

    forms: dict[str, dict[str, Any]]
    walk: list[Walk]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did, and when. ``walk`` is the number of its case in the file."""

    at: datetime
    walk: int
    by: str
    outcome: str | None  # None: opens the case
    data: Mapping[str, Any]
    papers: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = False
    secret: str = ""
    secrets: tuple[str, ...] = ()


def read(path: Path) -> Walks:
    """The file of walks."""
    return cast(Walks, tomllib.loads(path.read_text(encoding="utf-8")))


def acts(walks: Walks, now: datetime) -> list[Act]:
    """Everything that happened until the day of ``now``, in its order."""
    return sorted(_acts(walks, now), key=lambda one: (one.at, one.walk))


def _acts(walks: Walks, now: datetime) -> Iterator[Act]:
    today = now.astimezone(LEGAL_ZONE).date()
    for number, walk in enumerate(walks["walk"]):
        days = walk["days_ago"]
        form = walks["forms"].get(walk.get("form", ""), {})
        dates = {name: _worked(today - timedelta(days=ago)).isoformat() for name, ago in walk.get("dates", {}).items()}
        if "start" in walk:
            data = form | walk.get("data", {}) | dates
            yield Act(_moment(today - timedelta(days=days), number), number, walk["start"], None, data)
        last = _worked(today - timedelta(days=days))
        for step in walk.get("step", ()):
            days -= step["days"]
            since = step.get("since")
            last = _worked(today - timedelta(days=days)) if since is None else _working(last + timedelta(days=since))
            at = _moment(last, number)
            act = Act(at, number, step["by"], step["outcome"], step.get("data", {}), step.get("papers", {}))
            secrets = tuple(step.get("secrets", ()))
            yield replace(act, sealed=step.get("sealed", False), secret=step.get("secret", ""), secrets=secrets)


def _moment(day: date, number: int) -> datetime:
    """In the morning of that day, or of the last working day before it."""
    start = datetime.combine(_worked(day), _OPENING, LEGAL_ZONE).astimezone(UTC)
    return start + timedelta(minutes=_MINUTES_BETWEEN * number)


def _working(day: date) -> date:
    """That day, or the next working day after it."""
    while not Calendar.official().is_working_day(day):
        day += timedelta(days=1)
    return day


def _worked(day: date) -> date:
    """That day, or the last working day before it: nobody is at his desk on a holiday."""
    while not Calendar.official().is_working_day(day):
        day -= timedelta(days=1)
    return day


def told(value: Any, act: Act, now: datetime, newest: Callable[[str, str], str]) -> Any:
    """What a value of an act says on the day on which the demo is made; ``newest``: the number of a record."""
    if isinstance(value, Mapping):
        return {name: told(one, act, now, newest) for name, one in value.items()}
    if isinstance(value, list):
        return [told(one, act, now, newest) for one in value]
    if not isinstance(value, str):
        return value
    today = now.astimezone(LEGAL_ZONE).date()
    if found := _IN.fullmatch(value):
        return (today + timedelta(days=int(found[1]))).isoformat()
    if found := _AGO.fullmatch(value):
        return (today - timedelta(days=int(found[1]))).isoformat()
    if value == _THAT_DAY:
        return act.at.astimezone(LEGAL_ZONE).date().isoformat()
    return newest(found[1], found[2]) if (found := _NEWEST.fullmatch(value)) else value


def laid_over(below: Any, above: Any) -> Any:
    """What is typed over what stands in a form: contexts by key, rows by number, all else replaced."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: laid_over(below.get(key), value) for key, value in above.items()}}
    if isinstance(below, list) and isinstance(above, list) and all(isinstance(row, Mapping) for row in above):
        rows = [laid_over(below[at], row) if at < len(below) else row for at, row in enumerate(above)]
        return [*rows, *below[len(rows) :]]
    return above
