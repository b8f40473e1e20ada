"""The drafts of a person, the newest first (``storage.paging``), without what is typed in them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import Connection, delete, select

from storage import row_drafts
from storage.paging import Listing
from storage.tables import drafts


class DraftPlace(TypedDict):
    """Where a draft belongs, and when it was last saved."""

    id: int
    place: str
    saved_at: datetime


_COLUMNS = (drafts.c.id, drafts.c.place, drafts.c.saved_at)


def of_person(user_id: int) -> Listing[DraftPlace]:
    """All of them, the one saved last first."""
    key = [("saved_at", drafts.c.saved_at), ("id", drafts.c.id)]
    return Listing(DraftPlace, _COLUMNS, drafts, [drafts.c.user_id == user_id], key, descending=True)


def discard(connection: Connection, user_id: int, draft_id: int) -> bool:
    """Forget one of a person's; whether there was such a one."""
    own = (drafts.c.id == draft_id, drafts.c.user_id == user_id)
    place = connection.execute(select(drafts.c.place).where(*own)).scalar()
    if place is not None and place.startswith("start:"):  # rows of a task are also its other editors'
        row_drafts.drop(connection, f"{place}:{user_id}")
    return connection.execute(delete(drafts).where(*own)).rowcount == 1
