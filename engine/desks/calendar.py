"""The calendar as people ask for it: a year, the end of a period, and changes that one proposes and another decides.

Everybody may look and count; changes need the duty. Knows no page and not how days are counted.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import orjson

from engine import letters
from engine.calendar.days import Due
from engine.calendar.in_force import (
    EVERYWHERE,
    CalendarOf,
    Calendars,
    Change,
    ChangedDay,
    content_of,
    days_of,
    days_spoken_of,
    notice_of,
)
from engine.calendar.notice_text import doubts, read_table, read_text
from engine.calendar.notices import FIRST_YEAR, LAST_YEAR, Notice
from engine.damage import legible
from engine.database import writing
from engine.desks.calendar_views import CalendarView, Proposal, ProposalView, told
from engine.desks.organisations import visible
from engine.desks.recounting import Recounting
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.duties import CALENDARS, require
from engine.directory.organisations import Organisation
from engine.errors import BadInput, Conflict, NotAllowed, NotFound
from engine.model import Clock
from engine.views.basic import MOST_COUNTED
from engine.words import Words, both, say
from storage import account_events
from storage import calendars as rows
from storage.database import Connection, Database
from storage.rows import Days

ACCEPT, REFUSE, WITHDRAW = rows.IN_FORCE, rows.REFUSED, rows.WITHDRAWN
EVENTS: Final = {ACCEPT: "calendar_put_in_force", REFUSE: "calendar_refused", WITHDRAW: "calendar_withdrawn"}
LONGEST_TITLE, LONGEST_REASON = 200, 1000
LONGEST_CLOSURE: Final = 60
"""Days that one proposal may close."""
_ACT: Final = say("变更工作日历")


class CalendarDesk(Recounting):
    """The door to the calendars. Every method is one transaction; ``actor`` None is the command line."""

    def __init__(self, database: Database, calendars: Calendars, clock: Clock) -> None:
        super().__init__(database, calendars)
        self._clock = clock

    def view(self, actor: Actor | None, code: str = "") -> CalendarView:
        """The calendar of an organisation that he may see; of his own when none is named. Raises NotFound."""
        held = actor.memberships if actor else ()
        choices = tuple({one.organisation.code: one.organisation for one in held}.values())
        with self._database.read() as connection:
            found = _organisation(connection, actor, code) if code else next(iter(choices), None)
            return CalendarView(self._calendars.of(connection, found), found, choices)

    def count(self, actor: Actor | None, received: date, days: int, *, natural: bool, code: str = "") -> Due:
        """The end of a period that begins on a day, by the calendar of an organisation. Raises BadInput, NotFound."""
        calendar = self.view(actor, code).calendar
        first = calendar.start_of(received)
        return calendar.add_natural_days(first, days) if natural else calendar.add_working_days(first, days)

    def changes(self, actor: Actor | None) -> tuple[Proposal, ...]:
        """The newest proposals, those that wait before the others. Raises NotAllowed."""
        _require(actor, say("查看日历变更"))
        with self._database.read() as connection:
            found = rows.proposals(connection)
            gone = self._gone(connection)
            lines = legible(found, lambda row: told(connection, row, gone), _named)
        return tuple(sorted(lines, key=lambda one: one.decision != ""))

    def change(self, actor: Actor, proposal_id: int) -> ProposalView:
        """One proposal and, while it waits, what it would do. Raises NotAllowed, NotFound."""
        require(actor, CALENDARS, say("查看日历变更"))
        with self._database.read() as connection:
            row = _proposal(connection, proposal_id)
            one = told(connection, row, self._gone(connection))
            if row["decision"]:
                return ProposalView(one, None, (), (), 0, ())
            change, calendar_of = self._change(connection, row)
            # Of so many nobody reads each line: the page says that there are more.
            expected = tuple(islice(self._calendars.foresee(connection, change, calendar_of), MOST_COUNTED + 1))
            # Its lines name cases: who sees no business, or not all of it, is told how many there are.
            foreseen = expected if _sees(actor, change.path) else ()
        questions = doubts(notice_of(row)) if row["kind"] == rows.NOTICE else ()
        own = row["proposed_by"] == actor.user_id
        return ProposalView(one, change, questions, foreseen, len(expected), (WITHDRAW,) if own else (ACCEPT, REFUSE))

    def propose_notice(self, actor: Actor | None, year: int, source: str, text: str) -> int:
        """Propose the notice of a year from its text; the id.

        Raises NotAllowed, BadInput, NoticeUnreadable with every problem.
        """
        _require(actor)
        title, known = _words(source, _SOURCE, LONGEST_TITLE), self._known(_year(year))
        return self._propose_notice(actor, read_text(year, title, text, known), known)

    def propose_notice_table(self, actor: Actor | None, year: int, source: str, filename: str, data: bytes) -> int:
        """The same from a CSV or Excel file. Raises NotAllowed, BadInput, NoticeUnreadable, SheetUnreadable."""
        _require(actor)
        title = _words(source, _SOURCE, LONGEST_TITLE)
        return self._propose_notice(actor, read_table(_year(year), title, filename, data), self._known(year))

    def propose_closure(
        self, actor: Actor | None, code: str, first: date, last: date, reason: str, replaces: int | None = None
    ) -> int:
        """Propose that an organisation and everybody under it is closed from day to day; the id.

        ``replaces``: the closure in force that this one takes the place of. Raises NotAllowed, NotFound, BadInput.
        """
        _require(actor)
        title = _words(reason, say("停办原因"), LONGEST_TITLE)
        length = (last - first).days + 1
        if not 1 <= length <= LONGEST_CLOSURE:
            wrong = say("从{first}到{last}，应为1至{most}天", first=first, last=last, most=LONGEST_CLOSURE)
            raise BadInput(field=say("停办日期"), reason=wrong)
        if first.year < FIRST_YEAR or last.year > LAST_YEAR:
            raise BadInput(field=say("停办日期"), reason=say("{first}超出日历", first=first))
        why = both(say("停办：{title}", title=title))
        off = {(first + timedelta(days=n)).isoformat(): list(why) for n in range(length)}
        return self._propose_closure(actor, code, title, off, replaces)

    def propose_reopening(self, actor: Actor | None, closure_id: int, reason: str) -> int:
        """Propose that a closure in force no longer holds; the id. Raises NotAllowed, NotFound, BadInput, Conflict."""
        _require(actor)
        with self._database.read() as connection:
            closure = _proposal(connection, closure_id)
        title = _words(reason, say("恢复办公的原因"), LONGEST_TITLE)
        return self._propose_closure(actor, closure["organisation_code"] or "", title, {}, closure_id)

    def decide(self, actor: Actor, proposal_id: int, answer: str, reason: str = "") -> Change | None:
        """Put a proposal in force or refuse it, which takes another person; or withdraw one's own.

        What was accepted holds at once, and the followers act on it in the same transaction. The change, when there is
        one. Raises NotAllowed, NotFound, BadInput, Conflict.
        """
        require(actor, CALENDARS, _ACT)
        words = _words(reason, say("理由"), LONGEST_REASON, least=answer != ACCEPT)
        with writing(self._database) as connection:
            row = _proposal(connection, proposal_id)
            if row["decision"] or answer not in EVENTS:
                raise Conflict()
            if (row["proposed_by"] == actor.user_id) != (answer == WITHDRAW):
                why = say("须由提出人以外的人审定，只有提出人可以撤回")
                raise NotAllowed(act=say("审定这项变更"), reason=why)
            self._require_in_force(connection, row["replaces"] if answer == ACCEPT else None)
            change = self._change(connection, row)[0] if answer == ACCEPT else None
            now = self._clock.now()
            rows.decide(connection, proposal_id, answer, words, now, actor.user_id)
            facts = _facts(proposal_id, row) | ({"reason": words} if words else {})
            account_events.append(connection, now, EVENTS[answer], actor_id=actor.user_id, facts=facts)
            if change:
                self._calendars.tell(connection, change)
        return change

    def _known(self, year: int) -> Notice | None:
        """The notice of a year that is in force, with its supplements."""
        with self._database.read() as connection:
            return self._calendars.of(connection, None).notice(year)

    def _propose_notice(self, actor: Actor | None, notice: Notice, known: Notice | None) -> int:
        """``known``: the notice of the year that is in force; what leaves out some of it amends it."""
        values: rows.NewProposal = {"kind": rows.NOTICE, "year": notice.year, "title": notice.source}
        return self._propose(actor, values, content_of(notice, known))

    def _propose_closure(
        self, actor: Actor | None, code: str, title: str, off: dict[str, list[str]], replaces: int | None
    ) -> int:
        with self._database.read() as connection:
            organisations.get(connection, code)
            self._require_in_force(connection, replaces, code)
        values: rows.NewProposal = {
            "kind": rows.CLOSURE,
            "organisation_code": code,
            "title": title,
            "replaces": replaces,
        }
        return self._propose(actor, values, {"off": off, "working": {}})

    def _propose(self, actor: Actor | None, values: rows.NewProposal, content: Days) -> int:
        now, by = self._clock.now(), actor.user_id if actor else None
        digest = hashlib.sha256(orjson.dumps([values, content], option=orjson.OPT_SORT_KEYS)).hexdigest()
        values |= {"content": content, "digest": digest, "proposed_at": now, "proposed_by": by}
        with writing(self._database) as connection:
            made = rows.propose(connection, values)
            account_events.append(connection, now, "calendar_proposed", actor_id=by, facts=_facts(made, values))
        return made

    def _require_in_force(self, connection: Connection, closure_id: int | None, code: str | None = None) -> None:
        if closure_id is None:
            return
        row = _proposal(connection, closure_id)
        standing = (
            row["kind"] == rows.CLOSURE and row["decision"] == ACCEPT and closure_id not in self._gone(connection)
        )
        if not standing or not row["content"]["off"] or code not in (None, row["organisation_code"]):
            raise Conflict()

    def _gone(self, connection: Connection) -> set[int]:
        return rows.replaced(rows.in_force(connection))

    def _change(self, connection: Connection, row: rows.ProposalRow) -> tuple[Change, CalendarOf]:
        place = organisations.get(connection, row["organisation_code"]) if row["organisation_code"] else None
        calendar_of = self._calendars.would_be(connection, row)
        before, after = self._calendars.of(connection, place), calendar_of(place)
        touched = days_spoken_of(row["content"])
        if row["replaces"]:
            touched |= set(days_of(_proposal(connection, row["replaces"])["content"]["off"]))
        years = sorted({day.year for day in touched} | {row["year"] or min(touched).year})
        days = [
            ChangedDay(old, new)
            for year in years
            for old, new in zip(before.days(year), after.days(year), strict=True)
            if old.counted != new.counted
        ]
        return Change(row["id"], place.path if place else EVERYWHERE, tuple(years), tuple(days)), calendar_of


_SOURCE: Final = say("文号")


def _require(actor: Actor | None, act: Words = _ACT) -> None:
    if actor is not None:
        require(actor, CALENDARS, act)


def _sees(actor: Actor, path: str) -> bool:
    root = path == EVERYWHERE and any(own.count("/") == len("//") for own in actor.paths)
    return root or actor.sees(path)


def _organisation(connection: Connection, actor: Actor | None, code: str) -> Organisation:
    found = organisations.get(connection, code)
    if actor is None:
        return found
    own = any(one.organisation.code == code for one in actor.memberships)
    if not own and not found.inside(visible(actor)) and not actor.may(CALENDARS):
        raise NotFound(what=say("这个单位"))
    return found


def _named(row: rows.DecidedProposal) -> tuple[Words, None]:
    return say("日历变更第{number}号", number=row["id"]), None


def _proposal(connection: Connection, proposal_id: int) -> rows.DecidedProposal:
    found = rows.proposal(connection, proposal_id)
    if found is None:
        raise NotFound(what=say("这项日历变更"))
    return found


def _facts(proposal_id: int, row: rows.NewProposal | rows.DecidedProposal) -> dict[str, Any]:
    known: dict[str, object] = {
        "proposal": proposal_id,
        "year": row.get("year"),
        "organisation": row.get("organisation_code"),
    }
    known |= {"title": row["title"], "replaces": row.get("replaces"), "sha256": row["digest"]}
    return {name: value for name, value in known.items() if value is not None}


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        allowed = say("{year}，应在{first}至{last}之间", year=year, first=FIRST_YEAR, last=LAST_YEAR)
        raise BadInput(field=say("年份"), reason=allowed)
    return year


def _words(text: str, field: Words, most: int, *, least: bool = True) -> str:
    words = letters.tidy(text)
    if not least <= len(words) <= most or letters.is_never_text(words):
        raise BadInput(field=field, reason=say("需要 1 至 {most} 个字", most=most))
    return words
