"""Where rows of sheets are kept while a step is filled in, and how they are read. Saves nothing and knows no form."""

from __future__ import annotations

from engine.views import SavedRow
from storage import row_drafts as rows
from storage.database import Connection


def of_place(connection: Connection, place: str) -> dict[str, tuple[SavedRow, ...]]:
    """The rows that were saved at a place, by sheet."""
    found: dict[str, tuple[SavedRow, ...]] = {}
    for row in rows.of_place(connection, place):
        data = None if row["removed"] else row["data"]
        one = SavedRow(row["row"], row["version"], row["position"], data, row["name"], row["saved_at"])
        found[row["sheet"]] = (*found.get(row["sheet"], ()), one)
    return found


def place_of_start(key: str, organisation_code: str, user_id: int) -> str:
    """Where the rows of a person's start are kept; those of a task: ``task:17-3``."""
    return f"start:{key}:{organisation_code}:{user_id}"
