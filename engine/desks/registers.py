"""Reading registers: lists, records and their past, as far as the reader may see. Knows no page.

Cases write them (``engine.operations.registers``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from engine import letters
from engine.damage import legible
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.model import Clock
from engine.operations.derived import derived
from engine.operations.registers import naming
from engine.publishing.catalog import Catalog
from engine.registers import EVERYWHERE, Register
from engine.views import (
    OrganisationName,
    RecordRow,
    RecordVersion,
    RecordView,
    Referring,
    RegisterFilters,
    RegisterHead,
    RegisterPage,
)
from engine.views.basic import MOST_COUNTED
from engine.words import Words, say
from storage import cases, record_links
from storage import records as rows
from storage.database import Connection, Database
from storage.record_lists import About, Asked, RecordList, mark
from storage.rows import RecordRow as StoredRecord

LARGEST_PAGE = 500
MOST_REFERRING = 20
"""Records that a page names of those that refer to one by a field; the others are counted."""


class RegisterDesk:
    """The registers of one database."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    def all(self, actor: Actor) -> tuple[RegisterHead, ...]:
        """Every register, with how many records the reader may see in it. Nothing for who has no business role."""
        with self._database.read() as connection:
            found = self._catalog.registers(connection) if actor.in_business else {}
            own = [one for one in found.values() if actor.paths or one.persons]
            heads = tuple(self._head(connection, actor, register) for register in own)
            return tuple(one for one in heads if one.count) if actor.outside else heads

    def search(self, actor: Actor, name: str, filters: RegisterFilters) -> RegisterPage:
        """One page of records in force. Raises NotFound for a register that is none."""
        with self._database.read() as connection:
            register = self._register(connection, actor, name)
            paths, about = _reach(connection, register, actor)
            at = filters.at
            sees = Asked(paths, about=about, named_in=_named_in(register)) if at else None
            told = {key: one for key, one in register.columns.items() if not (filters.hides and one.personal)}
            if filters.place and (register.organisation in told or not filters.hides):
                place = organisations.get(connection, filters.place)
                paths = (place.path,) if place.inside(paths) else ()
            equals = {key: value for key, value in filters.equals.items() if key in register.filters and value}
            equals = {key: value for key, value in equals.items() if key in told}
            column = told.get(filters.sort.removeprefix("-"))
            sort, number = (filters.sort, column.numeric) if column else ("", False)
            limit = max(1, min(filters.limit, LARGEST_PAGE))
            words = letters.words(filters.q)
            unless = {key: value for key, value in filters.unless.items() if key in register.filters and key in told}
            own, hides = _named_in(register), filters.hides
            asked = Asked(paths, words, equals, about, sort, number, hides, at, own, within=sees, unless=unless)
            wanted = RecordList(name, asked)
            found = wanted.page(connection, filters.after, limit)
            more = self._derived(connection, register, found[:limit], at)
            name_of = cache(lambda code: organisations.get(connection, code).name)
            return RegisterPage(
                head=self._head(connection, actor, register),
                columns=tuple(register.told[key] for key in register.listed),
                rows=tuple(
                    legible(found[:limit], lambda row: _record_row(register, row, name_of, more[row["number"]]), _named)
                ),
                total=wanted.count(connection, MOST_COUNTED),
                next=mark(found[limit - 1]) if len(found) > limit else None,
            )

    def record(self, actor: Actor, name: str, number: str, at: datetime | None = None) -> RecordView:
        """A record with all its versions, or as it stood at a moment, with those until then.

        Raises NotFound for what does not exist, or may not be seen as it is now, or as it was then.
        """
        with self._database.read() as connection:
            register = self._register(connection, actor, name)
            found = rows.versions(connection, name, number)
            newest = found[0] if found else None
            if newest is None or not _visible(connection, register, actor, newest):
                raise NotFound(what=say("这条记录"))
            found = [row for row in found if at is None or row["valid_from"] <= at]
            own = next((row for row in found if at is None or _stood(row, at)), None)
            if own is not None and not _visible(connection, register, actor, own):
                raise NotFound(what=say("这条记录"))
            code = _owner(register, own or newest)
            owner = OrganisationName(code, organisations.get(connection, code).name)
            versions = _versions(connection, register, actor, found, at)
            more = self._derived(connection, register, [own], at)[number] if own is not None else {}
            return RecordView(
                head=self._head(connection, actor, register),
                number=number,
                organisation=owner,
                columns=tuple(register.told.values()),
                versions=versions,
                at=at,
                shown=versions[found.index(own)] if own is not None else None,
                values={**own["data"], **more} if own is not None else {},
                refers=register.references,
                reachable=frozenset(self._reachable(connection, actor, register, own)),
                referring=tuple(self._referring(connection, actor, register, number, at)),
            )

    def _derived(
        self, connection: Connection, register: Register, rows: Sequence[StoredRecord], at: datetime | None
    ) -> Mapping[str, Mapping[str, object]]:
        """What is derived for each of these records, by its number; nothing where nothing is."""
        known = self._catalog.registers(connection)
        found = derived(connection, known, register, rows, self._clock.now(), at)
        return {row["number"]: found.get(row["number"], {}) for row in rows}

    def _reachable(
        self, connection: Connection, actor: Actor, register: Register, row: StoredRecord | None
    ) -> Iterator[tuple[str, str]]:
        """The records to which this one refers that the reader may open."""
        known = self._catalog.registers(connection)
        for _, other, number in register.referred(row["data"]) if row is not None else ():
            there = rows.current(connection, other, number) if other in known else None
            if there is not None and _visible(connection, known[other], actor, there):
                yield other, number

    def _referring(
        self, connection: Connection, actor: Actor, register: Register, number: str, at: datetime | None
    ) -> Iterator[Referring]:
        """What refers to a record and lies in the subtrees of the reader, register by register."""
        for other in self._catalog.registers(connection).values() if actor.paths else ():
            for name in (name for name, where in other.references.items() if where == register.name):
                found, total = record_links.count_referring(
                    connection, other.name, name, number, actor.paths, MOST_REFERRING, at
                )
                if total:
                    numbers = tuple(row["number"] for row in found)
                    yield Referring(other.name, other.title, other.label(name), numbers, total)

    def _register(self, connection: Connection, actor: Actor, name: str) -> Register:
        register = self._catalog.registers(connection).get(name)
        if register is None or not actor.in_business:
            raise NotFound(what=say("这个台账"))
        if actor.outside and not self._head(connection, actor, register).count:
            raise NotFound(what=say("这个台账"))  # who is outside learns of no register but those that name him
        return register

    def _head(self, connection: Connection, actor: Actor, register: Register) -> RegisterHead:
        paths, about = _reach(connection, register, actor)
        asked = Asked(paths, about=about, named_in=_named_in(register))
        total = RecordList(register.name, asked).count(connection, MOST_COUNTED)
        return RegisterHead(register.name, register.title, register.description, total, register.group)


def _stood(row: StoredRecord, at: datetime) -> bool:
    """Whether a version was in force at a moment."""
    return row["valid_from"] <= at and (row["valid_to"] is None or row["valid_to"] > at)


def _reach(connection: Connection, register: Register, actor: Actor) -> tuple[tuple[str, ...], About | None]:
    """Where a reader may look, and what a record must hold: everything of his subtrees, else what names him."""
    if actor.paths and EVERYWHERE in register.seen_from and not actor.outside:
        return ("/",), None
    if actor.paths or not register.persons:
        return actor.paths, None
    return ("/",), naming(connection, register, actor.login)


def _visible(connection: Connection, register: Register, actor: Actor, row: StoredRecord) -> bool:
    """Whether a record lies in his subtrees or names him."""
    if actor.sees(row["organisation_path"]) or _seen_from(connection, register, actor, row):
        return True
    about = naming(connection, register, actor.login) if actor.in_business else ()
    return any(row["data"].get(name) in values for name, values in about)


def _named_in(register: Register) -> tuple[str, ...]:
    """The fields whose organisations see a record beside its own."""
    return tuple(name for name in register.seen_from if name != EVERYWHERE)


def _seen_from(connection: Connection, register: Register, actor: Actor, row: StoredRecord) -> bool:
    """Whether the schema shows a record of elsewhere to the reader's organisation."""
    if EVERYWHERE in register.seen_from and actor.paths and not actor.outside:
        return True
    codes = {str(row["data"][name]) for name in _named_in(register) if row["data"].get(name)}
    return any(actor.sees(organisations.get(connection, code).path) for code in sorted(codes))


def _owner(register: Register, row: StoredRecord) -> str:
    """The code of the organisation whose record it is."""
    return str(row["data"][register.organisation])


def _named(row: StoredRecord) -> tuple[Words, int | None]:
    return say("台账记录{number}", number=row["number"]), row["case_id"]


def _record_row(
    register: Register, row: StoredRecord, name_of: Callable[[str], str], more: Mapping[str, object]
) -> RecordRow:
    code = _owner(register, row)
    values = {**row["data"], **more}
    return RecordRow(row["number"], OrganisationName(code, name_of(code)), values, row["valid_from"])


def _opens(connection: Connection, actor: Actor, row: StoredRecord) -> bool:
    """Whether the reader may open the case that made this version: a record may be his though the case is not."""
    case = cases.get(connection, row["case_id"])
    if case is None:
        return False
    return policy.sees(actor, case, acted=cases.acted_in(connection, case["id"], actor.user_id))


def _versions(
    connection: Connection, register: Register, actor: Actor, found: Sequence[rows.MadeRecord], at: datetime | None
) -> tuple[RecordVersion, ...]:
    """The versions, the newest first; which has ended after ``at`` had not then."""
    told = []
    for place, row in enumerate(found):
        before = found[place + 1]["data"] if place + 1 < len(found) else {}
        opens = _opens(connection, actor, row)
        one = _version(register, row, before, opens, opens or not actor.outside)
        ended = one.valid_to is not None and (at is None or one.valid_to <= at)
        told.append(one if ended else replace(one, valid_to=None))
    return tuple(told)


def _version(
    register: Register, row: rows.MadeRecord, before: Mapping[str, Any], opens_case: bool, told: bool
) -> RecordVersion:
    """``told``: whether the reader hears by which case and by whom it was made."""
    return RecordVersion(
        version=row["version"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        values=row["data"],
        changes=register.changes(before, row["data"]) if before else (),
        by=row["actor_name"] if told else "",
        case_id=str(row["case_id"]) if opens_case else None,
        case_number=row["case_number"] if told else "",
        sequence=row["event_seq"],
    )
