"""Files that come with an event: kept on disk, told by the event, listed as a row. Decides nothing."""

from __future__ import annotations

from engine.cases.event_types import KeptFile
from engine.files.store import FileStore
from engine.files.uploads import Accepted, Upload, accept_all, must_have_room
from storage import cases as rows
from storage.database import Connection
from storage.events import NewEvent
from storage.rows import AttachmentRow, CaseRow, NewAttachment


def keep(connection: Connection, store: FileStore, case: CaseRow, upload: Upload) -> KeptFile:
    """Keep the content; what an event says of the file. Raises BadInput when it is not taken."""
    (taken,) = accept_all([upload])
    must_have_room(len(rows.attachments_of(connection, case["id"])))
    return kept_file(taken, store.put(taken.content))


def kept_file(taken: Accepted, digest: str) -> KeptFile:
    """What an event says of a file whose content is kept."""
    return {"name": taken.name, "media_type": taken.media_type, "size": len(taken.content), "digest": digest}


def enter(connection: Connection, case: CaseRow, event: NewEvent, file: KeptFile) -> AttachmentRow:
    """Add a kept file to the files of a case, as of the event that follows on the row ``case``; its row."""
    row: NewAttachment = {
        "case_id": case["id"], "event_seq": case["revision"] + 1, **file,
        "added_by": event["actor_id"], "added_name": event["actor_name"], "added_at": event["at"],
    }  # fmt: skip
    return {**row, "id": rows.add_attachment(connection, row)}
