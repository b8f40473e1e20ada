"""Puts the demo's places and accounts in: safe to repeat. Knows no account by name; they are data.

An account that is there already keeps its password, name and state; missing roles are given again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from engine.desks.accounts import AccountDesk
from engine.directory import organisation_import
from engine.directory.contents import Directory
from engine.directory.organisation_plan import Imported
from engine.directory.signin import Settings
from engine.model import Clock
from engine.shipped import DATA
from storage import accounts as rows
from storage.database import Database

ORGANISATIONS, PLACES, USERS = DATA / "organisations.csv", DATA / "demo_places.csv", DATA / "demo_users.toml"


class _Person(TypedDict):
    login: str
    name: str
    roles: list[tuple[str, str]]  # role and code of the organisation


class _People(TypedDict):
    """The file of accounts; all have the same password."""

    password: str
    user: list[_Person]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account to try things out with. ``role`` (what) is the first of its roles."""

    login: str
    password: str
    name: str
    role: tuple[str, str]


def load_organisations(database: Database, clock: Clock) -> Imported:
    """The province's official tree."""
    return _load(database, clock, ORGANISATIONS, "GB/T 2260")


def load_places(database: Database, clock: Clock) -> Imported:
    """The demo's invented places and figures."""
    return _load(database, clock, PLACES, "演示数据")


def _load(database: Database, clock: Clock, path: Path, source: str) -> Imported:
    return organisation_import.load(database, path.name, path.read_bytes(), clock.now(), source=source)


def load_users(database: Database, clock: Clock, settings: Settings | None = None, path: Path = USERS) -> int:
    """The accounts of a TOML file, in one transaction; returns how many are new."""
    people, added = AccountDesk(database, clock, settings), 0
    data = _read(path)
    with database.read() as connection:
        missing = [user["login"] for user in data["user"] if not rows.user_by_login(connection, user["login"])]
    hashes = {login: people.hashed(data["password"], login) for login in missing}  # before the writer is taken
    with database.write() as connection:
        for user in data["user"]:
            row = rows.user_by_login(connection, user["login"])
            user_id = (
                row["id"]
                if row
                else people.add(connection, None, user["login"], user["name"], hashes[user["login"]], must_change=False)
            )
            added += row is None
            for role_id, code in user["roles"]:
                people.give(connection, None, user_id, role_id, code)
    return added


def demo_people(path: Path = USERS) -> tuple[tuple[str, str], ...]:
    """The login and the name of everybody in the file, in its order."""
    return tuple((user["login"], user["name"]) for user in _read(path)["user"])


def _read(path: Path) -> _People:
    return cast(_People, tomllib.loads(path.read_text(encoding="utf-8")))


def demo_accounts(directory: Directory, path: Path = USERS) -> tuple[DemoAccount, ...]:
    """The accounts of the file, in its order; ``directory`` says what their roles are called."""
    data = _read(path)
    return tuple(
        DemoAccount(user["login"], data["password"], user["name"], directory.role_name(user["roles"][0][0]))
        for user in data["user"]
    )
