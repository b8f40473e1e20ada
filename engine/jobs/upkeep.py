"""What is done daily whether or not a case asks for it: missing holiday notices told, old rows removed. Knows no case.

Whatever else is to be done by the clock and not by a case is one more routine here.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from engine.calendar.in_force import Calendars, missing_notices
from engine.calendar.pauses import local
from engine.database import writing
from engine.designing.history import History
from engine.directory.page_keys import PageKeys
from engine.directory.signin import SignIn
from engine.files.lease import Lease
from engine.files.store import FileStore
from engine.jobs.timetable import Routine, Told, daily
from engine.model import Clock
from storage import bulks, cases, copying, news, notifications, row_drafts
from storage.database import Database

logger = logging.getLogger(__name__)

CHECK_CALENDAR, CLEAN_UP = "check_calendar", "clean_up"
DRAFTS_KEPT = timedelta(days=365)
"""How long a start form that nobody hands in or touches is kept."""
UNNAMED_KEPT = timedelta(days=1)
"""How long a file is kept that no row names: its transaction may still come."""
NOTIFICATIONS_KEPT = timedelta(days=180)
"""How long it can be seen what was sent to whom, and how that went."""
NEWS_KEPT = timedelta(days=1)
"""A server that asks less often than that has stopped."""
BULKS_KEPT = timedelta(days=90)
"""How long is kept how many tasks went that were handled in one go; what was done stands in their cases."""
GRACE_SECONDS = 4 * 3600
"""Cleaning up is for the night: a machine that wakes up later leaves it for the next one."""


class Upkeep:
    """The daily routines of an installation; every one may be repeated, and run by several programs at once."""

    def __init__(
        self, database: Database, calendars: Calendars, clock: Clock, signin: SignIn, page_keys: PageKeys,
        files: FileStore, lease: Lease | None = None, designs: History | None = None,
    ) -> None:  # fmt: skip
        """``lease``: by which a backup says that it is under way; ``designs``: what designers have left."""
        self._designs = designs
        self._database = database
        self._calendars = calendars
        self._clock = clock
        self._signin = signin
        self._page_keys = page_keys
        self._lease = lease
        self._files = files

    def routines(self) -> tuple[Routine, ...]:
        """What is to be done, and when."""
        return (
            Routine(CHECK_CALENDAR, self.check_calendar, daily(hour=7)),
            Routine(CLEAN_UP, self.clean_up, daily(hour=3, minute=10), GRACE_SECONDS),
        )

    def check_calendar(self) -> Told:
        """Warn, in the log, of years whose holiday notice is missing; the operator's page asks for itself."""
        with self._database.read() as connection:
            years = missing_notices(self._calendars.of(connection, None), local(self._clock.now()).date())
        for year in years:
            logger.warning(
                "%s 年的放假通知尚未生效，期限暂按法定节日计算，请在“日历变更”中提出 · no holiday notice of %s is in"
                " force: deadlines are provisional until it is proposed and put in force",
                year,
                year,
            )
        return {"years": len(years)}

    def clean_up(self) -> Told:
        """Remove sessions that let nobody in any more, drafts of starts that nobody has touched for a year, and keys of
        pages that nobody can use again, files a day old that no row names, and what designs were long ago.

        While a backup is under way nothing is taken away: the next night does it.
        """
        if self._lease is not None and self._lease.is_held():
            return {"left_for_backup": 1}
        sessions = self._signin.forget_old_sessions()
        with writing(self._database) as connection:
            drafts = cases.drop_start_drafts(connection, self._clock.now() - DRAFTS_KEPT)
            row_drafts.drop_starts(connection, self._clock.now() - DRAFTS_KEPT)
            lines = news.forget(connection, self._clock.now() - NEWS_KEPT)
            gone = bulks.forget_before(connection, self._clock.now() - BULKS_KEPT)
            sent = notifications.forget_old(connection, self._clock.now() - NOTIFICATIONS_KEPT)
        with self._database.read() as connection:
            named = copying.named_files(connection)
        files = self._files.sweep(named, UNNAMED_KEPT)
        keys = self._page_keys.forget_old()
        removed = {
            "sessions": sessions,
            "drafts": drafts,
            "news": lines,
            "bulks": gone,
            "page_keys": keys,
            "files": files,
        }
        return {**removed, "notifications": sent, "designs": self._designs.forget_old() if self._designs else 0}
