"""Who acts: a person with roles at organisations, as every policy and every inbox asks for it.

Knows neither pages nor how a person proved who he is (``signin``) nor who may change accounts
(``engine.desks.accounts``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.directory.contents import EMPTY, Directory
from engine.directory.in_force import by_digest
from engine.directory.organisations import Organisation, from_row
from engine.directory.roles import Role
from engine.directory.substitutes import Represented, represented
from engine.errors import NotFound
from engine.words import say
from storage import accounts as rows
from storage.database import Connection

PERSONAL = "user:"
"""How the inbox key of one person begins."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One role held at one organisation."""

    role: str
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with the roles that he holds now, and the directory in force, which says what they are.

    A role that it does not know counts for nothing. ``represents``: for whom he acts who is away.
    """

    user_id: int
    login: str
    name: str
    memberships: tuple[Membership, ...] = ()
    directory: Directory = field(default=EMPTY, compare=False, repr=False)
    represents: tuple[Represented, ...] = field(default=(), compare=False)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The keys of his inbox: ``role@code`` for roles that get tasks, and ``user:id`` for what is for him alone.

        Whoever has no role that acts has none of them.
        """
        held = (f"{membership.role}@{membership.organisation.code}" for membership, role in self._held() if role.acts)
        keys = tuple(held)
        return (*keys, personal(self.user_id)) if keys else ()

    @property
    def in_business(self) -> bool:
        """Whether he takes part in business at all: a subtree's, or only his own."""
        return any(role.business or role.own for _, role in self._held())

    @property
    def outside(self) -> bool:
        """Whether he is of an outside organisation: he sees its own matters and people, and nobody else's."""
        return any(role.outside for _, role in self._held())

    @property
    def held(self) -> tuple[Membership, ...]:
        """His roles that count."""
        return tuple(membership for membership, _ in self._held())

    @property
    def places(self) -> tuple[str, ...]:
        """The codes of the organisations at which he holds a role."""
        return tuple(dict.fromkeys(one.organisation.code for one in self.held))

    @property
    def paths(self) -> tuple[str, ...]:
        """The subtrees whose business he may see: none for the administrators of the system."""
        found = sorted({membership.organisation.path for membership, role in self._held() if role.business})
        # Sorted, a subtree follows the one that holds it.
        outermost: list[str] = []
        for path in found:
            if not outermost or not path.startswith(outermost[-1]):
                outermost.append(path)
        return tuple(outermost)

    @property
    def leads(self) -> tuple[str, ...]:
        """The subtrees over whose business he watches; what is only his own from outside he finds in his inbox."""
        return () if self.outside else self.paths

    def has(self, role: str, code: str | None = None) -> bool:
        """Whether he holds that role, at that organisation when ``code`` is given."""
        return any(
            membership.role == role and code in (None, membership.organisation.code) for membership, _ in self._held()
        )

    def may(self, what: str) -> bool:
        """Whether one of his roles opens ``what`` (a word of ``duties.POWERS``)."""
        return any(what in role.may for _, role in self._held())

    def sees(self, path: str) -> bool:
        """Whether an organisation's path lies in a subtree of his business roles."""
        return any(path.startswith(own) for own in self.paths)

    def _held(self) -> Iterator[tuple[Membership, Role]]:
        known = self.directory.roles
        return ((one, known[one.role]) for one in self.memberships if one.role in known)


def personal(user_id: int) -> str:
    """The inbox key of one person."""
    return f"{PERSONAL}{user_id}"


def actor(connection: Connection, user_id: int, now: datetime) -> Actor:
    """The person with the roles that hold at ``now`` (aware). Two queries.

    Raises NotFound when there is no such account or it is closed.
    """
    row = rows.user(connection, user_id)
    if row is None or not row["active"]:
        raise NotFound(what=say("这个账号"))
    return of_row(connection, row, now)


def of_row(connection: Connection, row: rows.AccountRow, now: datetime, business: datetime | None = None) -> Actor:
    """The person of a row of accounts, with the roles that hold at ``now``. One query.

    ``business``: the moment by which he stands in for others, where it is not the same.
    """
    held = rows.memberships_of(connection, row["id"])
    found = tuple(Membership(one["role"], from_row(one)) for one in held)
    directory, day = by_digest(connection, row["directory"]), business or now
    stands = row["stands_until"] is not None and row["stands_until"] > day
    others = represented(connection, directory, row["id"], day) if stands else ()
    return Actor(row["id"], row["login"], row["name"], found, directory, others)
