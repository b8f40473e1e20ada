"""The auditor's desk of event logs: what happened in the cases that he filters, as XES or OCEL. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from engine.cases.base import Parts
from engine.desks.audit import wanted_of
from engine.desks.audit_views import AuditFilters
from engine.directory.actors import Actor
from engine.directory.duties import AUDIT, require
from engine.errors import BadInput
from engine.evidence.logs.ocel import ocel
from engine.evidence.logs.traces import Traces
from engine.evidence.logs.xes import xes
from engine.words import say
from storage import audit

MOST_EXPORTED: Final = 200_000
"""Cases of one log."""
_ACT = say("导出事件日志")


@dataclass(frozen=True, slots=True)
class EventLogDesk:
    """The door of the event logs. What they give is read at one moment, while it is sent."""

    parts: Parts

    def xes(self, actor: Actor, filters: AuditFilters) -> Iterator[str]:
        """The cases as XES. Raises BadInput, NotAllowed."""
        return self._log(actor, filters, xes)

    def ocel(self, actor: Actor, filters: AuditFilters) -> Iterator[str]:
        """The cases as OCEL 2.0. Raises BadInput, NotAllowed."""
        return self._log(actor, filters, ocel)

    def _log(self, actor: Actor, filters: AuditFilters, told: Callable[[Traces], Iterator[str]]) -> Iterator[str]:
        require(actor, AUDIT, _ACT)
        wanted = wanted_of(filters)
        with self.parts.database.read() as connection:
            if audit.case_list(connection, wanted).count(connection, MOST_EXPORTED) > MOST_EXPORTED:
                reason = say("超过{count}件，请先筛选（如按类别或日期），再导出", count=MOST_EXPORTED)
                raise BadInput(field=say("导出范围"), reason=reason)
        return self._read(wanted, told)

    def _read(self, wanted: audit.Wanted, told: Callable[[Traces], Iterator[str]]) -> Iterator[str]:
        with self.parts.database.read() as connection:
            yield from told(Traces(connection, self.parts, wanted))
