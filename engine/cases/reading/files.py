"""The files of a case that its reader sees. Opens none."""

from __future__ import annotations

from engine.cases.reading.history import HANDING_IN
from engine.cases.veil import Veil
from storage import cases as rows
from storage import events
from storage.database import Connection
from storage.rows import AttachmentRow


def files_of(connection: Connection, case_id: int, veil: Veil) -> list[AttachmentRow]:
    """In the order in which they came."""
    found = rows.attachments_of(connection, case_id)
    if veil.whole or not found:
        return found
    came = {row["event_seq"]: events.at(connection, case_id, row["event_seq"]) for row in found}
    return veil.files(found, came, veil.log(events.named(connection, case_id, *HANDING_IN)))
