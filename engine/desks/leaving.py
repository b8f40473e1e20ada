"""Everything that a person who leaves has in hand goes to others in one act (离职交接). Knows no page.

The same act is rehearsed first: what it would do is done and undone. Each line is done or refused for itself in a
rehearsal; the act itself does all of them or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.cases import Cases
from engine.cases.acting.handing_over import Carried, Cause, Party
from engine.database import writing
from engine.desks.accounts import AccountDesk
from engine.desks.leaving_views import CASES, DRAFTS, ROLE, TASKS, Leaving, Result, WorkGroup
from engine.desks.substitute_views import Deputy
from engine.desks.substitutes import colleagues
from engine.desks.successors import Successor, by_of
from engine.directory.actors import Actor, of_row, personal
from engine.directory.duties import ACCOUNTS, require
from engine.directory.substitutes import acting
from engine.errors import BadInput, NotAllowed, NotFound, Refusal
from engine.messages.kinds import HANDED_OVER
from engine.messages.telling import tell
from engine.model import Clock
from engine.words import Text, say
from storage import account_events, accounts, handover, leaving, substitutions
from storage.database import Connection, Database

MOST_RECEIVERS = 100
_ACT, _RECEIVER = say("办理离职交接"), say("接收人")


class Refused(Refusal):
    """An act of which some lines cannot be done; nothing was done. ``results``: line by line."""

    sentence = say("有{count}项不能按所选的办理，全部没有办。请看每项的原因，改选后再办。")

    def __init__(self, results: tuple[Result, ...]) -> None:
        self.results = results
        super().__init__(count=sum(one.problem is not None for one in results))


class _Undone(Exception):
    """Ends a rehearsal: all that it did is undone."""


class LeavingDesk:
    """The door of the security administrator when somebody leaves."""

    def __init__(self, database: Database, clock: Clock, desk: AccountDesk, cases: Cases) -> None:
        self._database = database
        self._clock = clock
        self._desk = desk
        self._cases = cases

    def page(self, by: Actor | None, user_id: int) -> Leaving:
        """All that a person has in hand, and who may take it. Raises NotAllowed, NotFound."""
        _require(by, user_id)
        with self._database.read() as connection:
            return self._list(connection, user_id)

    def rehearse(
        self, by: Actor | None, user_id: int, choices: Mapping[str, int], close: Successor | None
    ) -> tuple[Result, ...]:
        """What would happen to each line, and why not. Nothing is kept."""
        found: tuple[Result, ...] = ()
        try:
            with writing(self._database) as connection:
                found = self._do(connection, by, user_id, choices, close)
                raise _Undone
        except _Undone:
            return found

    def hand_over(
        self, by: Actor | None, user_id: int, choices: Mapping[str, int], close: Successor | None
    ) -> tuple[Result, ...]:
        """Give every line to whoever was chosen for it, and close the account if that is asked for.

        ``choices``: the id of a receiver by the id of a line; ``close``: who follows in what nobody was chosen for,
        None for an account that stays open. All of it or nothing: raises Refused.
        """
        with writing(self._database) as connection:
            results = self._do(connection, by, user_id, choices, close)
            if any(one.problem is not None for one in results):
                raise Refused(results)
            facts = {"lines": [f"{one.line} → {one.receiver}: {one.count}" for one in results if one.receiver]}
            actor_id, now = by.user_id if by else None, self._clock.now()
            account_events.append(connection, now, "work_handed_over", user_id=user_id, actor_id=actor_id, facts=facts)
        return results

    def _do(
        self,
        connection: Connection,
        by: Actor | None,
        user_id: int,
        choices: Mapping[str, int],
        close: Successor | None,
    ) -> tuple[Result, ...]:
        _require(by, user_id)
        page = self._list(connection, user_id)
        results = [self._line(connection, by, page, line, choices.get(line.id)) for line in page.lines]
        if close is not None:
            results.append(self._close(connection, by, user_id, close))
        for receiver in {one for one in choices.values() if one}:
            count = sum(one.count for one in results if one.problem is None and choices.get(one.line) == receiver)
            tell(connection, self._clock.now(), HANDED_OVER, [receiver] if count else [], by=page.name, count=count)
        return tuple(results)

    def _line(
        self, connection: Connection, by: Actor | None, page: Leaving, line: WorkGroup, receiver: int | None
    ) -> Result:
        """One line, in a savepoint of its own: what is refused leaves nothing behind."""
        if not receiver:
            return Result(line.id, line.count, "", None)
        named = leaving.active(connection, [receiver]).get(receiver)
        try:
            if named is None or all(one.user_id != receiver for one in page.receivers):
                raise BadInput(field=_RECEIVER, reason=say("请从列出的人中选择"))
            with connection.begin_nested():
                self._give(connection, by, page, line, Party(receiver, *named))
        except Refusal as refused:
            return Result(line.id, line.count, named[1] if named else "", refused.words)
        return Result(line.id, line.count, named[1], None)

    def _give(self, connection: Connection, by: Actor | None, page: Leaving, line: WorkGroup, new: Party) -> None:
        if line.kind == ROLE:
            role, _, code = line.key.partition("@")
            self._desk.give(connection, by, new.user_id, role, code)
            return
        if line.kind == DRAFTS:
            taken = [leaving.give_draft(connection, one, new.user_id) for one in self._drafts(connection, page.user_id)]
            if not all(taken):
                raise NotAllowed(act=say("移交草稿"), reason=say("{name}在同一处已有草稿", name=new.name))
            return
        carried = Carried()
        if line.kind == CASES:
            carried.cases |= {
                one["id"] for one in leaving.started_by(connection, page.user_id) if one["key"] == line.key
            }
        else:
            own = leaving.tasks_of(connection, [personal(page.user_id)])
            carried.add(task for task in own if task["key"] == line.key)
        cause = Cause(by_of(by), self._cases.parts.clock.now(), say("离职交接，由接收人办理").text())
        self._cases.handing_over.to_person(connection, carried, Party(page.user_id, page.login, page.name), new, cause)

    def _close(self, connection: Connection, by: Actor | None, user_id: int, rest: Successor) -> Result:
        try:
            with connection.begin_nested():
                self._desk.close(connection, by, user_id, rest)
        except Refusal as refused:
            return Result("close", 1, "", refused.words)
        return Result("close", 1, "", None)

    def _drafts(self, connection: Connection, user_id: int) -> list[leaving.DraftPlaced]:
        """Those of cases to start: a draft of a task goes with nobody, it may hold what only its writer may see."""
        return [one for one in leaving.drafts_of(connection, user_id) if one["place"].startswith("start:")]

    def _list(self, connection: Connection, user_id: int) -> Leaving:
        row, now = accounts.user(connection, user_id), self._clock.now()
        if row is None:
            raise NotFound(what=say("这个账号"))
        who = of_row(connection, row, now)
        own = leaving.tasks_of(connection, [personal(user_id)])
        waits = {one["key"] for one in self._cases.handing_over.waiting_for(connection, user_id)}
        lines = [*self._roles(connection, who), *_by_kind(TASKS, own)]
        started = _by_kind(CASES, leaving.started_by(connection, user_id))
        lines += [replace(one, comes_back=one.key in waits) for one in started]
        drafts = self._drafts(connection, user_id)
        lines += [WorkGroup(DRAFTS, "", len(drafts))] if drafts else []
        with_deadline = sum(one["due_at"] is not None for one in own)
        return Leaving(
            user_id, row["login"], row["name"], row["active"],
            tuple(replace(one, name=self._name(connection, who, one)) for one in lines),
            tuple(_receivers(connection, who)), leaving.claimed(connection, user_id), with_deadline,
            len(substitutions.ids_of(connection, user_id, now)), leaving.unread(connection, user_id),
        )  # fmt: skip

    def _roles(self, connection: Connection, who: Actor) -> Iterable[WorkGroup]:
        """His posts that act, with the tasks that wait there, and who else holds each."""
        held = handover.held_keys(connection)
        for role, code in acting(accounts.memberships_of(connection, who.user_id), who.directory):
            others = [
                one["user_id"] for one in held
                if (one["role"], one["organisation_code"]) == (role, code) and one["user_id"] != who.user_id
            ]  # fmt: skip
            names = tuple(name for _, name in leaving.active(connection, others).values())
            waiting = len(leaving.tasks_of(connection, [f"{role}@{code}"]))
            yield WorkGroup(ROLE, f"{role}@{code}", waiting, others=names)

    def _name(self, connection: Connection, who: Actor, line: WorkGroup) -> Text:
        if line.kind == ROLE:
            role, _, code = line.key.partition("@")
            names = {one.organisation.code: one.organisation.name for one in who.memberships}
            zh, en = who.directory.role_name(role)
            return f"{names.get(code, code)}{zh}", f"{en}, {names.get(code, code)}"
        return next((name for key, name in self._cases.inbox.kinds() if key == line.key), (line.key, line.key))


def _receivers(connection: Connection, who: Actor) -> list[Deputy]:
    """Who may take it over: colleagues, then whoever acts at the organisation above or beside."""
    found = {one.user_id: one for one in colleagues(connection, who)}
    acts = [one.organisation for one in who.memberships if who.directory.roles[one.role].acts]
    above = [one.path[: one.path.rstrip("/").rfind("/") + 1] for one in acts]
    paths = [path if path != "/" else one.path for path, one in zip(above, acts, strict=True)]
    roles = [one.id for one in who.directory.roles.values() if one.acts and not one.own]
    for one in leaving.acting_under(connection, paths, roles, MOST_RECEIVERS) if paths else ():
        if one["id"] != who.user_id:
            name = who.directory.role_name(one["role"])
            place = (f"{one['organisation']}{name[0]}", f"{name[1]}, {one['organisation']}")
            found.setdefault(one["id"], Deputy(one["id"], one["name"], place))
    return list(found.values())


def _by_kind(kind: str, rows: Iterable[Mapping[str, object]]) -> list[WorkGroup]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row["key"])] = counts.get(str(row["key"]), 0) + 1
    return [WorkGroup(kind, key, count) for key, count in sorted(counts.items())]


def _require(by: Actor | None, user_id: int) -> None:
    if by is None:
        return
    require(by, ACCOUNTS, _ACT)
    if by.user_id == user_id:
        raise NotAllowed(act=_ACT, reason=say("不能办理自己的交接，请由另一位安全管理员办理"))
