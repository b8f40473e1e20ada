"""What a person looks for on a list, as rows are asked for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine import letters
from engine.calendar.days import LEGAL_ZONE
from engine.cases.base import Parts
from engine.cases.reading.columns import Columns
from engine.cases.reading.legal_days import midnight, monday_of
from engine.cases.veil.veil import shown_of
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.errors import NotFound
from engine.views import InboxFilters
from storage import inbox as rows
from storage import search, visible_cases
from storage.database import Connection


def asked_of(
    connection: Connection, filters: InboxFilters, columns: Columns, now: datetime, told: search.Told | None = None
) -> rows.Asked:
    """What is asked of an inbox. ``told``: in what of cases is searched, where it is not all."""
    today, (by, last_first) = now.astimezone(LEGAL_ZONE).date(), columns.order(filters.sort)
    until = {"today": today, "week": monday_of(today) + timedelta(days=6)}.get(filters.due)
    return rows.Asked(
        words=tuple(letters.words(filters.q)),
        told=told,
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


def told_to(parts: Parts, connection: Connection, actor: Actor, q: str) -> search.Told | None:
    """In what of a case somebody from outside may search: its number, its kind, and what his diagrams show of it.

    None: who is inside searches in all that people read of it.
    """
    if not actor.outside:
        return None
    kinds, words = parts.catalog.all(connection), letters.words(q)
    named = {word: [one.key for one in kinds if word in letters.folded(" ".join(one.process.name))] for word in words}
    digests = visible_cases.digests_of(connection, policy.reader(actor), policy.reached(actor), actor.paths)
    found = [(digest, parts.catalog.definition(connection, digest).process.seeing.seen) for digest in digests if words]
    shown = [
        digest for digest, seen in found if (own := shown_of(seen, actor)) and own.has("title") and own.has("summary")
    ]
    return search.Told(named, shown)


def path_of(connection: Connection, code: str) -> str:
    """Where an organisation that a filter names stands in the tree; empty for no filter."""
    try:
        return organisations.get(connection, code).path if code else ""
    except NotFound:
        return "?"  # an unknown place has nothing
