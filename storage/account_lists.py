"""The list of accounts: whose name, login or organisation holds what is looked for. Knows no page and no rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, true

from storage.accounts import HOLDS, OPEN, memberships, named, users
from storage.names import once_called
from storage.organisations import organisations
from storage.paging import Listing
from storage.spelling import says


class ListedAccount(TypedDict):
    """Where an account stands in the list of all."""

    id: int
    login: str


def fitting(connection: Connection, words: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """Whose name, login or organisation holds every word."""
    for word in words:
        at = exists().where(
            memberships.c.user_id == users.c.id,
            OPEN,
            HOLDS,
            or_(says(connection, organisations.c.name, word), once_called(connection, organisations.c.code, word)),
        )
        yield or_(named(connection, word), at)


def account_list(connection: Connection, words: Sequence[str]) -> Listing[ListedAccount]:
    """Accounts whose name, login or organisation holds every folded word, by login."""
    columns, where = (users.c.id, users.c.login), and_(true(), *fitting(connection, words))
    return Listing(ListedAccount, columns, users, [where], [("login", users.c.login)])
