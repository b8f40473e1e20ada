"""The operator's door to what is told outside: how each channel stands, what failed and why, a test. No business."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine import letters
from engine.channels.robots import ACCOUNT
from engine.channels.settings import KINDS as ROBOTS
from engine.channels.settings import MAIL, Channels, is_mail_address
from engine.database import writing
from engine.desks.addresses import ChannelChoice, Fate, channel_choices, fate
from engine.directory.actors import Actor
from engine.directory.duties import OPERATIONS, require
from engine.errors import BadInput, Conflict
from engine.model import Clock
from engine.notifying.courier import masked
from engine.notifying.routing import TEST
from engine.words import Said, say
from storage import account_events, addresses
from storage import notifications as rows
from storage.database import Database

SHOWN: Final = 50
LATELY: Final = timedelta(days=1)
TESTED: Final = "notification_tested"
_ACT = say("查看消息推送")


@dataclass(frozen=True, slots=True)
class ChannelStanding:
    """How a channel stands. ``where``: its server and sender, or the kind of robot; no secret. ``set_up``: now."""

    channel: ChannelChoice
    where: Said
    set_up: bool
    addresses: int
    waiting: int
    retrying: int
    sent: int
    failed: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The page of an operator. ``sent``: of a channel, within a day. ``next``: how the next page begins."""

    channels: tuple[ChannelStanding, ...]
    fates: tuple[Fate, ...]
    total: int
    next: str
    url: str


class NotificationDesk:
    """What an operator sees and does."""

    def __init__(self, database: Database, clock: Clock, machine: Clock, channels: Channels) -> None:
        self._database = database
        self._clock = clock
        self._machine = machine
        self._channels = channels
        self._known = {one.id: one for one in channel_choices(channels)}

    def page(self, actor: Actor, status: str = "", after: str = "", limit: int = SHOWN) -> Outgoing:
        """How all stands, and a page of what was sent. Raises NotAllowed."""
        require(actor, OPERATIONS, _ACT)
        wanted = rows.listing(status)
        with self._database.read() as connection:
            found, following = wanted.piece(connection, after, limit)
            total = wanted.count(connection, 1000)
        fates = tuple(fate(one, self._choice(one["channel"]).name, masked(one["address"])) for one in found)
        return Outgoing(self.standing(), fates, total, following, self._channels.url)

    def standing(self) -> tuple[ChannelStanding, ...]:
        """How each channel stands, those that are set up first."""
        with self._database.read() as connection:
            tallies = {one["channel"]: one for one in rows.tallies(connection, self._clock.now() - LATELY)}
            reached = addresses.counts(connection)
        names = [*self._known, *sorted((tallies.keys() | reached.keys()) - self._known.keys())]
        return tuple(self._stands(name, tallies.get(name), reached.get(name, 0)) for name in names)

    def again(self, actor: Actor, number: int) -> None:
        """Let what was given up wait again. Raises NotAllowed, Conflict."""
        require(actor, OPERATIONS, _ACT)
        with writing(self._database) as connection:
            if not rows.again(connection, number, self._clock.now()):
                raise Conflict()

    def test(self, actor: Actor, channel: str, address: str, language: str) -> None:
        """Queue a test; its fate is on the page. Leaves an event. Raises NotAllowed, BadInput."""
        require(actor, OPERATIONS, say("发送测试消息"))
        text, now = letters.narrow(letters.tidy(address)), self._clock.now()
        if channel not in self._known:
            raise BadInput(field=say("推送渠道"), reason=say("请从列出的渠道中选择"))
        if not (is_mail_address(text) if channel == MAIL else ACCOUNT.fullmatch(text)):
            raise BadInput(field=say("地址"), reason=say("不是这个渠道可用的地址"))
        with writing(self._database) as connection:
            rows.queue(
                connection,
                {
                    "token": secrets.token_hex(16), "user_id": actor.user_id, "address_id": None, "channel": channel,
                    "address": text, "language": "en" if language == "en" else "zh", "about": TEST,
                    "next_at": now, "queued_at": now,
                },
            )  # fmt: skip
            facts = {"channel": channel, "address": masked(text)}
            account_events.append(connection, self._machine.now(), TESTED, actor_id=actor.user_id, facts=facts)

    def _choice(self, name: str) -> ChannelChoice:
        return self._known.get(name) or ChannelChoice(name, say("邮件") if name == MAIL else name, name != MAIL)

    def _stands(self, name: str, tally: rows.Tally | None, reached: int) -> ChannelStanding:
        counts = (
            (0, 0, 0, 0) if tally is None else (tally["waiting"], tally["retrying"], tally["sent"], tally["failed"])
        )
        last = None if tally is None else tally["last_at"]
        return ChannelStanding(self._choice(name), self._where(name), name in self._known, reached, *counts, last)

    def _where(self, name: str) -> Said:
        mail, robot = self._channels.mail, self._channels.robots.get(name)
        if name == MAIL and mail is not None:
            return say("{host}:{port}，发件人 {sender}", host=mail.host, port=mail.port, sender=mail.sender)
        return ROBOTS[robot.kind] if robot is not None else say("没有设置")
