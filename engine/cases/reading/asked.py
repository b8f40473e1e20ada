"""What a person looks for on a list, as rows are asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine import letters
from engine.calendar.days import LEGAL_ZONE
from engine.cases.reading.columns import Columns
from engine.cases.reading.legal_days import midnight, monday_of
from engine.directory import organisations
from engine.errors import NotFound
from engine.views import InboxFilters
from storage import inbox as rows
from storage.database import Connection


def asked_of(connection: Connection, filters: InboxFilters, columns: Columns, now: datetime) -> rows.Asked:
    """What is asked of an inbox."""
    today, (by, last_first) = now.astimezone(LEGAL_ZONE).date(), columns.order(filters.sort)
    until = {"today": today, "week": monday_of(today) + timedelta(days=6)}.get(filters.due)
    return rows.Asked(
        words=tuple(letters.words(filters.q)),
        key=filters.key,
        path=path_of(connection, filters.place),
        status=filters.state,
        arrived_from=midnight(filters.arrived_from),
        arrived_before=midnight(filters.arrived_to, 1),
        due="until" if until else filters.due,
        due_before=midnight(until, 1),
        sort=filters.sort,
        columns=columns.wanted(filters.columns),
        by=by,
        last_first=last_first,
    )


def path_of(connection: Connection, code: str) -> str:
    """Where an organisation that a filter names stands in the tree; empty for no filter."""
    try:
        return organisations.get(connection, code).path if code else ""
    except NotFound:
        return "?"  # an unknown place has nothing
