"""The auditor's desk for the log of looks: searched, proved, handed out as a table. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from engine import letters
from engine.cases.veil import HIDDEN, Veil
from engine.directory.actors import Actor
from engine.directory.duties import AUDIT, require
from engine.publishing.catalog import Catalog
from engine.views.basic import MOST_COUNTED
from engine.words import say
from storage import access_log as rows
from storage import accounts, cases
from storage.database import Connection, Database
from storage.paging import Listing

AT_ONCE: Final = 50
EXPORTED_AT_ONCE: Final = 1000
CASE, ACCOUNT = "case", "account"
_OF_CASE: Final = (CASE, "task", "paper")
_CASE_ID: Final = re.compile(r"\d{1,9}(?![^-/])")
"""The case of a subject: ``17``, a task of it ``17-3``, a paper ``17/5``."""
_ACT = say("查看访问记录")


@dataclass(frozen=True, slots=True)
class LookFilters:
    """What is searched for. ``person``: a part of a name or of a login."""

    kind: str = ""
    what: str = ""
    subject: str = ""
    person: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A look. ``by``: name and login, None for a stranger; ``named``: what people call the subject."""

    id: int
    at: datetime
    by: accounts.Name | None
    address: str
    kind: str
    what: str
    subject: str
    named: str


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Looks, the newest first. ``next``: the ``after`` of the following page, empty on the last."""

    rows: tuple[SeenLine, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class LookChain:
    """The log as a whole. ``broken``: the batches that do not hold, None when it was not proved."""

    looks: int
    batches: int
    head: str
    broken: tuple[int, ...] | None


class LookDesk:
    """The door of the auditor to the log of looks."""

    def __init__(self, database: Database, log: Database, catalog: Catalog) -> None:
        self._database = database
        self._log = log
        self._catalog = catalog

    def chain(self, actor: Actor | None, prove: bool = False) -> LookChain:
        """How the log ends; ``prove`` reads every row of it. ``None``: the console, whose keeper owns the machine."""
        _require(actor)
        with self._log.read() as connection:
            if not rows.exists(connection):
                return LookChain(0, 0, rows.FIRST_HASH, () if prove else None)
            broken = tuple(rows.broken(connection)) if prove else None
            return LookChain(*rows.end(connection), broken)

    def page(self, actor: Actor, asked: LookFilters, limit: int = AT_ONCE) -> SeenPage:
        """The newest looks that fit."""
        _require(actor)
        wanted = self._list(asked)
        with self._log.read() as log:
            if not rows.exists(log):
                return SeenPage((), 0, "")
            (found, last), total = wanted.piece(log, asked.after, limit), wanted.count(log, MOST_COUNTED)
        with self._database.read() as connection:
            lines = [
                self._shown(connection, row, line) for row, line in zip(found, _told(connection, found), strict=True)
            ]
            return SeenPage(tuple(one for one in lines if one.named != HIDDEN[0] or not asked.subject), total, last)

    def _shown(self, connection: Connection, row: rows.LookRow, line: SeenLine) -> SeenLine:
        """A look; of who has a confidential step of a case nobody hears that it was this case at which he looked."""
        text, person = _CASE_ID.match(row["subject"]) if row["what"] in _OF_CASE else None, row["user_id"]
        case = cases.get(connection, int(text[0])) if text and person else None
        if case is None or person is None:
            return line
        definition = self._catalog.definition(connection, case["digest"])
        if not definition.keeps_secrets or not Veil(connection, None, case, definition).hides(person):
            return line
        return replace(line, subject="", named=HIDDEN[0])

    def all(self, actor: Actor, asked: LookFilters) -> Iterator[SeenLine]:
        """Every look that fits, page by page."""
        _require(actor)
        return self._all(actor, replace(asked, after=""))

    def _list(self, asked: LookFilters) -> Listing[rows.LookRow]:
        with self._database.read() as connection:
            users = None if not asked.person else accounts.ids_of(connection, letters.words(asked.person))
        return rows.look_list(asked.kind, asked.what, asked.subject, users)

    def _all(self, actor: Actor, asked: LookFilters) -> Iterator[SeenLine]:
        while True:
            page = self.page(actor, asked, EXPORTED_AT_ONCE)
            yield from page.rows
            if not page.next:
                return
            asked = replace(asked, after=page.next)


def _told(connection: Connection, found: list[rows.LookRow]) -> tuple[SeenLine, ...]:
    """The looks with the names of who looked and of what: cases by number, accounts by login."""
    accounts_seen = {int(row["subject"]) for row in found if row["what"] == ACCOUNT and row["subject"].isdecimal()}
    people = accounts.names_of(connection, {*accounts_seen, *(row["user_id"] for row in found)})
    named: dict[tuple[str, str], str] = {(ACCOUNT, str(one)): people[one][1] for one in accounts_seen & people.keys()}
    numbers = cases.numbers_of(connection, {row["subject"] for row in found if row["what"] == CASE})
    named |= {(CASE, one): number for one, number in numbers.items()}
    return tuple(_line(row, people.get(row["user_id"]), named) for row in found)


def _line(row: rows.LookRow, by: accounts.Name | None, named: Mapping[tuple[str, str], str]) -> SeenLine:
    subject = named.get((row["what"], row["subject"]), row["subject"])
    said = (row["address"], row["kind"], row["what"], row["subject"], subject)
    return SeenLine(row["id"], row["at"], by if row["user_id"] else None, *said)


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(actor, AUDIT, _ACT)
