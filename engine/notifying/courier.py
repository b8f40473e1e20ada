"""Sends what waits in the outbox of notifications, one after the other, outside every transaction.

Who sends takes a notification for some minutes, sends it, and writes how it went. Whoever dies in between has perhaps
sent it: it goes out again with the same Message-ID (at least once). What fails is tried again after pauses that double,
up to an hour, for two weeks; what a server refuses for good is given up at once. While a channel is away nothing else
of it is tried. A restored installation sends nothing until an operator lets it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from engine.cases import Cases
from engine.channels.mail import MailLine
from engine.channels.robots import RobotLine
from engine.channels.sending import NotSent, OpenLine, Parcel
from engine.channels.settings import MAIL, Channels
from engine.database import writing
from engine.jobs.timetable import Routine, Told, every
from engine.messages.telling import notice
from engine.model import Clock
from engine.notifying.composing import Composer, Wording
from engine.notifying.digests import Digests
from engine.notifying.hours import Hours
from engine.notifying.routing import CODE, LIST, TEST, Router
from engine.words import Words, both, say
from storage import accounts, addresses, deliveries, restores
from storage import notifications as rows
from storage.database import Connection, Database
from storage.notifications import NotificationRow

logger = logging.getLogger(__name__)

NOTIFY: Final = "notify"
LOOK_EVERY: Final = 5.0
FIRST_PAUSE: Final = timedelta(minutes=1)
GIVEN_UP_AFTER: Final = timedelta(days=14)
"""Longer than the longest holidays: a server that is mended after them loses nothing."""
TAKEN_FOR: Final = timedelta(minutes=3)
LOOK_SECONDS: Final = 20.0
"""So long one look goes on: who stops the program waits for it."""
CODE_HOLDS: Final = timedelta(hours=1)
NOT_NEEDED = say("地址已停用、验证码已失效或消息已看过，不必再发")


def courier_lines(channels: Channels, machine: Clock) -> Mapping[str, Callable[[], OpenLine]]:
    """How the line of each channel is opened."""
    found: dict[str, Callable[[], OpenLine]] = {}
    if channels.mail is not None:
        server = channels.mail
        found[MAIL] = lambda: MailLine(server)
    for name, robot in channels.robots.items():
        found[name] = lambda robot=robot: RobotLine(robot, machine.now)  # type: ignore[misc]
    return found


def open_courier(database: Database, clock: Clock, machine: Clock, cases: Cases, channels: Channels) -> Courier:
    """All that tells people outside, put together. ``machine``: the clock that no demo moves."""
    composer = Composer(channels)
    digests = Digests(database, clock, cases.inbox, composer)
    router = Router(database, Hours(cases.calendars, channels), digests, channels.names)
    return Courier(database, clock, router, composer, digests, courier_lines(channels, machine))


class Courier:
    """Sends for one installation."""

    def __init__(
        self, database: Database, clock: Clock, router: Router, composer: Composer, digests: Digests,
        lines: Mapping[str, Callable[[], OpenLine]],
    ) -> None:  # fmt: skip
        self._database = database
        self._clock = clock
        self._router = router
        self._composer = composer
        self._digests = digests
        self._lines = lines
        self._failing = False

    def routines(self) -> tuple[Routine, ...]:
        """What is to be done, and when; nothing where no channel is set up."""
        return (Routine(NOTIFY, self.look, every(LOOK_EVERY), often=True),) if self._lines else ()

    def look(self) -> Told:
        """Queue and send what is due; how many were sent, and how many were not. What fails is in the log once."""
        try:
            found = self._look()
        except Exception:
            if self._failing:
                return {}
            self._failing = True
            raise
        self._failing = False
        return found

    def _look(self) -> Told:
        with self._database.read() as connection:
            if restores.is_held(connection):
                return {}
        self._router.route(self._clock.now())
        sent = failed = 0
        away: set[str] = set()
        ends = time.monotonic() + LOOK_SECONDS
        with self._opened() as lines:
            while time.monotonic() < ends and (taken := self._take(away)) is not None:
                if self._try(taken, lines, away):
                    sent += 1
                else:
                    failed += 1
        return {"sent": sent, "not_sent": failed} if sent or failed else {}

    @contextmanager
    def _opened(self) -> Iterator[dict[str, OpenLine]]:
        lines: dict[str, OpenLine] = {}
        try:
            yield lines
        finally:
            for line in lines.values():
                line.close()

    def _take(self, away: set[str]) -> NotificationRow | None:
        now, channels = self._clock.now(), [name for name in self._lines if name not in away]
        with self._database.read() as connection:
            if not rows.is_ready(connection, now):
                return None
        with writing(self._database) as connection:
            return rows.take(connection, now, now + TAKEN_FOR, channels)

    def _try(self, taken: NotificationRow, lines: dict[str, OpenLine], away: set[str]) -> bool:
        """Send one; whether it went out."""
        try:
            written = self._written(taken)
            if written is None:
                self._end(taken, rows.DROPPED, NOT_NEEDED)
                return False
            parcel = Parcel(
                taken["address"], written.subject, written.text, written.html, taken["token"], taken["queued_at"]
            )
            channel = taken["channel"]
            line = lines.get(channel) or lines.setdefault(channel, self._lines[channel]())
            line.send(parcel)
        except NotSent as refused:
            self._not_sent(taken, refused, away)
            return False
        except Exception as error:  # whatever it is, the others go on
            logger.exception("notification %s could not be written or sent", taken["id"])
            self._not_sent(taken, NotSent(say("程序出错：{kind}", kind=type(error).__name__)), away)
            return False
        self._end(taken, rows.SENT, None)
        return True

    def _written(self, taken: NotificationRow) -> Wording | None:
        """Its words; None when nobody is to have them any more."""
        language = taken["language"]
        if taken["about"] == TEST:
            return self._composer.test(language)
        with self._database.read() as connection:
            address = addresses.get(connection, taken["address_id"] or 0)
            told = rows.told(connection, taken["id"])
            name = accounts.names_of(connection, [taken["user_id"]]).get(taken["user_id"], ("", ""))[0]
        if address is None or not address["active"]:
            return None
        if taken["about"] == CODE:
            fresh = address["code_at"] is not None and self._clock.now() - address["code_at"] <= CODE_HOLDS
            code = address["code"] if fresh else None
            return self._composer.code(name, code, address["id"], language) if code else None
        if address["verified_at"] is None:
            return None
        if taken["about"] == LIST:
            return self._composer.digest(told, self._digests.standing(taken["user_id"], language), language)
        return self._composer.messages(told, language) if told else None

    def _not_sent(self, taken: NotificationRow, refused: NotSent, away: set[str]) -> None:
        now = self._clock.now()
        if refused.for_good:
            self._end(taken, rows.FAILED, refused.why)
            return
        with writing(self._database) as connection:
            _again(connection, taken, refused.why, now)
            if refused.away:
                away.add(taken["channel"])
                for other in rows.also_due(connection, taken["channel"], now):
                    _again(connection, other, refused.why, now)

    def _end(self, taken: NotificationRow, status: str, why: Words | None) -> None:
        """Write the end of a notification. An address that is refused for good is no longer sent to."""
        now, words = self._clock.now(), _cut(why)
        tries = taken["attempts"] + (status != rows.DROPPED)
        with writing(self._database) as connection:
            values = {"status": status, "finished_at": now, "attempts": tries, "why_zh": words[0], "why_en": words[1]}
            rows.settle(connection, taken["id"], **values)
            if status == rows.FAILED and taken["address_id"] is not None:
                _refuse(connection, taken, now)


def _refuse(connection: Connection, taken: NotificationRow, now: datetime) -> None:
    number = taken["address_id"]
    assert number is not None
    addresses.change(connection, number, verified_at=None, refused_at=now, digest_at=None)
    deliveries.forget(connection, number)
    title = say("推送地址{address}被拒收，已停止推送", address=masked(taken["address"]))
    notice(connection, now, [taken["user_id"]], title, say("请在“消息推送”中核对，重新验证后恢复。"))


def _again(connection: Connection, row: NotificationRow, why: Words, now: datetime) -> None:
    """Let one that was not sent wait, each time twice as long; give it up when that has gone on for too long."""
    tries, (zh, en) = row["attempts"] + 1, _cut(why)
    told = {"attempts": tries, "why_zh": zh, "why_en": en}
    if now - row["queued_at"] > GIVEN_UP_AFTER:
        rows.settle(connection, row["id"], status=rows.FAILED, finished_at=now, **told)
        return
    pause = min(FIRST_PAUSE * 2 ** min(row["attempts"], 10), rows.LONGEST_PAUSE)
    rows.settle(connection, row["id"], next_at=now + pause, **told)


def _cut(why: Words | None) -> tuple[str, str]:
    zh, en = both(why) if why is not None else ("", "")
    return zh[: rows.LONGEST_WHY], en[: rows.LONGEST_WHY]


def masked(address: str) -> str:
    """An address as others may see it."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else f"{address[:2]}***{address[-2:]}"
