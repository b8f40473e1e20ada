"""Work that follows a commit: runs due jobs, tries again with back-off, and gives up into an incident.

Each job is one transaction, in the order in which they were due, and keeps no other one waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, TypedDict, cast

from engine.cases import Cases
from engine.cases.recording.incidents import element_of
from engine.damage import sound
from engine.errors import DataUnreadable, NotWaiting, Refusal, Resting, Runaway, Suspended, Undelivered
from engine.feel import Allowance, step, to_stored
from engine.jobs import publishing
from engine.messages.kinds import NOTICE
from engine.model import CaseStart, Clock, Thrown
from engine.runtime.run import MAX_SECONDS
from engine.words import both, say
from storage import deadlines, fills, jobs, messages, restores, rounds, waits
from storage.columns import UnreadableValue
from storage.database import Connection, Database, LostRace, Unavailable, is_foreseen
from storage.failing import BUSY
from storage.rows import JobRow

logger = logging.getLogger(__name__)

TRIES = 5
FIRST_PAUSE = timedelta(seconds=10)
"""Doubles with every try."""
TURN_SECONDS = 1.0
"""So long a worker goes on before it lets others write. SQLite has one writer and no queue: who waits asks again every
tenth of a second, and would find the next job there before him each time, until he gives up."""
GIVE_WAY_SECONDS = 0.12
MOST_SECONDS = 2.0
"""A run that no person waits for may take no longer: others wait for the database, or for their own due time. When an
operator has it tried again, it has as long as a person's act."""
PUT_OFF = timedelta(minutes=5)
"""So long a job waits whose definition is suspended; at once when an operator lets it go on. No try is counted."""
HOPELESS = (Runaway, UnreadableValue, DataUnreadable)
"""Comes again in every try, and each takes as long as a run may: others would wait for it."""


class Opens(TypedDict):
    """Of which kind a case is opened, by which signal."""

    key: str
    signal: str


class Starts(TypedDict):
    """The case for which a run has asked, as ``engine.model.CaseStart`` has it."""

    start: dict[str, Any]


Handler = Callable[[Connection, JobRow, Cases, Clock], None]


def _tell(connection: Connection, job: JobRow, cases: Cases, clock: Clock) -> None:
    """Put a message into a person's box that an older program has queued."""
    told = cast(jobs.MessagePayload, job["payload"])
    case_id = job["case_id"] if told.get("shows_case", True) else None
    row: messages.NewMessage = {
        "user_id": told["user"], "kind": NOTICE.name, "title": told["title"], "title_en": "", "text": told["text"],
        "text_en": "", "case_id": case_id, "number": None, "opens": case_id is not None, "sent_at": clock.now(),
    }  # fmt: skip
    messages.deliver(connection, row, job["id"])


def _fire(connection: Connection, job: JobRow, cases: Cases, clock: Clock) -> None:
    """Let a case go on whose time is due."""
    _go_on(connection, job, cases, job["run_at"])


def _hear(connection: Connection, job: JobRow, cases: Cases, clock: Clock) -> None:
    """Let a case go on that waits for a signal. One run serves all its waits, so any that is still there will do."""
    signal = cast(waits.SignalPayload, job["payload"])
    for number, element in signal.get("places", [(job["number"], job["element"])]):
        if _go_on(connection, {**job, "number": number, "element": element}, cases, None):
            break


def _go_on(connection: Connection, job: JobRow, cases: Cases, due_at: datetime | None) -> bool:
    """Let happen what a case waits for; False when it waits no longer, for whoever was first has settled it."""
    case_id, number, element = job["case_id"], job["number"], job["element"]
    assert case_id is not None and number is not None and element is not None
    asked_for = job["retry_at"] is not None and not job["attempts"]  # by an operator, who knows that it takes long
    seconds = MAX_SECONDS if asked_for else MOST_SECONDS
    try:
        cases.events.happen(connection, case_id, number, element, None, due_at, seconds)
    except NotWaiting:
        return False
    return True


def _throw(connection: Connection, job: JobRow, cases: Cases, clock: Clock) -> None:
    """Give a message to the one case that waits for it, a signal to each (BPMN 2.0, 10.5.1).

    In a case one receive takes a message: of several that wait for it the one that began first, for "only a single
    receive for a given correlation key can be active" (13.3.3; correlation: 8.4.2). The next takes the next message.
    What no case waits for opens one, where a definition begins with it; a signal opens one of each that does. Raises
    Undelivered when more than one case waits for a message, or would be opened by it, or none so far and it is not to
    be forgotten.
    """
    thrown = Thrown(**job["payload"])
    if thrown.format == 1:
        thrown = replace(thrown, payload=to_stored(thrown.payload), format=2)
    found = waits.waiting_for(connection, thrown.kind, thrown.name, thrown.key)
    found = [one for one in found if thrown.kind != "message" or cases.events.may_take(connection, one)]
    opened = (
        [] if thrown.kind == "message" and found else cases.openings.opened_by(connection, thrown.kind, thrown.name)
    )
    if thrown.kind == "message":
        if not found and not opened and thrown.forget:
            return
        if len(opened) == 1:
            cases.openings.open(connection, *opened[0], thrown, _sender(job))
            return
        waiting = len({one["case_id"] for one in found}) + len(opened)
        if waiting != 1:
            raise Undelivered(name=thrown.name, key=thrown.key or "—", count=waiting)
        one = found[0]
        told = (one["number"], one["element"], thrown.payload, None)
        cases.events.happen(connection, one["case_id"], *told, MOST_SECONDS)
        return
    for case_id, its in groupby(found, key=itemgetter("case_id")):
        if case_id != job["case_id"]:  # its own run has had it
            places = [(one["number"], one["element"]) for one in its]
            payload: waits.SignalPayload = {"places": places}
            place = {"case_id": case_id, "number": places[0][0], "element": places[0][1]}
            jobs.add(connection, {"kind": waits.SIGNAL, "payload": payload, "run_at": clock.now(), **place})
    for definition, element in opened:
        opens: Opens = {"key": definition.key, "signal": thrown.name}
        place = {"case_id": job["case_id"], "event_seq": job["event_seq"], "element": element.id}
        jobs.add(connection, {"kind": jobs.OPEN, "payload": opens, "run_at": clock.now(), **place})


def _sender(job: JobRow) -> jobs.Place | None:
    """Which event of which case has queued a job; a signal of an older program does not say."""
    case_id, seq = job["case_id"], job["event_seq"]
    return None if case_id is None or seq is None else {"case_id": case_id, "event_seq": seq}


def _open(connection: Connection, job: JobRow, cases: Cases, clock: Clock) -> None:
    """Open a case: of a round, of what another case has asked for, or by a signal."""
    if "subject" in job["payload"]:
        cases.rounds.open(connection, job)
    elif "start" in job["payload"]:
        asked = CaseStart(**cast(Starts, job["payload"])["start"])
        reply, by = cases.openings.start(connection, asked, _sender(job)), _sender(job)
        if reply is not None and by is not None:
            jobs.add(connection, {"kind": "throw", "payload": asdict(reply), "run_at": clock.now(), **by})
    else:
        _open_by_signal(connection, job, cases)


def _open_by_signal(connection: Connection, job: JobRow, cases: Cases) -> None:
    """Open a case that begins with a signal; a definition that was replaced meanwhile may begin otherwise."""
    told = cast(Opens, job["payload"])
    for definition, element in cases.openings.opened_by(connection, "signal", told["signal"]):
        if (definition.key, element.id) == (told["key"], job["element"]):
            cases.openings.open(
                connection, definition, element, Thrown("signal", told["signal"], None, None), _sender(job)
            )


HANDLERS: dict[str, Handler] = {
    "message": _tell,
    waits.TIMER: _fire,
    waits.SIGNAL: _hear,
    "throw": _throw,
    jobs.OPEN: _open,
    jobs.PUBLISH: publishing.publish,
    fills.FILL: lambda connection, job, cases, _: cases.fills.go_on(connection, job["payload"]["what"]),
    rounds.ROUND: lambda connection, job, cases, _: cases.rounds.come(connection, job),
    deadlines.REMIND: lambda connection, job, cases, _: cases.deadlines.remind(connection, job),
    deadlines.ESCALATE: lambda connection, job, cases, _: cases.deadlines.escalate(connection, job),
}
OF_CASE = frozenset({waits.TIMER, waits.SIGNAL, deadlines.REMIND, deadlines.ESCALATE})
"""Kinds of job that a person's act may take away: its case is locked first."""


class Worker:
    """Runs the jobs of one database. ``done`` and ``failed`` count the tries since it was made."""

    def __init__(self, database: Database, clock: Clock, cases: Cases) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases
        self.done = self.failed = 0

    def run_due(self, stop: Callable[[], bool] = lambda: False, begins: Callable[[], None] = lambda: None) -> int:
        """Run everything that is due now, the earliest first, until nothing is left or ``stop`` says so.

        Nothing while a restored installation's outbox waits for an operator. How many jobs were tried. ``begins`` hears
        of each before it is. Raises what the database does when it is away.
        """
        now, tried = self._clock.now(), 0
        self._cases.parts.catalog.suspensions.keep(now)
        after: jobs.InQueue | None = None
        busy: set[int] = set()
        turn_ends = time.monotonic() + TURN_SECONDS
        while not stop():
            with self._database.read() as connection:
                batch = [] if restores.is_held(connection) else self._batch(connection, now, after)
            if not batch:
                break
            for place in batch:
                if stop():
                    break
                begins()
                tried += self._run(place[1], busy)
                if self._database.is_sqlite and time.monotonic() > turn_ends:
                    time.sleep(GIVE_WAY_SECONDS)
                    turn_ends = time.monotonic() + TURN_SECONDS
            after = batch[-1]
        return tried

    def _batch(self, connection: Connection, now: datetime, after: jobs.InQueue | None) -> list[jobs.InQueue]:
        """The next jobs; with the first look, before them, those whose time cannot be read or counts for nothing."""
        first = [] if after else [*jobs.due_never(connection), *jobs.overdue_by_no_clock(connection, now)]
        return first + jobs.due(connection, now, after)

    def _run(self, job_id: int, busy: set[int] | None = None) -> bool:
        """One job in one transaction; False when there is nothing to do, or it is left for the next time.

        Of a case in ``busy`` a job before it was left, so this one is, too.
        """
        try:
            publishing.look_ahead(self._database, self._cases, job_id)
            with step(Allowance()):  # whatever it is a part of
                if not self._cases.ahead.done(lambda: self._do(job_id, set() if busy is None else busy)):
                    return False
        except LostRace:  # nobody's fault: the other one has gone on, and the next look finds it again
            return False
        except Unavailable as passing:  # nobody's fault either; without a database there is nothing to look for
            if passing.why != BUSY:
                raise
            return False
        except Exception as error:  # a job may fail in any way; it is kept, tried again, then shown to an operator
            self._fail(job_id, error)
        else:
            self.done += 1
        return True

    def _do(self, job_id: int, busy: set[int]) -> bool:
        with self._database.write() as connection:
            job = self._take(connection, job_id, busy)
            if job is None:
                return False
            sound(job)
            if not is_foreseen(connection):
                end = {"status": "done", "retry_at": None, "finished_at": self._clock.now(), "error": None}
                jobs.settle(connection, job, **end)
            HANDLERS[job["kind"]](connection, job, self._cases, self._clock)
        return True

    def _take(self, connection: Connection, job_id: int, busy: set[int]) -> JobRow | None:
        """The job, locked; its case before it, in the order in which a person's act locks the two."""
        job = jobs.glance(connection, job_id)
        case_id = job["case_id"] if job is not None and job["kind"] in OF_CASE else None
        if case_id is not None and (case_id in busy or not jobs.lock_case(connection, case_id)):
            busy.add(case_id)
            return None
        return jobs.take(connection, job_id)

    def _fail(self, job_id: int, error: Exception) -> None:
        """Keep a try that failed. Raises what the database does when it is away: then it was no fault of the job."""
        now, text = self._clock.now(), f"{type(error).__name__}: {error}"
        with self._database.write() as connection:
            job = jobs.take(connection, job_id)
            if job is None:
                return
            if isinstance(error, Suspended):
                pause = timedelta(seconds=error.seconds) if isinstance(error, Resting) else PUT_OFF
                jobs.settle(connection, job, **{**job, "retry_at": now + pause})
                return
            foreseen = isinstance(error, Refusal)  # says it all; of anything else we want to know where it came from
            said = type(error).__name__ if foreseen and job["case_id"] is not None else text  # data of cases are no log
            logger.error("job %s failed: %s", job_id, said, exc_info=None if foreseen else error)
            self.failed += 1
            tries = job["attempts"] + 1
            if tries < TRIES and not isinstance(error, HOPELESS):
                pause = FIRST_PAUSE * 2 ** (tries - 1)
                jobs.settle(connection, job, attempts=tries, retry_at=now + pause, error=text)
                return
            end = {"status": "failed", "retry_at": None, "finished_at": now, "error": text}
            jobs.settle(connection, job, attempts=tries, **end)
            row = {"case_id": job["case_id"], "job_id": job_id, "act": job["kind"], "code": type(error).__name__}
            row["element"] = element_of(error)
            zh, en = both(say("后台任务失败：{error}", error=text))
            jobs.add_incident(connection, {**row, "message_zh": zh, "message_en": en, "opened_at": now})
