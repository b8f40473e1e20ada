"""What the system told a person: the bell, and the page behind it. ``engine.messages.box`` tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.words import Text, Words


@dataclass(frozen=True, slots=True)
class Message:
    """One thing told to one person. ``case_id`` and ``task_number``: where it leads; ``read_at`` is None while new.

    ``times``: how often it was told in the same words.
    """

    id: str
    at: datetime
    kind: Words
    title: Text
    words: Text
    case_id: str | None = None
    task_number: int | None = None
    number: str = ""  # of the case
    read_at: datetime | None = None
    times: int = 1

    @property
    def text(self) -> Text:
        """All of it in one sentence."""
        zh, en = (f"{title}{colon}{words}" if words else title for title, words, colon in self._parts())
        return zh, en

    def _parts(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        (title, title_en), (words, words_en) = self.title, self.words
        return (title, words, "："), (title_en or title, words_en or words, ": ")


@dataclass(frozen=True, slots=True)
class MessageFilters:
    """Which messages; empty: all. ``group``: one of ``engine.messages.kinds.GROUPS``; ``after``: ``Messages.next``."""

    group: str = ""
    unread: bool = False
    after: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Messages:
    """The newest first, how many of all are unread, how the next page begins, how many those asked for are.

    One more than ``MOST_COUNTED`` stands for more than that.
    """

    rows: tuple[Message, ...]
    unread: int
    next: str | None = None
    total: int = 0
