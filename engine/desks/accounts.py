"""Accounts and roles as the security administrator keeps them. Knows no page; how a person signs in: signin.

Every method is one transaction and leaves an event. ``by`` is the person who acts; ``None`` is the command line, whose
keeper owns the machine anyway. Nobody changes his own account or roles here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import letters
from engine.cases.acting.handing_over import HandingOver
from engine.damage import legible, sound
from engine.database import writing
from engine.desks.account_views import Account, Accounts, Happening, happening
from engine.desks.substitutes import end_all
from engine.desks.successors import NOBODY, Successor, give_all_back, hand_over, left_alone, refuse, roles_of
from engine.directory import organisations
from engine.directory.actors import Actor, Membership, personal
from engine.directory.contents import Directory
from engine.directory.duties import ACCOUNTS, require
from engine.directory.in_force import in_force
from engine.directory.organisations import Organisation
from engine.directory.passwords import Passwords, temporary_password
from engine.directory.signin import Settings
from engine.directory.visits import event_named
from engine.errors import BadInput, NotAllowed, NotFound, Refusal
from engine.model import Clock
from engine.views.basic import MOST_COUNTED
from engine.words import say
from storage import account_events as events
from storage import accounts as rows
from storage import mapped, sign_in_failures
from storage.account_lists import account_list
from storage.database import Connection, Database
from storage.rows import TaskRow

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
NAME_LENGTH, LONGEST_TYPED = 50, 200
_NO_ACCOUNT = say("这个账号")


class LoginTaken(Refusal):
    """A user name that another account has."""

    sentence = say("用户名“{login}”已被使用。")


class AccountDesk:
    """The door of the security administrator."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Settings | None = None,
        handing_over: HandingOver | None = None,
        passwords: Passwords | None = None,
    ) -> None:
        """``handing_over``: where there are cases that a successor can get. ``passwords``: those of the sign-in."""
        self._database = database
        self._clock = clock
        self._handing_over = handing_over
        self._passwords = passwords or (settings or Settings()).passwords()

    def find(self, by: Actor | None, words: str = "", after: str = "", limit: int = 50) -> Accounts:
        """Accounts whose name, login or organisation holds every word."""
        _require(by)
        with self._database.session() as session:
            found = account_list(session.connection(), letters.words(words))
            some, last = found.piece(session.connection(), after, limit)
            shown = mapped.accounts_of(session, some)
            page = tuple(legible(shown, _account, lambda one: (say("账号{login}", login=one.login), None)))
            return Accounts(page, found.count(session.connection(), MOST_COUNTED), last)

    def get(self, by: Actor | None, user_id: int) -> Account:
        """One account. Raises NotFound."""
        _require(by)
        now = self._clock.now()
        with self._database.session() as session:
            return self._waiting(_account(mapped.account(session, user_id)), now)

    def by_login(self, by: Actor | None, login: str) -> Account:
        """One account by its login name. Raises NotFound."""
        _require(by)
        now = self._clock.now()
        with self._database.session() as session:
            return self._waiting(_account(mapped.account_by_login(session, letters.login(login))), now)

    def _waiting(self, account: Account, now: datetime) -> Account:
        with self._database.read() as connection:
            return replace(account, waits_until=sign_in_failures.waits_until(connection, account.login, now))

    def history(self, by: Actor | None, user_id: int, limit: int = 20) -> tuple[Happening, ...]:
        """The newest events of an account."""
        _require(by)
        with self._database.read() as connection:
            found = events.of_user(connection, user_id, limit=limit)
        return tuple(legible(found, happening, event_named))

    def create(self, by: Actor | None, login: str, name: str) -> tuple[Account, str]:
        """A new account without roles, and its password to be told once. Raises BadInput or LoginTaken."""
        password = temporary_password()
        _require(by)
        login, name = letters.login(login), letters.name(name[:LONGEST_TYPED])
        _check_names(login, name)
        new_hash = self.hashed(password, login)
        with writing(self._database) as connection:
            user_id = self.add(connection, by, login, name, new_hash, must_change=True)
        return self.get(by, user_id), password

    def hashed(self, password: str, login: str) -> str:
        """What ``add`` keeps of a password; it takes long, so before any transaction. Raises PasswordTooWeak, Busy."""
        self._passwords.check(password, login)
        with self._passwords.queue.turn(first=True):
            return self._passwords.hash(password)

    def add(
        self, connection: Connection, by: Actor | None, login: str, name: str, password_hash: str, must_change: bool
    ) -> int:
        """The same inside a transaction of the caller, with a password of his choice (``hashed``); returns the id."""
        _require(by)
        _check_names(login, name)
        if rows.user_by_login(connection, login):
            raise LoginTaken(login=login)
        values = {"login": login, "name": name, "password_hash": password_hash, "active": True}
        rest = {"must_change_password": must_change, "created_at": self._clock.now()}
        user_id = rows.add_user(connection, {**values, **rest})
        self._event(connection, "account_created", user_id, by, {"login": login, "name": name})
        return user_id

    def grant(self, by: Actor | None, user_id: int, role_id: str, code: str) -> None:
        """Give a role at an organisation; a role already held there is left alone.

        Raises NotAllowed when the role does not fit the organisation or excludes another one of his (三员).
        """
        with writing(self._database) as connection:
            self.give(connection, by, user_id, role_id, code)

    def give(self, connection: Connection, by: Actor | None, user_id: int, role_id: str, code: str) -> None:
        """``grant`` inside a transaction of the caller."""
        _require(by, user_id)
        _row(connection, user_id, lock=True)
        kept = rows.roles_kept(connection, user_id)
        if (role_id, code) in kept:
            return
        place = organisations.get(connection, code)
        _check_role(in_force(connection), place, role_id, [held for held, _ in kept])
        rows.grant(connection, user_id, role_id, code, self._clock.now())
        self._event(connection, "role_granted", user_id, by, _role_facts(role_id, place))

    def revoke(self, by: Actor | None, user_id: int, role_id: str, code: str, successor: Successor = NOBODY) -> None:
        """Take a role away; what he has claimed in it goes back, and the successor gets it.

        Raises NotFound when he does not hold it there, LeavesNobody when nobody else does and no successor is named.
        """
        with writing(self._database) as connection:
            _require(by, user_id)
            row = _row(connection, user_id, lock=True)
            alone = self._alone(connection, [(user_id, role_id, code)], None)
            new = self._succeed(connection, by, alone, successor)
            own = any(task["candidate"] == personal(user_id) for task in alone)
            if new is not None and self._handing_over is not None and own:
                hand_over(self._handing_over, connection, by, row, new)
            if not rows.revoke(connection, user_id, role_id, code, self._clock.now()):
                raise NotFound(what=say("这项角色"))
            give_all_back(self._handing_over, connection, user_id, f"{role_id}@{code}", self._clock.now())
            place = organisations.get(connection, code)
            self._event(connection, "role_revoked", user_id, by, _role_facts(role_id, place))

    def lock(self, by: Actor | None, user_id: int, successor: Successor = NOBODY) -> None:
        """Close an account: it no longer signs in, its sessions end, and what it has claimed goes back.

        The successor gets the roles that nobody else holds, the tasks for this person alone, and the running cases that
        he has started. Raises LeavesNobody when there are such tasks and no successor is named.
        """
        with writing(self._database) as connection:
            self.close(connection, by, user_id, successor)

    def close(self, connection: Connection, by: Actor | None, user_id: int, successor: Successor) -> None:
        """``lock`` inside a transaction of the caller."""
        _require(by, user_id)
        row, now = _row(connection, user_id, lock=True), self._clock.now()
        if row["active"]:
            new = self._succeed(connection, by, self._alone(connection, [], user_id), successor, row)
            if new is not None and self._handing_over is not None:
                hand_over(self._handing_over, connection, by, row, new)
            rows.change_user(connection, user_id, active=False, devices_from=now)
            rows.end_sessions(connection, user_id, now)
            give_all_back(self._handing_over, connection, user_id, None, now)
            end_all(connection, user_id, by.user_id if by else None, now)
            self._event(connection, "account_closed", user_id, by, {})

    def unlock(self, by: Actor | None, user_id: int) -> None:
        """Open an account again, and let nobody wait after failed sign-ins."""
        with writing(self._database) as connection:
            _require(by, user_id)
            row = _row(connection, user_id, lock=True)
            rows.change_user(connection, user_id, active=True)
            sign_in_failures.forget(connection, row["login"])
            self._event(connection, "account_opened", user_id, by, {})

    def reset_password(self, by: Actor | None, user_id: int) -> str:
        """A new password to be told once and changed at the next sign-in; ends all sessions, and no device is known."""
        password, now = temporary_password(), self._clock.now()
        _require(by, user_id)
        with self._passwords.queue.turn(first=True):
            new_hash = self._passwords.hash(password)
        with writing(self._database) as connection:
            row = _row(connection, user_id, lock=True)
            rows.change_user(connection, user_id, password_hash=new_hash, must_change_password=True, devices_from=now)
            sign_in_failures.forget(connection, row["login"])
            rows.end_sessions(connection, user_id, now)
            self._event(connection, "password_reset", user_id, by, {})
        return password

    def _alone(self, connection: Connection, without: list[tuple[int, str, str]], gone: int | None) -> list[TaskRow]:
        parts = self._handing_over.parts if self._handing_over else None
        return left_alone(connection, without, gone, parts)

    def _succeed(
        self, connection: Connection, by: Actor | None, alone: list[TaskRow], successor: Successor,
        leaving: rows.AccountRow | None = None,
    ) -> rows.AccountRow | None:  # fmt: skip
        """Give the successor every role that the tasks wait for, and say who he is. Raises LeavesNobody, BadInput."""
        if not successor.login:
            if not successor.nobody:
                cases = (
                    self._handing_over.waiting_for(connection, leaving["id"]) if self._handing_over and leaving else []
                )
                refuse(connection, alone, cases)
            return None
        new = rows.user_by_login(connection, letters.login(successor.login))
        if new is None or not new["active"]:
            raise BadInput(field=say("接替的人"), reason=say("没有启用中的账号“{login}”", login=successor.login))
        for role, code in roles_of(alone):
            self.give(connection, by, new["id"], role, code)
        return new

    def _event(
        self, connection: Connection, kind: str, user_id: int, by: Actor | None, facts: Mapping[str, Any]
    ) -> None:
        actor_id = by.user_id if by else None
        events.append(connection, self._clock.now(), kind, user_id=user_id, actor_id=actor_id, facts=facts)


def _account(found: mapped.Account | None) -> Account:
    if found is None:
        raise NotFound(what=_NO_ACCOUNT)
    sound(vars(found))
    held = (Membership(one.role, organisations.from_row(one.organisation.row)) for one in found.memberships)
    in_order = tuple(sorted(held, key=lambda one: (one.organisation.path, one.role)))
    state = (found.active, None, found.must_change_password, found.created_at)
    return Account(found.id, found.login, found.name, *state, in_order)


def _require(by: Actor | None, user_id: int | None = None) -> None:
    act = say("管理账号")
    if by is not None:
        require(by, ACCOUNTS, act)
    if by is not None and by.user_id == user_id:
        reason = say("不能变更自己的账号和角色，请由另一位安全管理员办理")
        raise NotAllowed(act=act, reason=reason)


def _row(connection: Connection, user_id: int, lock: bool = False) -> rows.AccountRow:
    row = rows.user(connection, user_id, lock)
    if row is None:
        raise NotFound(what=_NO_ACCOUNT)
    return row


def _check_names(login: str, name: str) -> None:
    if not LOGIN.fullmatch(login):
        reason = say("以小写字母开头，由 3 至 32 个小写字母、数字、点、横线或下划线组成")
        raise BadInput(field=say("用户名"), reason=reason)
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        reason = say("需要 1 至 {most} 个字", most=NAME_LENGTH)
        raise BadInput(field=say("姓名"), reason=reason)


def _role_facts(role_id: str, place: Organisation) -> dict[str, str]:
    return {"role": role_id, "organisation": place.code, "organisation_name": place.name}


def _check_role(directory: Directory, organisation: Organisation, role_id: str, held: Sequence[str]) -> None:
    wanted = directory.role(role_id)
    act = say("授予“{name}”", name=wanted.name)
    if organisation.kind not in wanted.kinds or not organisation.valid:
        raise NotAllowed(act=act, reason=say("{name}不设这个角色", name=organisation.name))
    other = directory.excluded_by(wanted, held)
    if other:
        reason = say("与已有的“{name}”不能由同一人担任（系统、安全、审计管理三员分设，且不得兼任业务角色）")
        if wanted.outside != other.outside:
            reason = say("与已有的“{name}”不能由同一人担任：外部单位的人员不能兼任工会内部的角色")
        raise NotAllowed(act=act, reason=reason.about(name=other.name))
