"""Anchoring: what is new in the house becomes leaves of the tree, and its root a signed line of the book outside.

Beside daily work: rows are read in one snapshot and written in short transactions. A second program that anchors at
once adds what the first has left, and nothing twice.
"""

from __future__ import annotations

from datetime import datetime

import orjson

from engine.database import writing
from engine.errors import Refusal
from engine.evidence.anchors import merkle
from engine.evidence.anchors.book import Anchor, Book, short
from engine.evidence.anchors.mismatch import Survey
from engine.evidence.anchors.survey import ceilings, survey
from engine.words import say
from storage import account_events, anchor_entries, restores
from storage.anchor_entries import NewEntry
from storage.database import Database, utc_text

MADE = "anchor_made"


class AnchorsDiffer(Refusal):
    """The database is not the one that was anchored last, and no restoring tells why."""

    sentence = say(
        "数据库与最近一次锚定（第 {number} 次）不符，也没有恢复备份的记录，未作新的锚定。"
        "请先核验；确认后可用 gangwei evidence anchor --go-on 继续。"
    )


def leaf_of(entry: NewEntry) -> bytes:
    """The hash of an entry as a leaf of the tree."""
    return merkle.leaf(orjson.dumps([entry["kind"], entry["subject"], entry["upto"], entry["hash"]]))


def anchor(database: Database, log: Database, book: Book, now: datetime, go_on: bool = False) -> tuple[Anchor, Survey]:
    """Anchor all that is new; the anchor and what was found on the way. ``go_on``: whatever the last anchor says.

    Raises AnchorsDiffer, OSError, Unavailable.
    """
    upto = ceilings(database)

    def keep(fresh: list[NewEntry]) -> None:
        if fresh:
            with database.write() as connection:
                anchor_entries.append(connection, fresh)

    anchors, _ = book.anchors()
    after = _continued(database, anchors, go_on)
    with database.read() as connection:
        found = survey(connection, log, upto, keep)
    tree, leaves = merkle.Growing(), list[bytes]()
    with database.read() as connection:
        for entry in anchor_entries.all_of(connection):
            tree.add(one := leaf_of(entry))
            if after is None or entry["position"] >= after.size:
                leaves.append(one)
    made = book.add(utc_text(now), after, leaves, tree.size, tree.root())
    with writing(database) as connection:
        facts = {"number": made.number, "entries": made.size, "anchor": short(made.root)}
        account_events.append(connection, now, MADE, facts=facts)
    return made, found


def _continued(database: Database, anchors: list[Anchor], go_on: bool) -> Anchor | None:
    """The newest anchor whose tree the database still begins with. Raises AnchorsDiffer unless it is the last one."""
    if not anchors:
        return None
    held = roots(database, anchors)
    kept = next((one for one in reversed(anchors) if held.get(one.number)), None)
    if kept is anchors[-1] or go_on or restored_since(database, anchors[-1]):
        return kept
    raise AnchorsDiffer(number=anchors[-1].number)


def restored_since(database: Database, last: Anchor) -> bool:
    """Whether the database is a backup that was restored after an anchor was made."""
    with database.read() as connection:
        newest = restores.newest(connection)
    return newest is not None and utc_text(newest["restored_at"]) > last.at


def roots(database: Database, anchors: list[Anchor]) -> dict[int, bool]:
    """By number, whether the entries of the database begin with the tree of an anchor."""
    wanted: dict[int, list[Anchor]] = {}
    for one in anchors:
        wanted.setdefault(one.size, []).append(one)
    held: dict[int, bool] = {}
    tree = merkle.Growing()

    def judge() -> None:
        for one in wanted.get(tree.size, ()):
            held[one.number] = tree.root().hex() == one.root

    judge()
    with database.read() as connection:
        for entry in anchor_entries.all_of(connection):
            tree.add(leaf_of(entry))
            judge()
    return held
