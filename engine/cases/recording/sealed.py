"""What an act has sealed or opened, kept as rows and files of its case. Opens nothing."""

from __future__ import annotations

from typing import cast

from engine.cases.event_types import TASK_COMPLETED, TaskCompleted, payload
from engine.cases.recording.attachments import enter
from engine.cases.sealed_types import handed
from engine.cases.sealing import entry_of, kept_files, key_row
from engine.definition import Definition
from storage import cases, sealed
from storage.database import Connection
from storage.events import LoggedEvent, NewEvent
from storage.rows import CaseRow


def follow_run(connection: Connection, definition: Definition, case: CaseRow, event: NewEvent) -> None:
    """Keep what was handed in sealed, the key that was made or used, and the files that came with it.

    ``case``: as it stood before the event.
    """
    if event["name"] != TASK_COMPLETED:
        return
    said, sequence = payload(cast(LoggedEvent, event), TaskCompleted), case["revision"] + 1
    here = handed(definition.elements[said["element"]], said["submission"])
    for file in kept_files(here):
        enter(connection, case, event, file)
    task = cases.task(connection, case["id"], said["task"])
    candidate = task["candidate"] if task is not None else ""
    entry = entry_of(case["id"], sequence, said["element"], candidate, here)
    if entry is not None:
        sealed.add_entry(connection, entry)
    made = key_row(case["id"], sequence, here)
    if made is not None:
        sealed.add_key(connection, made)
    opened = here.get("opened_key")
    if opened is not None:
        sealed.mark_opened(connection, opened, case["id"], sequence)
