"""Pages that everybody may read without sign-in, as cases have shown them. The rows follow from the cases' events.

Whether a page is on show is asked when it is read: by its period, and by whether its case was called off.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, TypedDict

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    or_,
    select,
    update,
)

from storage.database import Json, UtcTime, metadata, row_of, rows_of
from storage.paging import Listing
from storage.tables import cases

public_pages = Table(
    "public_pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("page", String(40), nullable=False),
    Column("key", String(200), nullable=False),
    Column("name_zh", String(200), nullable=False),
    Column("name_en", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime),
    Column("content", Json, nullable=False),
    Column("shown_at", UtcTime, nullable=False),
    Column("event_seq", Integer, nullable=False),
    UniqueConstraint("case_id", "page", "key", name="uq_public_pages_case_id_page_key"),
    Index("ix_public_pages_since", "since", "id"),
)
_p = public_pages.c
CALLED_OFF: Final = ("withdrawn", "cancelled")
"""How a case stands that was called off."""


class NewPage(TypedDict):
    """A page as a run has shown it."""

    case_id: int
    page: str
    key: str
    name_zh: str
    name_en: str
    title: str
    since: datetime
    until: datetime | None
    content: dict[str, Any]
    shown_at: datetime
    event_seq: int


class PublicPageRow(NewPage):
    """A page."""

    id: int


class ShownPage(PublicPageRow):
    """A page with what is told of its case: who shows it, and whether and when it was called off."""

    organisation_name: str
    status: str
    ended_at: datetime | None


_COLUMNS = (*public_pages.c, cases.c.organisation_name, cases.c.status, cases.c.ended_at)
_FROM = public_pages.join(cases, cases.c.id == _p.case_id)


def put(connection: Connection, row: NewPage) -> None:
    """Show a page, in the place of the one of the same name and key that the case shows already: its address stays."""
    own = and_(_p.case_id == row["case_id"], _p.page == row["page"], _p.key == row["key"])
    if not connection.execute(update(public_pages).where(own).values(**row)).rowcount:
        connection.execute(public_pages.insert(), dict(row))


def of_case(connection: Connection, case_id: int) -> list[PublicPageRow]:
    """Every page of a case, in order."""
    query = select(public_pages).where(_p.case_id == case_id).order_by(_p.page, _p.key)
    return rows_of(connection, query, PublicPageRow)


def get(connection: Connection, number: int, now: datetime) -> ShownPage | None:
    """A page that is or was on show."""
    return row_of(connection, select(*_COLUMNS).select_from(_FROM).where(_p.id == number, _p.since <= now), ShownPage)


def listed(now: datetime, words: Iterable[str] = (), kind: str = "") -> Listing[ShownPage]:
    """What is on show, the newest first; of cases that were called off too, until their period is over."""
    asked: list[ColumnElement[bool]] = [_p.since <= now, or_(_p.until.is_(None), _p.until > now)]
    asked += [or_(_p.title.contains(word, autoescape=True), cases.c.organisation_name.contains(word, autoescape=True))
              for word in words]  # fmt: skip
    asked += [_p.name_zh == kind] if kind else []
    key = [("since", _p.since), ("id", _p.id)]
    return Listing(ShownPage, _COLUMNS, _FROM, [and_(*asked)], key, descending=True)


def kinds(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    """What kinds of pages are on show, by their names."""
    here = and_(_p.since <= now, or_(_p.until.is_(None), _p.until > now))
    query = select(_p.name_zh, _p.name_en).distinct().where(here).order_by(_p.name_zh)
    return [(zh, en) for zh, en in connection.execute(query)]
