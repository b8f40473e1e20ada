"""The tables of running cases. Columns and indexes only; who reads and writes them stands in the modules beside.

Times are aware UTC (``UtcTime``); ``*_path`` is the path of an organisation: what is inside its subtree begins with it.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

from storage.columns import Flag
from storage.database import Json, UtcTime, metadata

NO_DUE, RUNNING = "9999", "status = 'running'"
_DUE = ("due_at", "case_id", "number")
_OPEN, _CLAIMED = text("status = 'open'"), text("status = 'open' AND claimed_by IS NOT NULL")
_FINISHED, _DONE = text("finished_at IS NOT NULL"), text("completed_by IS NOT NULL")
_RUNNING, _ENDED = text(RUNNING), text("ended_at IS NOT NULL")
_RUNS, _PAUSED = text("status IN ('open', 'passed')"), text("status IN ('open', 'passed') AND pauses <> '[]'")


def _some(name: str, *columns: str, which: TextClause) -> Index:
    """An index that does not hold all rows, for either database."""
    return Index(name, *columns, sqlite_where=which, postgresql_where=which)


definitions = Table(
    "definitions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("key", String(100), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name_zh", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("files", Json, nullable=False),  # file name -> text
    Column("published_at", UtcTime, nullable=False),
    Column("published_by", Integer),
    Column("current", Flag, nullable=False),
    UniqueConstraint("key", "version"),
    _some("ix_definitions_current", "key", which=text("current")),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(60), nullable=False, unique=True),
    Column("key", String(100), nullable=False),
    Column("digest", String(64), ForeignKey("definitions.digest"), nullable=False),
    Column("title", String(300), nullable=False),
    Column("summary", String(1000), nullable=False),
    Column("status", String(20), nullable=False),  # running, completed, refused, withdrawn, cancelled
    Column("end_element", String(200)),
    Column("organisation_code", String(20), nullable=False),
    Column("organisation_name", String(200), nullable=False),
    Column("organisation_path", String(200), nullable=False),
    Column("starter_id", Integer, nullable=False),
    Column("starter_name", String(100), nullable=False),
    Column("starter_candidate", String(120), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),  # also the number of the newest event: one act, one event
    Column("head", String(64), nullable=False),  # hash of the newest event
    Column("decided", Flag, nullable=False),  # somebody has decided on the matter: no withdrawal any more
    Column("passages", Json),  # how often tokens went where (storage.rows.Passages)
    Column("state", LargeBinary, nullable=False),
    Column("parent_id", Integer),  # the case that has opened it
    Column("parent_seq", Integer),  # by this event
    Index("ix_cases_parent", "parent_id", "id"),
    Column("listed_by", String(64)),  # the definition by whose columns lists know it; null: by none
    Index("ix_cases_starter", "starter_id", "opened_at", "id"),
    Index("ix_cases_path", "organisation_path"),
    # The list of all cases: what it is asked for is told by the index alone.
    Index("ix_cases_opened", "opened_at", "id", "organisation_path", "status", "key"),
    Index("ix_cases_place", "organisation_code", "opened_at", "id"),
    # What somebody has opened and waits for, however much of his has ended; what has ended lately.
    _some("ix_cases_under_way", "starter_id", "opened_at", "id", which=_RUNNING),
    _some("ix_cases_running", "key", "digest", which=_RUNNING),
    _some("ix_cases_ended", "ended_at", "organisation_code", "id", which=_ENDED),
)

tasks = Table(
    "tasks",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # the id of the task in the case's state
    Column("element", String(200), nullable=False),
    Column("name_zh", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("candidate", String(120), nullable=False),  # role@organisation: who finds it in the inbox
    Column("organisation_name", String(200), nullable=False),  # of the candidate, for pages
    Column("instances", Text),  # of multi-instance sub-processes around it (engine.model.OpenedTask)
    Column("status", String(20), nullable=False),  # open, completed, cancelled
    Column("opened_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("due_key", String(27), nullable=False),  # due_at as text, or NO_DUE: sorts last without a null
    Column("warn_at", UtcTime),  # from here on it is shown in amber
    Column("claimed_by", Integer),
    Column("claimed_name", String(100)),
    Column("completed_at", UtcTime),
    Column("completed_by", Integer),
    Column(
        "completed_for", String(60)
    ),  # ids of those for whom he acted, "12" or "12/15": the first is whose task it was
    Column("outcome", String(100)),
    Column("outcome_kind", String(20)),
    _some(
        "ix_tasks_inbox",
        "candidate",
        "due_key",
        "case_id",
        "number",
        "claimed_by",  # so that an inbox is counted without opening its rows
        which=_OPEN,
    ),
    _some(
        "ix_tasks_arrived",
        "candidate",
        "opened_at",
        "case_id",
        "number",
        "claimed_by",
        which=_OPEN,
    ),
    _some("ix_tasks_claimed", "claimed_by", "case_id", "number", which=_CLAIMED),
    _some("ix_tasks_step", "name_zh", "case_id", which=_OPEN),
    _some("ix_tasks_done", "completed_by", "completed_at", which=_DONE),
    _some(
        "ix_tasks_done_for",
        "completed_for",
        "completed_at",
        which=text("completed_for IS NOT NULL"),
    ),
    _some(
        "ix_tasks_open",
        "case_id",
        "number",
        which=_OPEN,
    ),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("place", String(160), nullable=False),  # "task:17-3" or "start:key:organisation"
    Column("data", Json, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    UniqueConstraint("user_id", "place"),
)

records = Table(
    "records",
    metadata,
    Column("register", String(60), primary_key=True),
    Column("number", String(80), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("data", Json, nullable=False),
    Column("organisation_path", String(200), nullable=False),
    Column("search", Text, nullable=False),
    Column("valid_from", UtcTime, nullable=False),
    Column("valid_to", UtcTime),  # null: the version in force
    Column("case_id", Integer, nullable=False),
    Column("event_seq", Integer, nullable=False),
    ForeignKeyConstraint(
        ["case_id", "event_seq"], ["events.case_id", "events.seq"], deferrable=True, initially="DEFERRED"
    ),
    _some(
        "ix_records_current",
        "register",
        "organisation_path",
        which=text("valid_to IS NULL"),
    ),
    Index("ix_records_case", "case_id"),
)

sequences = Table(
    "sequences",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("value", Integer, nullable=False),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # of the task
    Column("element", String(200), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("days", Integer, nullable=False),  # working days, as the diagram says
    Column("warn_days", Integer, nullable=False),
    Column("extra", Integer, nullable=False),  # working days granted by extensions
    Column("pauses", Json, nullable=False),  # [{from, until, resumed_at}]
    Column("due_at", UtcTime, nullable=False),  # derived from all above by the calendar
    Column("warn_at", UtcTime, nullable=False),
    Column("calendar", String(200), nullable=False),  # its version
    Column("provisional", Flag, nullable=False),  # a year without a notice is touched
    Column("ledger", Json, nullable=False),  # [[day, counted, why in Chinese, why in English]]
    Column("status", String(20), nullable=False),  # open, passed (late and open), met, late, cancelled
    Column("organisation_code", String(20), nullable=False),  # of the case, so that a subtree's are found by an index
    # The list of those that run, of those that stand or stood still, of those of one organisation. Nobody looks for the
    # others but by their case.
    _some("ix_deadlines_running", *_DUE, "organisation_code", "warn_at", which=_RUNS),
    _some("ix_deadlines_paused", *_DUE, which=_PAUSED),
    _some("ix_deadlines_place", "organisation_code", *_DUE, "warn_at", which=_RUNS),
)

waits = Table(
    "waits",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),  # who waits in the case's state
    Column("element", String(200), primary_key=True),
    Column("kind", String(20), nullable=False),  # message, signal (a timer waits as a job)
    Column("name", String(200), nullable=False),
    Column("key", String(200)),  # which of the messages of that name; null: any
    Index("ix_waits_name", "kind", "name", "key"),
)

AT_ONCE = "status = 'waiting' AND kind IN ('open', 'signal', 'throw')"
"""Waiting jobs that follow at once from what has happened, whatever a clock said then."""

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("case_id", Integer),
    Column("event_seq", Integer),
    Column("number", Integer),  # with element: which of the case's waits it lets happen
    Column("element", String(200)),
    Column("payload", Json, nullable=False),
    Column("run_at", UtcTime, nullable=False),  # when it is due; never moved
    Column("retry_at", UtcTime),  # not before this, after a try that failed
    Column("attempts", Integer, nullable=False),
    Column("status", String(20), nullable=False),  # waiting, done, failed, abandoned
    Column("error", Text),
    Column("finished_at", UtcTime),
    Index("ix_jobs_status", "status", "run_at", "id"),
    _some("ix_jobs_finished", "finished_at", which=_FINISHED),
    _some(
        "ix_jobs_retry",
        "retry_at",
        which=text("retry_at IS NOT NULL"),
    ),
    Index("ix_jobs_case", "case_id", "number"),
    _some("ix_jobs_at_once", "run_at", "id", which=text(AT_ONCE)),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer),
    Column("job_id", Integer),
    Column("act", String(60), nullable=False),
    Column("code", String(100), nullable=False),
    Column("element", String(200)),  # for which nobody was found who may do it
    Column("message_zh", Text, nullable=False),
    Column("message_en", Text, nullable=False),
    Column("actor_id", Integer),
    Column("opened_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("settled_by", Integer),
    Column("settlement", Text),
    _some("ix_incidents_open", "id", which=text("settled_at IS NULL")),
    _some("ix_incidents_settled", "settled_at", "id", which=text("settled_at IS NOT NULL")),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, ForeignKey("cases.id"), nullable=False),
    Column("event_seq", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("added_by", Integer),  # null: the process itself, when a time was due
    Column("added_name", String(100), nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Index("ix_attachments_case", "case_id"),
)
