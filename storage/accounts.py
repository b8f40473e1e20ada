"""Tables of people: users, roles, sessions. Knows no rule about any of it; what happened stands in account_events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict
from typing import cast as known_as

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    cast,
    or_,
    select,
    text,
)

from storage import words as index
from storage.columns import Flag
from storage.database import UtcTime, metadata, row_of, rows_of
from storage.definitions import directory
from storage.organisations import OrganisationRow, organisations
from storage.prepared import Prepared
from storage.rows import SessionRow, UserRow
from storage.substitutions import stands_until

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(32), nullable=False, unique=True),  # lower case
    Column("name", String(50), nullable=False),  # shown to people
    Column("password_hash", String(200), nullable=False),
    Column("active", Flag, nullable=False),
    Column("must_change_password", Flag, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("devices_from", UtcTime),  # devices that were known before are known no longer
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("organisation_code", ForeignKey("organisations.code"), nullable=False),
    Column("valid_from", UtcTime, nullable=False),
    Column("valid_to", UtcTime),
    Index("ix_memberships_user_id", "user_id"),
    Index(
        "uq_memberships_open",
        "user_id",
        "role",
        "organisation_code",
        unique=True,
        sqlite_where=text("valid_to IS NULL"),
        postgresql_where=text("valid_to IS NULL"),
    ),
    Index("ix_memberships_organisation_code", "organisation_code"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(43), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("address", String(45), nullable=False),
    Column("agent", String(200), nullable=False),
    Index("ix_sessions_user_id", "user_id"),
)


class HeldRole(OrganisationRow):
    """A role that a person holds, with all of its organisation."""

    role: str
    valid_from: datetime
    valid_to: datetime | None


class RoleOfSomebody(TypedDict):
    """A role, its holder, and the kind of the organisation at which he holds it."""

    login: str
    role: str
    kind: str


class Member(TypedDict):
    """An account with a role at one organisation."""

    id: int
    name: str
    role: str


class AccountRow(UserRow):
    """An account with the digest of what says what its roles are, and until when at most it stands in for anybody."""

    directory: str | None
    stands_until: datetime | None


class SignedIn(AccountRow):
    """An account with the session by which it is signed in."""

    session_id: str
    started_at: datetime


Name = tuple[str, str]  # shown, login
HOLDS = memberships.c.valid_to.is_(None)
"""Which roles hold, be their organisation open or not: a role is given and ended at once, so what counts is that it was
ended, and never what a clock said then."""
OPEN = and_(memberships.c.organisation_code == organisations.c.code, organisations.c.valid)


_MORE = (directory(), stands_until(users.c.id))
_accounts = select(users, *_MORE)
"""Accounts, each with what else ``AccountRow`` says. Making it takes as long as asking."""
_BY_ID = _accounts.where(users.c.id == bindparam("user_id"))
_SESSION = (
    select(users, *_MORE, sessions.c.id.label("session_id"), sessions.c.started_at)
    .join_from(sessions, users)
    .where(sessions.c.id == bindparam("session_id"), sessions.c.ended_at.is_(None), users.c.active)
)
_MEMBERS = Prepared(
    select(users.c.id, users.c.name, memberships.c.role)
    .join_from(users, memberships)
    .where(memberships.c.organisation_code == bindparam("organisation"), users.c.active, HOLDS)
    .order_by(memberships.c.role, users.c.name)
)


def user(connection: Connection, user_id: int, lock: bool = False) -> AccountRow | None:
    """One account by id; ``lock`` holds the row until the transaction ends (SQLite holds everything anyway)."""
    statement = _BY_ID.with_for_update(of=users) if lock else _BY_ID
    return row_of(connection, statement, AccountRow, {"user_id": user_id})


def user_by_login(connection: Connection, login: str) -> AccountRow | None:
    """One account by its login name, which is stored in lower case."""
    return row_of(connection, _accounts.where(users.c.login == login), AccountRow)


def names_of(connection: Connection, ids: Iterable[int | None]) -> dict[int | None, Name]:
    """The shown and the login names of these accounts by id."""
    found = select(users.c.id, users.c.name, users.c.login).where(users.c.id.in_({one for one in ids if one}))
    return {row.id: (row.name, row.login) for row in connection.execute(found)}


def ids_of(connection: Connection, words: Iterable[str]) -> list[int]:
    """Of the accounts whose name or login holds every folded word."""
    found = select(users.c.id).where(*(named(connection, word) for word in words))
    return list(connection.execute(found).scalars())


def named(connection: Connection, word: str) -> ColumnElement[bool]:
    """Whose name or login holds the folded word."""
    found = index.subjects(connection, index.ACCOUNT, [word])
    if found is None:
        return index.says(connection, index.ACCOUNT, cast(users.c.id, String), word)
    return index.among(connection, users.c.id, [int(one) for one in found])


def add_user(connection: Connection, values: Mapping[str, object]) -> int:
    """Insert an account; returns its id."""
    user_id = int(connection.execute(users.insert().values(**values).returning(users.c.id)).scalar_one())
    index.put(connection, index.ACCOUNT, user_id, str(values["name"]), str(values["login"]))
    return user_id


def change_user(connection: Connection, user_id: int, **values: Any) -> None:
    """Set columns of one account."""
    connection.execute(users.update().where(users.c.id == user_id).values(**values))


def memberships_of(connection: Connection, user_id: int) -> list[HeldRole]:
    """The roles that hold, each with all columns of its organisation, by organisation and role."""
    m = memberships.c
    found = (
        select(m.role, m.valid_from, m.valid_to, organisations)
        .join_from(memberships, organisations, OPEN)
        .where(m.user_id == user_id, HOLDS)
        .order_by(organisations.c.path, m.role)
    )
    return rows_of(connection, found, HeldRole)


def roles_kept(connection: Connection, user_id: int) -> Sequence[tuple[str, str]]:
    """Every (role, organisation code) that has not ended, also one at a closed organisation."""
    m = memberships.c
    found = select(m.role, m.organisation_code).where(m.user_id == user_id, HOLDS)
    return [(row.role, row.organisation_code) for row in connection.execute(found)]


def roles_held(connection: Connection) -> list[RoleOfSomebody]:
    """Every role of everybody that has not ended: login, role and the kind of its organisation."""
    m = memberships.c
    found = (
        select(users.c.login, m.role, organisations.c.kind)
        .join_from(memberships, users)
        .join(organisations, m.organisation_code == organisations.c.code)
        .where(HOLDS)
        .order_by(users.c.login, m.role)
    )
    return rows_of(connection, found, RoleOfSomebody)


def grant(connection: Connection, user_id: int, role: str, organisation_code: str, now: datetime) -> None:
    """A role from now on. The index refuses the same role twice."""
    values = {"user_id": user_id, "role": role, "organisation_code": organisation_code, "valid_from": now}
    connection.execute(memberships.insert().values(**values))


def revoke(connection: Connection, user_id: int, role: str, organisation_code: str, now: datetime) -> int:
    """End a role; returns how many rows ended (0: he does not hold it)."""
    m = memberships.c
    which = and_(m.user_id == user_id, m.role == role, m.organisation_code == organisation_code, HOLDS)
    return connection.execute(memberships.update().where(which).values(valid_to=now)).rowcount


def members(connection: Connection, organisation_code: str) -> list[Member]:
    """Active people with a role at one organisation: id, name, role, by role and name. A part of the step path."""
    return known_as(list[Member], _MEMBERS.all(connection, {"organisation": organisation_code}))


def longest_holder(connection: Connection, organisation_code: str, role: str) -> int | None:
    """Who has held a role at an organisation the longest of those whose account is active; None when nobody does."""
    m = memberships.c
    found = (
        select(m.user_id)
        .join_from(users, memberships)
        .where(m.organisation_code == organisation_code, m.role == role, users.c.active, HOLDS)
        .order_by(m.valid_from, m.id)
    )
    return connection.execute(found.limit(1)).scalar()


def start_session(connection: Connection, values: Mapping[str, object]) -> None:
    """Insert a session."""
    connection.execute(sessions.insert().values(**values))


def session(connection: Connection, session_id: str) -> SignedIn | None:
    """An open session of an active account: the account, ``session_id`` and ``started_at``."""
    return row_of(connection, _SESSION, SignedIn, {"session_id": session_id})


def open_sessions(connection: Connection, user_id: int, since: datetime) -> list[SessionRow]:
    """Sessions started after ``since`` and not ended, the newest first."""
    s = sessions.c
    found = select(sessions).where(s.user_id == user_id, s.ended_at.is_(None), s.started_at > since)
    return rows_of(connection, found.order_by(s.started_at.desc()), SessionRow)


def end_sessions(
    connection: Connection, user_id: int, now: datetime, only: str | None = None, keep: str | None = None
) -> int:
    """End the open sessions of an account: all, ``only`` one, or all but ``keep``. Returns how many."""
    s = sessions.c
    which = [s.user_id == user_id, s.ended_at.is_(None)]
    if only is not None:
        which.append(s.id == only)
    if keep is not None:
        which.append(s.id != keep)
    return connection.execute(sessions.update().where(*which).values(ended_at=now)).rowcount


def forget_sessions(connection: Connection, before: datetime) -> int:
    """Remove sessions that have ended, or were started before; returns how many."""
    s = sessions.c
    return connection.execute(sessions.delete().where(or_(s.ended_at.is_not(None), s.started_at < before))).rowcount
