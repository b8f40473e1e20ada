"""Phrases that people put into their opinions (常用意见): one's own, and those of an organisation. Knows no page.

What a person puts in order by hand stays so; else what is used most stands first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine import letters
from engine.database import writing
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.directory.duties import ORGANISATIONS, require
from engine.errors import BadInput, NotFound
from engine.model import Clock
from engine.words import say
from storage import phrases as rows
from storage.database import Connection, Database

LONGEST: Final = 200
MOST: Final = 50
_TEXT = say("常用意见")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase. ``own``: the reader's, not his organisation's."""

    number: int
    text: str
    uses: int
    own: bool


class PhraseDesk:
    """The door of who writes opinions, and of who keeps the phrases of organisations. Every act is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of_reader(self, actor: Actor) -> tuple[Phrase, ...]:
        """What he may put into an opinion: his own first, then those of his organisations."""
        codes = [one.organisation.code for one in actor.memberships]
        with self._database.read() as connection:
            return tuple(map(_view, rows.of_reader(connection, actor.user_id, codes)))

    def kept(self, actor: Actor, code: str = "") -> tuple[Phrase, ...]:
        """Those that he keeps himself; of an organisation when its code is given. Raises NotAllowed, NotFound."""
        with self._database.read() as connection:
            return tuple(map(_view, rows.listed(connection, _whose(connection, actor, code))))

    def add(self, actor: Actor, text: str, code: str = "") -> None:
        """A new one; what is there already stays as it is. Raises BadInput, NotAllowed, NotFound."""
        words = _words(text)
        with writing(self._database) as connection:
            whose = _whose(connection, actor, code)
            there = rows.listed(connection, whose)
            if any(one["text"] == words for one in there):
                return
            if len(there) >= MOST:
                raise BadInput(field=_TEXT, reason=say("最多{most}条，请先删去不用的", most=MOST))
            rows.add(connection, whose, words)

    def change(self, actor: Actor, number: int, text: str) -> None:
        """Write one again. Raises BadInput, NotAllowed, NotFound."""
        words = _words(text)
        with writing(self._database) as connection:
            _kept(connection, actor, number)
            rows.change(connection, number, words)

    def remove(self, actor: Actor, number: int) -> None:
        """Forget one. Raises NotAllowed, NotFound."""
        with writing(self._database) as connection:
            _kept(connection, actor, number)
            rows.remove(connection, number)

    def move(self, actor: Actor, number: int, by: int) -> None:
        """Put one further up (``by`` < 0) or down; from then on the order is that of his hand."""
        with writing(self._database) as connection:
            order = [one["id"] for one in rows.listed(connection, _kept(connection, actor, number))]
            place = order.index(number)
            order.insert(max(0, min(len(order), place + by)), order.pop(place))
            rows.put_in_order(connection, order)

    def order_by_use(self, actor: Actor, code: str = "") -> None:
        """Let what is used most stand first again."""
        with writing(self._database) as connection:
            rows.order_by_use(connection, _whose(connection, actor, code))

    def used(self, actor: Actor, number: int) -> None:
        """He has put one into an opinion. Raises NotFound for one that he does not see."""
        codes = {one.organisation.code for one in actor.memberships}
        with writing(self._database) as connection:
            row = rows.get(connection, number)
            if row is None or (row["user_id"] != actor.user_id and row["organisation_code"] not in codes):
                raise NotFound(what=_TEXT)
            rows.used(connection, number, self._clock.now())


def _words(text: str) -> str:
    words = letters.tidy(text)
    if not 0 < len(words) <= LONGEST:
        raise BadInput(field=_TEXT, reason=say("请填写1至{most}个字", most=LONGEST))
    return words


def _whose(connection: Connection, actor: Actor, code: str) -> rows.Whose:
    if not code:
        return {"user_id": actor.user_id, "organisation_code": None}
    require(actor, ORGANISATIONS, say("管理单位的常用意见"))
    return {"user_id": None, "organisation_code": organisations.get(connection, code).code}


def _kept(connection: Connection, actor: Actor, number: int) -> rows.Whose:
    """Whose a phrase is that he may change. Raises NotAllowed, NotFound."""
    row = rows.get(connection, number)
    if row is None or row["user_id"] not in (None, actor.user_id):
        raise NotFound(what=_TEXT)
    return _whose(connection, actor, row["organisation_code"] or "")


def _view(row: rows.PhraseRow) -> Phrase:
    return Phrase(row["id"], row["text"], row["uses"], row["user_id"] is not None)
