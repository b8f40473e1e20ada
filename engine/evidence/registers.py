"""The proof of what registers ask: what stands once does, and what a record refers to is there. Writes nothing.

References are proved by the schemas under which they were written (their digest is in the event): what a newer schema
asks is no fault of an older record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast

from engine.evidence.differences import Difference
from engine.publishing.catalog import Catalog
from engine.words import say
from storage import record_keys, records
from storage.database import Connection
from storage.events import LoggedEvent


def register_differences(
    connection: Connection, catalog: Catalog, case_id: int, log: list[LoggedEvent]
) -> Iterator[Difference]:
    """In what the records that a case has written break the rules of their registers."""
    yield from _keys(connection, catalog, case_id)
    for event in log:
        for answer in _applied(event):
            schemas = catalog.registers_of(connection, answer["schema"])
            for change in answer["effects"]["changes"]:
                schema = schemas.get(change["register"])
                for name, register, number in schema.referred(change["data"]) if schema else ():
                    if not records.exists(connection, register, number) and name in _changed(connection, change, event):
                        line = f"event {event['seq']} refers to {register} {number}, which is not there"
                        told = say("第 {number} 条流转记录指向的台账记录不存在", number=event["seq"])
                        yield Difference(line, told)


class _Change(TypedDict):
    """What of a change of a record is looked at."""

    register: str
    number: str
    data: dict[str, Any]


class _Changes(TypedDict):
    """The changes that an answer brought about."""

    changes: list[_Change]


class _Applied(TypedDict):
    """An answer that wrote records, and the digest of the schemas under which it did."""

    schema: str
    effects: _Changes


def _applied(event: LoggedEvent) -> Iterator[_Applied]:
    """The answers of an event that wrote records under schemas that it names."""
    for _, answer in event["data"].get("answers", ()):
        if isinstance(answer, dict) and "schema" in answer and "effects" in answer:
            yield cast(_Applied, answer)


def _changed(connection: Connection, change: _Change, event: LoggedEvent) -> set[str]:
    """The fields that a change gave another value than the version before."""
    older = records.before(connection, change["register"], change["number"], event["case_id"], event["seq"])
    return {name for name, value in change["data"].items() if value != older.get(name)}


def _keys(connection: Connection, catalog: Catalog, case_id: int) -> Iterator[Difference]:
    """Records in force whose keys are not those that their fields give: another record could be the same."""
    schemas = catalog.registers(connection)
    for row in records.standing_by(connection, case_id):
        schema = schemas.get(row["register"])
        told = schema.keys(row["data"]) if schema else {}
        if record_keys.of_record(connection, row["register"], row["number"]) != told:
            line = f"the keys of {row['register']} {row['number']} differ"
            yield Difference(line, say("台账记录 {number} 的唯一性标记与内容不一致", number=row["number"]))
