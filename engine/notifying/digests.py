"""What a list of the day or the week says of a person's tasks: which are late, which due soon. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.calendar.pauses import local
from engine.cases.reading.inbox import Inbox
from engine.directory import actors
from engine.errors import NotFound
from engine.model import Clock
from engine.notifying.composing import Composer, Item, TasksDue
from engine.views import InboxFilters, Page
from storage.database import Database

LATE, SOON = "late", "soon"
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Digests:
    """Reads for one installation."""

    database: Database
    clock: Clock
    inbox: Inbox
    composer: Composer

    def standing(self, user_id: int, language: str) -> TasksDue:
        """How a person's tasks stand; nothing for whoever has none or no account."""
        try:
            with self.database.read() as connection:
                actor = actors.actor(connection, user_id, self.clock.now())
        except NotFound:
            return TasksDue()
        late, soon = (self.inbox.page(actor, "todo", InboxFilters(due=due, limit=SHOWN)) for due in (LATE, SOON))
        return TasksDue(self._lines(late, language), self._lines(soon, language), late.total, soon.total)

    def _lines(self, page: Page, language: str) -> tuple[Item, ...]:
        return tuple(
            self.composer.task(
                row.process, row.number, row.title, f"{local(row.deadline.due_at):%Y-%m-%d}" if row.deadline else "",
                row.task_id, language,
            )
            for row in page.rows
        )  # fmt: skip
