"""An event log as OCEL 2.0 in JSON: events and the objects that they are about, written while it is read.

Objects are the cases and the records that they have written, each of the type of its register. The types stand at the
end, when all are known: to a reader of JSON the order of members means nothing. Knows no database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from engine.evidence.logs.traces import Head, LoggedThing, TraceEvent, Traces
from engine.words import Text

CASE: Final = "case"
_SINCE: Final = "1970-01-01T00:00:00Z"
"""OCEL 2.0: the time of a value that an object has had from the beginning."""
_OF_EVENT: Final = (
    "name_en", "lifecycle", "kind", "resource", "role", "role_en", "outcome", "outcome_en",
)  # fmt: skip
_NUMBERS: Final = ("sequence", "working_minutes")
_OF_CASE: Final = ("process", "process_name", "process_name_en", "status")
_OF_RECORD: Final = ("register", "register_en")


def ocel(traces: Traces) -> Iterator[str]:
    """The whole log, a case at a time."""
    names: dict[str, None] = {}
    registers: dict[str, None] = {}
    yield '{"events":['
    before = ""
    for trace in traces.every():
        for event in trace.events:
            names[event.name[0]] = None
            yield before + _json(_event(trace.head, event))
            before = ",\n"
    yield '],\n"objects":['
    before = ""
    for head, things in traces.things():
        registers |= dict.fromkeys(thing.register for thing in things)
        for told in (_case(head), *(_record(thing, traces.titles) for thing in things)):
            yield before + _json(told)
            before = ",\n"
    yield '],\n"eventTypes":' + _json([_type(name, _OF_EVENT, _NUMBERS) for name in names])
    records = [_type(_type_of(name), _OF_RECORD) for name in registers]
    yield ',\n"objectTypes":' + _json([_type(CASE, _OF_CASE), *records]) + "}\n"


def _event(head: Head, event: TraceEvent) -> dict[str, Any]:
    told = {
        "name_en": event.name[1],
        "lifecycle": event.transition,
        "kind": event.kind,
        "resource": event.resource or None,
        "role": event.role and event.role[0],
        "role_en": event.role and event.role[1],
        "outcome": event.outcome and event.outcome[0],
        "outcome_en": event.outcome and event.outcome[1],
        "sequence": event.sequence,
        "working_minutes": event.minutes,
    }
    about = [{"objectId": _case_id(head), "qualifier": "case"}]
    about += [{"objectId": _record_id(thing), "qualifier": "writes"} for thing in event.things]
    return {
        "id": f"{head.number}/{event.sequence}",
        "type": event.name[0],
        "time": _moment(event.at),
        "attributes": [{"name": name, "value": value} for name, value in told.items() if value is not None],
        "relationships": about,
    }


def _case(head: Head) -> dict[str, Any]:
    said = (head.key, *head.process, head.status)
    return _object(_case_id(head), CASE, dict(zip(_OF_CASE, said, strict=True)))


def _record(thing: LoggedThing, titles: Mapping[str, Text]) -> dict[str, Any]:
    title = titles.get(thing.register, (thing.register, thing.register))
    return _object(_record_id(thing), _type_of(thing.register), dict(zip(_OF_RECORD, title, strict=True)))


def _object(name: str, kind: str, said: Mapping[str, str]) -> dict[str, Any]:
    attributes = [{"name": key, "time": _SINCE, "value": value} for key, value in said.items()]
    return {"id": name, "type": kind, "attributes": attributes, "relationships": []}


def _type(name: str, texts: tuple[str, ...], numbers: tuple[str, ...] = ()) -> dict[str, Any]:
    kinds = [*((one, "string") for one in texts), *((one, "integer") for one in numbers)]
    return {"name": name, "attributes": [{"name": one, "type": kind} for one, kind in kinds]}


def _type_of(register: str) -> str:
    """The type of the records of a register; one that is called as cases are has another."""
    return register if register != CASE else f"{register} (register)"


def _case_id(head: Head) -> str:
    return f"case:{head.number}"


def _record_id(thing: LoggedThing) -> str:
    return f"record:{thing.register}:{thing.number}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _json(told: Any) -> str:
    return orjson.dumps(told).decode()
