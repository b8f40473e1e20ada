"""What an auditor reads of the deadlines of a case: every ledger and every act on it, and nothing of its business."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.base import Parts, parse_case_id
from engine.cases.event_types import ABOUT_TIME, TIMER_FIRED
from engine.cases.reading.deadlines import lines_of
from engine.cases.reading.history import history_lines
from engine.cases.reading.times import times_of
from engine.cases.veil import Veil
from engine.directory.actors import Actor
from engine.directory.duties import AUDIT, require
from engine.errors import NotFound
from engine.views import HistoryLine
from engine.views.deadlines import TaskDeadline
from engine.views.timers import CountedTime
from engine.words import say
from storage import cases as rows
from storage import events

_ABOUT = ABOUT_TIME | {TIMER_FIRED}


@dataclass(frozen=True, slots=True)
class DeadlineEvidence:
    """The deadlines of a case and the times that it waits for; ``acts``: the events about them, oldest first."""

    case_id: str
    number: str
    deadlines: tuple[TaskDeadline, ...]
    times: tuple[CountedTime, ...]
    acts: tuple[HistoryLine, ...]


@dataclass(frozen=True, slots=True)
class Auditing:
    """Readings for who proves and sees no business."""

    parts: Parts

    def deadline_evidence(self, actor: Actor, case_id: str) -> DeadlineEvidence:
        """The deadlines of any case, for an auditor. Raises NotAllowed, NotFound."""
        require(actor, AUDIT, say("查看计时明细"))
        with self.parts.database.read() as connection:
            case = rows.get(connection, parse_case_id(case_id))
            if case is None:
                raise NotFound(what=say("这个事项"))
            definition = self.parts.definition(connection, case)
            veil = Veil(connection, None, case, definition)
            acts = history_lines(definition, veil.log(events.named(connection, case["id"], *_ABOUT)))
            read = (lines_of(self.parts, connection, None, case), times_of(self.parts, connection, case))
            return DeadlineEvidence(case_id, case["number"], *read, acts)
