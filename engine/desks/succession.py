"""Organisations that are renamed, or go into another one: an act with a successor, who gets what stood in their name.

Running cases, open tasks, records, people and deadlines go with it in one transaction, each with an event. Knows no
kind of organisation and no role by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import letters
from engine.calendar.in_force import NO_PROPOSAL, Change
from engine.cases import Cases
from engine.cases.acting.handing_over import Carried, Cause
from engine.database import writing
from engine.desks.successors import by_of
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.contents import Directory
from engine.directory.duties import ORGANISATIONS, require
from engine.directory.in_force import in_force
from engine.directory.organisation_import import Renamed
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NotFound
from engine.model import Clock
from engine.words import Words, say
from storage import account_events, accounts
from storage import cases as case_rows
from storage import organisations as rows
from storage.database import Connection, Database

LONGEST_NAME, LONGEST_REASON = 100, 1000
_ACT = say("变更单位")
_SUCCESSOR = say("接替单位")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would go with an organisation. ``people``: how many hold a role there."""

    organisation: Organisation
    cases: int
    tasks: int
    records: int
    people: int
    children: tuple[Organisation, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing at all stands in its name."""
        return not (self.cases or self.tasks or self.records or self.people or self.children)


class SuccessionDesk:
    """The door of whoever may import the tree. Every act is one transaction."""

    def __init__(self, database: Database, clock: Clock, cases: Cases) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases

    def foresee(self, actor: Actor | None, code: str) -> Foreseen:
        """What stands in the name of an organisation. Raises NotAllowed, NotFound."""
        _require(actor)
        with self._database.read() as connection:
            one = organisations.get(connection, code)
            carried = self._cases.handing_over.of_organisation(connection, code)
            people = {member["id"] for member in accounts.members(connection, code)}
            children = organisations.children(connection, code)
        tasks, records = (sum(map(len, found.values())) for found in (carried.tasks, carried.records))
        return Foreseen(one, len(carried.cases), tasks, records, len(people), children)

    def rename(self, actor: Actor | None, code: str, name: str, short_name: str, reason: str) -> Foreseen:
        """Give an organisation another name, of which its running cases and open tasks hear; what went with it.

        Raises NotAllowed, NotFound, BadInput.
        """
        foreseen, words = self.foresee(actor, code), _words(reason, say("原因"), LONGEST_REASON)
        name = _words(name, say("新名称"), LONGEST_NAME)
        short_name = letters.name(short_name) or name
        with writing(self._database) as connection:
            case_rows.lock_all(connection)
            before = organisations.get(connection, code)
            if before.name == name:
                raise BadInput(field=say("新名称"), reason=say("与现在的名称相同"))
            after = replace(before, name=name, short_name=short_name[:50])
            _save(connection, {code: {"name": after.name, "short_name": after.short_name}}, words)
            self.renamed(actor, words)(connection, before, after)
        return foreseen

    def renamed(self, actor: Actor | None, reason: str) -> Renamed:
        """What tells running cases and open tasks their organisation's new name, in a transaction of the caller."""

        def tell(connection: Connection, before: Organisation, after: Organisation) -> None:
            case_rows.lock_all(connection)
            carried = self._cases.handing_over.of_organisation(connection, before.code)
            self._carry(connection, actor, replace(carried, records={}), before, after, reason)

        return tell

    def succeed(self, actor: Actor | None, code: str, successor: str, reason: str) -> Foreseen:
        """Let an organisation go into another one, which gets all that stood in its name; what that was.

        Raises NotAllowed, NotFound, BadInput when the successor cannot have it, Conflict.
        """
        foreseen, words = self.foresee(actor, code), _words(reason, say("原因"), LONGEST_REASON)
        with writing(self._database) as connection:
            case_rows.lock_all(connection)
            before, after = organisations.get(connection, code), _successor(connection, code, successor)
            carried = self._cases.handing_over.of_organisation(connection, code)
            directory = in_force(connection)
            _must_fit(directory, carried, organisations.children(connection, code), after)
            self._move_people(connection, actor, directory, before, after)
            _move_tree(connection, before, after, words)
            self._carry(connection, actor, carried, before, after, words)
            self._cases.calendars.tell(connection, Change(NO_PROPOSAL, after.path, (), ()))
        return foreseen

    def _carry(
        self, connection: Connection, actor: Actor | None, carried: Carried, before: Organisation,
        after: Organisation, reason: str,
    ) -> None:  # fmt: skip
        cause = Cause(by_of(actor), self._cases.parts.clock.now(), reason)
        self._cases.handing_over.to_organisation(connection, carried, before, after, cause)
        facts: dict[str, Any] = {"organisation": before.code, "organisation_name": before.name}
        facts |= {"successor": after.code, "successor_name": after.name, "cases": len(carried.told), "reason": reason}
        kind = "organisation_renamed" if before.code == after.code else "organisation_succeeded"
        by = actor.user_id if actor else None
        account_events.append(connection, self._clock.now(), kind, actor_id=by, facts=facts)

    def _move_people(
        self, connection: Connection, actor: Actor | None, directory: Directory, before: Organisation,
        after: Organisation,
    ) -> None:  # fmt: skip
        """Who holds a role here holds it there, where there is such a role; each has an event of it."""
        now, by = self._clock.now(), actor.user_id if actor else None
        for member in accounts.members(connection, before.code):
            accounts.revoke(connection, member["id"], member["role"], before.code, now)
            told = {"role": member["role"], "organisation": before.code, "organisation_name": before.name}
            account_events.append(connection, now, "role_revoked", user_id=member["id"], actor_id=by, facts=told)
            role = directory.roles.get(member["role"])
            held = accounts.roles_kept(connection, member["id"])
            if role is not None and after.kind in role.kinds and (role.id, after.code) not in held:
                accounts.grant(connection, member["id"], role.id, after.code, now)
                told = {"role": role.id, "organisation": after.code, "organisation_name": after.name}
                account_events.append(connection, now, "role_granted", user_id=member["id"], actor_id=by, facts=told)


def _require(actor: Actor | None) -> None:
    if actor is not None:
        require(actor, ORGANISATIONS, _ACT)


def _words(text: str, field: Words, most: int) -> str:
    words = letters.name(text)
    if not 0 < len(words) <= most or not words.isprintable():
        raise BadInput(field=field, reason=say("需要 1 至 {most} 个字", most=most))
    return words


def _successor(connection: Connection, code: str, successor: str) -> Organisation:
    try:
        after = organisations.get(connection, successor)
    except NotFound as unknown:
        raise BadInput(field=_SUCCESSOR, reason=say("没有编码为“{code}”的单位", code=successor)) from unknown
    if not after.valid:
        raise BadInput(field=_SUCCESSOR, reason=say("{name}已停用", name=after.name))
    if f"/{code}/" in after.path:
        raise BadInput(field=_SUCCESSOR, reason=say("不能是单位自己或它的下级"))
    return after


def _must_fit(directory: Directory, carried: Carried, children: tuple[Organisation, ...], after: Organisation) -> None:
    """Raises BadInput naming the role or the kind that the successor cannot have."""
    for tasks in carried.tasks.values():
        for task in tasks:
            role = directory.roles.get(task["candidate"].partition("@")[0])
            if role is None or after.kind not in role.kinds:
                step, name = (task["name_zh"], task["name_en"]), role.name if role else task["candidate"]
                why = say("{place}不设“{role}”，环节“{step}”没有人接办", place=after.name, role=name, step=step)
                raise BadInput(field=_SUCCESSOR, reason=why)
    for child in children:
        if after.kind not in directory.kinds[child.kind].parents:
            why = say("下级单位{name}不能隶属于{place}，请先为它指定接替单位", name=child.name, place=after.name)
            raise BadInput(field=_SUCCESSOR, reason=why)


def _move_tree(connection: Connection, before: Organisation, after: Organisation, source: str) -> None:
    """Put what stands below under the successor, and close the organisation; cases and records are seen from there."""
    changed: dict[str, Mapping[str, object]] = {before.code: {"valid": False, "successor_code": after.code}}
    for one in organisations.subtree(connection, before.path):
        if one.code == before.code:
            continue
        path = after.path + one.path.removeprefix(before.path)
        parent = after.code if one.parent_code == before.code else one.parent_code
        changed[one.code] = {"path": path, "parent_code": parent, "level": path.count("/") - 1}
        case_rows.follow_organisation(connection, one.path, path)
    case_rows.follow_organisation(connection, before.path, after.path)
    _save(connection, changed, source)


def _save(connection: Connection, changed: Mapping[str, Mapping[str, object]], source: str) -> None:
    found = {row["code"]: row for row in rows.by_codes(connection, list(changed))}
    rows.save(connection, [], [{**found[code], **values, "source": source[:200]} for code, values in changed.items()])
