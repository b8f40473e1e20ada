"""What a person who leaves has in hand: his own tasks, cases that he started, drafts, copies. Knows no rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import Connection, func, literal_column, or_, select, update

from storage import row_drafts
from storage.accounts import HOLDS, memberships, users
from storage.database import rows_of
from storage.messages import messages
from storage.organisations import organisations
from storage.rows import TaskRow
from storage.tables import cases, drafts, tasks

_OPEN = tasks.c.status == literal_column("'open'")  # a literal: only then is the index of open tasks used


class OwnTask(TaskRow):
    """An open task with the kind of its case."""

    key: str


class StartedCase(TypedDict):
    """A running case."""

    id: int
    key: str
    number: str


class Near(TypedDict):
    """An active person with a role at an organisation."""

    id: int
    name: str
    role: str
    organisation: str


class DraftPlaced(TypedDict):
    """Where somebody has typed something that he has not handed in."""

    id: int
    place: str


def tasks_of(connection: Connection, candidates: Sequence[str]) -> list[OwnTask]:
    """The open tasks with one of these inbox keys."""
    found = select(tasks, cases.c.key).join(cases, cases.c.id == tasks.c.case_id)
    found = found.where(tasks.c.candidate.in_(candidates), _OPEN).order_by(tasks.c.case_id, tasks.c.number)
    return rows_of(connection, found, OwnTask)


def started_by(connection: Connection, user_id: int) -> list[StartedCase]:
    """The running cases that a person has started."""
    found = select(cases.c.id, cases.c.key, cases.c.number)
    found = found.where(cases.c.starter_id == user_id, cases.c.status == "running").order_by(cases.c.id)
    return rows_of(connection, found, StartedCase)


def claimed(connection: Connection, user_id: int) -> int:
    """How many open tasks a person has taken for himself."""
    found = select(func.count()).select_from(tasks).where(tasks.c.claimed_by == user_id, _OPEN)
    return int(connection.execute(found).scalar_one())


def unread(connection: Connection, user_id: int) -> int:
    """How many messages a person has not read."""
    own = (messages.c.user_id == user_id, messages.c.read_at.is_(None))
    return int(connection.execute(select(func.count()).select_from(messages).where(*own)).scalar_one())


def drafts_of(connection: Connection, user_id: int) -> list[DraftPlaced]:
    """A person's drafts."""
    found = select(drafts.c.id, drafts.c.place).where(drafts.c.user_id == user_id).order_by(drafts.c.id)
    return rows_of(connection, found, DraftPlaced)


def acting_under(connection: Connection, paths: Sequence[str], roles: Sequence[str], most: int) -> list[Near]:
    """Active people with one of these roles at an open organisation inside these subtrees, the highest first."""
    m, o = memberships.c, organisations.c
    inside = or_(*(o.path.startswith(path, autoescape=True) for path in paths))
    found = (
        select(users.c.id, users.c.name, m.role, o.name.label("organisation"))
        .join_from(users, memberships)
        .join(organisations, m.organisation_code == o.code)
        .where(users.c.active, o.valid, HOLDS, m.role.in_(roles), inside)
        .order_by(func.length(o.path), o.path, users.c.name)
        .limit(most)
    )
    return rows_of(connection, found, Near)


def give_draft(connection: Connection, draft: DraftPlaced, user_id: int) -> bool:
    """Let a draft be another person's, unless he has one at the same place."""
    there = select(drafts.c.id).where(drafts.c.user_id == user_id, drafts.c.place == draft["place"])
    own = f"{draft['place']}:{user_id}"
    if connection.execute(there).first() is not None or row_drafts.count(connection, own):
        return False
    old = connection.execute(select(drafts.c.user_id).where(drafts.c.id == draft["id"])).scalar()
    connection.execute(update(drafts).where(drafts.c.id == draft["id"]).values(user_id=user_id))
    row_drafts.give(connection, f"{draft['place']}:{old}", own)
    return True


def active(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Login and name of those of these people whose accounts are open."""
    found = select(users.c.id, users.c.login, users.c.name).where(users.c.id.in_(ids), users.c.active)
    return {row.id: (row.login, row.name) for row in connection.execute(found)}
