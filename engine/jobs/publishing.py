"""The job by which a case puts a definition in force: the checks before anybody waits, then the act.

Knows no diagram.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict

from engine.cases import Cases
from engine.errors import Refusal
from engine.model import Clock, Publication
from storage import jobs
from storage.database import Connection, Database
from storage.rows import JobRow


def look_ahead(database: Database, cases: Cases, job_id: int) -> None:
    """Make the checks that take long before the job's transaction; what is wrong, the job itself says."""
    with database.read() as connection:
        job = jobs.glance(connection, job_id)
    if job is not None and job["kind"] == jobs.PUBLISH:
        with suppress(Refusal):
            cases.publications.look_ahead(Publication(**job["payload"]))


def publish(connection: Connection, job: JobRow, cases: Cases, clock: Clock) -> None:
    """Put in force what a case has decided; the case hears what came of it."""
    case_id, seq = job["case_id"], job["event_seq"]
    assert case_id is not None and seq is not None
    by: jobs.Place = {"case_id": case_id, "event_seq": seq}
    reply = cases.publications.come(connection, case_id, Publication(**job["payload"]))
    jobs.add(connection, {"kind": "throw", "payload": asdict(reply), "run_at": clock.now(), **by})
