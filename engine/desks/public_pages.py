"""What everybody may read without sign-in: the pages that cases show. Nobody acts here, and nothing else is read.

A page is on show from its first moment until its period is over; of a case that was called off only that is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from engine import letters
from engine.errors import NotFound
from engine.model import Clock
from engine.runtime.showing import PublicContent, PublicField, with_address
from engine.words import Text, say
from storage import public_pages as rows
from storage.database import Database
from storage.public_pages import CALLED_OFF, ShownPage

SHOWN, OVER, ENDED = "shown", "over", "called_off"
"""How a page stands: on show; its period is over; its case was called off."""
LARGEST: Final = 2**31
MOST_WORDS: Final = 5
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class PublicHead:
    """A page in a list."""

    number: int
    name: Text
    title: str
    publisher: str
    since: datetime
    until: datetime | None
    state: str
    ended_at: datetime | None  # when its case was called off


@dataclass(frozen=True, slots=True)
class PublicList:
    """A page of the list. ``kinds``: what it can be narrowed to."""

    rows: tuple[PublicHead, ...]
    next: str
    kinds: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page; without fields unless it is on show."""

    head: PublicHead
    fields: tuple[PublicField, ...]
    shown_at: datetime
    content: PublicContent

    def json(self, address: str) -> dict[str, Any]:
        """What a program gets: as the diagram lays it out, or the fields one after the other."""
        if self.head.state == SHOWN and self.content["json"]:
            return with_address(self.content, address)
        own = {"title": self.head.title, "kind": self.head.name[0], "publisher": self.head.publisher}
        period = {"from": self.head.since.isoformat(), "until": self.head.until and self.head.until.isoformat()}
        return {**own, **period, "state": self.head.state, "address": address, "fields": [*map(_plain, self.fields)]}


class PublicDesk:
    """The public pages of one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def listed(self, q: str = "", kind: str = "", after: str = "", limit: int = PAGE) -> PublicList:
        """What is on show, the newest first."""
        now = self._clock.now()
        with self._database.read() as connection:
            found, following = rows.listed(now, letters.words(q)[:MOST_WORDS], kind).piece(connection, after, limit)
            kinds = tuple(rows.kinds(connection, now))
        return PublicList(tuple(_head(row, now) for row in found), following, kinds)

    def page(self, number: int) -> PublicPage:
        """A page that is or was on show. Raises NotFound."""
        now = self._clock.now()
        with self._database.read() as connection:
            row = rows.get(connection, number, now) if 0 < number < LARGEST else None
        if row is None:
            raise NotFound(what=say("这个公开页面"))
        head, content = _head(row, now), cast(PublicContent, row["content"])
        return PublicPage(head, tuple(content["fields"] if head.state == SHOWN else ()), row["shown_at"], content)


def _head(row: ShownPage, now: datetime) -> PublicHead:
    called_off = row["status"] in CALLED_OFF
    over = row["until"] is not None and row["until"] <= now
    state = ENDED if called_off else OVER if over else SHOWN
    return PublicHead(
        row["id"], (row["name_zh"], row["name_en"]), row["title"], row["organisation_name"], row["since"],
        row["until"], state, row["ended_at"] if called_off else None,
    )  # fmt: skip


def _plain(field: PublicField) -> dict[str, Any]:
    if field["kind"] != "rows":
        return {"name": field["name"][0], "value": field["value"]}
    names = [column["name"][0] for column in field["columns"]]
    return {"name": field["name"][0], "rows": [dict(zip(names, row, strict=True)) for row in field["rows"]]}
