"""What is beside the tasks of a case: its files, and where a message about it leads."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.access import seen
from engine.cases.base import Parts, task_id
from engine.cases.reading.files import files_of
from engine.cases.shown import attachment_view
from engine.cases.veil import Veil
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.views import Attachment, Message
from engine.words import say
from storage import cases as rows


@dataclass(frozen=True, slots=True)
class Attachments:
    """Readings of files, and the way from a message to its case."""

    parts: Parts

    def attachment(self, actor: Actor, case_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A file of a case, with its content. Raises NotFound."""
        with self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            veil = Veil(connection, actor, case, self.parts.definition(connection, case))
            found = files_of(connection, case["id"], veil)
            row = next((one for one in found if str(one["id"]) == attachment_id), None)
        if row is None:
            raise NotFound(what=say("这个附件"))
        return attachment_view(row), self.parts.files.get(row["digest"])

    def leads_to(self, actor: Actor, message: Message) -> tuple[str, str] | None:
        """Where a message leads this person: ``("task", id)`` while it waits for him, ``("case", id)``, or nowhere."""
        if message.case_id is None:
            return None
        with self.parts.database.read() as connection:
            try:
                case = seen(connection, actor, message.case_id)
            except NotFound:
                return None
            row = None if message.task_number is None else rows.task(connection, case["id"], message.task_number)
        if row is not None and row["status"] == policy.OPEN and policy.ways_to(actor, row["candidate"], case["key"]):
            return "task", task_id(row)
        return "case", message.case_id
