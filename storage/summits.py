"""How the chains of the house end, and what stood at a place of one: with that an anchor is compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict, cast

from sqlalchemy import Connection, func, select, tuple_

from storage.access_log import batches
from storage.account_events import account_events
from storage.anchor_entries import SLICE
from storage.database import rows_of
from storage.events import events
from storage.tables import cases, sequences

_a = account_events.c


class CaseSummit(TypedDict):
    """A case, how it says that its log ends, and how that does end; None: there is no event."""

    id: int
    number: str
    revision: int
    head: str
    events: int | None
    last: str | None


def case_ends(connection: Connection, upto: int | None = None) -> Iterator[list[CaseSummit]]:
    """Every case in the order of the ids, slice by slice."""
    after = 0
    newest = select(func.max(events.c.seq)).where(events.c.case_id == cases.c.id).correlate(cases).scalar_subquery()
    while True:
        which = [cases.c.id > after, *([cases.c.id <= upto] if upto is not None else [])]
        plain = select(
            cases.c.id, cases.c.number, cases.c.revision, cases.c.head, newest.label("events")
        ).where(*which).order_by(cases.c.id).limit(SLICE)  # fmt: skip
        part = rows_of(connection, plain, CaseSummit)
        if not part:
            return
        ends = event_hashes(connection, [(one["id"], one["events"] or 0) for one in part])
        yield [{**one, "last": ends.get((one["id"], one["events"] or 0))} for one in part]
        after = part[-1]["id"]


def event_hashes(connection: Connection, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The hashes of these events, by case and number; some hundreds of them at most."""
    if not places:
        return {}
    e = events.c
    query = select(e.case_id, e.seq, e.hash).where(tuple_(e.case_id, e.seq).in_(list(places)))
    return {(row.case_id, row.seq): str(row.hash) for row in connection.execute(query)}


def account_hash(connection: Connection, sequence: int) -> str | None:
    """The hash of one account event."""
    return cast("str | None", connection.execute(select(_a.hash).where(_a.sequence == sequence)).scalar())


def batch_hash(connection: Connection, number: int) -> str | None:
    """The hash of one batch of looks."""
    return cast("str | None", connection.execute(select(batches.c.hash).where(batches.c.id == number)).scalar())


def sequence_values(connection: Connection) -> dict[str, int]:
    """How far each series of numbers has counted."""
    return {str(row.name): int(row.value) for row in connection.execute(select(sequences).order_by(sequences.c.name))}
