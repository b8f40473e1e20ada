"""The keys that pages hand in with what is to be done once: whose, for what, and what was answered. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Json, UtcTime, metadata
from storage.prepared import Prepared

page_keys = Table(
    "page_keys",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("content", String(64), nullable=False),  # digest of what was handed in, and to which address
    Column("answer", Json),  # null while it is being done
    Column("used_at", UtcTime, nullable=False),  # while it is being done: when its holder was heard of last
    Index("ix_page_keys_used_at", "used_at"),
)


class PageKeyRow(TypedDict):
    """A key that was used."""

    user_id: int
    key: str
    content: str
    answer: dict[str, Any] | None
    used_at: datetime


_k = page_keys.c
_OWN = (_k.user_id == bindparam("b_user"), _k.key == bindparam("b_key"))
_VALUES: dict[str, BindParameter[Any]] = {
    column.name: bindparam(column.name) for column in _k if column.name != "answer"
}
_USED = Prepared(select(page_keys).where(*_OWN))
_KEEP = Prepared(update(page_keys).where(*_OWN).values(answer=bindparam("answer")))
_FORGET = Prepared(delete(page_keys).where(*_OWN))
_UNDER_WAY = update(page_keys).where(*_OWN, _k.answer.is_(None)).values(used_at=bindparam("b_now", type_=UtcTime))
_STILL_HELD = Prepared(_UNDER_WAY)
_TAKE_OVER = Prepared(
    _UNDER_WAY.where(_k.content == bindparam("b_content"), _k.used_at < bindparam("b_since", type_=UtcTime))
)
_TAKE = {
    # The second of two waits for the end of the first and then finds the key taken; it fails in neither.
    "postgresql": Prepared(postgresql.insert(page_keys).values(_VALUES).on_conflict_do_nothing()),
    "sqlite": Prepared(sqlite.insert(page_keys).values(_VALUES).on_conflict_do_nothing()),
}


def used(connection: Connection, user_id: int, key: str) -> PageKeyRow | None:
    """What a person's key was used for."""
    found = _USED.one(connection, {"b_user": user_id, "b_key": key})
    return None if found is None else PageKeyRow(**found)  # type: ignore[typeddict-item]


def take(connection: Connection, user_id: int, key: str, content: str, now: datetime) -> bool:
    """Use a key, in the transaction of what it is used for; False when it was used already."""
    row = {"user_id": user_id, "key": key, "content": content, "used_at": now}
    return bool(_TAKE[connection.dialect.name].change(connection, row))


def take_over(connection: Connection, user_id: int, key: str, content: str, now: datetime, since: datetime) -> bool:
    """Use a key again of whose holder nothing was heard ``since``, if it was for the same; False for any other."""
    row = {"b_user": user_id, "b_key": key, "b_content": content, "b_now": now, "b_since": since}
    return bool(_TAKE_OVER.change(connection, row))


def still_held(connection: Connection, user_id: int, key: str, now: datetime) -> None:
    """What a key is used for is still under way."""
    _STILL_HELD.write(connection, {"b_user": user_id, "b_key": key, "b_now": now})


def keep(connection: Connection, user_id: int, key: str, answer: Mapping[str, Any]) -> None:
    """What was answered to it."""
    _KEEP.write(connection, {"b_user": user_id, "b_key": key, "answer": answer})


def forget(connection: Connection, user_id: int, key: str) -> None:
    """Let it be used again: nothing came of it."""
    _FORGET.write(connection, {"b_user": user_id, "b_key": key})


def forget_before(connection: Connection, moment: datetime) -> int:
    """Remove the keys that were used before; how many."""
    return connection.execute(delete(page_keys).where(_k.used_at < moment)).rowcount
