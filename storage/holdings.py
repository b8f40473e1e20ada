"""Which files the rows name, with where each belongs. Knows no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from sqlalchemy import Connection, select, union_all

from storage.database import rows_of
from storage.papers import papers
from storage.tables import attachments, definitions


class HeldFile(TypedDict):
    """A file that a row names: an attachment, or a paper as it was issued."""

    digest: str
    name: str
    case_id: int
    event_seq: int


_a, _p = attachments.c, papers.c
_ALL = union_all(
    select(_a.digest, _a.name, _a.case_id, _a.event_seq),
    select(_p.digest, _p.name, _p.case_id, _p.sequence.label("event_seq")),
).subquery()


def files(connection: Connection, case_id: int | None = None) -> Iterator[HeldFile]:
    """Every file that a row names, those of one case when it is given; by case."""
    query = select(_ALL).order_by(_ALL.c.case_id, _ALL.c.event_seq)
    if case_id is not None:
        query = query.where(_ALL.c.case_id == case_id)
    yield from rows_of(connection, query, HeldFile)


def definition_digests(connection: Connection) -> list[str]:
    """The digest of every definition."""
    return list(connection.execute(select(definitions.c.digest).order_by(definitions.c.digest)).scalars())
