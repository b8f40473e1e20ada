"""How long somebody waits after failed sign-ins, by account and by where they come from. Knows no password.

Nobody is locked out by another: what an account waits is counted for each source apart, a device or a session that
its owner alone has is a source of its own, and an address as a whole never waits, because an office shares one. Counts
are rows: every server of an installation sees them, and none forgets them at a restart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from engine.errors import Refusal
from engine.words import Words, say
from storage import sign_in_failures as rows
from storage.accounts import AccountRow
from storage.database import Connection

MOST_DOUBLINGS: Final = 20
"""Doublings of a second after which every limit is reached."""
SHOWN_IN_SECONDS: Final = 120
IPV6_NETWORK_BITS: Final = 64  # of one customer: he may take as many addresses in it as he likes


class TooManyAttempts(Refusal):
    """Failed sign-ins of an account from one source, after which one waits; ``seconds``: how long."""

    sentence = say("登录失败次数过多，请 {wait}后再试。在已经登录过的设备上登录不受影响。")

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(wait=_shown(seconds))


@dataclass(frozen=True, slots=True)
class Limits:
    """When one waits. GB/T 22239-2019, 8.1.4.1 asks for limits without naming them: these are our reading."""

    failures: int = 5  # of an account from one source, before one waits 1, 2, 4 … seconds
    longest: timedelta = timedelta(minutes=15)
    account_failures: int = 50  # of an account from all unknown sources
    account_longest: timedelta = timedelta(minutes=1)
    address_failures: int = 100  # of an address; from then on one at a time, and not each in the log
    remembered: timedelta = timedelta(hours=1)  # after the last failure, and the wait


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sign-in comes from. ``own``: a device or a session that the account's owner alone has."""

    name: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which an account has signed in before, as its cookie says. Others do not know ``id``."""

    user_id: int
    id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """What one more failure came to. ``logged``: it is told in the log; of a flood, only the 128th, 256th …"""

    from_account: int
    from_address: int
    until: datetime | None
    logged: bool


def of_address(address: str) -> Source:
    """A visitor whom nothing but his address tells; of IPv6, its network."""
    try:
        found = ip_address(address)
    except ValueError:
        return Source(f"address:{address[:45]}")
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return Source(f"address:{ip_address(int(found) >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS)}")
    return Source(f"address:{found}")


def source_of(row: AccountRow | None, devices: Iterable[Device], address: str, now: datetime) -> Source:
    """The device, if this account has signed in there since its password was last changed; else the address.

    A device from after ``now`` is of a clock set back since: nobody can say whether the password was changed after it.
    """
    for device in devices:
        if row is not None and device.user_id == row["id"]:
            since = row["devices_from"]
            if (since is None or device.since >= since) and device.since <= now:
                return Source(f"device:{device.id[:40]}", own=True)
    return of_address(address)


class Delays:
    """Counts failures and refuses while one has to wait. Every method works in a transaction of the caller."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def refuse(self, connection: Connection, login: str, source: Source, now: datetime) -> None:
        """Raises TooManyAttempts while this source, or every unknown one, has to wait for this account."""
        keys = [(login, source.name)] if source.own else [(login, source.name), (login, rows.ANY)]
        waits = [row["waits_until"] for row in rows.of_keys(connection, keys, now).values()]
        longest = max((until for until in waits if until is not None and self._lasts(until, now)), default=None)
        if longest is not None:
            raise TooManyAttempts(math.ceil((longest - now).total_seconds()))

    def _lasts(self, until: datetime, now: datetime) -> bool:
        """Whether a wait goes on. Nobody was ever told to wait longer: then the clock has been set back since."""
        return now < until <= now + max(self._limits.longest, self._limits.account_longest)

    def floods(self, connection: Connection, source: Source, now: datetime) -> bool:
        """Whether more sign-ins have failed from there than people make."""
        key = (rows.ANY, source.name)
        found = rows.of_keys(connection, [key], now).get(key)
        return not source.own and found is not None and found["failures"] >= self._limits.address_failures

    def failed(self, connection: Connection, login: str, source: Source, now: datetime) -> Failed:
        """Count one more failure."""
        limits = self._limits
        rows.forget_old(connection, now)
        here, until = self._count(connection, (login, source.name), now, limits.failures, limits.longest)
        if source.own:
            return Failed(here, 0, until, logged=True)
        self._count(connection, (login, rows.ANY), now, limits.account_failures, limits.account_longest)
        all_in_all = rows.count(connection, (rows.ANY, source.name), now, now + limits.remembered)
        logged = all_in_all <= limits.address_failures or all_in_all & (all_in_all - 1) == 0
        return Failed(here, all_in_all, until, logged)

    def _count(
        self, connection: Connection, key: rows.Key, now: datetime, free: int, longest: timedelta
    ) -> tuple[int, datetime | None]:
        """How often it failed now, and until when one waits."""
        forgotten_at = now + self._limits.remembered
        failures = rows.count(connection, key, now, forgotten_at)
        if failures < free:
            return failures, None
        delay = min(timedelta(seconds=2 ** min(failures - free, MOST_DOUBLINGS)), longest)
        rows.wait(connection, key, now + delay, forgotten_at + delay)
        return failures, now + delay

    def succeeded(self, connection: Connection, login: str, source: Source) -> None:
        """Forget what failed from there."""
        rows.forget(connection, login, source.name)


def _shown(seconds: int) -> Words:
    if seconds <= SHOWN_IN_SECONDS:
        return say("{count} 秒", count=seconds)
    return say("{count} 分钟", count=math.ceil(seconds / 60))
