"""A definition that is in force no longer: no case begins by it, those that run end by it. Knows no page.

None of its versions is current then; whoever publishes one again brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from engine.definition import Definition
from engine.errors import NotFound, Refusal
from engine.publishing import timed_starts
from engine.publishing.starts import asked_starts
from engine.words import listed, say
from storage import account_events as events
from storage import definitions as rows
from storage.database import Connection

WITHDRAWN: Final = "definition_withdrawn"


class DefinitionWithdrawn(NotFound):
    """A kind of case that begins no longer. What runs goes on."""

    sentence = say("“{name}”已经停用，不再受理新的事项；已经发起的照常办结。")


class StillAsked(Refusal):
    """Other definitions in force begin cases by this one. Nothing was withdrawn."""

    sentence = say("没有停用“{name}”：{others}还会发起它。请先修改或者停用它们。")


def gone(connection: Connection, key: str) -> NotFound:
    """Why nothing of that key is in force: it was withdrawn, or never published."""
    found = [] if key.startswith("_") else rows.listed(connection, key)
    if not found:
        return NotFound(what=say("这类事项"))
    return DefinitionWithdrawn(name=(found[0]["name_zh"], found[0]["name_en"]))


def withdraw(
    connection: Connection, key: str, others: Iterable[Definition], now: datetime, by: int | None, case: str
) -> int:
    """Let no case begin by a definition; which version it was. ``others``: all in force; ``case``: which decided it.

    Its rounds come no longer; the log of accounts is told. Raises NotFound, DefinitionWithdrawn, StillAsked.
    """
    row = None if key.startswith("_") else rows.version(connection, key, None)
    if row is None:
        raise gone(connection, key)
    asking = [one.process.name for one in others if one.key != key and any(a.process == key for a in asked_starts(one))]
    if asking:
        raise StillAsked(name=(row["name_zh"], row["name_en"]), others=listed(asking))
    rows.withdraw(connection, key)
    timed_starts.keep(connection, key, None, now)
    facts = {"definitions": [f"{key} {row['version']}"], "case": case}
    events.append(connection, now, WITHDRAWN, actor_id=by, facts=facts)
    return row["version"]
