"""What the security administrator sees of accounts: pictures without rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.directory.actors import Membership
from storage.account_events import AccountEventRow, for_people


@dataclass(frozen=True, slots=True)
class Account:
    """One account as an administrator sees it. ``waits_until``: after failed sign-ins, where it was
    asked; not ``active``: closed."""

    user_id: int
    login: str
    name: str
    active: bool
    waits_until: datetime | None
    must_change_password: bool
    created_at: datetime
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Accounts:
    """One page of accounts, by login. ``next`` is the ``after`` of the following page, empty on the last."""

    rows: tuple[Account, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an account."""

    at: datetime
    kind: str
    address: str
    facts: Mapping[str, Any]


def happening(row: AccountEventRow) -> Happening:
    """An account event as it is shown."""
    return Happening(row["at"], row["kind"], row["address"], for_people(row["facts"]))
