"""Files that come with an event: kept on disk, told by the event, listed as a row. Decides nothing."""

from __future__ import annotations

from engine.cases.event_types import KeptFile
from engine.files import store as files
from engine.files.store import FileStore, Upload
from storage import cases as rows
from storage.database import Connection
from storage.events import NewEvent
from storage.rows import AttachmentRow, CaseRow, NewAttachment


def keep(connection: Connection, store: FileStore, case: CaseRow, upload: Upload) -> KeptFile:
    """Keep the content; what an event says of the file. Raises BadInput when it is not taken."""
    name, media_type = files.accept(upload.filename, upload.content)
    files.must_have_room(len(rows.attachments_of(connection, case["id"])))
    return {"name": name, "media_type": media_type, "size": len(upload.content), "digest": store.put(upload.content)}


def enter(connection: Connection, case: CaseRow, event: NewEvent, file: KeptFile) -> AttachmentRow:
    """Add a kept file to the files of a case, as of the event that follows on the row ``case``; its row."""
    row: NewAttachment = {
        "case_id": case["id"], "event_seq": case["revision"] + 1, **file,
        "added_by": event["actor_id"], "added_name": event["actor_name"], "added_at": event["at"],
    }  # fmt: skip
    return {**row, "id": rows.add_attachment(connection, row)}
