"""What must be true of deadlines and counted times after any act: an independent, slow count from facts of its own.

Knows what people did, by the walk that did it, and which days are worked; of the program it uses only what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import select

from engine.calendar.days import LEGAL_ZONE, Calendar
from storage.events import events, payloads
from storage.messages import messages
from storage.tables import attachments, cases, deadlines, jobs, tasks, waits
from storage.waits import TIMER
from tests.house import House

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
DAYS, WARN = 10, 3
"""What all processes of the walks declare: ten working days, near when three are left."""
ZEROTH: Final = ("remind", "escalate")
REFUSALS_LEAVE: Final = (cases, tasks, events, payloads, deadlines, waits, jobs, attachments, messages)
Works = Callable[[date], bool]
Span = tuple[date, date]

NOTICES: Final[tuple[tuple[str, tuple[Span, ...], tuple[date, ...]], ...]] = (
    (
        "一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假调休，共3天。1月3日（周日）上班。\n"
        "二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。",
        ((date(2026, 12, 31), date(2027, 1, 2)), (date(2027, 2, 5), date(2027, 2, 11))),
        (date(2027, 1, 3), date(2027, 1, 31), date(2027, 2, 14)),
    ),
    (
        "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n"
        "二、春节：2月4日（周四）至12日（周五）放假调休，共9天。1月30日（周六）、2月14日（周日）上班。",
        ((date(2027, 1, 1), date(2027, 1, 3)), (date(2027, 2, 4), date(2027, 2, 12))),
        (date(2027, 1, 30), date(2027, 2, 14)),
    ),
)
"""Invented notices of a year that has none yet: the text, the days off, the make-up days."""


@dataclass
class Days:
    """Which days are worked where, by what the walk has put in force."""

    closed: dict[int, tuple[str, Span]] = field(default_factory=dict)  # closure to place and days
    notice: int | None = None

    def works(self, path: Iterable[str]) -> Works:
        places = set(path)
        return lambda day: not self._closed(places, day) and self._official(day)

    def _closed(self, places: set[str], day: date) -> bool:
        return any(place in places and first <= day <= last for place, (first, last) in self.closed.values())

    def _official(self, day: date) -> bool:
        if self.notice is not None:
            _, off, worked = NOTICES[self.notice]
            if day in worked:
                return True
            if any(first <= day <= last for first, last in off):
                return False
            if day.year == off[-1][0].year:
                return day.weekday() < 5
        return Calendar.official().is_working_day(day)


@dataclass
class Told:
    """What the walk knows of a case."""

    id: int
    key: str
    officer: str
    city: str
    path: tuple[str, ...]
    began: datetime
    extra: int = 0
    pauses: list[list[datetime | None]] = field(default_factory=list)  # from, until, resumed
    done: dict[int, bool] = field(default_factory=dict)  # task that a person has completed: whether in time
    late: set[int] = field(default_factory=set)  # tasks whose lateness has been told and lasts
    passed: dict[int, int] = field(default_factory=dict)  # how often it had to be told
    counted: datetime | None = None  # since when a time of five working days is waited for
    fixed: datetime | None = None  # a time that follows no calendar
    proved: list[Any] = field(default_factory=list)  # its rows when they were last rebuilt from the events

    def awaited(self, works: Works) -> datetime | None:
        """When the time is due that it waits for."""
        return self.fixed if self.counted is None else end_of(counted_days(self.counted, 5, (), works)[-1])

    def come(self, now: datetime, works: Works) -> None:
        """What is due happens, and is no longer waited for."""
        due = self.awaited(works)
        if due is not None and due <= now:
            self.fixed = self.counted = None

    def spans(self) -> list[Span]:
        found = []
        for start, until, resumed in self.pauses:
            assert start is not None and until is not None
            found.append((_day(start), _day((resumed or until) - timedelta(microseconds=1))))
        return found


def _day(moment: datetime) -> date:
    return moment.astimezone(LEGAL_ZONE).date()


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), LEGAL_ZONE).astimezone(UTC)


def counted_days(began: datetime, days: int, spans: Iterable[Span], works: Works) -> list[date]:
    """The days of a period one by one, slowly."""
    found: list[date] = []
    day, taken = _day(began), list(spans)
    while len(found) < days:
        day += DAY
        if works(day) and not any(first <= day <= last for first, last in taken):
            found.append(day)
    return found


def over(due: datetime, now: datetime) -> bool:
    """Whether the day of a due moment, its last second, has ended."""
    return now >= due + SECOND


@dataclass(frozen=True)
class Stored:
    """Everything of the tables that acts may touch."""

    rows: dict[str, list[dict[str, Any]]]

    def of(self, table: Any, case_id: int) -> list[dict[str, Any]]:
        key = "id" if table is cases else "case_id"
        return [row for row in self.rows[table.name] if row[key] == case_id]


def stored(house: House) -> Stored:
    with house.application.database.read() as connection:
        return Stored({
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in REFUSALS_LEAVE
        })  # fmt: skip


def wrong(house: House, told: Iterable[Told], days: Days, *, settled: bool) -> Iterator[str]:
    """Whatever is not as it must be. ``settled``: the worker has run everything that was due."""
    kept, now = stored(house), house.clock.now()
    for one in told:
        lines = [*_people(kept, one), *_times(kept, one, days, now, settled), *_running(kept, one, days, now, settled)]
        content = [kept.of(table, one.id) for table in REFUSALS_LEAVE]
        if content != one.proved:
            lines += house.proof(str(one.id))
            one.proved = content
        yield from (f"case {one.id} ({one.key}): {line}" for line in lines)


def _people(kept: Stored, one: Told) -> Iterator[str]:
    (case,) = kept.of(cases, one.id)
    by_people = {row["number"] for row in kept.of(tasks, one.id) if row["status"] == "completed"}
    if by_people != set(one.done):
        yield f"completed are {by_people}, by people {set(one.done)}"
    names = {(row["event_seq"], row["digest"]) for row in kept.of(attachments, one.id)}
    said = {(row["seq"], data["file"]["digest"]) for row, data in _events(kept, one) if "file" in data}
    if names != said:
        yield f"files {names} are listed, events name {said}"
    if case["status"] == "running":
        return
    left = [row["number"] for row in kept.of(tasks, one.id) if row["status"] == "open"]
    left += [row["kind"] for row in kept.of(waits, one.id)]
    left += [row["number"] for row in kept.of(deadlines, one.id) if row["status"] in ("open", "passed")]
    left += [f"{job['kind']} {job['status']}" for job in _asleep(kept, one)]
    if left:
        yield f"has ended ({case['status']}) and leaves {left}"


def _events(kept: Stored, one: Told) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    said = {row["seq"]: orjson.loads(row["data"]) for row in kept.of(payloads, one.id)}
    return [(row, said[row["seq"]]) for row in kept.of(events, one.id)]


def _asleep(kept: Stored, one: Told) -> list[dict[str, Any]]:
    about = (*ZEROTH, TIMER)
    return [job for job in kept.of(jobs, one.id) if job["kind"] in about and job["status"] != "done"]


def _times(kept: Stored, one: Told, days: Days, now: datetime, settled: bool) -> Iterator[str]:
    found = [job["run_at"] for job in _asleep(kept, one) if job["kind"] == TIMER]
    due = one.awaited(days.works(one.path))
    must = [] if due is None or (settled and due <= now) else [due]
    if found != must:
        yield f"times are {found}, must be {must}"


def _running(kept: Stored, one: Told, days: Days, now: datetime, settled: bool) -> Iterator[str]:
    rows = kept.of(deadlines, one.id)
    runs = [row for row in rows if row["status"] in ("open", "passed")]
    open_tasks = {row["number"]: row for row in kept.of(tasks, one.id) if row["status"] == "open"}
    counted = counted_days(one.began, DAYS + one.extra, one.spans(), days.works(one.path))
    due = end_of(counted[-1])
    near = min(end_of(counted[-1 - WARN]) - DAY + SECOND, due - SECOND)
    for row in runs:
        task = open_tasks.get(row["number"])
        if task is None:
            yield f"the deadline of {row['number']} runs, the task does not"
        elif (task["due_at"], task["warn_at"]) != (row["due_at"], row["warn_at"]):
            yield f"task {row['number']} is due {task['due_at']}, its deadline {row['due_at']}"
        if (row["due_at"], row["warn_at"], row["extra"]) != (due, near, one.extra):
            yield f"{row['number']} is due {row['due_at']}, near {row['warn_at']}; must be {due}, {near}"
        if [date.fromisoformat(line[0]) for line in row["ledger"] if line[1]] != counted:
            yield f"{row['number']} counts other days than {counted}"
        yield from _lateness(kept, one, row, due, now, settled)
    ahead = [(kind, at) for kind, at in (("remind", near), ("escalate", due + SECOND)) if at > now]
    must = sorted((row["number"], kind, at) for row in runs for kind, at in ahead)
    found = sorted((job["number"], job["kind"], job["run_at"]) for job in _asleep(kept, one) if job["kind"] in ZEROTH)
    if [job for job in found if job[2] > now] != must or (settled and len(found) != len(must)):
        yield f"jobs are {found}, must be {must}"
    for number, in_time in one.done.items():
        found_status = {row["status"] for row in rows if row["number"] == number}
        if found_status - {"met" if in_time else "late"}:
            yield f"{number} was answered {'in time' if in_time else 'late'} and is {found_status}"


def _lateness(
    kept: Stored, one: Told, row: dict[str, Any], due: datetime, now: datetime, settled: bool
) -> Iterator[str]:
    number = row["number"]
    if not over(due, now):
        one.late.discard(number)
    elif settled and number not in one.late:
        one.late.add(number)
        one.passed[number] = one.passed.get(number, 0) + 1
    passed = [
        data for row, data in _events(kept, one) if (row["name"], data.get("task")) == ("deadline_passed", number)
    ]
    if settled and len(passed) != one.passed.get(number, 0):
        yield f"the lateness of {number} was told {len(passed)} times, must be {one.passed.get(number, 0)}"
    if settled and (row["status"] == "passed") != over(due, now):
        yield f"{number} is {row['status']} at {now}, due {due}"
