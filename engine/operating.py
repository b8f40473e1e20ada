"""What an operator asks of an installation, at the console or on his page: proofs, and how the background work stands.

The page shows no business: of what failed it tells what and when, never why, because a reason may quote a form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import replay
from engine.accounts import Actor
from engine.cases.base import parse_case_id
from engine.duties import OPERATIONS, require
from engine.errors import BadInput, Conflict, NotFound
from engine.model import Clock
from engine.publishing import Catalog
from storage import account_events, accounts, cases, jobs
from storage.database import Connection, Database

Text = tuple[str, str]
Row = Mapping[str, Any]
SETTLE, RETRY, GIVE_UP = "settle", "retry", "give_up"
EVENTS = {SETTLE: "incident_settled", RETRY: "job_retried", GIVE_UP: "job_abandoned"}
LONGEST_REASON = 1000
SHOWN, SETTLED_SHOWN = 100, 20


@dataclass(frozen=True, slots=True)
class Proof:
    """How a stored case compares with the one that its events make; no differences: proved."""

    case_id: str
    differences: tuple[replay.Difference, ...]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """Something that failed and waits for a decision of an operator."""

    id: int
    at: datetime
    act: str
    message: Text


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs by status, and what has failed for good."""

    jobs: Mapping[str, int]
    incidents: tuple[OpenIncident, ...]


def prove(database: Database, catalog: Catalog, case_id: str) -> Proof:
    """Rebuild one case from its events and compare; nothing is written. Raises NotFound."""
    with database.read() as connection:
        return Proof(case_id, tuple(replay.differences(connection, catalog, parse_case_id(case_id))))


def prove_all(database: Database, catalog: Catalog) -> Iterator[Proof]:
    """Every case in turn, each in a reading of its own, so that the work of others is not held up."""
    with database.read() as connection:
        ids = cases.case_ids(connection)
    return (prove(database, catalog, str(number)) for number in ids)


def work(database: Database) -> Work:
    """How the background work stands now."""
    with database.read() as connection:
        counts, rows = jobs.counts(connection), jobs.open_incidents(connection)
    found = (OpenIncident(r["id"], r["opened_at"], r["act"], (r["message_zh"], r["message_en"])) for r in rows)
    return Work(counts, tuple(found))


@dataclass(frozen=True, slots=True)
class Incident:
    """What failed, as the operator's page tells it. ``answers``: the acts that fit; none once it is settled."""

    id: int
    at: datetime
    act: str
    code: str
    what: Text
    case_number: str | None
    answers: tuple[str, ...]
    settled_at: datetime | None
    settled_by: str
    settlement: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The operator's page. ``late``: the next job should have run by now. ``total``: of open incidents."""

    jobs: Mapping[str, int]
    next_due: datetime | None
    late: bool
    total: int
    incidents: tuple[Incident, ...]
    settled: tuple[Incident, ...]


class OperatingDesk:
    """The door of the operator. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def standing(self, actor: Actor) -> Standing:
        """How the background work stands, what failed, and what was settled last."""
        require(actor, OPERATIONS, ("查看运行情况", "look at the operations"))
        with self._database.read() as connection:
            counts, due = jobs.counts(connection), jobs.next_due(connection)
            late = due is not None and due < self._clock.now()
            found, settled = jobs.open_incidents(connection, SHOWN), jobs.settled_incidents(connection, SETTLED_SHOWN)
            names = accounts.names_of(connection, [row["settled_by"] for row in settled])
            total = jobs.count_open_incidents(connection)
        return Standing(
            counts, due, late, total, tuple(_told(r, names) for r in found), tuple(_told(r, names) for r in settled)
        )

    def answer(self, actor: Actor, incident_id: int, answer: str, reason: str) -> None:
        """Settle an incident with a reason; one of a failed job is settled by running the job again or giving it up.

        Leaves an event in the chain of account events. Raises NotAllowed, NotFound, BadInput, Conflict.
        """
        require(actor, OPERATIONS, ("处理故障", "settle incidents"))
        words = _reason(reason)
        with self._database.write() as connection:
            row = jobs.incident(connection, incident_id)
            if row is None:
                raise NotFound(what=("这个故障", "This incident"))
            if row["settled_at"] or answer not in _answers(row):
                raise Conflict()
            now = self._clock.now()
            if answer != SETTLE and not self._answer_job(connection, row["job_id"], answer, now):
                raise Conflict()
            if not jobs.close_incident(connection, incident_id, now, actor.user_id, words):
                raise Conflict()
            facts = {"incident": incident_id, "act": row["act"], "code": row["code"], "reason": words}
            facts |= {"case": row["case_number"], "job": row["job_id"]}
            account_events.append(connection, now, EVENTS[answer], actor_id=actor.user_id, facts=facts)

    def _answer_job(self, connection: Connection, job_id: int, answer: str, now: datetime) -> bool:
        if answer == RETRY:
            return jobs.answer_failed(connection, job_id, status="waiting", attempts=0, retry_at=now, finished_at=None)
        return jobs.answer_failed(connection, job_id, status="abandoned", finished_at=now)


def _told(row: Row, names: Mapping[int, accounts.Name]) -> Incident:
    what = (_cut(row["message_zh"], "："), _cut(row["message_en"], ":"))
    settled = (row["settled_at"], names.get(row["settled_by"], ("", ""))[0], row["settlement"] or "")
    failed = (row["act"], row["code"], what, row["case_number"])
    return Incident(row["id"], row["opened_at"], *failed, () if row["settled_at"] else _answers(row), *settled)


def _cut(message: str, mark: str) -> str:
    """What failed, without why: that stands behind the colon."""
    head, found, _ = message.partition(mark)
    return f"{head}…" if found else head


def _answers(row: Row) -> tuple[str, ...]:
    return (RETRY, GIVE_UP) if row["job_status"] == "failed" else (SETTLE,)


def _reason(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not 0 < len(words) <= LONGEST_REASON or "\0" in words:
        reason = (f"需要 1 至 {LONGEST_REASON} 个字", f"1 to {LONGEST_REASON} characters are needed")
        raise BadInput(field=("原因", "reason"), reason=reason)
    return words
