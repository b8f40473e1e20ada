"""The derived fields of records that were read: what they refer to, and what refers to them, looked up together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.calendar.days import LEGAL_ZONE
from engine.feel import Environment
from engine.registers import Register
from engine.registers.derived import MANY, ONE, wanted
from storage import record_links
from storage.database import Connection
from storage.rows import RecordRow


def derived(
    connection: Connection, registers: Mapping[str, Register], register: Register, rows: Sequence[RecordRow],
    now: datetime, at: datetime | None = None,
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The derived fields of each of these records, by its number, as everything stood at ``at`` (None: now)."""
    if not register.derived or not rows:
        return {}
    environment = Environment((at or now).astimezone(LEGAL_ZONE))
    seen: dict[str, dict[str, Any]] = {row["number"]: dict(row["data"]) for row in rows}
    for name in sorted(wanted(register.derived, ONE) & register.references.keys()):
        _look_up(connection, register.references[name], name, seen, at)
    for other in sorted(wanted(register.derived, MANY) & registers.keys()):
        _collect(connection, register, registers[other], seen, at)
    return {
        number: {name: one.value(around, environment) for name, one in register.derived.items()}
        for number, around in seen.items()
    }


def _look_up(
    connection: Connection, other: str, name: str, seen: Mapping[str, dict[str, object]], at: datetime | None
) -> None:
    """The record that each refers to in a field, if it is in force."""
    asked = {number: str(around[name]) for number, around in seen.items() if isinstance(around.get(name), str)}
    found = record_links.numbered(connection, other, asked.values(), at)
    for number, referred in asked.items():
        seen[number][name + ONE] = dict(found[referred]["data"]) if referred in found else None


def _collect(
    connection: Connection,
    register: Register,
    other: Register,
    seen: Mapping[str, dict[str, object]],
    at: datetime | None,
) -> None:
    """Those of another register that refer to each or share a value with it, by whatever field, once."""
    by_number: dict[str, dict[str, RecordRow]] = {number: {} for number in seen}
    for name in (name for name, where in other.references.items() if where == register.name):
        for row in record_links.referring(connection, other.name, name, seen, at):
            value = row["data"].get(name)
            for number in value if isinstance(value, list) else (value,):
                if number in by_number:
                    by_number[number][row["number"]] = row
    for name, there in ((name, there) for name, (where, there) in other.shared.items() if where == register.name):
        _share(connection, other.name, name, there, seen, by_number, at)
    for number, rows in by_number.items():
        seen[number][other.name + MANY] = [dict(row["data"]) for row in rows.values()]


def _share(
    connection: Connection, other: str, name: str, there: str, seen: Mapping[str, dict[str, object]],
    by_number: Mapping[str, dict[str, RecordRow]], at: datetime | None,
) -> None:  # fmt: skip
    """Those that hold in a field what each holds in its field ``there``."""
    holding: dict[str, list[str]] = {}
    for number, around in seen.items():
        if isinstance(value := around.get(there), str) and value:
            holding.setdefault(value, []).append(number)
    for row in record_links.referring(connection, other, name, holding, at):
        for number in holding.get(str(row["data"].get(name)), ()):
            by_number[number][row["number"]] = row
