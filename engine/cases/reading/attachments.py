"""What comes to a person beside his tasks: the files of a case, and what the system told him."""

from __future__ import annotations

from dataclasses import dataclass

from engine.cases.access import seen
from engine.cases.base import Parts, parse_case_id
from engine.cases.shown import attachment_view
from engine.damage import legible
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.views import Attachment, Message, Messages
from engine.words import Words, say
from storage import cases as rows
from storage import jobs


@dataclass(frozen=True, slots=True)
class Attachments:
    """Readings of files and messages."""

    parts: Parts

    def attachment(self, actor: Actor, case_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
        """A file of a case, with its content. Raises NotFound."""
        with self.parts.database.read() as connection:
            seen(connection, actor, case_id)
            found = rows.attachments_of(connection, parse_case_id(case_id))
            row = next((one for one in found if str(one["id"]) == attachment_id), None)
        if row is None:
            raise NotFound(what=say("这个附件"))
        return attachment_view(row), self.parts.files.get(row["digest"])

    def messages(self, actor: Actor, limit: int = 20) -> Messages:
        """What the system told this person, the newest first."""
        reader = policy.reader(actor)
        with self.parts.database.read() as connection:
            found = jobs.messages_to(connection, reader, limit)
            return Messages(tuple(legible(found, _message, _named)), jobs.unread(connection, reader))


def _named(row: jobs.ToldMessage) -> tuple[Words, int | None]:
    return say("第{number}条消息", number=row["id"]), row["case_id"]


def _message(row: jobs.ToldMessage) -> Message:
    text = f"{row['title']}：{row['text']}" if row["text"] else row["title"]
    case_id = None if row["case_id"] is None else str(row["case_id"])
    return Message(str(row["id"]), row["sent_at"], (text, text), case_id, row["number"] or "", row["read_at"])
