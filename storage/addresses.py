"""Where people are reached outside the product, and what they want to be told there. Knows no kind and no channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)

from storage.accounts import users
from storage.database import UtcTime, metadata, new_id, row_of, rows_of

addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("address", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    Column("digest", String(10), nullable=False),  # how often what is not told at once is told as a list
    Column("digest_at", UtcTime),  # when the next list is due
    Column("verified_at", UtcTime),  # null: nothing but a code is sent there
    Column("refused_at", UtcTime),  # when its server would not have it
    Column("code", String(8)),  # as long as it may be handed in
    Column("code_at", UtcTime),
    Column("code_tries", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    UniqueConstraint("user_id", "channel", "address"),
)
choices = Table(
    "choices",
    metadata,
    Column("address_id", ForeignKey("addresses.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("mode", String(10), nullable=False),
)
_a, _c = addresses.c, choices.c


class NewAddress(TypedDict):
    """An address before it has its id."""

    user_id: int
    channel: str
    address: str
    language: str
    digest: str
    made_at: datetime


class AddressRow(NewAddress):
    """Where a person is reached."""

    id: int
    digest_at: datetime | None
    verified_at: datetime | None
    refused_at: datetime | None
    code: str | None
    code_at: datetime | None
    code_tries: int


class ChoiceRow(TypedDict):
    """How a kind of message is told at an address, where it is not as the kind itself says."""

    address_id: int
    kind: str
    mode: str


class PersonsAddress(AddressRow):
    """An address, and whether its account is in use."""

    active: bool


def add(connection: Connection, row: NewAddress) -> int:
    """Insert one that nobody has verified yet; its id."""
    return new_id(connection, addresses, {**row, "code_tries": 0})


def of_person(connection: Connection, user_id: int) -> list[AddressRow]:
    """Those of a person, the oldest first."""
    return rows_of(connection, select(addresses).where(_a.user_id == user_id).order_by(_a.id), AddressRow)


def get(connection: Connection, number: int, lock: bool = False) -> PersonsAddress | None:
    """One of them, with its account; locked if asked for."""
    query = select(addresses, users.c.active).join(users, users.c.id == _a.user_id).where(_a.id == number)
    if lock:
        query = query.with_for_update(of=addresses)
    return row_of(connection, query, PersonsAddress)


def change(connection: Connection, number: int, **values: object) -> None:
    """Write some of its columns again."""
    connection.execute(update(addresses).where(_a.id == number).values(**values))


def remove(connection: Connection, number: int) -> None:
    """Forget one, and what was wanted there."""
    connection.execute(delete(choices).where(_c.address_id == number))
    connection.execute(delete(addresses).where(_a.id == number))


def wanted(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """The chosen mode of each kind, by address."""
    found: dict[int, dict[str, str]] = {number: {} for number in numbers}
    for row in rows_of(connection, select(choices).where(_c.address_id.in_(list(numbers))), ChoiceRow):
        found[row["address_id"]][row["kind"]] = row["mode"]
    return found


def choose(connection: Connection, number: int, modes: Mapping[str, str]) -> None:
    """Keep these modes of an address and no others."""
    connection.execute(delete(choices).where(_c.address_id == number))
    if modes:
        rows = [{"address_id": number, "kind": kind, "mode": mode} for kind, mode in modes.items()]
        connection.execute(insert(choices), rows)


def listening(connection: Connection, user_ids: Sequence[int]) -> list[AddressRow]:
    """The verified addresses of people whose accounts are in use."""
    query = select(addresses).join(users, users.c.id == _a.user_id)
    query = query.where(_a.user_id.in_(list(user_ids)), _a.verified_at.is_not(None), users.c.active)
    return rows_of(connection, query.order_by(_a.id), AddressRow)


def digests_due(connection: Connection, now: datetime, limit: int) -> list[AddressRow]:
    """The verified addresses, of accounts in use, whose list is due, the longest due first."""
    query = select(addresses).join(users, users.c.id == _a.user_id)
    query = query.where(_a.verified_at.is_not(None), _a.digest_at <= now, users.c.active)
    return rows_of(connection, query.order_by(_a.digest_at, _a.id).limit(limit), AddressRow)


def counts(connection: Connection) -> dict[str, int]:
    """How many verified addresses each channel has."""
    query = select(_a.channel, func.count()).where(_a.verified_at.is_not(None)).group_by(_a.channel)
    return {channel: int(count) for channel, count in connection.execute(query)}
