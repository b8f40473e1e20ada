"""Rows of sheets as they were saved while a step is filled in, each with a version of its own. Knows no form.

``place``: the step that is filled in: ``task:17-3``, shared by all who may act on it, or a person's own
``start:key:organisation:user``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.accounts import users
from storage.columns import Json
from storage.database import UtcTime, metadata, rows_of
from storage.prepared import Prepared

row_drafts = Table(
    "row_drafts",
    metadata,
    Column("place", String(180), primary_key=True),
    Column("sheet", String(100), primary_key=True),
    Column("row", String(200), primary_key=True),  # the page's own name of a row
    Column("version", Integer, nullable=False),
    Column("position", Float, nullable=False),
    Column("data", Json, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("saved_at", UtcTime, nullable=False),
)
_r = row_drafts.c
_DROP = Prepared(delete(row_drafts).where(_r.place == bindparam("b_place")))


class RowDraft(TypedDict):
    """A row as it was saved last, and by whom."""

    sheet: str
    row: str
    version: int
    position: float
    data: dict[str, Any]
    removed: bool
    name: str
    saved_at: datetime


class SavedDraft(TypedDict):
    """A row that is to be saved. Its version is what it will be: 1 for one that nobody has saved before."""

    place: str
    sheet: str
    row: str
    version: int
    position: float
    data: dict[str, Any]
    removed: bool
    user_id: int
    saved_at: datetime


def of_place(connection: Connection, place: str) -> list[RowDraft]:
    """All rows that were saved at a place, sheet by sheet in their order."""
    wanted = (_r.sheet, _r.row, _r.version, _r.position, _r.data, _r.removed, users.c.name, _r.saved_at)
    found = select(*wanted).join(users, users.c.id == _r.user_id).where(_r.place == place)
    return rows_of(connection, found.order_by(_r.sheet, _r.position, _r.row), RowDraft)


def count(connection: Connection, place: str) -> int:
    """How many rows were saved at a place."""
    return int(connection.execute(select(func.count()).select_from(row_drafts).where(_r.place == place)).scalar_one())


def save(connection: Connection, row: SavedDraft) -> bool:
    """Keep a row over its version before; whether nobody else has saved it meanwhile."""
    if row["version"] == 1:
        try:
            with connection.begin_nested():
                connection.execute(insert(row_drafts), dict(row))
        except IntegrityError:
            return False
        return True
    own = (_r.place == row["place"], _r.sheet == row["sheet"], _r.row == row["row"])
    change = update(row_drafts).where(*own, _r.version == row["version"] - 1).values(**row)
    return connection.execute(change).rowcount == 1


def drop(connection: Connection, place: str) -> None:
    """Forget the rows of a step that is done."""
    _DROP.write(connection, {"b_place": place})


def give(connection: Connection, before: str, place: str) -> None:
    """Let the rows of a place stand at another one, at which there must be none."""
    connection.execute(update(row_drafts).where(_r.place == before).values(place=place))


def drop_starts(connection: Connection, before: datetime) -> None:
    """Forget rows of starts of which none was saved since: those at which somebody still is stay whole."""
    kept = select(_r.place).where(_r.saved_at >= before)
    connection.execute(delete(row_drafts).where(_r.place.startswith("start:"), _r.place.not_in(kept)))
