"""Papers that were issued: which file somebody got for what was handed in. A row is never changed. Makes no paper."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, Integer, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import UtcTime, metadata, row_of
from storage.triggers import append_only

papers = append_only(
    Table(
        "papers",
        metadata,
        Column("case_id", Integer, primary_key=True),
        Column("sequence", Integer, primary_key=True),  # of the event by which it was handed in
        Column("language", String(2), primary_key=True),
        Column("upto", Integer, primary_key=True),  # the last event of which it tells
        Column("name", String(200), nullable=False),
        Column("digest", String(64), nullable=False),
        Column("issued_at", UtcTime, nullable=False),
    )
)


class PaperRow(TypedDict):
    """One paper as it was issued."""

    case_id: int
    sequence: int
    language: str
    upto: int
    name: str
    digest: str
    issued_at: datetime


def get(connection: Connection, case_id: int, sequence: int, language: str, upto: int) -> PaperRow | None:
    """The paper that was issued for what was handed in, telling of events up to one; none so far."""
    p = papers.c
    query = select(papers).where(p.case_id == case_id, p.sequence == sequence, p.language == language, p.upto == upto)
    return row_of(connection, query, PaperRow)


def issue(connection: Connection, row: PaperRow) -> None:
    """Note a paper, unless another was first."""
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(kind.insert(papers).values(**row).on_conflict_do_nothing())
