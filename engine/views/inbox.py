"""The inbox: what was asked, and a page of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.views.basic import OrganisationName
from engine.views.cases import DeadlineView
from engine.views.columns import ColumnAsked, ColumnView
from engine.words import Text


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What a person looks for. Days are days in Asia/Shanghai; empty means: do not filter."""

    q: str = ""  # in number, title, summary and the organisation's name; a case's number (or its tail) finds that case
    key: str = ""  # process
    place: str = ""  # code of an organisation; its subtree counts
    state: str = ""  # of the case: running, completed, refused, withdrawn, cancelled
    arrived_from: date | None = None
    arrived_to: date | None = None
    due: str = ""  # late, today, week (this one, to its Sunday), soon, suspended, later
    sort: str = "due"  # due, arrived, -arrived, number; c.ID or -c.ID: a column of the process ``key``
    after: str = ""  # ``Page.next`` of the page before
    limit: int = 20
    columns: tuple[ColumnAsked, ...] = ()  # of the process ``key``


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an inbox: an open task (todo; aside: its reader must stand aside), a finished one (done) or a case
    (mine, copied)."""

    case_id: str
    task_id: str | None  # None: open the case
    number: str
    key: str
    process: Text
    title: str
    summary: str
    organisation: OrganisationName
    step: Text  # name of the task, or of the step where the case stands; empty when it has ended
    arrived_at: datetime
    state: str  # of the case
    deadline: DeadlineView | None = None  # of the open task
    claimed_by: str | None = None  # display name
    claimed_by_me: bool = False
    in_place_of: str = ""  # todo: the name of the one who is away, for whom the reader would act
    outcome: Text | None = None  # done: what was decided
    outcome_kind: str = ""
    unread: bool = False  # copied: not yet opened
    involved: str = ""  # todo: delegate, before, beside, after, ask: he is to answer; come_back: others have answered
    columns: tuple[str, ...] = ()  # plain text, as ``Page.columns``
    others: tuple[str, ...] = ()  # aside: the names of those who can act
    urged_at: tuple[str, ...] = ()  # mine: the ids of its open tasks
    ending: Text | None = None  # name of the end event of its diagram at which the case has ended


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows. ``next`` is None on the last page; ``counts`` has every view (todo, done, mine,
    copied, aside) and the drafts.

    One more than ``MOST_COUNTED`` rows stands for more than that.
    """

    rows: tuple[Row, ...]
    total: int
    next: str | None
    counts: Mapping[str, int]
    columns: tuple[ColumnView, ...] = ()  # those of the process that is asked for
    filling: bool = False  # older cases are still to get them
