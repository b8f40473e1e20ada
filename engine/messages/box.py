"""A person's box: what he was told, the newest first, and that he has read it. Knows no case's inside."""

from __future__ import annotations

from dataclasses import dataclass

from engine.damage import legible
from engine.database import writing
from engine.directory import policy
from engine.directory.actors import Actor, personal
from engine.errors import NotFound
from engine.messages.kinds import KINDS, NOTICE, kinds_of
from engine.model import Clock
from engine.views import Message, MessageFilters, Messages
from engine.views.basic import MOST_COUNTED
from engine.words import Words, say
from storage import messages as rows
from storage import news
from storage.database import Connection, Database

LARGEST_PAGE = 100
_THIS = say("这条消息")


@dataclass(frozen=True, slots=True)
class MessageBox:
    """What the system told people."""

    database: Database
    clock: Clock

    def page(self, actor: Actor, asked: MessageFilters | None = None) -> Messages:
        """A page of what the system told this person, the newest first."""
        asked, reader = asked or MessageFilters(), policy.reader(actor)
        limit = max(0, min(asked.limit, LARGEST_PAGE))
        kinds = [kind.name for kind in kinds_of(asked.group)]
        wanted = rows.listing(reader, rows.Wanted(kinds, asked.unread))
        with self.database.read() as connection:
            found, after = wanted.piece(connection, asked.after, limit) if limit else ([], "")
            shown, total = tuple(legible(found, _message, _named)), wanted.count(connection, MOST_COUNTED)
            return Messages(shown, rows.unread(connection, reader), after or None, total)

    def standing(self, connection: Connection, actor: Actor) -> tuple[int, int]:
        """How many messages a person has not read, and the id of his newest; 0 for none."""
        reader = policy.reader(actor)
        return rows.unread(connection, reader), rows.newest(connection, reader)

    def unread(self, actor: Actor) -> int:
        """How many messages this person has not read."""
        with self.database.read() as connection:
            return rows.unread(connection, policy.reader(actor))

    def open(self, actor: Actor, message_id: str) -> Message:
        """One message, which counts as read from now on, with those before it that say the same.

        Raises NotFound, also for that of another person.
        """
        number = _id(message_id)
        with self.database.read() as connection:
            found = rows.listing(policy.reader(actor), rows.Wanted(only=number)).page(connection, "", 1)
        if not found or number is None:
            raise NotFound(what=_THIS)
        if found[0]["read_at"] is None:
            with writing(self.database) as connection:
                self._read(connection, actor, only=found[0])
        return _message(found[0])

    def read(self, actor: Actor, case_id: str | None = None, up_to: str | None = None) -> None:
        """Mark a person's messages as read: all, those about one case, those that he saw. Writes nothing for nothing.

        ``up_to``: the id of the newest that he saw; what has come since stays unread.
        """
        about, seen = (None if one is None else _id(one) for one in (case_id, up_to))
        if (case_id is not None and about is None) or (up_to is not None and seen is None):
            return
        with self.database.read() as connection:
            if not rows.unread(connection, actor.user_id, about, most=1):
                return
        with writing(self.database) as connection:
            self._read(connection, actor, about, seen)

    def _read(
        self, connection: Connection, actor: Actor, case_id: int | None = None, up_to: int | None = None,
        only: rows.MessageRow | None = None,
    ) -> None:  # fmt: skip
        now = self.clock.now()
        if rows.read(connection, actor.user_id, now, case_id, up_to, only):
            news.add(connection, [personal(actor.user_id)], now)


def _id(text: str) -> int | None:
    """The number in an address; what makes no sense is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _named(row: rows.ToldMessage) -> tuple[Words, int | None]:
    return say("第{number}条消息", number=row["id"]), row["case_id"]


def _message(row: rows.ToldMessage) -> Message:
    return Message(
        id=str(row["id"]),
        at=row["sent_at"],
        kind=KINDS.get(row["kind"], NOTICE).label,
        title=(row["title"], row["title_en"]),
        words=(row["text"], row["text_en"]),
        case_id=None if row["case_id"] is None else str(row["case_id"]),
        task_number=row["number"],
        number=row["case_number"] or "",
        read_at=row["read_at"],
        times=row["times"],
    )
