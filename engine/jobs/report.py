"""How the background work stands in time: what is due and late, who looks for it, and what a downtime has held up.

Reads only, and tells no business. Moments are the installation's (a demo's clock moves them), but for those of the
workers, which are the machine's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from engine.calendar import timers
from engine.cases.event_types import TIMER_FIRED, HappenedLate
from engine.damage import legible, of_case
from engine.errors import NotFound
from engine.jobs.scheduler import LONGEST_GAP
from engine.model import Clock
from engine.words import Words, say
from storage import moments, schedule, ticks, timetable
from storage.database import Connection, utc_text

HORIZONS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
PAST = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
LATE_AFTER = timedelta(seconds=5)
"""A worker looks every second; what is younger is on its way."""
ALIVE_FOR = timedelta(seconds=30)
MOST_SKEW = timedelta(seconds=2)
STRETCHES, SHOWN = 500, 200
MOST_JOBS = schedule.MOST


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """A worker. ``skew``: seconds that the database's clock was ahead of its own."""

    name: str
    since: datetime
    last_at: datetime
    alive: bool
    running: int
    done: int
    failed: int
    skew: float


@dataclass(frozen=True, slots=True)
class RoutineReport:
    """How a routine of the timetable goes. ``last_at``, ``outcome``, ``error``, ``told``: of its last time.

    ``next_at``: when the program that ran it last runs it again. ``counts``: how often it went how, by outcome.
    """

    name: str
    last_at: datetime
    outcome: str
    error: str
    told: Mapping[str, int]
    next_at: datetime | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The queue now; jobs are counted up to ``MOST_JOBS``, and one more stands for more than that.

    ``due``: waiting jobs within the next hour, day, week. ``late_by``: of the oldest, in seconds.

    ``running``: under way at this moment. ``done``: within the last minute, hour, day.
    ``skew``: seconds that the database's clock is ahead of this machine's.
    ``ahead``: seconds that the demo's clock is ahead of the machine's.
    ``latest``: the latest moment by anybody's clock of what was written last; one that says less was set back.
    """

    at: datetime
    jobs: Mapping[str, int]
    next_due: datetime | None
    due: Mapping[str, int]
    late: int
    late_by: float
    retrying: int
    running: int
    done: Mapping[str, int]
    workers: tuple[WorkerReport, ...]
    routines: tuple[RoutineReport, ...]
    last_look: datetime | None
    machine_at: datetime
    skew: float
    ahead: float
    latest: datetime | None = None

    @property
    def watched(self) -> bool:
        """Whether a worker looks for due jobs."""
        return any(worker.alive for worker in self.workers)

    @property
    def skewed(self) -> bool:
        """Whether clocks differ by more than is good for deadlines."""
        skews = [self.skew, *(worker.skew for worker in self.workers if worker.alive)]
        return any(abs(skew) > MOST_SKEW.total_seconds() for skew in skews)

    @property
    def set_back(self) -> float:
        """Seconds by which this machine's clock is behind what was written last; 0 unless it was set back."""
        return set_back(self.latest, self.machine_at)


@dataclass(frozen=True, slots=True)
class Downtime:
    """A time in which nobody looked, on the installation's clock; ``held_up``: the jobs that fell due in it."""

    id: int
    start: datetime
    end: datetime
    held_up: int

    @property
    def seconds(self) -> float:
        """How long it was."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A job that fell due in a downtime: when it should have happened, when it did, and how late (seconds).

    ``missed``: of a cycle, the later rounds for which this one firing stands.
    """

    kind: str
    element: str
    case_number: str | None
    due_at: datetime
    done_at: datetime | None
    late_by: float | None
    status: str
    missed: timers.Missed | None


def set_back(latest: datetime | None, now: datetime) -> float:
    """Seconds by which ``now`` is behind the ``latest`` moment; 0 for no more than clocks differ anyway."""
    behind = timedelta() if latest is None else latest - now
    return behind.total_seconds() if behind > MOST_SKEW else 0.0


def read(connection: Connection, clock: Clock, machine: Clock) -> Schedule:
    """How the queue stands now."""
    at, here = clock.now(), machine.now()
    late, oldest = schedule.late(connection, at - LATE_AFTER)
    workers = tuple(_workers(connection, here))
    return Schedule(
        at=at,
        jobs=schedule.counts(connection),
        next_due=schedule.next_due(connection),
        due={name: schedule.waiting_between(connection, at, at + ahead) for name, ahead in HORIZONS.items()},
        late=late,
        late_by=(at - oldest).total_seconds() if oldest else 0.0,
        retrying=schedule.retrying(connection),
        running=sum(worker.running for worker in workers if worker.alive),
        done={name: schedule.done_since(connection, at - ago, at) for name, ago in PAST.items()},
        workers=workers,
        routines=tuple(legible(timetable.read(connection), _routine, _routine_named)),
        last_look=max((worker.last_at for worker in workers), default=None),
        machine_at=here,
        skew=(ticks.database_now(connection) - machine.now()).total_seconds(),
        ahead=round((at - here).total_seconds()),
        latest=moments.newest(connection),
    )


def _routine_named(row: timetable.RoutineRow) -> tuple[Words, None]:
    return say("例行任务{name}", name=row["name"]), None


def _look_named(row: ticks.TickRow) -> tuple[Words, None]:
    return say("第{number}条运行记录", number=row["id"]), None


def _looks(connection: Connection) -> list[ticks.TickRow]:
    """The newest stretches that can be read."""
    return legible(ticks.newest(connection, STRETCHES), lambda row: row, _look_named)


def _routine(row: timetable.RoutineRow) -> RoutineReport:
    last = (row["last_at"], row["outcome"], row["error"], row["told"], row["next_at"])
    counts = {"executed": row["executed"], "failed": row["failed"], "missed": row["missed"]}
    return RoutineReport(row["name"], *last, counts)


def _workers(connection: Connection, now: datetime) -> Iterator[WorkerReport]:
    """Each worker by its newest stretch: those that live, and the last one that did."""
    seen: set[str] = set()
    for row in _looks(connection):
        alive = abs(now - row["last_at"]) <= ALIVE_FOR
        if row["worker"] in seen or (seen and not alive):
            continue
        seen.add(row["worker"])
        counted = (row["running"], row["done"], row["failed"], row["skew"] / 1000)
        yield WorkerReport(row["worker"], row["first_at"], row["last_at"], alive, *counted)


def downtimes(connection: Connection, limit: int) -> list[Downtime]:
    """The last downtimes that have ended, the newest first."""
    found = list(_gaps(connection))[-limit:]
    return [Downtime(i, start, end, schedule.count_due_between(connection, start, end)) for i, start, end in found][
        ::-1
    ]


def caught_up(connection: Connection, downtime: int) -> tuple[Downtime, tuple[HeldUp, ...]]:
    """What should have happened in a downtime, the earliest first, and when it did. Raises NotFound."""
    for number, start, end in _gaps(connection):
        if number == downtime:
            rows = schedule.due_between(connection, start, end, SHOWN)
            count = schedule.count_due_between(connection, start, end)
            missed = _missed(connection, rows, start)
            told = legible(rows, partial(_held_up, missed), _held_up_named)
            return Downtime(number, start, end, count), tuple(told)
    raise NotFound(what=say("这次停机"))


def _gaps(connection: Connection) -> Iterator[tuple[int, datetime, datetime]]:
    """Where no stretch reaches, the oldest first: the stretch that ended it, and from when to when on our clock."""
    covered: datetime | None = None
    for row in sorted(_looks(connection), key=lambda row: (row["first_at"], row["id"])):
        if covered is not None and row["first_at"] - covered > LONGEST_GAP:
            ahead = timedelta(seconds=row["ahead"])
            yield row["id"], covered + ahead, row["first_at"] + ahead
        covered = row["last_at"] if covered is None else max(covered, row["last_at"])


def _missed(
    connection: Connection, rows: list[schedule.DueJob], since: datetime
) -> dict[tuple[Any, ...], timers.Missed]:
    """The rounds that firings stand for, by case, place and due time."""
    ids = {row["case_id"] for row in rows if row["case_id"] is not None}
    told = schedule.told_since(connection, ids, TIMER_FIRED, "missed", since)
    late = [(case_id, cast(HappenedLate, data)) for case_id, data in told]
    return {
        (case_id, one["number"], one["element"], one["due_at"]): timers.read_missed(one["missed"])
        for case_id, one in late
    }


def _held_up_named(row: schedule.DueJob) -> tuple[Words, int | None]:
    return of_case(row["case_number"], row["case_id"])


def _held_up(missed: Mapping[tuple[Any, ...], timers.Missed], row: schedule.DueJob) -> HeldUp:
    done = row["finished_at"] if row["status"] == "done" else None
    late = None if done is None else (done - row["run_at"]).total_seconds()
    told = (row["kind"], row["element"] or "", row["case_number"])
    place = (row["case_id"], row["number"], row["element"], utc_text(row["run_at"]))
    return HeldUp(*told, row["run_at"], done, late, row["status"], missed.get(place))
