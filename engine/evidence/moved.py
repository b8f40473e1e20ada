"""Deadlines and files of a case, as its events tell them. Reads no database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.cases.event_types import DeadlineMoved, DeadlineTold, FileAttached, KeptFile, payload
from engine.cases.recording.projection import due_values
from storage.events import LoggedEvent
from storage.rows import DeadlineRow, TaskRow


def moved(row: DeadlineRow, task: TaskRow, event: LoggedEvent) -> KeptFile | None:
    """Set what an event says of a deadline: that people were told, or that it was computed again; the file with it."""
    if "warn_at" not in event["data"]:
        row["status"] = payload(event, DeadlineTold)["status"]
        return None
    said = payload(event, DeadlineMoved)
    row["status"], row["calendar"], row["provisional"] = said["status"], said["calendar"], said["provisional"]
    row["ledger"], row["extra"] = said["ledger"], said.get("extra", row["extra"])
    row["pauses"] = said.get("pauses", row["pauses"])
    due = due_values(said)
    task["due_at"], task["due_key"], task["warn_at"] = due["due_at"], due["due_key"], due["warn_at"]
    row["due_at"], row["warn_at"] = datetime.fromisoformat(said["due_at"]), datetime.fromisoformat(said["warn_at"])
    return said.get("file")


def handed_in(event: LoggedEvent, file: FileAttached | KeptFile) -> tuple[Any, ...]:
    """A file that came with an event."""
    by = (event["actor_id"], event["actor_name"], event["at"])
    return (event["seq"], file["name"], file["size"], file["digest"], *by)
