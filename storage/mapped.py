"""Rows as objects with what belongs to them, for lists that pages read: accounts, and what happened to them.

Read only, and by a session (``Database.session``). Whatever acts on a case says its statements itself: they cost less.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, foreign, joinedload, relationship, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from storage import accounts
from storage.account_events import account_events
from storage.accounts import memberships, users
from storage.database import metadata
from storage.organisations import OrganisationRow, organisations


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


def find_accounts(
    session: Session, words: Sequence[str], after: str = "", limit: int = 50
) -> tuple[Sequence[Account], int]:
    """Accounts whose name, login or organisation holds every word, by login, with the roles that hold.

    A page of them behind the login ``after``, and how many there are in all.
    """
    fitting = accounts.fitting(session.connection(), words)
    found = select(Account).where(*fitting, users.c.login > after).order_by(users.c.login).limit(limit)
    total = select(func.count()).select_from(users).where(*fitting)
    return session.scalars(found.options(_with_roles())).all(), session.scalar(total) or 0


def account(session: Session, user_id: int) -> Account | None:
    """One account by id, with the roles that hold."""
    return session.scalar(select(Account).where(users.c.id == user_id).options(_with_roles()))


def account_by_login(session: Session, login: str) -> Account | None:
    """One account by its login name, which is stored in lower case."""
    return session.scalar(select(Account).where(users.c.login == login).options(_with_roles()))


def _with_roles() -> ORMOption:
    held = Account.memberships.and_(accounts.HOLDS, Membership.organisation.has(organisations.c.valid))
    return selectinload(held).joinedload(Membership.organisation, innerjoin=True)


def find_account_events(
    session: Session, kind: str, person: str, before: int | None, limit: int
) -> Sequence[AccountEvent]:
    """The newest events before a sequence number; of one kind, and about or by who is called ``person``, when given."""
    e = account_events.c
    people = (joinedload(AccountEvent.account), joinedload(AccountEvent.by))
    found = select(AccountEvent).options(*people).order_by(e.sequence.desc()).limit(limit)
    if kind:
        found = found.where(e.kind == kind)
    if person:
        named = select(users.c.id).where(accounts.named(session.connection(), person))
        found = found.where(or_(e.user_id.in_(named), e.actor_id.in_(named)))
    if before is not None:
        found = found.where(e.sequence < before)
    return session.scalars(found).all()
