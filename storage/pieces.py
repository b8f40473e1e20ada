"""The pieces of large states, one row each: what an act writes is what it changes. Knows nothing of what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, cast

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, bindparam, delete, insert, select

from storage.database import metadata
from storage.prepared import Prepared, send

state_pieces = Table(
    "state_pieces",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("place", Text, primary_key=True),  # the number of an activity, a token or a scope; "=" and a variable's name
    Column("item", Integer, primary_key=True),  # which instance of the activity; 0 for all else
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,  # what an act writes of a case lies together
)

Piece = tuple[str, int]
"""Place and item."""
_FEW = 20
"""Rows up to which each is written by a prepared statement."""

_OWN = (
    state_pieces.c.case_id == bindparam("b_case"),
    state_pieces.c.place == bindparam("b_place"),
    state_pieces.c.item == bindparam("b_item"),
)
_ONE = Prepared(select(state_pieces.c.text).where(*_OWN))
_UNDER = Prepared(select(state_pieces.c.item, state_pieces.c.text).where(*_OWN[:2]))
_ALL = Prepared(select(state_pieces).where(_OWN[0]))
_DELETE = delete(state_pieces).where(*_OWN)
_DROP = Prepared(_DELETE)
_ADD = Prepared(insert(state_pieces).values({column.name: bindparam(column.name) for column in state_pieces.c}))


class StatePieceRow(TypedDict):
    """What of a large state is stored beside it."""

    case_id: int
    place: str
    item: int
    text: str


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of one case, as they are stored; each is read when it is asked for."""

    connection: Connection
    case_id: int

    def one(self, place: str, item: int) -> str | None:
        """One piece; None when there is none."""
        found = _ONE.one(self.connection, {"b_case": self.case_id, "b_place": place, "b_item": item})
        return None if found is None else cast(str, found["text"])

    def under(self, place: str) -> dict[int, str]:
        """All pieces of a place, by item."""
        found = cast(list[StatePieceRow], _UNDER.all(self.connection, {"b_case": self.case_id, "b_place": place}))
        return {row["item"]: row["text"] for row in found}

    def all(self) -> dict[Piece, str]:
        """All pieces."""
        found = cast(list[StatePieceRow], _ALL.all(self.connection, {"b_case": self.case_id}))
        return {(row["place"], row["item"]): row["text"] for row in found}


def write(connection: Connection, case_id: int, pieces: Mapping[Piece, str | None]) -> None:
    """Put these pieces in the place of those before; None: there is none any more."""
    if not pieces:
        return
    before = [{"b_case": case_id, "b_place": place, "b_item": item} for place, item in pieces]
    after = [
        {"case_id": case_id, "place": place, "item": item, "text": text}
        for (place, item), text in pieces.items()
        if text is not None
    ]
    if len(pieces) > _FEW:
        connection.execute(_DELETE, before)
        if after:
            connection.execute(insert(state_pieces), after)
        return
    for row in before:
        _DROP.write(connection, row)
    send(connection)  # a statement that goes with them would not see that they are gone
    for row in after:
        _ADD.write(connection, row)


def put_all(connection: Connection, case_id: int, pieces: Mapping[Piece, str]) -> None:
    """Let these be all pieces of a case; those that are so already are not written."""
    stand = Pieces(connection, case_id).all()
    changed: dict[Piece, str | None] = {piece: None for piece in stand if piece not in pieces}
    write(connection, case_id, changed | {piece: text for piece, text in pieces.items() if stand.get(piece) != text})
