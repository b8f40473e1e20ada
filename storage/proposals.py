"""Definitions that were proposed: their bytes as they were then, with the digest by which a case names them.

A row never changes but for the moment in which it came in force. Knows nothing of what the files say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, String, Table, select, update

from storage.database import Json, UtcTime, metadata, new_id, row_of, rows_of
from storage.definitions import Packed

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(100), nullable=False),  # of the process
    Column("title", String(200), nullable=False),
    Column("digest", String(64), nullable=False),  # as the definition will have it
    Column("files", Json, nullable=False),  # as definitions keep them
    Column("based_on", String(64)),  # digest of the version in force then; null: there was none
    Column("editors", Json, nullable=False),  # ids of all who have ever edited what it was made of
    Column("proposed_by", ForeignKey("users.id"), nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("published_at", UtcTime),  # when it came in force; null: it has not
    Index("ix_proposals_proposed_by", "proposed_by"),
)
_p = proposals.c


class NewProposal(TypedDict):
    """A proposal before it has its number."""

    key: str
    title: str
    digest: str
    files: Mapping[str, Packed]
    based_on: str | None
    editors: list[int]
    proposed_by: int
    proposed_at: datetime
    published_at: datetime | None


class ProposalRow(NewProposal):
    """A proposal."""

    id: int


class ProposalLine(TypedDict):
    """One without its files."""

    id: int
    key: str
    title: str
    proposed_at: datetime


def add(connection: Connection, row: NewProposal) -> int:
    """A new proposal; its number."""
    return new_id(connection, proposals, row)


def get(connection: Connection, number: int) -> ProposalRow | None:
    """One of them."""
    return row_of(connection, select(proposals).where(_p.id == number), ProposalRow)


def waiting(connection: Connection, user_id: int, most: int) -> list[ProposalLine]:
    """Those of a person that never came in force, the newest first."""
    found = select(_p.id, _p.key, _p.title, _p.proposed_at).where(_p.proposed_by == user_id, _p.published_at.is_(None))
    return rows_of(connection, found.order_by(_p.id.desc()).limit(most), ProposalLine)


def came_in_force(connection: Connection, number: int, at: datetime) -> None:
    """Keep when it did."""
    connection.execute(update(proposals).where(_p.id == number).values(published_at=at))
