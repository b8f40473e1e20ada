"""The auditor's desk: what happened to accounts, and the proof that no log was changed. Shows no business.

The chain of hashes proves changes in the middle. That its end was not cut off shows when the count and the last hash
are compared with those noted before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from engine import letters
from engine.cases.reading.legal_days import midnight
from engine.damage import legible, sound
from engine.desks.audit_views import AccountEvent, AuditFilters, CaseLine, CasePage, Chain, EventPage
from engine.directory.actors import Actor
from engine.directory.duties import AUDIT, require
from engine.evidence import replay
from engine.evidence.differences import verdict
from engine.model import Clock
from engine.publishing.catalog import Catalog
from engine.views.basic import MOST_COUNTED
from engine.words import Words, say
from storage import account_events, accounts, mapped
from storage import audit as rows
from storage.database import Connection, Database, utc_time

AT_ONCE = 50
"""Lines of a page, and cases that one request proves."""
ALL: Final = AuditFilters()
_ACT = say("查看审计")


class AuditDesk:
    """The door of the auditor. Writes nothing."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    def chain(self, actor: Actor, prove: bool = False) -> Chain:
        """The log of accounts as a whole; ``prove`` reads every row of it."""
        require(actor, AUDIT, _ACT)
        with self._database.read() as connection:
            broken = tuple(account_events.broken(connection)) if prove else None
            return Chain(*account_events.end(connection), broken)

    def events(
        self, actor: Actor, kind: str = "", person: str = "", after: str = "", limit: int = AT_ONCE
    ) -> EventPage:
        """What happened to accounts: of one kind, and of people whose name or login holds ``person``."""
        require(actor, AUDIT, _ACT)
        with self._database.session() as session:
            wanted = mapped.event_list(session.connection(), kind, letters.words(person))
            found, last = wanted.piece(session.connection(), after, limit)
            told = tuple(legible(mapped.account_events_of(session, found), _event, _named))
            return EventPage(told, wanted.count(session.connection(), MOST_COUNTED), last)

    def cases(
        self, actor: Actor, filters: AuditFilters = ALL, after: str = "", prove: bool = False, only: int = 0,
        limit: int = AT_ONCE,
    ) -> CasePage:  # fmt: skip
        """A page of the cases that the filters leave. ``prove``: prove all of the page; ``only``: that id alone."""
        require(actor, AUDIT, _ACT)
        with self._database.read() as connection:
            wanted = rows.case_list(connection, wanted_of(filters))
            found, last = wanted.piece(connection, after, limit)
            lines = tuple(self._line(connection, row, prove or row["id"] == only) for row in found)
            return CasePage(lines, wanted.count(connection, MOST_COUNTED), last)

    def proofs(self, actor: Actor) -> Iterator[tuple[CaseLine, datetime]]:
        """Every case proved, with the moment of its proof; each page in a reading of its own."""
        require(actor, AUDIT, _ACT)
        return self._proofs()

    def _proofs(self) -> Iterator[tuple[CaseLine, datetime]]:
        after = ""
        while True:
            with self._database.read() as connection:
                found, after = rows.case_list(connection).piece(connection, after, AT_ONCE)
                lines = [(self._line(connection, row, True), self._clock.now()) for row in found]
            yield from lines
            if not after:
                return

    def _line(self, connection: Connection, row: rows.CaseEnd, prove: bool) -> CaseLine:
        stands = (row["id"], row["number"], row["status"], utc_time(row["opened_at"]), row["revision"], row["head"])
        if not prove:
            return CaseLine(*stands)
        found = replay.differences(connection, self._catalog, row["id"])
        return CaseLine(*stands, tuple(one.told for one in found), verdict(found))


def wanted_of(filters: AuditFilters) -> rows.Wanted:
    """What the filters ask of the list of cases."""
    return rows.Wanted(
        letters.code(filters.word), filters.key, filters.state, midnight(filters.opened_from),
        midnight(filters.opened_to, 1),
    )  # fmt: skip


def _named(found: mapped.AccountEvent) -> tuple[Words, None]:
    return say("账号日志第{number}条", number=found.sequence), None


def _event(found: mapped.AccountEvent) -> AccountEvent:
    sound(vars(found))
    people = (_name(found.account), _name(found.by))
    return AccountEvent(
        found.sequence, found.at, found.kind, *people, found.address, account_events.for_people(found.facts)
    )


def _name(person: mapped.Account | None) -> accounts.Name | None:
    return None if person is None else (person.name, person.login)
