"""Plays the demo's cases: through the same door as everybody, on past days. Knows no process; they are data.

Only into a database that has no case yet, so a second start changes nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

from engine.application import Application, Settings, open_application
from engine.calendar.days import LEGAL_ZONE, Calendar
from engine.directory import actors
from engine.directory.actors import Actor
from engine.shipped import DATA
from storage import accounts as account_rows
from storage import cases as rows

CASES = DATA / "demo_cases.toml"
_OPENING = time(9, 0)
_MINUTES_BETWEEN = 17
_PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""An empty page: the scan of a paper that nobody signed."""


class _Step(TypedDict):
    days: int
    by: str
    outcome: str
    data: NotRequired[dict[str, Any]]
    papers: NotRequired[dict[str, str]]


class _Walk(TypedDict):
    """A case from its start, so many days ago, step by step."""

    key: str
    organisation: str
    start: str  # who
    days_ago: int
    data: dict[str, Any]
    form: NotRequired[str]
    dates: NotRequired[dict[str, int]]  # days ago
    step: NotRequired[list[_Step]]


class _Walks(TypedDict):
    """The file; ``forms``: answers that several walks share."""

    forms: dict[str, dict[str, Any]]
    walk: list[_Walk]


@dataclass
class _Past:
    """A clock that stands where it is put."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class _Act:
    """One thing that somebody did, and when. ``walk`` is the number of its case in the file."""

    at: datetime
    walk: int
    by: str
    outcome: str | None  # None: opens the case
    data: Mapping[str, Any]
    papers: Mapping[str, str]  # field to the name of a file


def load_cases(settings: Settings, now: datetime, path: Path = CASES) -> int:
    """Play every walk of the file; how many cases there are now that were not before.

    Raises what the acts themselves raise: a demo that does not fit the definitions is a mistake to be seen.
    """
    past = _Past(now)
    application = open_application(settings, past)
    with application.database.read() as connection:
        if rows.case_ids(connection):
            return 0
    walks = cast(_Walks, tomllib.loads(path.read_text(encoding="utf-8")))
    opened: dict[int, str] = {}
    for act in sorted(_acts(walks, now), key=lambda one: (one.at, one.walk)):
        past.at = act.at
        _play(application, walks["walk"][act.walk], act, opened, now)
        application.worker.run_due()
    application.database.close()
    return len(opened)


def _acts(walks: _Walks, now: datetime) -> Iterator[_Act]:
    today = now.astimezone(LEGAL_ZONE).date()
    for number, walk in enumerate(walks["walk"]):
        days = walk["days_ago"]
        form = walks["forms"].get(walk.get("form", ""), {})
        dates = {name: _worked(today - timedelta(days=ago)).isoformat() for name, ago in walk.get("dates", {}).items()}
        data = form | walk["data"] | dates
        act = _Act(_moment(today - timedelta(days=days), number), number, walk["start"], None, data, {})
        yield act
        for step in walk.get("step", ()):
            days -= step["days"]
            at = _moment(today - timedelta(days=days), number + 5)
            papers = step.get("papers", {})
            act = replace(act, at=at, by=step["by"], outcome=step["outcome"], data=step.get("data", {}), papers=papers)
            yield act


def _moment(day: date, number: int) -> datetime:
    """In the morning of that day, or of the last working day before it."""
    start = datetime.combine(_worked(day), _OPENING, LEGAL_ZONE).astimezone(UTC)
    return start + timedelta(minutes=_MINUTES_BETWEEN * number)


def _worked(day: date) -> date:
    """That day, or the last working day before it: nobody is at his desk on a holiday."""
    while not Calendar.official().is_working_day(day):
        day -= timedelta(days=1)
    return day


def _play(application: Application, walk: _Walk, act: _Act, opened: dict[int, str], now: datetime) -> None:
    actor = _actor(application, act.by, now)  # the demo's people got their roles today
    if act.outcome is None:
        receipt = application.cases.acting.start(actor, walk["key"], walk["organisation"], act.data)
        opened[act.walk] = receipt.case_id
        return
    waiting = application.cases.reading.case(actor, opened[act.walk]).tasks
    mine = next(task for task in waiting if task.mine)
    form = application.cases.reading.task(actor, mine.id).form
    values = dict(form.values) if form else {}
    for field, name in act.papers.items():
        values[field] = application.cases.acting.attach(actor, opened[act.walk], name, _PAPER).digest
    application.cases.acting.complete(actor, mine.id, {**values, **act.data}, act.outcome)


def _actor(application: Application, login: str, now: datetime) -> Actor:
    with application.database.read() as connection:
        row = account_rows.user_by_login(connection, login)
        if row is None:
            raise LookupError(login)
        return actors.of_row(connection, row, now)
