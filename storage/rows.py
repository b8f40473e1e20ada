"""The rows of cases and accounts by type: a TypedDict for each of their tables. Knows no statement and no rule.

A column that may be null is ``| None``; a test holds every type against its table. Rows of other tables stand beside
their table, rows that a query joins from several beside that query. At run time a row is a plain dict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypeAlias, TypedDict

from storage.passages import Passages

Pause = TypedDict("Pause", {"from": str, "until": str, "resumed_at": NotRequired[str]})
"""A time in which a deadline stands still, in moments as ISO text: to its limit, or until somebody resumed it."""
LedgerEntry: TypeAlias = list[Any]
"""``[day as ISO text, whether it counts, why in Chinese, why in English]``."""


class Days(TypedDict):
    """What a change of the calendar says: days as ISO text, each with its reason in Chinese and English."""

    off: Mapping[str, Sequence[str]]
    working: Mapping[str, Sequence[str]]
    amends: NotRequired[bool]  # it leaves all other days as they are
    plain: NotRequired[Mapping[str, Sequence[str]]]  # of those, days that are again what their weekday makes them


class DefinitionRow(TypedDict):
    """A published definition; a file is its text, or ``{"base64": …}``."""

    digest: str
    key: str
    version: int
    name_zh: str
    name_en: str
    files: dict[str, str | dict[str, str]]
    published_at: datetime
    published_by: int | None
    current: bool


class CaseRow(TypedDict):
    """A case."""

    id: int
    number: str
    key: str
    digest: str
    title: str
    summary: str
    status: str
    end_element: str | None
    organisation_code: str
    organisation_name: str
    organisation_path: str
    starter_id: int
    starter_name: str
    starter_candidate: str
    opened_at: datetime
    ended_at: datetime | None
    updated_at: datetime
    revision: int
    head: str
    decided: bool
    passages: Passages | None  # None: of a case of an earlier program, which did not count
    state: bytes
    parent_id: int | None
    parent_seq: int | None
    listed_by: str | None


class TaskRow(TypedDict):
    """A task of a case."""

    case_id: int
    number: int
    element: str
    name_zh: str
    name_en: str
    candidate: str
    organisation_name: str
    instances: str | None
    status: str
    opened_at: datetime
    due_at: datetime | None
    due_key: str
    warn_at: datetime | None
    claimed_by: int | None
    claimed_name: str | None
    completed_at: datetime | None
    completed_by: int | None
    completed_for: str | None
    outcome: str | None
    outcome_kind: str | None


class DraftRow(TypedDict):
    """What a person has typed and not handed in."""

    id: int
    user_id: int
    place: str
    data: dict[str, Any]
    saved_at: datetime


class EventRow(TypedDict):
    """A link of the chain: that something happened in a case, and to what of it the chain commits."""

    case_id: int
    seq: int
    format: int
    semantics: int
    name: str
    at: datetime
    commitment: str | None
    previous: str
    hash: str


class EventPayloadRow(TypedDict):
    """What an event says, and what opens its commitments; ``data`` is JSON as text."""

    case_id: int
    seq: int
    actor_id: int | None
    actor_name: str
    actor_role: str
    data: str
    salts: str | None


class RecordRow(TypedDict):
    """One version of a record of a register."""

    register: str
    number: str
    version: int
    data: dict[str, Any]
    organisation_path: str
    search: str
    valid_from: datetime
    valid_to: datetime | None
    case_id: int
    event_seq: int


class SequenceRow(TypedDict):
    """How far a named sequence has been counted."""

    name: str
    value: int


class DeadlineRow(TypedDict):
    """The deadline of a task."""

    case_id: int
    number: int
    element: str
    started_at: datetime
    days: int
    warn_days: int
    extra: int
    pauses: list[Pause]
    due_at: datetime
    warn_at: datetime
    calendar: str
    provisional: bool
    ledger: list[LedgerEntry]
    status: str


class PlacedDeadline(DeadlineRow):
    """A deadline with the organisation of its case."""

    organisation_code: str


class WaitRow(TypedDict):
    """A message or a signal for which a case waits."""

    case_id: int
    number: int
    element: str
    kind: str
    name: str
    key: str | None


class JobRow(TypedDict):
    """Work that follows a commit."""

    id: int
    kind: str
    case_id: int | None
    event_seq: int | None
    number: int | None
    element: str | None
    payload: dict[str, Any]
    run_at: datetime
    retry_at: datetime | None
    attempts: int
    status: str
    error: str | None
    finished_at: datetime | None


class IncidentRow(TypedDict):
    """What failed and is for an operator."""

    id: int
    case_id: int | None
    job_id: int | None
    act: str
    code: str
    element: str | None
    message_zh: str
    message_en: str
    actor_id: int | None
    opened_at: datetime
    settled_at: datetime | None
    settled_by: int | None
    settlement: str | None


class NewAttachment(TypedDict):
    """A file before it has its id."""

    case_id: int
    event_seq: int
    name: str
    media_type: str
    size: int
    digest: str
    added_by: int | None
    added_name: str
    added_at: datetime


class AttachmentRow(NewAttachment):
    """A file of a case."""

    id: int


class ArticleRow(TypedDict):
    """The official text of an article."""

    number: str
    text: str
    source: str
    imported_at: datetime


class UserRow(TypedDict):
    """An account."""

    id: int
    login: str
    name: str
    password_hash: str
    active: bool
    must_change_password: bool
    created_at: datetime
    devices_from: datetime | None


class MembershipRow(TypedDict):
    """A role that a person holds at an organisation, from when to when."""

    id: int
    user_id: int
    role: str
    organisation_code: str
    valid_from: datetime
    valid_to: datetime | None


class SessionRow(TypedDict):
    """A session of a person."""

    id: str
    user_id: int
    started_at: datetime
    ended_at: datetime | None
    address: str
    agent: str
