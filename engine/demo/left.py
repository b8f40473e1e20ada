"""What of the demo is left in a database that is to serve users: its accounts, and its clock. Knows no setting."""

from __future__ import annotations

from engine.demo.people import demo_people
from engine.desks.accounts import AccountDesk
from engine.desks.successors import Successor
from engine.model import Clock
from storage import accounts, ticks
from storage.database import Database


def accounts_left(database: Database) -> tuple[str, ...]:
    """The logins of the demo's people who can sign in; somebody else of the same login is none of them."""
    with database.read() as connection:
        rows = [(name, accounts.user_by_login(connection, login)) for login, name in demo_people()]
    return tuple(row["login"] for name, row in rows if row and row["active"] and row["name"] == name)


def close_accounts(database: Database, clock: Clock) -> int:
    """Close them all; how many."""
    desk, left = AccountDesk(database, clock), accounts_left(database)
    for login in left:
        desk.lock(None, desk.by_login(None, login).user_id, Successor("", nobody=True))
    return len(left)


def clock_is_moved(database: Database) -> bool:
    """Whether the demo's clock is ahead: what is stored may lie in the future."""
    with database.read() as connection:
        return bool(ticks.ahead(connection))
