"""Whether a person has seen the tour of the pages, remembered with him whatever his browser. Knows no page."""

from __future__ import annotations

from engine.database import writing
from engine.directory.actors import Actor
from engine.model import Clock
from storage import tours as rows
from storage.database import Database


class Tours:
    """Who was shown around, or did not want it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def ended(self, actor: Actor) -> bool:
        """Whether he has ended the tour or said that he does not want it."""
        with self._database.read() as connection:
            return rows.ended(connection, actor.user_id)

    def end(self, actor: Actor) -> None:
        """He is not offered it again."""
        with writing(self._database) as connection:
            rows.end(connection, {"user_id": actor.user_id, "ended_at": self._clock.now()})
