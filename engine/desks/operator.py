"""What an operator asks of an installation, at the console or on his page: proofs, background work, and what failed.

The page shows no business: of what failed it tells what and when, never why, because a reason may quote a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine import letters
from engine.calendar.in_force import missing_notices
from engine.calendar.pauses import local
from engine.cases import Cases
from engine.cases.acting.naming import Nameable
from engine.cases.event_types import HOLDER_NAMED
from engine.damage import legible
from engine.database import writing
from engine.desks.outbox import HeldOutbox, held
from engine.directory.actors import Actor
from engine.directory.duties import OPERATIONS, require
from engine.errors import BadInput, CaseNotOpen, Conflict, NotFound
from engine.jobs import report
from engine.jobs.report import Downtime, HeldUp, Schedule
from engine.model import Clock
from engine.views.basic import MOST_COUNTED
from engine.words import Text, Words, say
from storage import account_events, accounts, jobs, rounds, suspensions
from storage.database import Connection, Database

SETTLE, RETRY, SKIP, TERMINATE = "settle", "retry", "skip", "terminate"
NAME = "name"
EVENTS = {SETTLE: "incident_settled", RETRY: "job_retried", SKIP: "job_abandoned", TERMINATE: "case_terminated"}
NAMED = HOLDER_NAMED
RESUMED = "definition_resumed"
LONGEST_REASON = 1000
SHOWN, SETTLED_SHOWN, DOWNTIMES_SHOWN, ROUNDS_SHOWN = 100, 20, 10, 100


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
class SuspendedDefinition:
    """A definition that took too long twice: since when, and how many cases wait for it to be let go on."""

    digest: str
    key: str
    version: int
    name: Text
    at: datetime
    what: Text
    waiting: int


@dataclass(frozen=True, slots=True)
class ComingRound:
    """When cases of a kind begin by the calendar next, and how the last round went.

    ``subjects``: for how many it was to open a case; ``opened``: the cases that it did open; ``missed``: rounds that
    were over by then, and left out.
    """

    key: str
    name: Text
    due_at: datetime | None
    last_at: datetime | None
    subjects: int
    opened: int
    missed: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The operator's page. ``total``: of open incidents, one more than ``MOST_COUNTED`` for more.

    ``years``: whose holiday notice is missing by now.
    """

    schedule: Schedule
    years: tuple[int, ...]
    downtimes: tuple[Downtime, ...]
    total: int
    incidents: tuple[Incident, ...]
    settled: tuple[Incident, ...]
    suspended: tuple[SuspendedDefinition, ...] = ()
    held: HeldOutbox | None = None  # since a restoring
    next: str = ""  # the ``after`` of the following page of open incidents
    rounds: tuple[ComingRound, ...] = ()  # of cases that begin by the calendar, the next one first


class OperatorDesk:
    """The door of the operator. Every method is one transaction."""

    def __init__(self, database: Database, clock: Clock, machine: Clock, cases: Cases) -> None:
        self._database = database
        self._clock = clock
        self._machine = machine
        self._cases = cases

    def standing(self, actor: Actor, after: str = "", limit: int = SHOWN) -> Standing:
        """How the background work stands, a page of what failed, and what was settled last."""
        self.admit(actor)
        return self.watched(after, limit)

    def watched(self, after: str = "", limit: int = SHOWN) -> Standing:
        """The same for the machine's own console and for programs on it that watch."""
        with self._database.read() as connection:
            now = report.read(connection, self._clock, self._machine)
            gaps = report.downtimes(connection, DOWNTIMES_SHOWN)
            wanted, settled = jobs.incident_list(), jobs.settled_incidents(connection, SETTLED_SHOWN)
            (found, last), total = wanted.piece(connection, after, limit), wanted.count(connection, MOST_COUNTED)
            names = accounts.names_of(connection, [row["settled_by"] for row in settled])
            stopped = tuple(map(_suspended, suspensions.told(connection)))
            years = missing_notices(self._cases.calendars.of(connection, None), local(now.at).date())
            waits = held(connection, now.at)
            coming = tuple(legible(rounds.coming(connection, ROUNDS_SHOWN), _coming, _of_kind))
        opened, closed = (tuple(legible(rows, lambda row: _told(row, names), _named)) for rows in (found, settled))
        return Standing(now, years, tuple(gaps), total, opened, closed, stopped, waits, last, coming)

    def caught_up(self, actor: Actor, downtime: int) -> tuple[Downtime, tuple[HeldUp, ...]]:
        """What should have happened in a downtime, and when it did. Raises NotAllowed, NotFound."""
        self.admit(actor)
        return self.watched_downtime(downtime)

    def watched_downtime(self, downtime: int) -> tuple[Downtime, tuple[HeldUp, ...]]:
        """The same for the machine's own console. Raises NotFound."""
        with self._database.read() as connection:
            return report.caught_up(connection, downtime)

    def admit(self, actor: Actor) -> None:
        """Raises NotAllowed for whoever is no operator."""
        require(actor, OPERATIONS, say("查看运行情况"))

    def answer(self, actor: Actor, incident_id: int, answer: str, reason: str) -> None:
        """Settle an incident with a reason: run its job again, skip it, end its case, or just say that it is settled.

        Leaves an event in the chain of account events. Raises NotAllowed, NotFound, BadInput, Conflict.
        """
        require(actor, OPERATIONS, say("处理故障"))
        words = _reason(reason)
        self._cases.ahead.done(lambda: self._answer(actor, incident_id, answer, words))

    def _answer(self, actor: Actor, incident_id: int, answer: str, words: str) -> None:
        with writing(self._database) as connection:
            row = jobs.incident(connection, incident_id)
            if row is None:
                raise NotFound(what=say("这个故障"))
            if row["settled_at"] or answer == NAME or answer not in _answers(row):
                raise Conflict()
            now = self._clock.now()
            self._do(connection, actor, row, answer, words, now)
            if not jobs.close_incident(connection, incident_id, now, actor.user_id, words):
                raise Conflict()
            facts = {"incident": incident_id, "act": row["act"], "code": row["code"], "reason": words}
            facts |= {"case": row["case_number"], "job": row["job_id"]}
            at = self._machine.now()  # as all that is in this chain
            account_events.append(connection, at, EVENTS[answer], actor_id=actor.user_id, facts=facts)

    def nameable(self, actor: Actor, incident_id: int, words: str) -> tuple[Incident, tuple[Nameable, ...]]:
        """An incident for which nobody was found, and who may be named. Raises NotAllowed, NotFound."""
        self.admit(actor)
        with self._database.read() as connection:
            row = _nameless(connection, incident_id)
            return _told(row, {}), self._cases.naming.offered(connection, words)

    def name_holder(self, actor: Actor, incident_id: int, key: str, reason: str) -> None:
        """Name who gets the task for which nobody was found (``key``: his inbox key), and let its job run again.

        Settles the incident; leaves an event in the case and in the chain of account events. Raises NotAllowed,
        NotFound, BadInput, Conflict.
        """
        require(actor, OPERATIONS, say("指定办理人"))
        words = _reason(reason)
        with writing(self._database) as connection:
            row = _nameless(connection, incident_id)
            case_id, element = row["case_id"], row["element"]
            assert case_id is not None and element is not None
            try:
                self._cases.naming.name(connection, actor, case_id, element, key, words)
            except CaseNotOpen as ended:
                raise Conflict() from ended
            if row["job_status"] == "failed":
                self._do(connection, actor, row, RETRY, words, self._clock.now())
            if not jobs.close_incident(connection, incident_id, self._clock.now(), actor.user_id, words):
                raise Conflict()
            facts = {"incident": incident_id, "act": row["act"], "code": row["code"], "reason": words}
            facts |= {"case": row["case_number"], "job": row["job_id"], "candidate": key}
            account_events.append(connection, self._machine.now(), NAMED, actor_id=actor.user_id, facts=facts)

    def resume(self, actor: Actor, digest: str, reason: str) -> None:
        """Let a suspended definition go on, and the cases that wait for it; with a reason.

        Leaves an event in the chain of account events. Raises NotAllowed, BadInput, NotFound.
        """
        require(actor, OPERATIONS, say("恢复办理"))
        words = _reason(reason)
        with writing(self._database) as connection:
            known = suspensions.get(connection, digest)
            if not self._cases.parts.catalog.suspensions.resume(connection, digest, self._clock.now()):
                raise NotFound(what=say("已暂停的流程"))
            assert known is not None
            facts = {"definition": digest, "reason": words, "overruns": known["overruns"]}
            account_events.append(connection, self._machine.now(), RESUMED, actor_id=actor.user_id, facts=facts)

    def _do(
        self, connection: Connection, actor: Actor, row: jobs.ToldIncident, answer: str, words: str, now: datetime
    ) -> None:
        """What an answer does beside settling. Raises Conflict when it is too late for it."""
        done, job_id, case_id = True, row["job_id"], row["case_id"]
        if answer == RETRY and job_id is not None:
            again = {"status": "waiting", "attempts": 0, "retry_at": now, "finished_at": None}
            done = jobs.answer_failed(connection, job_id, **again)
        elif answer == SKIP and job_id is not None:
            done = jobs.answer_failed(connection, job_id, status="abandoned", finished_at=now)
        elif answer == TERMINATE and case_id is not None:
            try:
                self._cases.endings.terminate(connection, actor, case_id, words)
            except CaseNotOpen as ended:
                raise Conflict() from ended
            if job_id is not None and row["job_status"] == "failed":  # unless it went with the case
                jobs.answer_failed(connection, job_id, status="abandoned", finished_at=now)
        if not done:
            raise Conflict()


def _nameless(connection: Connection, incident_id: int) -> jobs.ToldIncident:
    """An open incident of a running case for which nobody was found. Raises NotFound."""
    row = jobs.incident(connection, incident_id)
    if row is None or NAME not in _answers(row) or row["settled_at"]:
        raise NotFound(what=say("这个故障"))
    return row


def _named(row: jobs.ToldIncident) -> tuple[Words, int | None]:
    return say("第{number}条故障记录", number=row["id"]), row["case_id"]


def _coming(row: rounds.NextRound) -> ComingRound:
    name, last = (row["name_zh"], row["name_en"]), (row["last_at"], row["last_subjects"], row["opened"], row["missed"])
    return ComingRound(row["key"], name, row["due_at"], *last)


def _of_kind(row: rounds.NextRound) -> tuple[Words, int | None]:
    return say("流程“{key}”按时发起的时间", key=row["key"]), None


def _suspended(row: suspensions.ToldSuspension) -> SuspendedDefinition:
    assert row["suspended_at"] is not None
    name, what = (row["name_zh"], row["name_en"]), (row["message_zh"], row["message_en"])
    return SuspendedDefinition(
        row["digest"], row["key"], row["version"], name, row["suspended_at"], what, row["running"]
    )


def _told(row: jobs.ToldIncident, names: Mapping[int | None, accounts.Name]) -> Incident:
    what = (_cut(row["message_zh"], "："), _cut(row["message_en"], ":"))
    settled = (row["settled_at"], names.get(row["settled_by"], ("", ""))[0], row["settlement"] or "")
    failed = (row["act"], row["code"], what, row["case_number"])
    return Incident(row["id"], row["opened_at"], *failed, () if row["settled_at"] else _answers(row), *settled)


def _cut(message: str, mark: str) -> str:
    """What failed, without why: that stands behind the colon."""
    head, found, _ = message.partition(mark)
    return f"{head}…" if found else head


def _answers(row: jobs.ToldIncident) -> tuple[str, ...]:
    answers = (RETRY, SKIP) if row["job_status"] == "failed" else (SETTLE,)
    if row["case_status"] != "running":
        return answers
    return (*answers, TERMINATE, *((NAME,) if row["element"] else ()))


def _reason(text: str) -> str:
    words = letters.tidy(text)
    if not 0 < len(words) <= LONGEST_REASON or letters.is_never_text(words):
        reason = say("需要 1 至 {most} 个字", most=LONGEST_REASON)
        raise BadInput(field=say("原因"), reason=reason)
    return words
