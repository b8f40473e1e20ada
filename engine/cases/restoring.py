"""What taking an act back makes of a case: it stands as before, and no number is given twice. Pure."""

from __future__ import annotations

from datetime import datetime

from engine import spiff
from storage.rows import CaseRow, DeadlineRow, TaskRow


def case_before(earlier: CaseRow, now: CaseRow, at: datetime) -> CaseRow:
    """The row of a case as it was; its next numbers go on from where they are."""
    state = spiff.going_on(earlier["state"], now["state"])
    return {**earlier, "state": state, "updated_at": at, "revision": now["revision"], "head": now["head"]}


def tasks_before(earlier: dict[int, TaskRow], now: dict[int, TaskRow], at: datetime) -> dict[int, TaskRow]:
    """The tasks as they were; those that the act had opened are gone."""
    gone: dict[int, TaskRow] = {
        number: {**row, "status": "cancelled", "completed_at": at}
        for number, row in now.items()
        if number not in earlier
    }
    return {**gone, **earlier}


def deadlines_before(earlier: dict[int, DeadlineRow], now: dict[int, DeadlineRow]) -> dict[int, DeadlineRow]:
    """The deadlines as they were; those of tasks that are gone no longer run."""
    gone: dict[int, DeadlineRow] = {
        number: {**row, "status": "cancelled"} for number, row in now.items() if number not in earlier
    }
    return {**gone, **earlier}
