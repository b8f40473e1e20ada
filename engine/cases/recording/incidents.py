"""What failed in a case for an operator to settle: one way to open an incident from a refusal."""

from __future__ import annotations

from datetime import datetime

from engine.errors import NoHolder, Refusal
from engine.feel import BudgetExceeded
from engine.words import both
from storage import jobs
from storage.database import Connection


def report(
    connection: Connection, case_id: int | None, act: str, failure: Refusal | BudgetExceeded, actor_id: int | None,
    now: datetime,
) -> None:  # fmt: skip
    """Let an operator hear of a failure. ``act``: what was being done; ``actor_id``: by whom, None for nobody."""
    zh, en = both(failure.words)
    row = {"case_id": case_id, "act": act, "code": failure.code, "actor_id": actor_id, "message_zh": zh}
    jobs.add_incident(connection, {**row, "message_en": en, "opened_at": now, "element": element_of(failure)})


def element_of(failure: BaseException) -> str | None:
    """The id of the element for which nobody was found, so that an operator can name somebody."""
    return str(failure.facts["element"]) if isinstance(failure, NoHolder) else None
