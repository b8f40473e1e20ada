"""Files that come with an event: kept on disk, told by the event, listed as a row. Decides nothing."""

from __future__ import annotations

from typing import Any

from engine.cases.base import Row
from engine.files import store as files
from engine.files.store import FileStore, Upload
from storage import cases as rows
from storage.database import Connection


def keep(connection: Connection, store: FileStore, case: Row, upload: Upload) -> dict[str, Any]:
    """Keep the content; what an event says of the file. Raises BadInput when it is not taken."""
    name, media_type = files.accept(upload.filename, upload.content)
    files.must_have_room(len(rows.attachments_of(connection, case["id"])))
    return {"name": name, "media_type": media_type, "size": len(upload.content), "digest": store.put(upload.content)}


def enter(connection: Connection, case: Row, event: Row, file: Row) -> dict[str, Any]:
    """Add a kept file to the files of a case, as of the event that follows on the row ``case``; its row."""
    by = {"added_by": event["actor_id"], "added_name": event["actor_name"], "added_at": event["at"]}
    row = {"case_id": case["id"], "event_seq": case["revision"] + 1, **file, **by}
    return {**row, "id": rows.add_attachment(connection, row)}
