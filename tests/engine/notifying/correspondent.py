"""A house with a mail server beside it, and a person who is told there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.channels.settings import MAIL, PLAIN, Channels, MailServer
from engine.messages.kinds import MessageKind
from engine.messages.telling import tell
from storage import addresses
from storage import cases as case_rows
from storage.notifications import NotificationRow, drop_waiting, newest_of
from tests.house import House, build_house
from tests.outside import HOST, Post
from tests.postgres import Server

PERSON, MAILBOX = "shijiazhuang", "shenhe@example.org"
URL = "https://gangwei.example.org"


def channels(port: int, **more: Any) -> Channels:
    """Mail to a server on loopback."""
    server = MailServer(HOST, port, PLAIN, "gangwei@example.org", "岗位办")
    return replace(Channels(url=URL, mail=server), **more)


class Correspondent:
    """Acts in a house whose mails go to ``post``."""

    def __init__(self, folder: Path, post: Post, server: Server | None = None, **more: Any) -> None:
        self.post = post
        self.house: House = build_house(folder, server=server, channels=channels(post.port, **more))
        self.application = self.house.application
        self.person = self.house.actor(PERSON)

    def register(self, mailbox: str = MAILBOX, channel: str = MAIL) -> int:
        """Register an address and hand in the code that was sent there."""
        number = self.application.addresses.add(self.person, channel, mailbox, "zh")
        self.look()
        code = re.search(r"\b\d{6}\b", self.text(-1))
        assert code is not None
        self.application.addresses.verify(self.person, number, code[0])
        self.post.mails.clear()
        return number

    def verified(self, mailbox: str = MAILBOX, channel: str = MAIL) -> int:
        """The same without a mail: the code is sent to nobody."""
        number = self.application.addresses.add(self.person, channel, mailbox, "zh")
        with self.application.database.write() as connection:
            row = addresses.get(connection, number)
            assert row is not None and row["code"] is not None
            drop_waiting(connection, number, self.house.clock.now(), ("", ""))
        self.application.addresses.verify(self.person, number, row["code"])
        return number

    def tell(
        self, kind: MessageKind, case_id: str | None = None, words: str = "", login: str = PERSON, **facts: Any
    ) -> None:
        with self.application.database.write() as connection:
            case = case_rows.get(connection, int(case_id)) if case_id else None
            people = [self.house.actor(login).user_id]
            tell(connection, self.house.clock.now(), kind, people, case, words=words or None, **facts)

    def look(self) -> dict[str, int]:
        return dict(self.application.courier.look() or {})

    def fates(self) -> list[NotificationRow]:
        """What was to be sent to the person, the newest first, but for codes that nobody needs any more."""
        with self.application.database.read() as connection:
            found = newest_of(connection, self.person.user_id, 100)
        return [one for one in found if one["about"] != "code"]

    def text(self, place: int = 0) -> str:
        """The plain part of a mail that has come."""
        part = self.post.mails[place].get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def close(self) -> None:
        self.application.database.close()
