"""What a restored installation holds back: how much, and letting it go. Knows no kind of job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.database import writing
from engine.directory.actors import Actor
from engine.directory.duties import OPERATIONS, require
from engine.errors import Conflict
from engine.model import Clock
from engine.words import say
from storage import account_events, notifications, restores
from storage.database import Connection, Database
from storage.restores import HeldJobs

RELEASED = "outbox_released"


@dataclass(frozen=True, slots=True)
class HeldOutbox:
    """What waits until an operator lets it go: jobs by kind, and how many are due."""

    made_at: datetime  # of the backup
    restored_at: datetime
    backup: str
    jobs: tuple[HeldJobs, ...]
    notifications: int = 0

    @property
    def total(self) -> int:
        """How many jobs and notifications wait."""
        return sum(one["count"] for one in self.jobs) + self.notifications

    @property
    def due(self) -> int:
        """How many of them run at once when it is let go."""
        return sum(one["due"] for one in self.jobs)


def held(connection: Connection, now: datetime) -> HeldOutbox | None:
    """What waits since a restoring; None when nothing is held."""
    row = restores.held(connection)
    if row is None:
        return None
    found = tuple(restores.held_jobs(connection, now))
    return HeldOutbox(row["made_at"], row["restored_at"], row["backup"], found, notifications.held(connection))


class OutboxDesk:
    """The operator's door to the outbox. ``machine``: the clock that no demo moves."""

    def __init__(self, database: Database, clock: Clock, machine: Clock) -> None:
        self._database = database
        self._clock = clock
        self._machine = machine

    def release(self, actor: Actor | None) -> int:
        """Let the outbox of a restored installation go: what is due runs at once, late. How many jobs waited.

        Leaves an event in the chain of account events. Raises NotAllowed, and Conflict when nothing is held.
        ``actor``: None at the console.
        """
        if actor is not None:
            require(actor, OPERATIONS, say("放行待发任务"))
        by = None if actor is None else actor.user_id
        with writing(self._database) as connection:
            waiting = held(connection, self._clock.now())
            if waiting is None or not restores.release(connection, self._machine.now(), by):
                raise Conflict()
            facts = {"backup": waiting.backup, "jobs": waiting.total, "due": waiting.due}
            account_events.append(connection, self._machine.now(), RELEASED, actor_id=by, facts=facts)
        return waiting.total
