"""What a page reads of a case that has grown long: some events of its log, and where it stands. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, cast, func, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import JSONB

from storage import events
from storage.database import rows_of
from storage.events import LoggedEvent, payloads
from storage.rows import TaskRow
from storage.tables import tasks


@dataclass(frozen=True, slots=True)
class Window:
    """The newest events: at most so many before one, of these names, or of any but those."""

    most: int
    before: int = 0  # 0: none is newer
    names: Collection[str] = ()
    without: Collection[str] = ()


def window(connection: Connection, case_id: int, asked: Window) -> tuple[list[LoggedEvent], bool]:
    """Those events in their order, and whether there are earlier ones. Raises ValueError when one cannot be read."""
    found = _newest(connection, case_id, replace(asked, most=asked.most + 1))
    return found[: asked.most][::-1], len(found) > asked.most


def last_at(connection: Connection, case_id: int, elements: Sequence[str], asked: Window) -> LoggedEvent | None:
    """The newest event of a window that happened at one of these elements."""
    found = _newest(connection, case_id, replace(asked, most=1), _element(connection).in_(list(elements)))
    return found[0] if found else None


def _newest(connection: Connection, case_id: int, asked: Window, *beside: ColumnElement[bool]) -> list[LoggedEvent]:
    e = events.events.c
    query: Select[Any] = events.SAID_IN_CASE.where(e.case_id == case_id)
    if asked.before:
        query = query.where(e.seq < asked.before)
    if asked.without:
        query = query.where(e.name.not_in(list(asked.without)))
    query = query.where(*beside)
    if asked.names:  # an index holds the order of each name, not of several together
        each = (query.with_only_columns(e.seq).where(e.name == name) for name in asked.names)
        newest = [one.order_by(e.seq.desc()).limit(asked.most).subquery() for one in each]
        query = events.SAID_IN_CASE.where(e.case_id == case_id, e.seq.in_(union_all(*(select(one) for one in newest))))
    return events.logged(connection, query.order_by(e.seq.desc()).limit(asked.most))


def _element(connection: Connection) -> ColumnElement[Any]:
    if connection.dialect.name == "postgresql":
        element: ColumnElement[Any] = cast(payloads.c.data, JSONB)["element"].astext
        return element
    return func.json_extract(payloads.c.data, literal_column("'$.element'"))


def open_tasks(connection: Connection, case_id: int) -> list[TaskRow]:
    """The open tasks of a case in the order of their opening."""
    # A literal: only then is the index of open tasks used.
    found = select(tasks).where(tasks.c.case_id == case_id, tasks.c.status == literal_column("'open'"))
    return rows_of(connection, found.order_by(tasks.c.number), TaskRow)


def standing(connection: Connection, case_id: int) -> dict[str, tuple[int, int]]:
    """By element where tasks are open: the number of the first of them, and how many they are."""
    first, many = func.min(tasks.c.number).label("first"), func.count().label("many")
    found = select(tasks.c.element, first, many).where(tasks.c.case_id == case_id, tasks.c.status == "open")
    return {row.element: (row.first, row.many) for row in connection.execute(found.group_by(tasks.c.element))}


def numbered(connection: Connection, case_id: int, numbers: Collection[int]) -> list[TaskRow]:
    """The tasks of a case with these numbers."""
    found = select(tasks).where(tasks.c.case_id == case_id, tasks.c.number.in_(list(numbers)))
    return rows_of(connection, found.order_by(tasks.c.number), TaskRow)


def at_elements(connection: Connection, case_id: int, elements: Collection[str]) -> list[TaskRow]:
    """The tasks of a case at these elements, open and done."""
    found = select(tasks).where(tasks.c.case_id == case_id, tasks.c.element.in_(list(elements)))
    return rows_of(connection, found.order_by(tasks.c.number), TaskRow)


def completed_at(connection: Connection, case_id: int) -> set[str]:
    """The elements at which a person has completed a task of the case."""
    found = select(tasks.c.element).where(tasks.c.case_id == case_id, tasks.c.completed_by.is_not(None)).distinct()
    return set(connection.execute(found).scalars())
