"""Periods that several steps of a case share: one start, one count, so one set of suspensions and extensions."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from engine.definition import Definition
from engine.diagram import Element
from storage import deadlines
from storage.database import Connection
from storage.rows import DeadlineRow, Pause


class Acts(TypedDict, total=False):
    """What was granted and when it stood still."""

    extra: int
    pauses: list[Pause]


def of_period(
    connection: Connection, definition: Definition, case_id: int, element: str, began: datetime
) -> list[DeadlineRow]:
    """The deadlines of a case that belong to the period of a step which began at that moment; none if it has none."""
    period = _period(definition.elements[element])
    if period is None:
        return []
    found = deadlines.of_case(connection, case_id)
    return [
        row for row in found if row["started_at"] == began and _period(definition.elements[row["element"]]) == period
    ]


def acts_on_period(connection: Connection, definition: Definition, case_id: int, element: str, began: datetime) -> Acts:
    """What was granted and when it stood still, for a further step of a period; empty when nothing was done to it."""
    rows = of_period(connection, definition, case_id, element, began)
    if not any(row["extra"] or row["pauses"] for row in rows):
        return {}
    newest = max(rows, key=_progress)
    return {"extra": newest["extra"], "pauses": newest["pauses"]}


def _progress(row: DeadlineRow) -> tuple[int, int, int]:
    """Every act adds to all running steps, so of a period's rows the one that has seen most has seen all."""
    return row["extra"], len(row["pauses"]), sum("resumed_at" in pause for pause in row["pauses"])


def _period(element: Element) -> tuple[str, str] | None:
    return element.deadline.period if element.deadline else None
