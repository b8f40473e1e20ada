"""What of a case stands in the auditor's list: its number and how its log ends. Reads no title, no form, no state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict

from sqlalchemy import ColumnElement, Connection, String, and_, true, type_coerce

from storage.paging import Listing
from storage.search import of_number
from storage.tables import cases

_OPENED = type_coerce(cases.c.opened_at, String).label("opened_at")
_BY_ID: Sequence[tuple[str, ColumnElement[Any]]] = [("id", cases.c.id)]
_LINE = (cases.c.id, cases.c.number, cases.c.status, _OPENED, cases.c.revision, cases.c.head)


class CaseEnd(TypedDict):
    """A case as an auditor finds it."""

    id: int
    number: str
    status: str
    opened_at: str  # as it is stored, be it readable or not
    revision: int
    head: str


class LoggedCase(TypedDict):
    """A case as an event log begins it."""

    id: int
    number: str
    key: str
    digest: str
    status: str
    organisation_path: str
    revision: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases. ``word``: in the number; times are aware UTC. Empty text and None filter nothing."""

    word: str = ""
    key: str = ""
    status: str = ""
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    only: int | None = None  # this id and no other


ALL: Final = Wanted()


def case_list(connection: Connection, wanted: Wanted = ALL) -> Listing[CaseEnd]:
    """Those cases in the order of their ids."""
    return Listing(CaseEnd, _LINE, cases, [and_(true(), *_asked(connection, wanted))], _BY_ID)


def logged_cases(connection: Connection, wanted: Wanted = ALL) -> Listing[LoggedCase]:
    """The same, for an event log."""
    columns = [cases.c[name] for name in LoggedCase.__annotations__]
    return Listing(LoggedCase, columns, cases, [and_(true(), *_asked(connection, wanted))], _BY_ID)


def _asked(connection: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    where = of_number(connection, wanted.word.lower()) if wanted.word else []
    where += [cases.c.key == wanted.key] if wanted.key else []
    where += [cases.c.status == wanted.status] if wanted.status else []
    where += [] if wanted.opened_from is None else [cases.c.opened_at >= wanted.opened_from]
    where += [] if wanted.opened_before is None else [cases.c.opened_at < wanted.opened_before]
    return where if wanted.only is None else [*where, cases.c.id == wanted.only]
