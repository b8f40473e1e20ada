"""Invitations of people from outside: to which organisation and role, by whom, until when. Of a token only its hash.

Knows no rule of who may invite whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, String, Table, select, update

from storage.accounts import users
from storage.database import UtcTime, metadata, new_id, row_of, rows_of
from storage.organisations import organisations

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("organisation_code", ForeignKey("organisations.code"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("name", String(100), nullable=False),  # of the invited
    Column("made_by", ForeignKey("users.id"), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("user_id", ForeignKey("users.id")),  # who has come by it
    Column("revoked_at", UtcTime),
    Index("ix_invitations_token_hash", "token_hash", unique=True),
    Index("ix_invitations_organisation_code", "organisation_code"),
)
_i = invitations.c


class NewInvitation(TypedDict):
    """An invitation before it has its id."""

    token_hash: str
    organisation_code: str
    role: str
    name: str
    made_by: int
    made_at: datetime
    expires_at: datetime


class InvitationRow(NewInvitation):
    """An invitation, and what has become of it."""

    id: int
    used_at: datetime | None
    user_id: int | None
    revoked_at: datetime | None


class NamedInvitation(InvitationRow):
    """The same with the names of its organisation and of who has made it."""

    organisation_name: str
    path: str
    made_by_name: str


_NAMED = (
    select(invitations, organisations.c.name.label("organisation_name"), organisations.c.path)
    .add_columns(users.c.name.label("made_by_name"))
    .join_from(invitations, organisations, _i.organisation_code == organisations.c.code)
    .join(users, _i.made_by == users.c.id)
)
_OPEN = (_i.used_at.is_(None), _i.revoked_at.is_(None))


def add(connection: Connection, row: NewInvitation) -> int:
    """Keep a new invitation; its id."""
    return new_id(connection, invitations, row)


def newest(connection: Connection, paths: Sequence[str], most: int) -> list[NamedInvitation]:
    """The newest invitations to organisations in these subtrees."""
    found = rows_of(connection, _NAMED.order_by(_i.id.desc()).limit(most * 10), NamedInvitation)
    return [row for row in found if row["path"].startswith(tuple(paths))][:most]


def get(connection: Connection, invitation_id: int) -> NamedInvitation | None:
    """One invitation."""
    return row_of(connection, _NAMED.where(_i.id == invitation_id), NamedInvitation)


def by_hash(connection: Connection, token_hash: str) -> NamedInvitation | None:
    """The invitation with this hash of its token."""
    return row_of(connection, _NAMED.where(_i.token_hash == token_hash), NamedInvitation)


def count_open(connection: Connection, code: str, now: datetime) -> int:
    """How many invitations to an organisation still stand."""
    found = select(_i.id).where(_i.organisation_code == code, *_OPEN, _i.expires_at > now)
    return len(connection.execute(found).all())


def use(connection: Connection, invitation_id: int, user_id: int, now: datetime) -> bool:
    """Somebody has come by it; False when somebody else was first, or it stands no longer."""
    where = (_i.id == invitation_id, *_OPEN, _i.expires_at > now)
    return connection.execute(update(invitations).where(*where).values(used_at=now, user_id=user_id)).rowcount == 1


def revoke(connection: Connection, invitation_id: int, now: datetime) -> bool:
    """Take an invitation back; False when it stands no longer."""
    where = (_i.id == invitation_id, *_OPEN)
    return connection.execute(update(invitations).where(*where).values(revoked_at=now)).rowcount == 1
