"""Signing in and out, sessions, and one's own password. Knows no cookie and no page; who may change others: people.

A session is a row: what ends it here ends it everywhere. Times are aware; every act leaves an event.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine import letters
from engine.database import writing
from engine.directory.actors import Actor, of_row
from engine.directory.delays import Delays, Device, Limits, Source, of_address, source_of
from engine.directory.passwords import Passwords, PasswordTooWeak
from engine.directory.queue import Queue
from engine.directory.visits import Attempt, Session, attempts_of, sessions_of
from engine.errors import Refusal
from engine.model import Clock
from engine.sealing.keys import Cost
from engine.words import say
from storage import account_events as events
from storage import accounts as rows
from storage.database import Connection, Database

SIGNED_IN, FAILED, SIGNED_OUT = "session_started", "sign_in_failed", "session_ended"


class SignInRefused(Refusal):
    """A sign-in that fails; it does not say why, so that nobody learns which accounts there are."""

    sentence = say(
        "用户名或密码不正确，或账号已停用。"
        "连续输错 {failures} 次后，每次须等待一段时间才能再试；如需帮助，请联系安全管理员。"
    )


class WrongPassword(Refusal):
    """A change of one's password with a wrong current one."""

    sentence = say("当前密码不正确。")


class PasswordTemporary(Refusal):
    """A sign-in by a program with a password that is to be changed first."""

    sentence = say("这是临时密码，请先登录网页修改密码。")


@dataclass(frozen=True, slots=True)
class Settings:
    """Figures of the sign-in."""

    limits: Limits = field(default_factory=Limits)
    at_once: int = 2  # passwords hashed or compared
    waiting: int = 4  # for that; with those at work fewer than the server's threads
    patience: float = 2.0  # seconds of those who wait
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    shortest_password: int = 10
    time_cost: int = 3  # argon2id, RFC 9106's second recommended option
    memory_kib: int = 65536
    parallelism: int = 4

    @property
    def cost(self) -> Cost:
        """What trying a pass phrase of a sealing key takes: as much as a password."""
        return Cost(self.time_cost, self.memory_kib, self.parallelism)

    def passwords(self) -> Passwords:
        """The keeper of passwords with these parameters."""
        queue = Queue(self.at_once, self.waiting, self.patience)
        return Passwords(self.shortest_password, self.time_cost, self.memory_kib, self.parallelism, queue)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who a request comes from."""

    actor: Actor
    session_id: str
    started_at: datetime
    must_change_password: bool


class SignIn:
    """The door for people. One method is one transaction; passwords are compared outside of it."""

    def __init__(
        self, database: Database, clock: Clock, settings: Settings | None = None, business: Clock | None = None
    ) -> None:
        """``business``: the clock of cases, by whose days people stand in for each other; where it is another one."""
        self._database = database
        self._clock = clock
        self._business = business or clock
        self.settings = settings or Settings()
        self.passwords = self.settings.passwords()
        self.delays = self._delays = Delays(self.settings.limits)

    def enter(
        self, login: str, password: str, address: str = "", agent: str = "", devices: Iterable[Device] = ()
    ) -> Visitor:
        """Start a session. ``devices``: what the browser says of itself.

        Raises SignInRefused, TooManyAttempts or Busy; a success forgets the failures from the same source.
        """
        login, now = letters.login(login), self._clock.now()
        with self._database.read() as connection:
            row = rows.user_by_login(connection, login)
            source = source_of(row, devices, address, now)
            self._delays.refuse(connection, login, source, now)
            floods = self._delays.floods(connection, source, now)
        with (
            self._compared(login, row, password, source, floods) as (right, new_hash),
            writing(self._database) as connection,
        ):
            # Read again: somebody may have closed the account while we compared.
            row = rows.user(connection, row["id"], lock=True) if row else None
            if row is not None and right and row["active"]:
                self._delays.succeeded(connection, login, source)
                return self._start(connection, row, new_hash, address, agent)
            self._fail(connection, row, login, source, address)
        raise self._refusal()

    @contextmanager
    def _compared(
        self, login: str, row: rows.AccountRow | None, password: str, source: Source, floods: bool = False
    ) -> Iterator[tuple[bool, str | None]]:
        """Whether the password is right, and its hash when it is to be renewed. No transaction is open meanwhile.

        Nobody else compares for the same account from the same source until what came of it is written.
        """
        own = row["password_hash"] if row else None
        keys = (f"{login} {source.name}", source.name) if floods else (f"{login} {source.name}",)
        with self.passwords.queue.turn(*keys, first=source.own) as turn:
            with self._database.read() as connection:  # another one may have failed while this one waited
                self._delays.refuse(connection, login, source, self._clock.now())
            right = self.passwords.matches(own, password)
            renewed = right and own is not None and self.passwords.outdated(own)
            new_hash = self.passwords.hash(password) if renewed else None
            self.passwords.queue.rest(turn)
            yield right, new_hash

    def confirm(self, login: str, password: str) -> Actor:
        """Who that is, by his password, for one act outside of any session.

        Raises SignInRefused, counted like a failed sign-in, and PasswordTemporary for one that others know, too.
        """
        login, source = letters.login(login), of_address("")
        with self._database.read() as connection:
            row = rows.user_by_login(connection, login)
        with self._compared(login, row, password, source) as (right, _), writing(self._database) as connection:
            row = rows.user(connection, row["id"], lock=True) if row else None
            if row is not None and right and row["active"]:
                if row["must_change_password"]:
                    raise PasswordTemporary
                self._delays.succeeded(connection, login, source)
                return of_row(connection, row, self._clock.now())
            self._fail(connection, row, login, source, "")
        raise self._refusal()

    def visitor(self, session_id: str, seen_at: datetime) -> Visitor | None:
        """Who stands behind a session that was last seen at ``seen_at``; none when it is over.

        Two queries in no transaction: what the person does next begins one, and both are asked with every request.
        """
        now = self._clock.now()
        if now - seen_at > self.settings.idle:
            return None
        business = self._business.now()  # before: a demo's clock asks the database
        with self._database.autocommit() as connection:
            row = rows.session(connection, session_id)
            if row is None or not self._lasts(row["started_at"], now):
                return None
            actor = of_row(connection, row, now, business)
        return Visitor(actor, session_id, row["started_at"], row["must_change_password"])

    def _lasts(self, started_at: object, now: datetime) -> bool:
        """Whether a session may go on; of one that nobody can say when it began, a new one is begun."""
        return isinstance(started_at, datetime) and now - started_at <= self.settings.absolute

    def leave(self, visitor: Visitor) -> None:
        """End this session."""
        with writing(self._database) as connection:
            self._end(connection, visitor, only=visitor.session_id)

    def leave_others(self, visitor: Visitor) -> int:
        """End every other session of this person; returns how many there were."""
        with writing(self._database) as connection:
            return self._end(connection, visitor, keep=visitor.session_id)

    def change_password(self, visitor: Visitor, old: str, new: str, address: str = "") -> None:
        """A new password of one's own; ends one's other sessions, and other devices are known no longer.

        Raises WrongPassword (counted like a failed sign-in, of this session alone), TooManyAttempts, PasswordTooWeak.
        """
        user_id, login = visitor.actor.user_id, visitor.actor.login
        source = Source(f"session:{hashlib.sha256(visitor.session_id.encode()).hexdigest()[:32]}", own=True)
        with self._database.read() as connection:
            row = rows.user(connection, user_id)
        with self._compared(login, row, old, source) as (right, _):
            new_hash = self._new_hash(visitor.actor, old, new) if right else ""
            with writing(self._database) as connection:
                row = rows.user(connection, user_id, lock=True)
                if right and row is not None and row["active"]:
                    fresh = {"password_hash": new_hash, "must_change_password": False}
                    rows.change_user(connection, user_id, **fresh, devices_from=self._clock.now())
                    self._delays.succeeded(connection, login, source)
                    self._event(connection, "password_changed", user_id, address)
                    self._end(connection, visitor, keep=visitor.session_id)
                    return
                self._fail(connection, row, login, source, address)
        raise WrongPassword()

    def _new_hash(self, actor: Actor, old: str, new: str) -> str:
        places = (one.organisation for one in actor.memberships)
        names = (name for place in places for name in (place.name, place.short_name))
        self.passwords.check(new, actor.login, (actor.name, *names))
        if new == old:
            raise PasswordTooWeak(reason=say("与当前密码相同"))
        with self.passwords.queue.turn(first=True):
            return self.passwords.hash(new)

    def device(self, visitor: Visitor) -> Device:
        """The browser of somebody who is signed in, to be known again."""
        return Device(visitor.actor.user_id, secrets.token_urlsafe(12), self._clock.now())

    def sessions(self, visitor: Visitor) -> tuple[Session, ...]:
        """One's own open sessions, the newest first."""
        since = self._clock.now() - self.settings.absolute
        with self._database.read() as connection:
            found = rows.open_sessions(connection, visitor.actor.user_id, since)
        return sessions_of(found)

    def forget_old_sessions(self) -> int:
        """Remove the sessions that let nobody in any more; how many. That they began and ended, the events tell."""
        with writing(self._database) as connection:
            return rows.forget_sessions(connection, self._clock.now() - self.settings.absolute)

    def attempts(self, visitor: Visitor, limit: int = 10) -> tuple[Attempt, ...]:
        """One's own newest sign-ins, failed ones too."""
        with self._database.read() as connection:
            found = events.of_user(connection, visitor.actor.user_id, (SIGNED_IN, FAILED), limit)
        return attempts_of(found, SIGNED_IN)

    def _start(
        self, connection: Connection, row: rows.AccountRow, new_hash: str | None, address: str, agent: str
    ) -> Visitor:
        now, session_id = self._clock.now(), secrets.token_urlsafe(32)
        if new_hash:
            rows.change_user(connection, row["id"], password_hash=new_hash)
            self._event(connection, "password_rehashed", row["id"], address)
        session = {"id": session_id, "user_id": row["id"], "started_at": now}
        rows.start_session(connection, {**session, "address": address[:45], "agent": agent[:200]})
        self._event(connection, SIGNED_IN, row["id"], address)
        return Visitor(of_row(connection, row, now), session_id, now, row["must_change_password"])

    def _fail(
        self, connection: Connection, row: rows.AccountRow | None, login: str, source: Source, address: str
    ) -> None:
        now, user_id = self._clock.now(), row["id"] if row else None
        failed = self._delays.failed(connection, login, source, now)
        if not failed.logged:
            return
        facts: dict[str, object] = {} if row else {"login": login[:32]}
        if failed.from_address > self.settings.limits.address_failures:
            facts["failures"] = failed.from_address
        events.append(connection, now, FAILED, user_id=user_id, address=address[:45], facts=facts)
        if row is not None and failed.until is not None and failed.from_account == self.settings.limits.failures:
            facts = {"until": failed.until.isoformat()}
            events.append(connection, now, "sign_in_delayed", user_id=user_id, address=address[:45], facts=facts)

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

    def _refusal(self) -> SignInRefused:
        return SignInRefused(failures=self.settings.limits.failures)
