"""Where a person is reached outside the product, and what he wants to be told there. Knows no page.

Nothing but a code is sent to an address before its owner has handed the code in. Every act is one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine import letters
from engine.calendar.in_force import Calendars
from engine.channels.robots import ACCOUNT
from engine.channels.settings import KINDS as ROBOTS
from engine.channels.settings import MAIL, Channels, is_mail_address
from engine.database import writing
from engine.directory.actors import Actor
from engine.errors import BadInput, Conflict, NotFound
from engine.messages.kinds import DIGEST, KINDS, NEVER, NOW, MessageKind
from engine.model import Clock
from engine.notifying.courier import CODE_HOLDS, NOT_NEEDED
from engine.notifying.hours import DAILY, NO_DIGEST, WEEKLY, Hours
from engine.notifying.routing import CODE, queue
from engine.words import Said, Text, Words, both, say
from storage import addresses as rows
from storage import deliveries, notifications
from storage.database import Connection, Database
from storage.notifications import NotificationRow

MOST: Final = 5
MOST_TRIES: Final = 5
CODES_A_DAY: Final = 10
PAUSE: Final = timedelta(minutes=1)
SHOWN: Final = 20
MODES: Final = (NOW, DIGEST, NEVER)
RHYTHMS: Final = (DAILY, WEEKLY, NO_DIGEST)
_ADDRESS, _CODE, _CHANNEL = say("地址"), say("验证码"), say("推送渠道")
_THIS = say("这个推送地址")


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """A channel that a person may choose. ``name``: as people call it; ``robot``: he is called by it in its group."""

    id: str
    name: Said
    robot: bool


@dataclass(frozen=True, slots=True)
class Address:
    """An address as its owner sees it. ``modes``: of every kind. ``asked``: a code was sent and still holds."""

    id: int
    channel: ChannelChoice
    address: str
    verified: bool
    refused_at: datetime | None
    asked: bool
    digest: str
    digest_at: datetime | None
    modes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fate:
    """How something that was to be sent stands. ``state``: waiting, retrying, sent, failed, dropped."""

    id: int
    channel: Said
    address: str
    about: str
    state: str
    attempts: int
    queued_at: datetime
    next_at: datetime
    finished_at: datetime | None
    why: Text


@dataclass(frozen=True, slots=True)
class AddressPage:
    """All that a person settles about being told outside, and what was sent to him last."""

    channels: tuple[ChannelChoice, ...]
    addresses: tuple[Address, ...]
    fates: tuple[Fate, ...]
    kinds: tuple[MessageKind, ...]
    hours: tuple[str, str]


class AddressDesk:
    """The door of whoever wants to be told outside."""

    def __init__(self, database: Database, clock: Clock, calendars: Calendars, channels: Channels) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._hours = Hours(calendars, channels)
        self._known = {one.id: one for one in channel_choices(channels)}

    def page(self, actor: Actor) -> AddressPage:
        """His addresses and how what was sent to them went."""
        now = self._clock.now()
        with self._database.read() as connection:
            found = rows.of_person(connection, actor.user_id)
            wanted = rows.wanted(connection, [one["id"] for one in found])
            sent = notifications.newest_of(connection, actor.user_id, SHOWN)
        shown = tuple(self._shown(one, wanted[one["id"]], now) for one in found)
        fates = tuple(fate(one, self._channel(one["channel"]).name, one["address"]) for one in sent)
        hours = f"{self._channels.opens:%H:%M}", f"{self._channels.closes:%H:%M}"
        return AddressPage(tuple(self._known.values()), shown, fates, tuple(KINDS.values()), hours)

    def add(self, actor: Actor, channel: str, address: str, language: str) -> int:
        """A new address, to which a code is sent; its id. Raises BadInput."""
        text = self._read(channel, address)
        with writing(self._database) as connection:
            now, there = self._clock.now(), rows.of_person(connection, actor.user_id)
            if any((one["channel"], one["address"]) == (channel, text) for one in there):
                raise BadInput(field=_ADDRESS, reason=say("已经登记过"))
            if len(there) >= MOST:
                raise BadInput(field=_ADDRESS, reason=say("最多{most}个，请先删去不用的", most=MOST))
            number = rows.add(
                connection,
                {
                    "user_id": actor.user_id, "channel": channel, "address": text,
                    "language": "en" if language == "en" else "zh", "digest": DAILY, "made_at": now,
                },
            )  # fmt: skip
            self._send_code(connection, actor, number, now)
        return number

    def send_code(self, actor: Actor, number: int) -> None:
        """Send a new code; the one before holds no longer. Raises NotFound, BadInput."""
        with writing(self._database) as connection:
            row, now = self._own(connection, actor, number), self._clock.now()
            if row["verified_at"] is not None:
                raise Conflict()
            if row["code_at"] is not None and now - row["code_at"] < PAUSE:
                raise BadInput(field=_CODE, reason=say("刚刚发过，请一分钟后再试"))
            self._send_code(connection, actor, number, now)

    def verify(self, actor: Actor, number: int, code: str) -> None:
        """Take a code; from now on he is told there. Raises NotFound, BadInput for a wrong or an old one."""
        given, fits = letters.code(code), False
        with writing(self._database) as connection:
            row, now = self._own(connection, actor, number), self._clock.now()
            if row["verified_at"] is not None:
                return
            holds = row["code_at"] is not None and now - row["code_at"] <= CODE_HOLDS
            if row["code"] is None or not holds or row["code_tries"] >= MOST_TRIES:
                raise BadInput(field=_CODE, reason=say("已失效，请重新发送"))
            fits = secrets.compare_digest(row["code"].encode(), given.encode())
            if fits:
                following = self._hours.digest_after(connection, actor.user_id, row["digest"], now)
                fresh = {"verified_at": now, "refused_at": None, "code": None, "code_at": None, "code_tries": 0}
                rows.change(connection, number, **fresh, digest_at=following)
            else:
                rows.change(connection, number, code_tries=row["code_tries"] + 1)
        if not fits:
            raise BadInput(field=_CODE, reason=say("不正确，请核对后重填"))

    def choose(self, actor: Actor, number: int, digest: str, modes: Mapping[str, str]) -> None:
        """Settle what is told at an address, and when the list comes. What is unknown is refused by BadInput."""
        if digest not in RHYTHMS or any(kind not in KINDS or mode not in MODES for kind, mode in modes.items()):
            raise BadInput(field=say("推送方式"), reason=say("请从列出的方式中选择"))
        with writing(self._database) as connection:
            row, now = self._own(connection, actor, number), self._clock.now()
            rows.choose(connection, number, {kind: mode for kind, mode in modes.items() if mode != KINDS[kind].mode})
            if row["verified_at"] is not None:
                following = self._hours.digest_after(connection, actor.user_id, digest, now)
                rows.change(connection, number, digest=digest, digest_at=following)
            else:
                rows.change(connection, number, digest=digest)

    def remove(self, actor: Actor, number: int) -> None:
        """Forget an address; what waits for it is not sent. Raises NotFound."""
        with writing(self._database) as connection:
            self._own(connection, actor, number)
            deliveries.forget(connection, number)
            notifications.drop_waiting(connection, number, self._clock.now(), both(NOT_NEEDED))
            rows.remove(connection, number)

    def _read(self, channel: str, address: str) -> str:
        if channel not in self._known:
            raise BadInput(field=_CHANNEL, reason=say("请从列出的渠道中选择"))
        text = letters.narrow(letters.tidy(address))
        if channel == MAIL and not is_mail_address(text):
            raise BadInput(
                field=_ADDRESS, reason=say("不是可用的邮箱地址，应如 name@example.org，只用英文字母、数字和符号")
            )
        if channel != MAIL and not ACCOUNT.fullmatch(text):
            raise BadInput(field=_ADDRESS, reason=say("应为您在群中的账号或手机号，只含英文字母、数字和 _ . @ + -"))
        return text

    def _send_code(self, connection: Connection, actor: Actor, number: int, now: datetime) -> None:
        since = now - timedelta(days=1)
        if notifications.count_since(connection, actor.user_id, CODE, since) >= CODES_A_DAY:
            raise BadInput(field=_CODE, reason=say("今天发送次数已满，请明天再试"))
        code = f"{secrets.randbelow(1_000_000):06d}"
        rows.change(connection, number, code=code, code_at=now, code_tries=0)
        row = rows.get(connection, number)
        assert row is not None
        queue(connection, row, CODE, now)

    def _own(self, connection: Connection, actor: Actor, number: int) -> rows.PersonsAddress:
        row = rows.get(connection, number, lock=True)
        if row is None or row["user_id"] != actor.user_id:
            raise NotFound(what=_THIS)
        return row

    def _shown(self, row: rows.AddressRow, chosen: Mapping[str, str], now: datetime) -> Address:
        asked = row["code"] is not None and row["code_at"] is not None and now - row["code_at"] <= CODE_HOLDS
        modes = {kind.name: chosen.get(kind.name, kind.mode) for kind in KINDS.values()}
        told = (row["verified_at"] is not None, row["refused_at"], asked, row["digest"], row["digest_at"], modes)
        return Address(row["id"], self._channel(row["channel"]), row["address"], *told)

    def _channel(self, name: str) -> ChannelChoice:
        return self._known.get(name) or ChannelChoice(name, _channel_name(name), name != MAIL)


def channel_choices(channels: Channels) -> tuple[ChannelChoice, ...]:
    """The channels that are set up, as people call them."""
    robots = (ChannelChoice(one.name, _robot(one.name, ROBOTS[one.kind]), True) for one in channels.robots.values())
    return (*((ChannelChoice(MAIL, _channel_name(MAIL), False),) if channels.mail else ()), *robots)


def _channel_name(name: str) -> Said:
    return say("邮件") if name == MAIL else name


def _robot(name: str, kind: Words) -> Words:
    return say("{kind} · {name}", kind=kind, name=name)


def fate(row: NotificationRow, channel: Said, address: str) -> Fate:
    """How a notification stands."""
    state = "retrying" if row["status"] == notifications.WAITING and row["attempts"] else row["status"]
    told = (row["about"], state, row["attempts"], row["queued_at"], row["next_at"], row["finished_at"])
    return Fate(row["id"], channel, address, *told, (row["why_zh"], row["why_en"]))
