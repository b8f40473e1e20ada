"""The calendars of this installation: which one an organisation has, by the notices and closures in force.

Knows neither who may change them (``engine.desks.calendar``) nor what follows a change: who must follow says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from engine.calendar.days import Calendar, LedgerDay, Notice
from engine.calendar.notices import FIRST_YEAR, LAST_YEAR, is_whole
from engine.damage import legible
from engine.directory.organisations import Organisation
from engine.words import Said, Text, Words, say
from storage import calendars as rows
from storage.database import Connection
from storage.rows import Days

CalendarOf = Callable[[Organisation | None], Calendar]
EVERYWHERE = "/"
EXPECTED_BY = (12, 1)
"""Month and day from which on the notice of the next year is missed; the State Council mostly sends it in November."""
NO_PROPOSAL = 0
"""The id in a change that nobody proposed: the program itself knows other days, or counts by other rules."""


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that a change makes a working day or takes from them."""

    before: LedgerDay
    after: LedgerDay


@dataclass(frozen=True, slots=True)
class Change:
    """What a proposal does to the calendar of every organisation under ``path`` (``/``: everybody).

    ``days``: those that become working days or cease to be. ``years``: whose days it speaks of.
    """

    proposal_id: int
    path: str
    years: tuple[int, ...]
    days: tuple[ChangedDay, ...]


class Follower(Protocol):
    """Who must act when a calendar changes, such as whoever keeps the deadlines."""

    def foresee(self, connection: Connection, change: Change, calendar_of: CalendarOf) -> Iterable[Said]:
        """What the change would do, told before it is decided; ``calendar_of`` gives the calendars as they would be.

        Told one by one: whoever asks need not hear all of it.
        """
        ...

    def follow(self, connection: Connection, change: Change) -> None:
        """Act on the change; it is in force in this very transaction."""
        ...


@dataclass(slots=True)
class _Known:
    """The accepted changes at one state of the decisions, and the calendars made of them so far."""

    state: tuple[Any, ...]
    notices: tuple[Notice, ...]
    closures: Mapping[str, Mapping[date, Text]]  # by organisation
    made: dict[tuple[str, ...], Calendar] = field(default_factory=dict)

    def calendar(self, path: str) -> Calendar:
        """The calendar of the organisation at ``path``: its closures and those of everyone above it."""
        codes = tuple(code for code in path.strip("/").split("/") if code in self.closures)
        found = self.made.get(codes)
        if found is None:
            closed = {day: why for code in codes for day, why in self.closures[code].items()}
            plain = not self.notices and not closed
            found = self.made[codes] = Calendar.official() if plain else Calendar(self.notices, closed)
        return found


class Calendars:
    """The calendars by organisation. Safe to share between threads; every method joins the caller's transaction."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._followers: list[Follower] = []

    def of(self, connection: Connection, organisation: Organisation | None) -> Calendar:
        """The calendar of an organisation (None: the official one) as this transaction sees it.

        One small query; calendars are kept.
        """
        return self._now(connection).calendar(organisation.path if organisation else EVERYWHERE)

    def by_path(self, connection: Connection) -> Callable[[str], Calendar]:
        """The calendars by the path of an organisation in the tree: one query for a whole list."""
        return self._now(connection).calendar

    def would_be(self, connection: Connection, proposal: rows.ProposalRow) -> CalendarOf:
        """The calendars as they would be with a waiting proposal in force."""
        known = _read((), [*rows.in_force(connection), proposal])
        return lambda organisation: known.calendar(organisation.path if organisation else EVERYWHERE)

    def add_follower(self, follower: Follower) -> None:
        """From now on ask and tell ``follower`` about changes."""
        self._followers.append(follower)

    def foresee(self, connection: Connection, change: Change, calendar_of: CalendarOf) -> Iterator[Said]:
        """What the followers expect of a change."""
        for follower in self._followers:
            yield from follower.foresee(connection, change, calendar_of)

    def tell(self, connection: Connection, change: Change) -> None:
        """Let the followers act on a change that has just come in force."""
        for follower in self._followers:
            follower.follow(connection, change)

    def _now(self, connection: Connection) -> _Known:
        state, known = rows.last_decision(connection), self._known
        if known is None or known.state != state:
            known = self._known = _read(state, rows.in_force(connection))
        return known


def missing_notices(calendar: Calendar, today: date) -> tuple[int, ...]:
    """The years whose notice should be in force by now and is not: this one and, late in the year, the next."""
    years = (today.year, today.year + 1) if (today.month, today.day) >= EXPECTED_BY else (today.year,)
    return tuple(year for year in years if FIRST_YEAR <= year <= LAST_YEAR and not calendar.is_official(year))


def days_of(said: Mapping[str, Sequence[str]]) -> dict[date, Text]:
    """Days with their reason, as stored content keeps them."""
    return {date.fromisoformat(day): (why[0], why[1]) for day, why in said.items()}


def notice_of(row: rows.ProposalRow) -> Notice:
    """The notice of a proposal."""
    content, year = row["content"], row["year"]
    assert year is not None
    plain = days_of(content.get("plain", {}))
    said = days_of(content["off"]), days_of(content["working"])
    return Notice(year, *said, row["title"], bool(content.get("amends")), plain)


def content_of(notice: Notice, known: Notice | None) -> Days:
    """What is stored of a notice. ``known``: that of its year which is in force; what leaves out some of it amends."""
    off, working, plain = (
        {day.isoformat(): list(why) for day, why in days.items()} for days in (notice.off, notice.working, notice.plain)
    )
    whole = not plain and is_whole(notice, known)
    return (
        {"off": off, "working": working} if whole else {"off": off, "working": working, "amends": True, "plain": plain}
    )


def days_spoken_of(content: Days) -> set[date]:
    """The days that a stored change names."""
    return {*days_of(content["off"]), *days_of(content["working"]), *days_of(content.get("plain", {}))}


def _read(state: tuple[Any, ...], accepted: Sequence[rows.ProposalRow]) -> _Known:
    gone = rows.replaced(accepted)
    valid = [row for row in accepted if row["id"] not in gone]
    closures: dict[str, dict[date, Text]] = {}
    for code, days in legible((row for row in valid if row["kind"] == rows.CLOSURE), _closed, _named):
        closures.setdefault(code, {}).update(days)
    notices = legible((row for row in valid if row["kind"] == rows.NOTICE), notice_of, _named)
    return _Known(state, tuple(notices), {code: days for code, days in closures.items() if days})


def _closed(row: rows.ProposalRow) -> tuple[str, dict[date, Text]]:
    return row["organisation_code"] or "", days_of(row["content"]["off"])


def _named(row: rows.ProposalRow) -> tuple[Words, None]:
    return say("日历变更第{number}号（修复后请执行 gangwei calendar recount）", number=row["id"]), None
