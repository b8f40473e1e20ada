"""What the reader of a running case is told of its records: who else is about them, who has changed them since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.cases.base import Parts
from engine.directory import policy
from engine.directory.actors import Actor
from engine.views import ConcernView, OtherCase
from storage import cases as rows
from storage import concerns, records
from storage.database import Connection
from storage.rows import CaseRow


def concerns_of(parts: Parts, connection: Connection, actor: Actor, case: CaseRow) -> tuple[ConcernView, ...]:
    """The records of which there is something to tell."""
    if not parts.definition(connection, case).process.concerns:
        return ()
    return tuple(one for one in _each(parts, connection, actor, case) if one.under_way or one.changed_by)


def _each(parts: Parts, connection: Connection, actor: Actor, case: CaseRow) -> Iterator[ConcernView]:
    registers = parts.catalog.registers(connection)
    for row in concerns.of_case(connection, case["id"]):
        name, number = row["register"], row["number"]
        others = [one["case_id"] for one in concerns.about(connection, name, [number])]
        newer = [one for one in records.versions(connection, name, number) if one["version"] > row["version"]]
        title = registers[name].title if name in registers else (name, name)
        changed = [one["case_id"] for one in reversed(newer)]
        yield ConcernView(
            name, title, number, _others(connection, actor, case, others), _others(connection, actor, case, changed)
        )


def _others(connection: Connection, actor: Actor, case: CaseRow, ids: Iterable[int]) -> tuple[OtherCase, ...]:
    found = []
    for one in dict.fromkeys(ids):
        other = rows.get(connection, one) if one != case["id"] else None
        if other is not None:
            opens = policy.sees(actor, other, acted=rows.acted_in(connection, one, actor.user_id))
            found.append(OtherCase(other["number"], str(one) if opens else None))
    return tuple(found)
