"""A database brought to what this program needs, if it can read all that is in there; else it is left as it is."""

from __future__ import annotations

from engine import database as schema
from engine import spiff
from engine.errors import Refusal
from engine.words import listed, say
from storage import cases
from storage.database import Database

_NAMED = 10
"""So many cases are named; all are counted."""


class StatesUnreadable(Refusal):
    """Running cases stand in a form that this program cannot read."""

    sentence = say(
        "{count} 个办理中的事项由本程序不支持的旧版程序保存（{numbers}），数据库未作任何改动。"
        "请先用原版程序办结这些事项，或联系维护人员。"
    )


def upgrade(url: str) -> tuple[str, ...]:
    """Apply the missing migrations; their names, none when nothing was missing.

    Raises StatesUnreadable and SchemaUnknown before anything is changed, OSError when the database is out of reach.
    """
    database = Database(url)
    try:
        if schema.revision_of(database) is not None:
            _refuse_unreadable(database)
        return schema.upgrade(database)
    finally:
        database.close()


def _refuse_unreadable(database: Database) -> None:
    with database.read() as connection:
        numbers = [number for number, state in cases.running_states(connection) if not spiff.readable(state)]
    if numbers:
        raise StatesUnreadable(count=len(numbers), numbers=listed(numbers[:_NAMED]))
