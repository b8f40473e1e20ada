"""What happens to cases without a person: a time is due, a message or a signal has come. One door for the worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from engine.cases.base import Parts, admit, not_before
from engine.cases.event_types import HAPPENED, Happened, HappenedLate
from engine.cases.recording.record import SYSTEM, Recorder, run_data, write_result
from engine.cases.recusal import excluded_next
from engine.errors import NotWaiting
from engine.runtime import commands
from engine.runtime.run import MAX_SECONDS
from storage import cases as rows
from storage.database import Connection, utc_text
from storage.events import NewEvent
from storage.pieces import Pieces
from storage.rows import WaitRow


@dataclass(frozen=True, slots=True)
class Events:
    """Lets happen what cases wait for."""

    parts: Parts

    def may_take(self, connection: Connection, wait: WaitRow) -> bool:
        """Whether a wait for a message is for this one: an old one may lack the key that its diagram writes."""
        if wait["key"] is not None:
            return True
        case = rows.get(connection, wait["case_id"])
        return case is not None and not self.parts.definition(connection, case).waited(wait["element"]).correlation.key

    def happen(
        self,
        connection: Connection,
        case_id: int,
        number: int,
        element: str,
        payload: Any,
        due_at: datetime | None,
        seconds: float = MAX_SECONDS,
    ) -> None:
        """Let a case go on at (``number``, ``element``) in the caller's transaction; ``due_at`` when it was a time.

        The run may take ``seconds``. Nothing is back-dated: the event carries the present, and how late it is can be
        seen from ``due_at``. Raises NotWaiting when somebody was first, and what the process itself may raise.
        """
        case = rows.lock(connection, case_id)
        if case is None or case["status"] != "running":
            raise NotWaiting()
        now = not_before(connection, case, self.parts.now())
        definition = self.parts.definition(connection, case)
        admit(definition)
        nobody = cache(partial(excluded_next, connection, case, definition, None))
        ask = Recorder(replace(self.parts.scene_of(connection, case, now), find_excluded=nobody))
        beside = Pieces(connection, case["id"])
        result = commands.fire(definition, case["state"], number, element, payload, now, ask, seconds, beside=beside)
        waited = definition.waited(element).event
        assert waited is not None
        said: Happened = {
            "number": number, "element": element, "payload": payload, "due_at": utc_text(due_at) if due_at else None,
            **run_data(result, ask),
        }  # fmt: skip
        late: HappenedLate | None = {**said, "missed": result.missed} if result.missed else None
        event: NewEvent = {"name": HAPPENED[waited.kind], "at": now, "data": late or said, **SYSTEM}
        write_result(connection, definition, case, event, result, seen=ask.scene.versions)
