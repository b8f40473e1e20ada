"""Why somebody publishes at the console what no case has decided: asked for in production, kept as an event.

Knows no page and no command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from engine.definition import Files, digest_of
from engine.directory.contents import DIRECTORY
from engine.errors import Refusal
from engine.words import listed, say
from storage import account_events as events
from storage import definitions as rows
from storage.database import Connection

PUBLISHED: Final = "definitions_published"


class ReasonMissing(Refusal):
    """What is in force would be replaced, or what was withdrawn brought back, without a word why. Nothing was done."""

    sentence = say(
        "已经发布过或者已停用：{keys}。"
        "正式运行环境应由“提请发布”的事项决定施行；确需在控制台发布的，写明理由：--reason 理由。"
    )


def must_be_new(connection: Connection, definitions: Mapping[str, Files]) -> None:
    """Raises ReasonMissing when one of these was published before and is not what is in force, or was withdrawn."""
    known, current = rows.newest_digests(connection), rows.current_digests(connection)
    others = [key for key, own in definitions.items() if key in known and current.get(key) != digest_of(key, own)]
    if others:
        raise ReasonMissing(keys=listed(others))


def keep(
    connection: Connection, done: Iterable[tuple[str, int, bool]], reason: str, now: datetime, by: int | None
) -> None:
    """Tell the log of accounts what was published for a reason; the directory tells of itself."""
    fresh = [f"{key} {version}" for key, version, is_new in done if is_new and key != DIRECTORY]
    if reason and fresh:
        events.append(connection, now, PUBLISHED, actor_id=by, facts={"definitions": fresh, "reason": reason})
