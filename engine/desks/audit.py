"""The auditor's desk: what happened to accounts, and the proof that no log was changed. Shows no business.

The chain of hashes proves changes in the middle. That its end was not cut off shows when the count and the last hash
are compared with those noted before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine import letters
from engine.damage import legible, sound
from engine.desks.audit_views import AccountEvent, CaseLine, CasePage, Chain, EventPage
from engine.directory.actors import Actor
from engine.directory.duties import AUDIT, require
from engine.evidence import replay
from engine.evidence.differences import verdict
from engine.model import Clock
from engine.publishing.catalog import Catalog
from engine.words import Words, say
from storage import account_events, accounts, mapped
from storage import audit as rows
from storage.database import Connection, Database

AT_ONCE = 50
"""Lines of a page, and cases that one request proves."""
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

    def events(self, actor: Actor, kind: str = "", person: str = "", before: int | None = None) -> EventPage:
        """What happened to accounts: of one kind, and of people whose name or login holds ``person``."""
        require(actor, AUDIT, _ACT)
        with self._database.session() as session:
            found = mapped.find_account_events(session, kind, letters.folded(person), before, AT_ONCE + 1)
            told = tuple(legible(found[:AT_ONCE], _event, _named))
            last = found[AT_ONCE - 1].sequence if len(found) > AT_ONCE else 0
        return EventPage(told, last)

    def cases(self, actor: Actor, word: str = "", after: int = 0, prove: bool = False, only: int = 0) -> CasePage:
        """A page of cases whose number holds ``word``. ``prove``: prove all of the page; ``only``: that id alone."""
        require(actor, AUDIT, _ACT)
        word = letters.code(word)
        with self._database.read() as connection:
            found = rows.case_lines(connection, word, after, AT_ONCE + 1)
            lines = tuple(self._line(connection, row, prove or row["id"] == only) for row in found[:AT_ONCE])
            total = rows.count_cases(connection, word)
        return CasePage(lines, total, lines[-1].id if len(found) > AT_ONCE else 0)

    def proofs(self, actor: Actor) -> Iterator[tuple[CaseLine, datetime]]:
        """Every case proved, with the moment of its proof; each page in a reading of its own."""
        require(actor, AUDIT, _ACT)
        return self._proofs()

    def _proofs(self) -> Iterator[tuple[CaseLine, datetime]]:
        after = 0
        while True:
            with self._database.read() as connection:
                found = rows.case_lines(connection, "", after, AT_ONCE)
                lines = [(self._line(connection, row, True), self._clock.now()) for row in found]
            yield from lines
            if len(lines) < AT_ONCE:
                return
            after = lines[-1][0].id

    def _line(self, connection: Connection, row: rows.CaseEnd, prove: bool) -> CaseLine:
        stands = (row["id"], row["number"], row["status"], row["opened_at"], row["revision"], row["head"])
        if not prove:
            return CaseLine(*stands)
        found = replay.differences(connection, self._catalog, row["id"])
        return CaseLine(*stands, tuple(one.told for one in found), verdict(found))


def _named(found: mapped.AccountEvent) -> tuple[Words, None]:
    return say("账号日志第{number}条", number=found.sequence), None


def _event(found: mapped.AccountEvent) -> AccountEvent:
    sound(vars(found))
    people = (_name(found.account), _name(found.by))
    return AccountEvent(found.sequence, found.at, found.kind, *people, found.address, found.facts)


def _name(person: mapped.Account | None) -> accounts.Name | None:
    return None if person is None else (person.name, person.login)
