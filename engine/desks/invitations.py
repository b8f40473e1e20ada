"""People from outside come by invitation: a link that works once, for a while, for one organisation and one role.

Whoever may invite makes it and hands it over himself; the invited chooses his user name and password. Only the hash of
the link's token is kept. Every act is one transaction and leaves an event in the chain of account events.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from engine import letters
from engine.database import writing
from engine.desks.accounts import NAME_LENGTH, AccountDesk, LoginTaken
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.delays import Delays, Source, of_address
from engine.directory.duties import INVITATIONS, SECURITY, require
from engine.directory.in_force import in_force
from engine.directory.organisations import Organisation
from engine.errors import BadInput, Conflict, NotFound, Refusal
from engine.model import Clock
from engine.words import Text, say
from storage import account_events as events
from storage import invitations as rows
from storage import organisations as organisation_rows
from storage.database import Connection, Database
from storage.invitations import NamedInvitation

LASTS: Final = timedelta(days=7)
MOST_OPEN: Final = 20
"""Invitations to one organisation that may stand at once."""
SHOWN: Final = 100
_ACT = say("邀请外部人员")
OPEN, USED, REVOKED, EXPIRED = "open", "used", "revoked", "expired"


class InvitationGone(Refusal):
    """A link that stands no longer, or never did; it does not say which."""

    sentence = say("这个邀请链接无效、已经用过或者已经过期。请联系邀请您的单位，重新发给您一个。")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as the page of those who invite tells it. ``standing``: open, used, revoked or expired."""

    id: int
    name: str
    organisation: str
    role: Text
    made_by: str
    made_at: datetime
    expires_at: datetime
    standing: str


@dataclass(frozen=True, slots=True)
class Invited:
    """What somebody is told who comes by a link."""

    name: str
    organisation: str
    role: Text
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """All that the page of those who invite shows. ``places``: outside organisations to choose from."""

    invitations: tuple[Invitation, ...]
    places: tuple[Organisation, ...]
    roles: tuple[tuple[str, Text], ...]


class InvitationDesk:
    """The door of those who invite, and of the invited, who are nobody yet."""

    def __init__(self, database: Database, clock: Clock, accounts: AccountDesk, delays: Delays) -> None:
        self._database = database
        self._clock = clock
        self._accounts = accounts
        self._delays = delays

    def page(self, by: Actor) -> InvitationPage:
        """The newest invitations in his reach, and whom he may invite. Raises NotAllowed."""
        require(by, INVITATIONS, _ACT)
        now = self._clock.now()
        with self._database.read() as connection:
            directory = in_force(connection)
            found = rows.newest(connection, _reach(by), SHOWN)
            tree = map(organisations.from_row, organisation_rows.under(connection, list(_reach(by))))
            places = tuple(one for one in tree if one.kind in directory.kinds and directory.kinds[one.kind].outside)
        shown = tuple(
            Invitation(
                row["id"], row["name"], row["organisation_name"], directory.role_name(row["role"]),
                row["made_by_name"], row["made_at"], row["expires_at"], _standing(row, now),
            )
            for row in found
        )  # fmt: skip
        roles = tuple((one.id, one.name) for one in directory.roles.values() if one.outside)
        return InvitationPage(shown, places, roles)

    def make(self, by: Actor, code: str, role_id: str, name: str) -> str:
        """A new invitation; its token, which is told this once. Raises NotAllowed, BadInput."""
        require(by, INVITATIONS, _ACT)
        name, now = letters.name(name[: NAME_LENGTH * 4]), self._clock.now()
        if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
            raise BadInput(field=say("姓名"), reason=say("需要 1 至 {most} 个字", most=NAME_LENGTH))
        token = secrets.token_urlsafe(32)
        with writing(self._database) as connection:
            place = _place(connection, by, code, role_id)
            if rows.count_open(connection, code, now) >= MOST_OPEN:
                reason = say("{name}已有 {most} 个未使用的邀请，请先撤销不用的", name=place.name, most=MOST_OPEN)
                raise BadInput(field=say("单位"), reason=reason)
            row: rows.NewInvitation = {
                "token_hash": _hash(token), "organisation_code": code, "role": role_id, "name": name,
                "made_by": by.user_id, "made_at": now, "expires_at": now + LASTS,
            }  # fmt: skip
            facts = {"invitation": rows.add(connection, row), **_facts(place, role_id, name)}
            events.append(connection, now, "invitation_made", actor_id=by.user_id, facts=facts)
        return token

    def revoke(self, by: Actor, invitation_id: int) -> None:
        """Take an invitation back. Raises NotAllowed, NotFound, Conflict when it stands no longer."""
        require(by, INVITATIONS, _ACT)
        now = self._clock.now()
        with writing(self._database) as connection:
            row = rows.get(connection, invitation_id)
            if row is None or not row["path"].startswith(_reach(by)):
                raise NotFound(what=say("这个邀请"))
            if not rows.revoke(connection, invitation_id, now):
                raise Conflict()
            facts = {"invitation": invitation_id, "name": row["name"], "organisation": row["organisation_code"]}
            events.append(connection, now, "invitation_revoked", actor_id=by.user_id, facts=facts)

    def invited(self, token: str, address: str) -> Invited:
        """What a link is for. Raises InvitationGone, and TooManyAttempts where too many links were tried."""
        with self._database.read() as connection:
            self._delays.refuse(connection, *_guessing(address), self._clock.now())
            row = self._standing(connection, token)
            name = in_force(connection).role_name(row["role"]) if row else ("", "")
            guessed = row is None and rows.by_hash(connection, _hash(token)) is None
        if guessed:  # whoever opens his own link again is no guesser
            self._failed(address)
        if row is None:
            raise InvitationGone
        return Invited(row["name"], row["organisation_name"], name, row["expires_at"])

    def accept(self, token: str, login: str, password: str, address: str) -> str:
        """The account of the invited, in his role, with a user name and a password of his own; the user name.

        Raises InvitationGone, BadInput, LoginTaken, PasswordTooWeak, Busy, TooManyAttempts. A link that somebody else
        has used meanwhile makes no account.
        """
        self.invited(token, address)
        login = letters.login(login)
        try:
            hashed = self._accounts.hashed(password, login)
            with writing(self._database) as connection:
                row, now = self._standing(connection, token), self._clock.now()
                if row is None:
                    raise InvitationGone
                user_id = self._accounts.add(connection, None, login, row["name"], hashed, must_change=False)
                if not rows.use(connection, row["id"], user_id, now):
                    raise InvitationGone
                self._accounts.give(connection, None, user_id, row["role"], row["organisation_code"])
                self._delays.succeeded(connection, *_guessing(address))
                facts = {"invitation": row["id"], "organisation": row["organisation_code"], "role": row["role"]}
                events.append(
                    connection, now, "invitation_used", user_id=user_id, actor_id=row["made_by"], facts=facts,
                    address=address,
                )  # fmt: skip
        except LoginTaken:  # else user names could be tried out
            self._failed(address)
            raise
        return login

    def _standing(self, connection: Connection, token: str) -> NamedInvitation | None:
        """The invitation of a token while it stands: its role and its organisation still fit."""
        row = rows.by_hash(connection, _hash(token))
        if row is None or _standing(row, self._clock.now()) != OPEN:
            return None
        role = in_force(connection).roles.get(row["role"])
        place = organisations.get(connection, row["organisation_code"])
        return row if place.valid and role is not None and role.outside and place.kind in role.kinds else None

    def _failed(self, address: str) -> None:
        with writing(self._database) as connection:
            self._delays.failed(connection, *_guessing(address), self._clock.now())


def _guessing(address: str) -> tuple[str, Source]:
    """Under which name failures with links are counted: no user name, and another for each visitor.

    So nobody who tries links keeps the invited of another address waiting.
    """
    source = of_address(address)
    return f"~{hashlib.sha256(source.name.encode()).hexdigest()[:24]}", source


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _reach(by: Actor) -> tuple[str, ...]:
    """Where he may invite: everywhere as the security administrator, else in the subtrees of his business."""
    return ("/",) if any(by.directory.roles[one.role].duty == SECURITY for one in by.held) else by.paths


def _place(connection: Connection, by: Actor, code: str, role_id: str) -> Organisation:
    """The organisation of an invitation. Raises BadInput unless it is outside, in his reach, and has that role."""
    directory = in_force(connection)
    row = organisation_rows.get(connection, code)
    place = organisations.from_row(row) if row else None
    if place is None or not place.valid or not place.inside(_reach(by)) or not directory.kinds[place.kind].outside:
        raise BadInput(field=say("单位"), reason=say("请从列出的外部单位中选择"))
    role = directory.roles.get(role_id)
    if role is None or place.kind not in role.kinds:
        raise BadInput(field=say("角色"), reason=say("{name}不设这个角色", name=place.name))
    return place


def _facts(place: Organisation, role_id: str, name: str) -> dict[str, Any]:
    return {"organisation": place.code, "organisation_name": place.name, "role": role_id, "name": name}


def _standing(row: NamedInvitation, now: datetime) -> str:
    if row["used_at"] is not None:
        return USED
    if row["revoked_at"] is not None:
        return REVOKED
    return OPEN if now < row["expires_at"] else EXPIRED
