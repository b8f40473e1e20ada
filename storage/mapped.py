"""Rows as objects with what belongs to them, for lists that pages read: accounts, and what happened to them.

Read only, and by a session (``Database.session``). Whatever acts on a case says its statements itself: they cost less.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast

from sqlalchemy import Connection, and_, or_, select, true
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, foreign, joinedload, relationship, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from storage import accounts
from storage.account_events import account_events
from storage.account_lists import ListedAccount
from storage.accounts import memberships, users
from storage.database import metadata
from storage.organisations import OrganisationRow, organisations
from storage.paging import Listing
from storage.words import among


class Base(DeclarativeBase):
    """A class for a table that stands elsewhere."""

    metadata = metadata


class Organisation(Base):
    """A node of the tree."""

    __table__ = organisations

    @property
    def row(self) -> OrganisationRow:
        """What a statement would have found."""
        return cast(OrganisationRow, {column.key: getattr(self, column.key) for column in organisations.c})


class Membership(Base):
    """A role that somebody holds or held, with the organisation at which he does."""

    __table__ = memberships
    organisation: Mapped[Organisation] = relationship(viewonly=True)

    if TYPE_CHECKING:
        role: Mapped[str]


class Account(Base):
    """A person who may sign in, with the roles that were asked for."""

    __table__ = users
    memberships: Mapped[list[Membership]] = relationship(viewonly=True)

    if TYPE_CHECKING:
        id: Mapped[int]
        login: Mapped[str]
        name: Mapped[str]
        active: Mapped[bool]
        must_change_password: Mapped[bool]
        created_at: Mapped[datetime]


class AccountEvent(Base):
    """What happened to an account, with whose it is and who did it. Without keys: the log outlives accounts."""

    __table__ = account_events
    account: Mapped[Account | None] = relationship(
        primaryjoin=foreign(account_events.c.user_id) == users.c.id, viewonly=True
    )
    by: Mapped[Account | None] = relationship(
        primaryjoin=foreign(account_events.c.actor_id) == users.c.id, viewonly=True
    )

    if TYPE_CHECKING:
        sequence: Mapped[int]
        actor_id: Mapped[int | None]
        at: Mapped[datetime]
        kind: Mapped[str]
        address: Mapped[str]
        facts: Mapped[dict[str, Any]]


def accounts_of(session: Session, found: Sequence[ListedAccount]) -> list[Account]:
    """The accounts of a page of ``storage.account_lists``, in its order, with the roles that hold."""
    ids = [row["id"] for row in found]
    known = {one.id: one for one in session.scalars(select(Account).where(users.c.id.in_(ids)).options(_with_roles()))}
    return [known[one] for one in ids]


def account(session: Session, user_id: int) -> Account | None:
    """One account by id, with the roles that hold."""
    return session.scalar(select(Account).where(users.c.id == user_id).options(_with_roles()))


def account_by_login(session: Session, login: str) -> Account | None:
    """One account by its login name, which is stored in lower case."""
    return session.scalar(select(Account).where(users.c.login == login).options(_with_roles()))


def _with_roles() -> ORMOption:
    held = Account.memberships.and_(accounts.HOLDS, Membership.organisation.has(organisations.c.valid))
    return selectinload(held).joinedload(Membership.organisation, innerjoin=True)


class EventKey(TypedDict):
    """Which event."""

    sequence: int


def event_list(connection: Connection, kind: str, words: Sequence[str]) -> Listing[EventKey]:
    """What happened to accounts, the newest first: of one kind, and about or by whose name or login holds each word."""
    e = account_events.c
    where = [e.kind == kind] if kind else []
    if words:
        named = accounts.ids_of(connection, words)
        where.append(or_(among(connection, e.user_id, named), among(connection, e.actor_id, named)))
    return Listing(EventKey, [e.sequence], account_events, [and_(true(), *where)], [("sequence", e.sequence)], True)


def account_events_of(session: Session, found: Sequence[EventKey]) -> list[AccountEvent]:
    """The events of a page of ``event_list``, in its order."""
    numbers = [row["sequence"] for row in found]
    people = (joinedload(AccountEvent.account), joinedload(AccountEvent.by))
    query = select(AccountEvent).options(*people).where(account_events.c.sequence.in_(numbers))
    known = {one.sequence: one for one in session.scalars(query)}
    return [known[one] for one in numbers]


def newest_account_events(session: Session, most: int, kind: str = "") -> list[AccountEvent]:
    """What happened last, the newest first."""
    found, _ = event_list(session.connection(), kind, ()).piece(session.connection(), "", most)
    return account_events_of(session, found)
