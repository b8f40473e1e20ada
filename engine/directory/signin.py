"""Signing in and out, sessions, and one's own password. Knows no cookie and no page; who may change others: people.

A session is a row: what ends it here ends it everywhere. Times are aware; every act leaves an event.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import letters
from engine.database import writing
from engine.directory.actors import Actor, of_row
from engine.directory.passwords import Passwords, PasswordTooWeak
from engine.errors import Refusal
from engine.model import Clock
from engine.words import say
from storage import account_events as events
from storage import accounts as rows
from storage.database import Connection, Database

SIGNED_IN, FAILED, SIGNED_OUT = "session_started", "sign_in_failed", "session_ended"


class SignInRefused(Refusal):
    """A sign-in that fails; it does not say why, so that nobody learns which accounts there are."""

    sentence = say(
        "用户名或密码不正确，或账号已锁定、停用。"
        "连续输错 {failures} 次将锁定 {minutes} 分钟；如需帮助，请联系安全管理员。"
    )


class TooManyAttempts(Refusal):
    """More failed sign-ins from one address than people make."""

    sentence = say("这台设备或网络的登录失败次数过多，请 {minutes} 分钟后再试。")


class WrongPassword(Refusal):
    """A change of one's password with a wrong current one."""

    sentence = say("当前密码不正确。")


class PasswordTemporary(Refusal):
    """A sign-in by a program with a password that is to be changed first."""

    sentence = say("这是临时密码，请先登录网页修改密码。")


@dataclass(frozen=True, slots=True)
class Settings:
    """Figures of the sign-in. GB/T 22239-2019, 8.1.4.1 asks for limits without naming them: these are our reading."""

    failures: int = 5  # in a row, before the account is locked
    locked_for: timedelta = timedelta(minutes=15)
    address_failures: int = 100  # from one address within ``locked_for``; a whole office shares one
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    shortest_password: int = 10
    time_cost: int = 3  # argon2id, RFC 9106's second recommended option
    memory_kib: int = 65536
    parallelism: int = 4

    def passwords(self) -> Passwords:
        """The keeper of passwords with these parameters."""
        return Passwords(self.shortest_password, self.time_cost, self.memory_kib, self.parallelism)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from."""

    actor: Actor
    session_id: str
    started_at: datetime
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class Session:
    """One open session of a person."""

    id: str
    started_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in that succeeded or failed."""

    at: datetime
    succeeded: bool
    address: str


class SignIn:
    """The door for people. One method is one transaction; passwords are compared outside of it."""

    def __init__(self, database: Database, clock: Clock, settings: Settings | None = None) -> None:
        self._database = database
        self._clock = clock
        self.settings = settings or Settings()
        self._passwords = self.settings.passwords()

    def enter(self, login: str, password: str, address: str = "", agent: str = "") -> Visitor:
        """Start a session. Raises SignInRefused or TooManyAttempts; a success forgets earlier failures."""
        login = letters.login(login)
        with self._database.read() as connection:
            self._refuse_flood(connection, address)
            row = rows.user_by_login(connection, login)
        right = self._passwords.matches(row["password_hash"] if row else None, password)
        new_hash = self._renewed(row, password) if row and right else None
        with writing(self._database) as connection:
            # Read again: somebody may have locked the account while we compared.
            row = rows.user(connection, row["id"], lock=True) if row else None
            if row is not None and right and self._open(row):
                return self._start(connection, row, new_hash, address, agent)
            self._fail(connection, row, login, address)
        raise self._refusal()

    def confirm(self, login: str, password: str) -> Actor:
        """Who that is, by his password, for one act outside of any session.

        Raises SignInRefused, counted like a failed sign-in, and PasswordTemporary for one that others know, too.
        """
        with self._database.read() as connection:
            row = rows.user_by_login(connection, letters.login(login))
        right = self._passwords.matches(row["password_hash"] if row else None, password)
        with writing(self._database) as connection:
            row = rows.user(connection, row["id"], lock=True) if row else None
            if row is not None and right and self._open(row):
                if row["must_change_password"]:
                    raise PasswordTemporary
                return of_row(connection, row, self._clock.now())
            self._fail(connection, row, letters.login(login), "")
        raise self._refusal()

    def visitor(self, session_id: str, seen_at: datetime) -> Visitor | None:
        """Who stands behind a session that was last seen at ``seen_at``; none when it is over.

        Two queries in no transaction: what the person does next begins one, and both are asked with every request.
        """
        now = self._clock.now()
        if now - seen_at > self.settings.idle:
            return None
        with self._database.autocommit() as connection:
            row = rows.session(connection, session_id)
            if row is None or now - row["started_at"] > self.settings.absolute:
                return None
            actor = of_row(connection, row, now)
        return Visitor(actor, session_id, row["started_at"], row["must_change_password"])

    def leave(self, visitor: Visitor) -> None:
        """End this session."""
        with writing(self._database) as connection:
            self._end(connection, visitor, only=visitor.session_id)

    def leave_others(self, visitor: Visitor) -> int:
        """End every other session of this person; returns how many there were."""
        with writing(self._database) as connection:
            return self._end(connection, visitor, keep=visitor.session_id)

    def change_password(self, visitor: Visitor, old: str, new: str, address: str = "") -> None:
        """A new password of one's own; ends one's other sessions.

        Raises WrongPassword (counted like a failed sign-in) or PasswordTooWeak.
        """
        user_id = visitor.actor.user_id
        with self._database.read() as connection:
            row = rows.user(connection, user_id)
        right = row is not None and self._open(row) and self._passwords.matches(row["password_hash"], old)
        if right:
            self._passwords.check(new, visitor.actor.login)
            if new == old:
                raise PasswordTooWeak(reason=say("与当前密码相同"))
        new_hash = self._passwords.hash(new) if right else ""
        with writing(self._database) as connection:
            row = rows.user(connection, user_id, lock=True)
            if right and row is not None and self._open(row):
                rows.change_user(
                    connection, user_id, password_hash=new_hash, must_change_password=False, failed_count=0
                )
                self._event(connection, "password_changed", user_id, address)
                self._end(connection, visitor, keep=visitor.session_id)
                return
            self._fail(connection, row, visitor.actor.login, address)
        raise WrongPassword()

    def sessions(self, visitor: Visitor) -> tuple[Session, ...]:
        """One's own open sessions, the newest first."""
        since = self._clock.now() - self.settings.absolute
        with self._database.read() as connection:
            found = rows.open_sessions(connection, visitor.actor.user_id, since)
        return tuple(Session(row["id"], row["started_at"], row["address"], row["agent"]) for row in found)

    def forget_old_sessions(self) -> int:
        """Remove the sessions that let nobody in any more; how many. That they began and ended, the events tell."""
        with writing(self._database) as connection:
            return rows.forget_sessions(connection, self._clock.now() - self.settings.absolute)

    def attempts(self, visitor: Visitor, limit: int = 10) -> tuple[Attempt, ...]:
        """One's own newest sign-ins, failed ones too."""
        with self._database.read() as connection:
            found = events.of_user(connection, visitor.actor.user_id, (SIGNED_IN, FAILED), limit)
        return tuple(Attempt(row["at"], row["kind"] == SIGNED_IN, row["address"]) for row in found)

    def _open(self, row: rows.AccountRow) -> bool:
        return row["active"] and (row["locked_until"] is None or row["locked_until"] <= self._clock.now())

    def _renewed(self, row: rows.AccountRow, password: str) -> str | None:
        return self._passwords.hash(password) if self._passwords.outdated(row["password_hash"]) else None

    def _start(
        self, connection: Connection, row: rows.AccountRow, new_hash: str | None, address: str, agent: str
    ) -> Visitor:
        now, session_id = self._clock.now(), secrets.token_urlsafe(32)
        renewed = {"password_hash": new_hash} if new_hash else {}
        rows.change_user(connection, row["id"], failed_count=0, locked_until=None, **renewed)
        session = {"id": session_id, "user_id": row["id"], "started_at": now}
        rows.start_session(connection, {**session, "address": address[:45], "agent": agent[:200]})
        self._event(connection, SIGNED_IN, row["id"], address)
        return Visitor(of_row(connection, row, now), session_id, now, row["must_change_password"])

    def _fail(self, connection: Connection, row: rows.AccountRow | None, login: str, address: str) -> None:
        now = self._clock.now()
        facts = {} if row else {"login": login[:32]}
        events.append(connection, now, FAILED, user_id=row["id"] if row else None, address=address[:45], facts=facts)
        if row is None or not self._open(row):
            return
        if rows.count_failure(connection, row["id"]) >= self.settings.failures:
            until = now + self.settings.locked_for
            rows.change_user(connection, row["id"], failed_count=0, locked_until=until)
            facts = {"until": until.isoformat()}
            events.append(connection, now, "account_locked", user_id=row["id"], address=address[:45], facts=facts)

    def _end(self, connection: Connection, visitor: Visitor, only: str | None = None, keep: str | None = None) -> int:
        user_id = visitor.actor.user_id
        ended = rows.end_sessions(connection, user_id, self._clock.now(), only, keep)
        if ended:
            events.append(
                connection, self._clock.now(), SIGNED_OUT, user_id=user_id, actor_id=user_id, facts={"sessions": ended}
            )
        return ended

    def _event(self, connection: Connection, kind: str, user_id: int, address: str) -> None:
        events.append(connection, self._clock.now(), kind, user_id=user_id, actor_id=user_id, address=address[:45])

    def _refuse_flood(self, connection: Connection, address: str) -> None:
        since = self._clock.now() - self.settings.locked_for
        if address and events.count_from(connection, address, FAILED, since) >= self.settings.address_failures:
            raise TooManyAttempts(minutes=self._minutes())

    def _refusal(self) -> SignInRefused:
        return SignInRefused(failures=self.settings.failures, minutes=self._minutes())

    def _minutes(self) -> int:
        return int(self.settings.locked_for.total_seconds() // 60)
