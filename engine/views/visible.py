"""The list of all cases that a reader may see: what was asked, and a page of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine.views.basic import OrganisationName
from engine.views.cases import OpenTask
from engine.views.columns import ColumnAsked, ColumnView
from engine.words import Text


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a person looks for. Days are days in Asia/Shanghai; empty means: do not filter."""

    q: str = ""  # in number, title, summary and the organisation's name; a case's number (or its tail) finds that case
    key: str = ""  # process
    place: str = ""  # code of an organisation; its subtree counts
    state: str = ""  # running, completed, refused, withdrawn, cancelled
    step: str = ""  # the Chinese name of the step where it stands
    waits_at: str = ""  # code of the organisation for whose people it waits
    due: str = ""  # late, suspended, soon; all_in_time, once_late: of what has ended, too: for who leads alone
    opened_from: date | None = None
    opened_to: date | None = None
    ended_from: date | None = None
    ended_to: date | None = None
    others: bool = False  # opened or handed on by the reader, and now it is somebody else's turn
    claimed_by: int | None = None  # in the reader's part of the tree, by who leads there: who has claimed a task of it
    done_by: int | None = None  # the same: who has completed a task of it
    done_from: date | None = None
    done_to: date | None = None
    sort: str = "-opened"  # -opened, opened, number; c.ID or -c.ID: a column of the process ``key``
    after: str = ""  # ``CaseList.next`` of the page before
    limit: int = 50
    columns: tuple[ColumnAsked, ...] = ()  # of the process ``key``


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case in a list: what it is, where it stands and with whom. ``days``: of the calendar, since it was opened."""

    id: str
    number: str
    process: Text
    title: str
    summary: str
    organisation: OrganisationName
    starter: str
    opened_at: datetime
    ended_at: datetime | None
    state: str
    ending: Text | None
    waiting: tuple[OpenTask, ...]
    days: int
    held: int | None = None  # days of the calendar for which who is asked now has been; None: nobody is
    columns: tuple[str, ...] = ()  # plain text, as ``CaseList.columns``


@dataclass(frozen=True, slots=True)
class CaseList:
    """A page of them. One more than ``MOST_COUNTED`` stands for more than that. ``person``: whom the filters name."""

    rows: tuple[ListedCase, ...]
    total: int
    next: str | None
    person: str = ""
    columns: tuple[ColumnView, ...] = ()  # those of the process that is asked for
    filling: bool = False  # older cases are still to get them
