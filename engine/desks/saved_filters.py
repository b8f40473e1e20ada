"""What a person looks for again on a list (常用筛选): kept by name, one of them opens the list. Knows no page.

A filter is the words of the list's address. It may be shared within one of its maker's organisations: their people see
it and use it, he alone changes it. What no longer fits is left out by the list that it is used on, which says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine import letters
from engine.database import writing
from engine.directory.actors import Actor
from engine.errors import BadInput, NotFound
from engine.model import Clock
from engine.words import say
from storage import saved_filters as rows
from storage.database import Connection, Database

LISTS: Final = ("inbox", "cases")
LONGEST_NAME: Final = 30
LONGEST: Final = 1500
"""Letters of all words of one filter."""
MOST: Final = 30
_THIS = say("常用筛选")


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter by name. ``own``: the reader's; ``first``: his list opens with it; ``shared``: others use it, too."""

    number: int
    name: str
    asked: Mapping[str, str]
    own: bool
    first: bool
    shared: bool


class FilterDesk:
    """The door of who reads lists. Every act is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of_reader(self, actor: Actor, name: str) -> tuple[SavedFilter, ...]:
        """What he may use on a list: his own by name, then what is shared within his organisations."""
        with self._database.read() as connection:
            found = rows.of_reader(connection, actor.user_id, _codes(actor), _list(name))
        return tuple(_view(actor, row) for row in found)

    def first(self, actor: Actor, name: str) -> Mapping[str, str] | None:
        """With what a list opens for him; None: with all."""
        with self._database.read() as connection:
            found = rows.first(connection, actor.user_id, _list(name))
        return found["asked"] if found is not None else None

    def save(
        self, actor: Actor, name: str, called: str, asked: Mapping[str, str], *, first: bool = False, code: str = ""
    ) -> None:
        """Keep what a list is asked for, in the place of his own of the same name.

        ``code``: of an organisation of his within which it is shared. Raises BadInput, NotFound.
        """
        words, kept = _name(called), {key: value for key, value in asked.items() if value and key != "after"}
        if sum(len(key) + len(value) for key, value in kept.items()) > LONGEST:
            raise BadInput(field=_THIS, reason=say("筛选条件过长"))
        if code and code not in _codes(actor):
            raise NotFound(what=say("这个单位"))
        with writing(self._database) as connection:
            own = [row for row in self._own(connection, actor, name) if row["name"] != words]
            if len(own) >= MOST:
                raise BadInput(field=_THIS, reason=say("最多{most}条，请先删去不用的", most=MOST))
            if first:
                rows.make_first(connection, actor.user_id, name, None)
            fresh: rows.NewFilter = {
                "user_id": actor.user_id, "list": _list(name), "name": words, "asked": kept, "first": first,
                "organisation_code": code or None, "saved_at": self._clock.now(),
            }  # fmt: skip
            rows.put(connection, fresh)

    def remove(self, actor: Actor, number: int) -> None:
        """Forget one of his own. Raises NotFound."""
        with writing(self._database) as connection:
            rows.remove(connection, _mine(connection, actor, number)["id"])

    def open_with(self, actor: Actor, number: int, *, first: bool) -> None:
        """Let his list open with one of his own, or no longer. Raises NotFound."""
        with writing(self._database) as connection:
            row = _mine(connection, actor, number)
            rows.make_first(connection, actor.user_id, row["list"], number if first else None)

    def _own(self, connection: Connection, actor: Actor, name: str) -> list[rows.FilterRow]:
        found = rows.of_reader(connection, actor.user_id, (), _list(name))
        return [row for row in found if row["user_id"] == actor.user_id]


def _list(name: str) -> str:
    if name not in LISTS:
        raise NotFound(what=say("这个列表"))
    return name


def _name(text: str) -> str:
    words = letters.tidy(text)
    if not 0 < len(words) <= LONGEST_NAME or "\n" in words:
        raise BadInput(field=say("筛选名称"), reason=say("请填写1至{most}个字", most=LONGEST_NAME))
    return words


def _codes(actor: Actor) -> list[str]:
    return [one.organisation.code for one in actor.memberships]


def _mine(connection: Connection, actor: Actor, number: int) -> rows.FilterRow:
    row = rows.get(connection, number)
    if row is None or row["user_id"] != actor.user_id:
        raise NotFound(what=_THIS)
    return row


def _view(actor: Actor, row: rows.FilterRow) -> SavedFilter:
    own = row["user_id"] == actor.user_id
    return SavedFilter(
        row["id"], row["name"], row["asked"], own, own and row["first"], row["organisation_code"] is not None
    )
