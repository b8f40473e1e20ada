"""What account events say of rows: whoever changes a row of some tables tells in his event what stands there now.

So such a row must be what the newest event of it has told, and not merely one that some event allows to differ. Knows
which kinds of events change which table, and no rule of why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import Connection

from storage import stated


class Telling(NamedTuple):
    """Which kinds of events change a table; ``person``: the column that names whose row it is, empty: nobody's."""

    kinds: frozenset[str]
    person: str = ""


Rows = dict[str, dict[str, str]]
"""By table and key the hash of a row, as ``storage.stated`` makes it."""

TOLD: Final[Mapping[str, Telling]] = MappingProxyType(
    {
        "memberships": Telling(
            frozenset({"role_granted", "role_revoked", "invitation_used", "account_closed", "work_handed_over"}),
            "user_id",
        ),
        "organisations": Telling(
            frozenset({"organisations_imported", "organisation_renamed", "organisation_succeeded"})
        ),
        "regulation_articles": Telling(frozenset({"regulation_imported"})),
        "substitutions": Telling(
            frozenset({"substitution_named", "substitution_ended", "work_handed_over"}), "absent_id"
        ),
        "users": Telling(
            frozenset(
                {
                    "account_created", "account_closed", "account_opened", "password_changed", "password_rehashed",
                    "password_reset", "invitation_used", "installation_restored",
                }
            ),
            "id",
        ),
    }
)  # fmt: skip
"""A sign-in is none: where it hashes the password again with today's cost, an event of its own says so."""


def tables_of(kind: str) -> list[str]:
    """The tables of which an event of this kind tells."""
    return [name for name, one in TOLD.items() if kind in one.kinds]


def as_they_stand(connection: Connection, kind: str, user_id: int | None) -> Rows:
    """The rows of which an event of this kind tells, once it has changed them: those of a person, else all of a table.

    All accounts of a house with 20,000 of them, as a restoring tells them, are some two million characters.
    """
    return {
        name: {
            row.subject: row.hash
            for part in stated.stated(connection, name, whose=(TOLD[name].person, user_id))
            for row in part
        }
        for name in tables_of(kind)
    }


class Statements:
    """What events have told of rows, the newest of each: fed event by event in their order."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        self.whole: set[str] = set()
        self.older: dict[str, set[int | None]] = {}

    def add(self, kind: str, user_id: int | None, rows: Mapping[str, Mapping[str, str]] | None) -> None:
        """One event more. ``rows``: what it tells; None: it was written before events told."""
        for name in tables_of(kind):
            if rows is None:
                self.older.setdefault(name, set()).add(user_id if TOLD[name].person else None)
                continue
            if user_id is None or not TOLD[name].person:
                self.whole.add(name)
                self.rows[name] = {}
            self.rows.setdefault(name, {}).update(rows.get(name, {}))

    def may_differ(self, name: str, person: int | None) -> bool:
        """Whether an event that tells of no rows may have changed one of this person's."""
        found: Iterable[int | None] = self.older.get(name, ())
        return any(one is None or one == person for one in found)
