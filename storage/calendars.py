"""Changes of the calendar: what was proposed, and what was decided on it. Rows are only added, never changed.

Knows neither what a notice says nor who may decide. In force is what was accepted and not replaced by what was
accepted later: another notice of the whole year (what amends one takes no place), or a closure that names the one that
it replaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, String, Table, func, select

from storage.database import Json, UtcTime, metadata, new_id, row_of, rows_of
from storage.prepared import Prepared
from storage.rows import Days
from storage.triggers import append_only

NOTICE, CLOSURE = "notice", "closure"
IN_FORCE, REFUSED, WITHDRAWN = "in_force", "refused", "withdrawn"

calendar_proposals = append_only(
    Table(
        "calendar_proposals",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("kind", String(20), nullable=False),  # notice, closure
        Column("year", Integer),  # of a notice
        Column("organisation_code", String(20), ForeignKey("organisations.code")),  # of a closure
        Column("title", String(200), nullable=False),  # number of the notice, or why it is closed
        Column("content", Json, nullable=False),
        Column("digest", String(64), nullable=False),  # of the content
        Column("replaces", Integer, ForeignKey("calendar_proposals.id")),  # the closure that it takes the place of
        Column("proposed_at", UtcTime, nullable=False),
        Column("proposed_by", Integer),  # none: the command line
    )
)
calendar_decisions = append_only(
    Table(
        "calendar_decisions",
        metadata,
        Column("proposal_id", Integer, ForeignKey("calendar_proposals.id"), primary_key=True),
        Column("sequence", Integer, nullable=False),  # 1, 2, 3 …: the later decision has the last word
        Column("decision", String(20), nullable=False),  # in_force, refused, withdrawn
        Column("reason", String(1000), nullable=False),
        Column("decided_at", UtcTime, nullable=False),
        Column("decided_by", Integer, nullable=False),
        Index("uq_calendar_decisions_sequence", "sequence", unique=True),
    )
)
calendar_followed = Table("calendar_followed", metadata, Column("version", String(200), primary_key=True))


class ProposalRow(TypedDict):
    """A change of the calendar that was proposed."""

    id: int
    kind: str
    year: int | None
    organisation_code: str | None
    title: str
    content: Days
    digest: str
    replaces: int | None
    proposed_at: datetime
    proposed_by: int | None


class NewProposal(TypedDict, total=False):
    """A change that is proposed: a notice has a year, a closure an organisation and what it replaces."""

    kind: str
    year: int
    organisation_code: str
    title: str
    content: Days
    digest: str
    replaces: int | None
    proposed_at: datetime
    proposed_by: int | None


class FollowedRow(TypedDict):
    """Which program's days all running deadlines were last found to be counted by: its packages and its rules."""

    version: str


class DecisionRow(TypedDict):
    """What was decided on a proposal."""

    proposal_id: int
    sequence: int
    decision: str
    reason: str
    decided_at: datetime
    decided_by: int


class DecidedProposal(ProposalRow):
    """A proposal with its decision; while it waits all of that is None."""

    sequence: int | None
    decision: str | None
    reason: str | None
    decided_at: datetime | None
    decided_by: int | None


_p, _d = calendar_proposals.c, calendar_decisions.c
_BOTH = (calendar_proposals, _d.sequence, _d.decision, _d.reason, _d.decided_at, _d.decided_by)
_NEWEST = select(func.max(_d.sequence)).correlate(None).scalar_subquery()
_LAST = Prepared(select(_d.sequence, _d.proposal_id, _d.decision, _d.decided_at).where(_d.sequence == _NEWEST))


def last_decision(connection: Connection) -> tuple[Any, ...]:
    """What tells one state of the decisions from every other; empty before the first one. On the path of a step."""
    found = _LAST.one(connection, {})
    return tuple(found.values()) if found else ()


def in_force(connection: Connection) -> list[DecidedProposal]:
    """Everything accepted, in the order of the decisions; what was replaced since is among it."""
    found = select(*_BOTH).join(calendar_decisions).where(_d.decision == IN_FORCE).order_by(_d.sequence)
    return rows_of(connection, found, DecidedProposal)


def followed(connection: Connection) -> str | None:
    """The version of the calendar by which all that runs is known to be counted, decisions left out."""
    return connection.execute(select(calendar_followed.c.version)).scalar()


def note_followed(connection: Connection, version: str) -> None:
    """All that runs is counted by it."""
    connection.execute(calendar_followed.delete())
    connection.execute(calendar_followed.insert().values(version=version))


def proposals(connection: Connection, limit: int = 200) -> list[DecidedProposal]:
    """What was proposed, the newest first; ``decision`` is None while it waits."""
    found = select(*_BOTH).outerjoin(calendar_decisions).order_by(_p.id.desc()).limit(limit)
    return rows_of(connection, found, DecidedProposal)


def proposal(connection: Connection, proposal_id: int) -> DecidedProposal | None:
    """One proposal with its decision."""
    found = select(*_BOTH).outerjoin(calendar_decisions).where(_p.id == proposal_id)
    return row_of(connection, found, DecidedProposal)


def propose(connection: Connection, values: NewProposal) -> int:
    """Add a proposal; its id."""
    return new_id(connection, calendar_proposals, values)


def decide(connection: Connection, proposal_id: int, decision: str, reason: str, at: datetime, by: int) -> None:
    """Add the decision on a proposal. A second one on the same proposal violates the key."""
    if connection.dialect.name == "postgresql":  # two writers must not both follow the same row
        connection.exec_driver_sql("LOCK TABLE calendar_decisions IN SHARE ROW EXCLUSIVE MODE")
    last = last_decision(connection)
    values = {"proposal_id": proposal_id, "sequence": last[0] + 1 if last else 1, "decision": decision}
    values |= {"reason": reason, "decided_at": at, "decided_by": by}
    connection.execute(calendar_decisions.insert().values(**values))


def replaced(rows: Sequence[ProposalRow]) -> set[int]:
    """The ids among accepted ``rows`` that a later one of them has taken the place of."""
    found = {row["replaces"] for row in rows if row["replaces"] is not None}
    notices = [(place, row) for place, row in enumerate(rows) if row["kind"] == NOTICE]
    newest = {row["year"]: place for place, row in notices if not row["content"].get("amends")}
    return found | {row["id"] for place, row in notices if place < newest.get(row["year"], 0)}
