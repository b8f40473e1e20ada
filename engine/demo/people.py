"""Puts the demo's places and accounts in: safe to repeat. Knows no account by name; they are data.

An account that is there already keeps its password, name and state; missing roles are given again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict, cast

from engine.desks.accounts import AccountDesk
from engine.desks.invitations import InvitationDesk
from engine.directory import actors, organisation_import
from engine.directory.contents import Directory
from engine.directory.duties import INVITATIONS
from engine.directory.organisation_plan import Imported
from engine.directory.signin import Settings
from engine.model import Clock
from engine.shipped import DATA
from storage import accounts as rows
from storage.database import Database

LOOPBACK: Final = "127.0.0.1"
"""From where the invited of the demo take their links."""
ORGANISATIONS, PLACES, USERS = DATA / "organisations.csv", DATA / "demo_places.csv", DATA / "demo_users.toml"


class _Person(TypedDict):
    login: str
    name: str
    roles: list[tuple[str, str]]  # role and code of the organisation


class _Invited(TypedDict):
    login: str
    name: str
    role: str
    organisation: str
    by: str  # the login of who invites


class _People(TypedDict):
    """The file of accounts; all have the same password."""

    password: str
    user: list[_Person]
    invited: list[_Invited]


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
    # Before the writer is taken; one for all, since everybody knows that they have one password.
    password_hash = people.hashed(data["password"], missing[0]) if missing else ""
    with database.write() as connection:
        for user in data["user"]:
            row = rows.user_by_login(connection, user["login"])
            user_id = (
                row["id"]
                if row
                else people.add(connection, None, user["login"], user["name"], password_hash, must_change=False)
            )
            added += row is None
            for role_id, code in user["roles"]:
                people.give(connection, None, user_id, role_id, code)
    return added


def load_invited(database: Database, clock: Clock, desk: InvitationDesk, path: Path = USERS) -> int:
    """Those from outside, invited as everybody from there is; how many are new. Nobody comes whom nobody may invite."""
    data, added = _read(path), 0
    for one in data["invited"]:
        with database.read() as connection:
            host = rows.user_by_login(connection, one["by"])
            known = rows.user_by_login(connection, one["login"]) is not None
            by = actors.of_row(connection, host, clock.now()) if host else None
        if not known and by is not None and by.may(INVITATIONS):
            token = desk.make(by, one["organisation"], one["role"], one["name"])
            desk.accept(token, one["login"], data["password"], LOOPBACK)
            added += 1
    return added


def demo_people(path: Path = USERS) -> tuple[tuple[str, str], ...]:
    """The login and the name of everybody in the file, in its order."""
    data = _read(path)
    return tuple((one["login"], one["name"]) for one in (*data["user"], *data["invited"]))


def _read(path: Path) -> _People:
    return cast(_People, tomllib.loads(path.read_text(encoding="utf-8")))


def demo_accounts(directory: Directory, path: Path = USERS) -> tuple[DemoAccount, ...]:
    """The accounts of the file, in its order; ``directory`` says what their roles are called."""
    data = _read(path)
    known = [(one["login"], one["name"], one["roles"][0][0]) for one in data["user"]]
    known += [(one["login"], one["name"], one["role"]) for one in data["invited"]]
    return tuple(DemoAccount(login, data["password"], name, directory.role_name(role)) for login, name, role in known)
