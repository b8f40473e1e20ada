"""For whom a person acts while others are away: substitutions in force, and chains of them.

A substitute gets no role. He may act on the tasks of the one who is away, where he himself works at the same
organisation in a role that acts. A substitute who is away passes on what he stands in for: a chain has at most
``MOST_LINKS`` links and never comes back to anybody in it. Knows no case and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.directory.contents import EMPTY, Directory
from engine.directory.in_force import in_force
from storage import accounts, standing
from storage.database import Connection

MOST_LINKS = 3
Person = tuple[int, str]
"""Id and name."""


@dataclass(frozen=True, slots=True)
class Link:
    """One substitution. ``kinds``: keys of processes, none for all; ``until``: the moment after it."""

    id: int
    absent: Person
    substitute: Person
    kinds: frozenset[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Represented:
    """One for whose tasks a person acts. ``path``: him, then who stands in between; ``links``: by which substitutions.

    ``keys``: of his inbox; ``kinds``: of cases, none for all.
    """

    path: tuple[Person, ...]
    links: tuple[int, ...]
    keys: tuple[str, ...]
    kinds: frozenset[str]
    until: datetime

    @property
    def user_id(self) -> int:
        """Whose tasks they are."""
        return self.path[0][0]

    @property
    def name(self) -> str:
        """His name."""
        return self.path[0][1]

    @property
    def people(self) -> frozenset[int]:
        """Everybody for whom is acted."""
        return frozenset(one for one, _ in self.path)

    def reaches(self, candidate: str, kind: str) -> bool:
        """Whether a task with this inbox key, of a case of that kind, is one of them."""
        return candidate in self.keys and (not self.kinds or kind in self.kinds)


def narrowed(one: frozenset[str], other: frozenset[str]) -> frozenset[str] | None:
    """The kinds that both leave; None when they leave nothing."""
    if not one or not other:
        return one or other
    return (one & other) or None


def chains(who: int, taken_by: Callable[[Sequence[int]], Iterable[Link]]) -> Iterator[tuple[Link, ...]]:
    """Every chain that ends at ``who``, the shorter ones first: its first link is that of the one who is away.

    ``taken_by``: the substitutions in force by which these people stand in for others.
    """
    ends: dict[int, list[tuple[Link, ...]]] = {who: [()]}
    for _ in range(MOST_LINKS):
        longer: dict[int, list[tuple[Link, ...]]] = {}
        for link in taken_by(sorted(ends)):
            for rest in ends.get(link.substitute[0], ()):
                chain = (link, *rest)
                if link.absent[0] not in _people(rest, who) and kinds_of(chain) is not None:
                    longer.setdefault(link.absent[0], []).append(chain)
                    yield chain
        if not longer:
            return
        ends = longer


def _people(chain: Sequence[Link], who: int) -> set[int]:
    return {who, *(link.absent[0] for link in chain)}


def kinds_of(chain: Iterable[Link]) -> frozenset[str] | None:
    """The kinds that a chain passes on; None for none at all."""
    left: frozenset[str] | None = frozenset()
    for link in chain:
        left = None if left is None else narrowed(left, link.kinds)
    return left


def link_of(row: standing.NamedSubstitution) -> Link:
    """A row as a link."""
    absent, substitute = (row["absent_id"], row["absent_name"]), (row["substitute_id"], row["substitute_name"])
    return Link(row["id"], absent, substitute, frozenset(row["kinds"]), row["until_at"])


def represented(connection: Connection, directory: Directory, who: int, now: datetime) -> tuple[Represented, ...]:
    """Everybody for whose tasks a person acts at ``now``, the nearer ones first."""

    def taken_by(ids: Sequence[int]) -> Iterator[Link]:
        return map(link_of, standing.of_substitutes(connection, ids, now))

    held: dict[int, list[tuple[str, str]]] = {}
    found = []
    for chain in chains(who, taken_by):
        later = [one.substitute[0] for one in chain]
        for one in (chain[0].absent[0], *later):
            if one not in held:
                held[one] = [*acting(accounts.memberships_of(connection, one), directory)]
        keys = shared(held[chain[0].absent[0]], [held[one] for one in later])
        kinds = kinds_of(chain)
        if keys and kinds is not None:
            path, links = tuple(link.absent for link in chain), tuple(link.id for link in chain)
            keys = (*keys, f"user:{path[0][0]}")
            found.append(Represented(path, links, keys, kinds, min(link.until for link in chain)))
    return tuple(found)


def substitutes_of(
    connection: Connection, people: Collection[int], candidate: str, kind: str, now: datetime
) -> set[int]:
    """Everybody who may act on these people's task with this inbox key, of a case of that kind, in their place.

    One query where nobody of them is away.
    """
    found: set[int] = set()
    here = set(people)
    for _ in range(MOST_LINKS):
        here = {row["substitute_id"] for row in standing.of_absent(connection, here, now)} - found if here else here
        found |= here
    directory = in_force(connection) if found else EMPTY
    return {one for one in found if _stands(represented(connection, directory, one, now), people, candidate, kind)}


def _stands(others: Iterable[Represented], people: Collection[int], candidate: str, kind: str) -> bool:
    return any(one.user_id in people and one.reaches(candidate, kind) for one in others)


def acting(rows: Iterable[accounts.HeldRole], directory: Directory) -> Iterator[tuple[str, str]]:
    """The roles (role, organisation) in which somebody acts for an organisation, not for himself."""
    for row in rows:
        role = directory.roles.get(row["role"])
        if role is not None and role.acts and not role.own:
            yield role.id, row["code"]


def shared(own: Iterable[tuple[str, str]], others: Iterable[Iterable[tuple[str, str]]]) -> tuple[str, ...]:
    """The inbox keys of these roles at whose organisations every one of the others acts, too."""
    places: list[Collection[str]] = [{code for _, code in held} for held in others]
    return tuple(f"{role}@{code}" for role, code in own if all(code in there for there in places))
