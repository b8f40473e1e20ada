"""Readings of the times that cases wait for, with the days behind them: the same ledger as a deadline's."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from engine.calendar.days import Due
from engine.cases.base import FAULTS, Parts
from engine.operations.registry import Scene, ask
from engine.operations.working_days import NATURAL, period
from engine.runtime import commands
from engine.views.deadlines import LedgerLine
from engine.views.timers import CountedPeriod, CountedTime
from storage import waits
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import CaseRow


def times_of(parts: Parts, connection: Connection, case: CaseRow) -> tuple[CountedTime, ...]:
    """Every time that a case waits for and that the calendar gave, the first due first."""
    found = [row for row in waits.of_case(connection, case["id"]) if row.get("payload") == waits.COUNTED]
    return tuple(_time(parts, connection, case, row) for row in sorted(found, key=lambda row: row["run_at"]))


def _time(parts: Parts, connection: Connection, case: CaseRow, row: waits.Awaited) -> CountedTime:
    definition, scene = parts.definition(connection, case), parts.scene_of(connection, case, parts.clock.now())
    asked: list[tuple[str, Mapping[str, Any]]] = []

    def listen(name: str, parameters: Mapping[str, Any]) -> Any:
        asked.append((name, parameters))
        return ask(scene, name, parameters, reading=True)

    with suppress(*FAULTS):  # then what it rests on cannot be told, and the time stands
        beside = Pieces(connection, case["id"])
        commands.recount(definition, case["state"], row["number"], row["element"], scene.now, listen, beside=beside)
    periods = [found for name, parameters in asked if (found := _period(scene, name, parameters)) is not None]
    return CountedTime(
        element=definition.waited(row["element"]).name,
        due_at=row["run_at"],
        calendar=scene.calendar.version,
        provisional=any(due.provisional for _, due in periods),
        periods=tuple(one for one, _ in periods),
    )


def _period(scene: Scene, name: str, parameters: Mapping[str, Any]) -> tuple[CountedPeriod, Due] | None:
    due = period(scene.calendar, name, parameters)
    if due is None:
        return None
    ledger = tuple(LedgerLine(day.day, day.counted, day.why) for day in due.ledger)
    return CountedPeriod(int(parameters["days"]), name == NATURAL, ledger), due
