"""How often tokens went where in a case, counted with each run, so that its diagram need not read its history. Pure."""

from __future__ import annotations

from datetime import datetime

from engine.model import RunResult
from storage.passages import FORMAT, Passages, added


def counted(before: Passages | None, result: RunResult, at: datetime, returned_at: str = "") -> Passages | None:
    """The counts after a run. ``returned_at``: the element at which a person returned the case by it.

    None stays None: what an earlier program did not count is read from the events.
    """
    if before is None or before.get("format") != FORMAT:
        return None
    opened = [(task.number, task.element) for task in result.opened]
    return added(before, result.passed, result.flows, opened, at, returned_at)
