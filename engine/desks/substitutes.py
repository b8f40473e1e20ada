"""Naming and ending substitutes (代理). Every act is one transaction and an event of the directory. Knows no page.

A person names one for himself; so may the security administrator, and whoever has the power ``substitutes`` over the
organisation. Of one person nobody stands in twice for the same days and kinds of cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

from engine import letters
from engine.calendar.days import LEGAL_ZONE
from engine.database import writing
from engine.desks.substitute_views import AbsentPage, Deputy, StandingIn, standing_view
from engine.directory.actors import Actor, of_row
from engine.directory.contents import Directory
from engine.directory.duties import ACCOUNTS, SUBSTITUTES
from engine.directory.substitute_rules import Span, clashing, comes_back, too_long
from engine.directory.substitutes import acting, shared
from engine.errors import BadInput, NotAllowed, NotFound
from engine.messages.kinds import SUBSTITUTES as ASKS
from engine.messages.telling import notice, tell
from engine.model import Clock
from engine.words import Text, Words, dated, say
from storage import account_events, accounts, standing, substitutions
from storage.database import Connection, Database

LONGEST: Final = timedelta(days=366)
LONGEST_REASON, SHOWN = 200, 20
_ACT, _WHOM, _UNTIL = say("安排代理"), say("代理人"), say("结束日期")


class Kinds(Protocol):
    """What knows the kinds of cases."""

    def kinds(self) -> Iterable[tuple[str, Text]]: ...


@dataclass(frozen=True, slots=True)
class WantedSubstitute:
    """A substitution that somebody wants to name. Days are days in Asia/Shanghai, both included."""

    absent: int
    substitute: int
    first: date
    last: date
    kinds: tuple[str, ...] = ()
    reason: str = ""


class SubstituteDesk:
    """The door of who goes away, and of who sees to it for him."""

    def __init__(self, database: Database, clock: Clock, kinds: Kinds) -> None:
        """``clock``: that of cases, by whose days people stand in for each other."""
        self._database = database
        self._clock = clock
        self._kinds = kinds

    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return self._clock.now().astimezone(LEGAL_ZONE).date()

    def page(self, by: Actor, absent: int) -> AbsentPage:
        """Who could stand in for a person, and who does. Raises NotFound, NotAllowed."""
        now, kinds = self._clock.now(), tuple(self._kinds.kinds())
        with self._database.read() as connection:
            who = _person(connection, absent, now)
            _must_arrange(by, who)
            found = [self._shown(by, one, now, kinds) for one in standing.about(connection, [absent], SHOWN)]
            recent = [one.substitute[0] for one in found if one.absent[0] == absent]
            choices = sorted(colleagues(connection, who), key=lambda one: _newest(recent, one.user_id))
        return AbsentPage(absent, who.name, tuple(choices), kinds, tuple(found))

    def people(self, by: Actor) -> tuple[Deputy, ...]:
        """The people for whom he may see to it, besides himself: those who act in the organisations of his subtrees."""
        if not by.may(SUBSTITUTES):
            return ()
        with self._database.read() as connection:
            own = {one.organisation.code for one in by.memberships if one.organisation.path in by.paths}
            found = {one.user_id: one for code in sorted(own) for one in _members(connection, code, by.directory)}
        return tuple(one for one in found.values() if one.user_id != by.user_id)

    def name(self, by: Actor, asked: WantedSubstitute) -> int:
        """Name a substitute; the number of the substitution. Raises NotFound, NotAllowed, BadInput."""
        reason = letters.tidy(asked.reason)[:LONGEST_REASON]
        begin, end = self._period(asked)
        kinds = _known(asked.kinds, self._kinds.kinds())
        with writing(self._database) as connection:
            substitutions.lock_all(connection)
            now = self._clock.now()
            who = _person(connection, asked.absent, now)
            _must_arrange(by, who)
            other = next((one for one in colleagues(connection, who) if one.user_id == asked.substitute), None)
            if other is None:
                raise BadInput(field=_WHOM, reason=say("请从列出的人中选择：同一单位、能办理任务、账号在用"))
            new = Span(asked.absent, asked.substitute, begin, end, frozenset(kinds))
            _must_fit(new, standing.within(connection, begin, end))
            values = {"absent_id": new.absent, "substitute_id": new.substitute, "from_at": begin, "until_at": end}
            made = {"kinds": sorted(kinds), "reason": reason, "made_at": now, "made_by": by.user_id}
            number = substitutions.add(connection, {**values, **made})
            _tell(connection, "substitution_named", number, by.user_id, now)
            since, until = _day(begin), _day(end - timedelta(days=1))
            tell(
                connection,
                now,
                ASKS,
                {asked.substitute} - {by.user_id},
                by=who.name,
                words=reason or None,
                since=since,
                until=until,
            )
            own = say(
                "{by}已为您安排代理：{name}，{since}至{until}", by=by.name, name=other.name, since=since, until=until
            )
            notice(connection, now, {asked.absent} - {by.user_id}, own, reason, kind=ASKS)
        return number

    def end(self, by: Actor, number: int) -> None:
        """End a substitution before its time: who is away, who stands in, who named it or may see to it.

        One that is over stays as it is. Raises NotFound, NotAllowed.
        """
        with writing(self._database) as connection:
            row, now = substitutions.get(connection, number, lock=True), self._clock.now()
            if row is None:
                raise NotFound(what=say("这项代理"))
            if by.user_id not in (row["absent_id"], row["substitute_id"], row["made_by"]):
                _must_arrange(by, _person(connection, row["absent_id"], now))
            if row["ended_at"] is None and row["until_at"] > now:
                end_one(connection, number, by.user_id, now)

    def _period(self, asked: WantedSubstitute) -> tuple[datetime, datetime]:
        """From the first moment of the first day to that after the last. Raises BadInput."""
        if asked.first < self.today():
            raise BadInput(field=say("开始日期"), reason=say("不能早于今天"))
        if asked.last < asked.first:
            raise BadInput(field=_UNTIL, reason=say("不能早于开始日期"))
        if asked.last - self.today() > LONGEST:
            raise BadInput(field=_UNTIL, reason=say("最长一年，请到期后再安排"))
        return _midnight(asked.first), _midnight(asked.last + timedelta(days=1))

    def _shown(
        self, by: Actor, row: standing.NamedSubstitution, now: datetime, kinds: Sequence[tuple[str, Text]]
    ) -> StandingIn:
        mine = by.user_id in (row["absent_id"], row["substitute_id"], row["made_by"])
        return standing_view(row, now, dict(kinds), may_end=mine or by.may(ACCOUNTS) or by.may(SUBSTITUTES))


def end_one(connection: Connection, number: int, by: int | None, now: datetime) -> None:
    """End one that holds, with its event, inside a transaction of the caller."""
    substitutions.end(connection, number, now, by)
    _tell(connection, "substitution_ended", number, by, now)


def end_all(connection: Connection, user_id: int, by: int | None, now: datetime) -> int:
    """End everything that a person whose account is closed has given or taken; how many there were."""
    numbers = substitutions.ids_of(connection, user_id, now)
    for number in numbers:
        end_one(connection, number, by, now)
    return len(numbers)


def _tell(connection: Connection, kind: str, number: int, by: int | None, now: datetime) -> None:
    row = standing.named(connection, number)
    assert row is not None
    days = [
        at.astimezone(LEGAL_ZONE).date().isoformat() for at in (row["from_at"], row["until_at"] - timedelta(days=1))
    ]
    facts = {
        "substitution": number, "absent": row["absent_name"], "substitute": row["substitute_name"],
        "from": days[0], "until": days[1], "kinds": row["kinds"], "reason": row["reason"],
    }  # fmt: skip
    account_events.append(connection, now, kind, user_id=row["absent_id"], actor_id=by, facts=facts)


def _person(connection: Connection, user_id: int, now: datetime) -> Actor:
    row = accounts.user(connection, user_id)
    if row is None or not row["active"]:
        raise NotFound(what=say("这个账号"))
    return of_row(connection, row, now)


def _must_arrange(by: Actor, who: Actor) -> None:
    """Raises NotAllowed unless he may see to it that somebody stands in for ``who``."""
    above = by.may(SUBSTITUTES) and any(by.sees(one.organisation.path) for one in who.memberships)
    if not (by.user_id == who.user_id or by.may(ACCOUNTS) or above):
        raise NotAllowed(act=_ACT, reason=say("只有本人、其负责人或者安全管理员可以安排"))


def _must_fit(new: Span, rows: Sequence[standing.NamedSubstitution]) -> None:
    named = {row["substitute_id"]: row["substitute_name"] for row in rows}
    others = [
        Span(row["absent_id"], row["substitute_id"], row["from_at"], row["until_at"], frozenset(row["kinds"]))
        for row in rows
    ]
    clash = clashing(new, others)
    if clash is not None:
        days = (_day(clash.begin), _day(clash.end - timedelta(days=1)))
        words = say("{first}至{last}已由{name}代理，请先结束那项代理，或者另选日期、事项类型")
        raise BadInput(
            field=say("代理期间"), reason=words.about(first=days[0], last=days[1], name=named[clash.substitute])
        )
    if comes_back(new, others):
        raise BadInput(field=_WHOM, reason=say("这段时间代理会绕回本人：所选的人也由别人代理，最后回到被代理的人"))
    if too_long(new, others):
        raise BadInput(field=_WHOM, reason=say("所选的人这段时间也外出，层层代理超过三级，请另选一位"))


def colleagues(connection: Connection, who: Actor) -> list[Deputy]:
    """Who may stand in for a person: who acts at an organisation where he acts, in whatever role."""
    own = [*acting(accounts.memberships_of(connection, who.user_id), who.directory)]
    found: dict[int, Deputy] = {}
    for code in dict.fromkeys(code for _, code in own):
        for one in _members(connection, code, who.directory):
            if one.user_id != who.user_id and one.user_id not in found:
                held = [*acting(accounts.memberships_of(connection, one.user_id), who.directory)]
                found |= {one.user_id: one} if shared(own, [held]) else {}
    return list(found.values())


def _members(connection: Connection, code: str, directory: Directory) -> list[Deputy]:
    found: dict[int, Deputy] = {}
    for member in accounts.members(connection, code):
        role = directory.roles.get(member["role"])
        if role is not None and role.acts and not role.own:
            found.setdefault(member["id"], Deputy(member["id"], member["name"], role.name))
    return list(found.values())


def _newest(recent: Sequence[int], user_id: int) -> int:
    """Who stood in last stands first; the others follow as they are."""
    return recent.index(user_id) if user_id in recent else len(recent)


def _known(asked: Iterable[str], kinds: Iterable[tuple[str, Text]]) -> set[str]:
    known = {key for key, _ in kinds}
    if any(one not in known for one in asked):
        raise BadInput(field=say("事项类型"), reason=say("请从列出的类型中选择"))
    return set() if set(asked) == known else set(asked)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LEGAL_ZONE).astimezone(UTC)


def _day(at: datetime) -> Words:
    return dated(at.astimezone(LEGAL_ZONE))
