"""What a run has made public, as rows. Reads nothing."""

from __future__ import annotations

from datetime import datetime

from engine.model import RunResult
from storage.public_pages import NewPage


def page_rows(case_id: int, result: RunResult, sequence: int, at: datetime) -> list[NewPage]:
    """The pages that everybody may read from now on; of several of one name and key the last is shown."""
    return [
        {
            "case_id": case_id, "page": one.page, "key": one.key, "name_zh": one.name[0], "name_en": one.name[1],
            "title": one.title, "since": one.since, "until": one.until, "content": dict(one.content), "shown_at": at,
            "event_seq": sequence,
        }
        for one in result.published
    ]  # fmt: skip
