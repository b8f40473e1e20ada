"""What is still being made of rows that were there before the program could make it. Knows not how it is made.

A fill goes through the cases in the order of their ids, some in each transaction; a row stands here until it is over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import Column, Connection, Integer, String, Table, delete, insert, select, update

from storage import jobs
from storage.database import metadata

FILL: Final = "fill"
"""The kind of job by which one goes on."""

fills = Table(
    "fills",
    metadata,
    Column("what", String(120), primary_key=True),
    Column("after", Integer, nullable=False),  # the last case that is done
)


class FillRow(TypedDict):
    """A fill that is under way."""

    what: str
    after: int


class FillPayload(TypedDict):
    """What the job of a fill carries."""

    what: str


def begin(connection: Connection, what: str, now: datetime) -> None:
    """Begin a fill, or one that is under way from the start again."""
    if connection.execute(update(fills).where(fills.c.what == what).values(after=0)).rowcount == 0:
        connection.execute(insert(fills), {"what": what, "after": 0})
        go_on(connection, what, now)


def go_on(connection: Connection, what: str, now: datetime) -> None:
    """Let the next part be done soon."""
    payload: FillPayload = {"what": what}
    jobs.add(connection, {"kind": FILL, "payload": payload, "run_at": now})


def after(connection: Connection, what: str) -> int | None:
    """The last case that is done; None when the fill is not under way."""
    found: int | None = connection.execute(select(fills.c.after).where(fills.c.what == what)).scalar()
    return found


def reached(connection: Connection, what: str, case_id: int) -> None:
    """All cases up to this one are done."""
    connection.execute(update(fills).where(fills.c.what == what).values(after=case_id))


def end(connection: Connection, what: str) -> None:
    """Nothing is left to do."""
    connection.execute(delete(fills).where(fills.c.what == what))
