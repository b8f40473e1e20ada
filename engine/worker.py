"""Work that follows a commit: takes due jobs, tries again with back-off, and gives up into an incident.

One handler table serves every place where jobs run: inside the server (``Worker.in_background``) or alone
(``gangwei worker``). A job that fails never keeps another one waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from engine.cases import Cases
from engine.errors import NotWaiting, Undelivered
from engine.model import Clock
from storage import cases as case_rows
from storage import deadlines, jobs, waits
from storage.database import Connection, Database

logger = logging.getLogger(__name__)

TRIES = 5
FIRST_PAUSE = timedelta(seconds=10)
"""Doubles with every try."""
POLL_SECONDS = 1.0

Job = Mapping[str, Any]
Handler = Callable[[Connection, Job, Cases, Clock], None]


def _tell(connection: Connection, job: Job, cases: Cases, clock: Clock) -> None:
    """Put a message into a person's box."""
    payload = job["payload"]
    row = {"job_id": job["id"], "user_id": payload["user"], "title": payload["title"], "text": payload["text"]}
    jobs.send(connection, {**row, "case_id": job["case_id"], "sent_at": clock.now()})


def _happen(connection: Connection, job: Job, cases: Cases, clock: Clock) -> None:
    """Let a case go on that waits for a time or a signal; whoever was first has settled it."""
    with suppress(NotWaiting):
        due_at = None if "payload" in job["payload"] else job["run_at"]
        told = job["payload"].get("payload")
        cases.happen(connection, job["case_id"], job["number"], job["element"], told, due_at)


def _throw(connection: Connection, job: Job, cases: Cases, clock: Clock) -> None:
    """Give a message to the one case that waits for it, a signal to each (BPMN 2.0, 10.5.1).

    Raises Undelivered when nobody waits for the message as yet, or more than one case does.
    """
    thrown = job["payload"]
    found = waits.waiting_for(connection, thrown["kind"], thrown["name"], thrown["key"])
    if thrown["kind"] == "message":
        if len(found) != 1:
            raise Undelivered(name=thrown["name"], key=thrown["key"] or "—", count=len(found))
        one = found[0]
        cases.happen(connection, one["case_id"], one["number"], one["element"], thrown["payload"], None)
        return
    for one in {one["case_id"]: one for one in reversed(found)}.values():  # one run of a case serves all its waits
        if one["case_id"] != job["case_id"]:  # its own run has had it
            place = {name: one[name] for name in ("case_id", "number", "element")}
            jobs.add(connection, {"kind": waits.HAPPEN, "payload": {"payload": None}, "run_at": clock.now(), **place})


HANDLERS: dict[str, Handler] = {
    "message": _tell,
    waits.HAPPEN: _happen,
    "throw": _throw,
    deadlines.REMIND: lambda connection, job, cases, _: cases.remind(connection, job),
    deadlines.ESCALATE: lambda connection, job, cases, _: cases.escalate(connection, job),
}
OF_CASE = frozenset({waits.HAPPEN, deadlines.REMIND, deadlines.ESCALATE})
"""Kinds of job that a person's act may take away: its case is locked first."""


class Worker:
    """Runs the jobs of one database."""

    def __init__(self, database: Database, clock: Clock, cases: Cases) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases

    def run_due(self) -> int:
        """Run everything that is due now; how many jobs were run."""
        with self._database.read() as connection:
            found = jobs.due(connection, self._clock.now())
        return sum(self._run(job_id) for job_id in found)

    def run_forever(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Run jobs until ``stop`` says so; looks for new ones every second."""
        while not stop():
            if not self.run_due():
                time.sleep(POLL_SECONDS)

    def in_background(self) -> BackgroundScheduler:
        """Run jobs on a thread of this process. The caller shuts the scheduler down."""
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_job(self.run_due, "interval", seconds=POLL_SECONDS, max_instances=1, coalesce=True)
        scheduler.start()
        return scheduler

    def _run(self, job_id: int) -> bool:
        """One job in one transaction; False when another worker has it."""
        try:
            with self._database.write() as connection:
                job = self._take(connection, job_id)
                if job is None:
                    return False
                jobs.settle(connection, job_id, status="done", finished_at=self._clock.now(), error=None)
                HANDLERS[job["kind"]](connection, job, self._cases, self._clock)
        except Exception as error:  # a job may fail in any way; it is kept, tried again, then shown to an operator
            logger.exception("job %s failed", job_id)
            self._failed(job_id, error)
        return True

    def _take(self, connection: Connection, job_id: int) -> Job | None:
        """The job, locked; its case before it, in the order in which a person's act locks the two."""
        job = jobs.glance(connection, job_id)
        if job is not None and job["kind"] in OF_CASE:
            case_rows.lock(connection, job["case_id"])
        return jobs.take(connection, job_id)

    def _failed(self, job_id: int, error: Exception) -> None:
        now = self._clock.now()
        text = f"{type(error).__name__}: {error}"
        with self._database.write() as connection:
            job = jobs.take(connection, job_id)
            if job is None:
                return
            tries = job["attempts"] + 1
            if tries < TRIES:
                pause = FIRST_PAUSE * 2 ** (tries - 1)
                jobs.settle(connection, job_id, attempts=tries, run_at=now + pause, error=text)
                return
            jobs.settle(connection, job_id, attempts=tries, status="failed", finished_at=now, error=text)
            row = {"case_id": job["case_id"], "job_id": job_id, "act": job["kind"], "code": type(error).__name__}
            words = {"message_zh": f"后台任务失败：{text}", "message_en": f"a job failed: {text}", "opened_at": now}
            jobs.add_incident(connection, {**row, **words})
