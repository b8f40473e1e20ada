"""People by place: who has a role somewhere in a subtree of organisations. Knows no role."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import repeat
from typing import Any, TypedDict, cast

from sqlalchemy import BindParameter, Connection, and_, bindparam, or_, select

from storage.accounts import HOLDS, memberships, named, users
from storage.database import rows_of
from storage.letters import words as words_in
from storage.organisations import organisations
from storage.prepared import Prepared
from storage.spelling import says


class Person(TypedDict):
    """An active account with a place where it has a role."""

    login: str
    name: str
    organisation_code: str
    organisation_name: str


def under(connection: Connection, path: str, roles: Sequence[str] | None) -> list[Person]:
    """Active people with a role (one of ``roles``) at an open organisation in a subtree, a row for each place."""
    m, o = memberships.c, organisations.c
    found = (
        select(users.c.login, users.c.name, m.organisation_code, o.name.label("organisation_name"))
        .join_from(users, memberships)
        .join(organisations, m.organisation_code == o.code)
        .where(o.path.startswith(path, autoescape=True), o.valid, users.c.active, HOLDS)
        .order_by(users.c.login, m.organisation_code)
        .distinct()
    )
    return rows_of(connection, found if roles is None else found.where(m.role.in_(roles)), Person)


def holders_among(connection: Connection, ids: Sequence[int], roles: Sequence[str]) -> frozenset[int]:
    """Which of these accounts hold one of these roles."""
    if not ids or not roles:
        return frozenset()
    given = {**_places("id", _even(ids)), **_places("role", _even(roles))}
    held = _held(len(_even(ids)), len(_even(roles))).all(connection, given)
    return frozenset(cast(int, row["user_id"]) for row in held)


@cache
def _held(ids: int, roles: int) -> Prepared:
    m = memberships.c
    asked: list[BindParameter[int]] = [bindparam(f"id{at}") for at in range(ids)]
    held: list[BindParameter[str]] = [bindparam(f"role{at}") for at in range(roles)]
    return Prepared(select(m.user_id).where(m.user_id.in_(asked), m.role.in_(held), HOLDS))


def _even(values: Sequence[Any]) -> list[Any]:
    """The same values, the last of them again until they are 1, 2, 4, 8 …: few statements serve any number."""
    return [*values, *repeat(values[-1], (1 << (len(values) - 1).bit_length()) - len(values))]


def _places(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}{at}": value for at, value in enumerate(values)}


class PersonInRole(Person):
    """The same with the role, and the id of the account."""

    id: int
    role: str


def found(connection: Connection, words: str, roles: Sequence[str], most: int) -> list[PersonInRole]:
    """Active people in one of ``roles`` whose own or whose organisation's name holds every word; ``most`` rows."""
    m, o = memberships.c, organisations.c
    query = (
        select(users.c.id, users.c.login, users.c.name, m.role, m.organisation_code, o.name.label("organisation_name"))
        .join_from(users, memberships)
        .join(organisations, m.organisation_code == o.code)
        .where(o.valid, users.c.active, HOLDS, m.role.in_(roles))
        .where(*(or_(named(connection, word), says(connection, o.name, word)) for word in words_in(words)))
        .order_by(o.path, m.role, users.c.name)
    )
    return rows_of(connection, query.limit(most), PersonInRole)


@cache
def _holding(most: int) -> Prepared:
    m = memberships.c
    held = and_(m.organisation_code == bindparam("code"), m.role == bindparam("role"), users.c.active, HOLDS)
    return Prepared(select(m.user_id).join_from(memberships, users).where(held).suffix_with(f"LIMIT {most}"))


def holding(connection: Connection, role: str, code: str, most: int) -> list[int]:
    """Ids of the active people who hold a role at an organisation, ``most`` at most."""
    return [cast(int, row["user_id"]) for row in _holding(most).all(connection, {"role": role, "code": code})]


def holding_any(connection: Connection, roles: Collection[str]) -> set[int]:
    """The active accounts that hold one of these roles."""
    m = memberships.c
    held = select(m.user_id).join_from(memberships, users).where(m.role.in_(list(roles)), HOLDS, users.c.active)
    return set(connection.execute(held).scalars())
