"""From a message to what is sent: to which addresses it goes, when, and what goes together. Knows no channel.

Each step is a transaction of its own and may be repeated: what it settled is not found again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from engine.database import writing
from engine.messages.kinds import DIGEST, KINDS, NEVER, NOTICE, NOW, MessageKind
from engine.notifying.digests import Digests
from engine.notifying.hours import NO_DIGEST, Hours
from storage import addresses, deliveries, notifications
from storage.addresses import AddressRow
from storage.database import Connection, Database
from storage.deliveries import DueDelivery
from storage.messages import MessageRow

MESSAGES, LIST, CODE, TEST = "messages", "digest", "code", "test"
"""What a notification is for."""
AT_ONCE: Final = 500
STALE: Final = timedelta(days=7)
"""What is older is told outside no longer: nobody looked, or nothing was set up."""


class Router:
    """Decides for one installation. ``channels``: the names of those that are set up."""

    def __init__(self, database: Database, hours: Hours, digests: Digests, channels: Sequence[str]) -> None:
        self._database = database
        self._hours = hours
        self._digests = digests
        self._channels = channels

    def route(self, now: datetime) -> None:
        """Do all that is due."""
        with self._database.read() as connection:
            marked, ready = deliveries.is_marked(connection), deliveries.is_due(connection, NOW, now)
            lists = addresses.digests_due(connection, now, AT_ONCE)
        while marked:
            with writing(self._database) as connection:
                marked = self._deliver(connection, now)
            ready = True
        while ready:
            with writing(self._database) as connection:
                ready = self._bundle(connection, now)
        for address in lists:
            self._list(address, now)

    def _deliver(self, connection: Connection, now: datetime) -> bool:
        """Let marked messages become deliveries; whether there were any."""
        found = deliveries.outgoing(connection, AT_ONCE)
        if not found:
            return False
        reached = addresses.listening(connection, sorted({one["user_id"] for one in found}))
        chosen = addresses.wanted(connection, [one["id"] for one in reached])
        made = [
            row
            for message in found
            if now - message["sent_at"] <= STALE
            for address in reached
            if address["user_id"] == message["user_id"] and address["channel"] in self._channels
            for row in _delivery(message, address, chosen[address["id"]])
        ]
        deliveries.deliver(connection, [one["id"] for one in found], made)
        return True

    def _bundle(self, connection: Connection, now: datetime) -> bool:
        """Let what is due at once become notifications, one an address, or wait for working hours."""
        found = sorted(deliveries.due(connection, NOW, now, AT_ONCE), key=itemgetter("address_id", "message_id"))
        for number, group in groupby(found, key=itemgetter("address_id")):
            address, unread = addresses.get(connection, number), _unread(connection, number, group)
            if address is None or not self._may_reach(address):
                deliveries.forget(connection, number)
                continue
            opening = self._hours.opening(connection, address["user_id"], now)
            out = [one for one in unread if opening is None or _kind(one["kind"]).urgent]
            if out:
                deliveries.gather(connection, number, _ids(out), queue(connection, address, MESSAGES, now))
            if opening is not None and len(out) < len(unread):
                deliveries.put_off(connection, number, [one["message_id"] for one in unread if one not in out], opening)
        return bool(found)

    def _may_reach(self, address: addresses.PersonsAddress) -> bool:
        return address["active"] and address["verified_at"] is not None and address["channel"] in self._channels

    def _list(self, address: AddressRow, now: datetime) -> None:
        """Let what waits for a list become one, if there is anything to say."""
        standing = self._digests.standing(address["user_id"], address["language"])
        with writing(self._database) as connection:
            known = addresses.get(connection, address["id"], lock=True)
            if known is None or known["digest_at"] != address["digest_at"]:  # somebody else was first
                return
            opening = self._hours.opening(connection, known["user_id"], now)
            if opening is not None:
                addresses.change(connection, known["id"], digest_at=opening)
                return
            told = _unread(connection, known["id"], deliveries.of_address(connection, known["id"], DIGEST))
            if told or standing.late_count or standing.soon_count:
                deliveries.gather(connection, known["id"], _ids(told), queue(connection, known, LIST, now))
            following = self._hours.digest_after(connection, known["user_id"], known["digest"], now)
            addresses.change(connection, known["id"], digest_at=following)


def _delivery(message: MessageRow, address: AddressRow, chosen: Mapping[str, str]) -> Iterator[deliveries.DeliveryRow]:
    mode = chosen.get(message["kind"], _kind(message["kind"]).mode)
    if mode == NEVER or (mode == DIGEST and address["digest"] == NO_DIGEST):
        return
    yield deliveries.DeliveryRow(
        message_id=message["id"], address_id=address["id"], mode=mode, due_at=message["sent_at"], notification_id=None
    )


def _unread(connection: Connection, address_id: int, found: Iterable[DueDelivery]) -> list[DueDelivery]:
    """What its reader has not seen in the product meanwhile; the rest reaches him nowhere else."""
    known = list(found)
    read = [one["message_id"] for one in known if one["read_at"] is not None]
    if read:
        deliveries.forget(connection, address_id, read)
    return [one for one in known if one["read_at"] is None]


def _ids(found: Iterable[DueDelivery]) -> list[int]:
    return [one["message_id"] for one in found]


def _kind(name: str) -> MessageKind:
    return KINDS.get(name, NOTICE)


def queue(connection: Connection, address: AddressRow, about: str, now: datetime) -> int:
    """Put one notification to an address into the outbox; its id."""
    return notifications.queue(
        connection,
        {
            "token": secrets.token_hex(16), "user_id": address["user_id"], "address_id": address["id"],
            "channel": address["channel"], "address": address["address"], "language": address["language"],
            "about": about, "next_at": now, "queued_at": now,
        },
    )  # fmt: skip
