"""A bundle of one case as a ZIP file: events, what they ran by, files, the path to an anchor. Writes nothing.

Every member stands in ``manifest.json`` with its SHA-256, which is signed with the key of the anchors. Masked, what
is personal is replaced by its commitment, and the files stay at home.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from typing import IO, Any, Final

import orjson

from engine.cases.event_types import decisions_of
from engine.errors import Refusal
from engine.evidence.anchors import merkle
from engine.evidence.anchors.anchoring import leaf_of
from engine.evidence.anchors.book import Anchor
from engine.evidence.anchors.proving import House
from engine.evidence.personal import HIDDEN, masked, personal_paths, personal_texts
from engine.words import say
from storage import anchor_entries, cases, commitments, definitions, events, holdings, stated
from storage.database import Connection, utc_text
from storage.events import LoggedEvent
from storage.rows import CaseRow

FORMAT: Final = 1
VERIFY: Final = "verify.py"
_OF_CASE: Final = ("id", "number", "key", "status", "end_element", "title", "organisation_code", "organisation_name")
_LINK: Final = ("case_id", "seq", "format", "semantics", "name", "commitment", "previous", "hash")
_OLD: Final = ("actor_id", "actor_name", "actor_role", "text")
_OF_TASK: Final = ("number", "element", "status", "outcome")


class CannotMask(Refusal):
    """A case of the first program, whose events are each hashed as one text."""

    sentence = say("这件事项有旧格式的流转记录，其中的个人信息无法单独遮盖；请先说明理由，取未遮盖的证据包。")


def bundle(
    connection: Connection, house: House, case: CaseRow, report: str, now: datetime, out: IO[bytes], *, hides: bool
) -> None:
    """Write the bundle of a case. ``report``: a page in HTML to read. Raises CannotMask, NotFound, OSError, ValueError.

    Member after member goes out: in memory are the events and one file at a time.
    """
    log = events.of_case(connection, case["id"])
    shown = _masked(connection, house, case, log) if hides else log
    key = house.book.key()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        packing = _Packing(archive)
        for name, data in _members(connection, house, case, log, shown, report, hides=hides):
            packing.add(name, data)
        manifest = _manifest(connection, house, case, packing.hashes, now, key, hides)
        packing.add("manifest.json", [manifest])
        packing.add("manifest.sig", [house.book.sign(manifest).encode()])


class _Packing:
    """Members that go into an archive, and their hashes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.hashes: dict[str, str] = {}

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        hashed, info = hashlib.sha256(), zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._archive.open(info, "w") as member:
            for part in parts:
                hashed.update(part)
                member.write(part)
        self.hashes[name] = hashed.hexdigest()


def _masked(connection: Connection, house: House, case: CaseRow, log: list[LoggedEvent]) -> list[LoggedEvent]:
    """The events without what is personal. Raises CannotMask."""
    if any(event["salts"] is None for event in log):
        raise CannotMask
    registers = house.catalog.registers(connection).values()
    definition = house.catalog.definition(connection, case["digest"])
    known = personal_texts(log, definition, registers)
    return [masked(event, personal_paths(event, definition, registers, known)) for event in log]


def _members(
    connection: Connection, house: House, case: CaseRow, log: list[LoggedEvent], shown: list[LoggedEvent], report: str,
    *, hides: bool,
) -> Iterator[tuple[str, Iterable[bytes]]]:  # fmt: skip
    kept = definitions.get(connection, case["digest"])
    yield "README.txt", [resources.files(__package__).joinpath("readme.txt").read_bytes()]
    yield "report.html", [report.encode()]
    yield VERIFY, [resources.files(__package__).joinpath(VERIFY).read_bytes()]
    yield "events.jsonl", (orjson.dumps(_event(one)) + b"\n" for one in shown)
    yield "people.json", [_json(_people(log, hides))]
    yield "case.json", [_json(_stands(connection, case, hides))]
    yield "calendars.json", [_json({name: list(stated.as_stored(connection, name)) for name in _CALENDARS})]
    yield "files.json", [_json(_files(connection, case["id"], hides))]
    for name, data in (kept.files if kept else {}).items():
        yield f"definition/{name}", [data]
    if hides:
        return
    yield "replay.jsonl", (orjson.dumps(_as_written(one)) + b"\n" for one in log)
    for digest in named_tables(log):
        table = definitions.get(connection, digest)
        for name, data in (table.files if table else {}).items():
            yield f"{TABLES}{digest}/{name}", [data]
    for held in {one["digest"]: one for one in holdings.files(connection, case["id"])}:
        yield f"files/{held}", [house.files.get(held)]


TABLES: Final = "tables/"
_CALENDARS: Final = ("calendar_proposals", "calendar_decisions")


def named_tables(log: Iterable[LoggedEvent]) -> dict[str, str]:
    """The publications of effective tables that answered in these events: by digest the table."""
    answered = (one.table for event in log for one in decisions_of(event))
    return {table["digest"]: table["table"] for table in answered if table is not None}


def _manifest(
    connection: Connection, house: House, case: CaseRow, hashes: Mapping[str, str], now: datetime, key: str, hides: bool
) -> bytes:
    told = {
        "format": FORMAT,
        "case_id": case["id"],
        "number": case["number"],
        "process": case["key"],
        "definition": case["digest"],
        "masked": hides,
        "made_at": utc_text(now),
        "key": key,
        "anchor": _anchor(connection, house, case["id"]),
        "members": dict(sorted(hashes.items())),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _anchor(connection: Connection, house: House, case_id: int) -> dict[str, Any] | None:
    """The newest anchor, the entry of the case under it, and the path from that to its root; None: not yet anchored."""
    anchors, _ = house.book.anchors()
    last: Anchor | None = anchors[-1] if anchors else None
    if last is None:
        return None
    leaves, found = [], None
    for entry in anchor_entries.all_of(connection):
        if entry["position"] >= last.size:
            break
        leaves.append(leaf_of(entry))
        if (entry["kind"], entry["subject"]) == ("cases", stated.subject_of([case_id])):
            found = entry
    if found is None or merkle.root(leaves).hex() != last.root:
        return None
    way = merkle.path(leaves, found["position"])
    leaf = {name: found[name] for name in ("kind", "subject", "upto", "hash")}
    told = {"line": asdict(last), "leaf": leaf, "position": found["position"], "path": [one.hex() for one in way]}
    return told


def _event(event: LoggedEvent) -> dict[str, Any]:
    """A link of the chain, and its fields as they can be verified one by one."""
    link = {**{name: event[name] for name in _LINK}, "at": utc_text(event["at"])}
    if event["salts"] is None:
        return {**link, **{name: event[name] for name in _OLD}}
    return {**link, "fields": [*map(list, commitments.told(events.content(event, event["data"]), event["salts"]))]}


def _as_written(event: LoggedEvent) -> dict[str, Any]:
    """The event as it stands in the database, for a replay."""
    return {**{str(name): value for name, value in event.items() if name != "data"}, "at": utc_text(event["at"])}


def _people(log: Iterable[LoggedEvent], hides: bool) -> list[dict[str, Any]]:
    """Who acted in which role, in the order in which they first did."""
    found: dict[tuple[str, str], int] = {}
    for event in log:
        name = HIDDEN if hides and event["actor_name"] else event["actor_name"]
        found[name, event["actor_role"]] = found.get((name, event["actor_role"]), 0) + 1
    return [{"name": name, "role": role, "events": count} for (name, role), count in found.items()]


def _stands(connection: Connection, case: CaseRow, hides: bool) -> dict[str, Any]:
    """How the case stands, as a replay must find it."""
    told = {name: case[name] for name in _OF_CASE} | ({"title": HIDDEN} if hides else {})
    tasks = [{name: one[name] for name in _OF_TASK} for one in cases.tasks_of(connection, case["id"])]
    return {**told, "tasks": tasks}


def _files(connection: Connection, case_id: int, hides: bool) -> list[dict[str, Any]]:
    return [
        {"digest": one["digest"], "name": HIDDEN if hides else one["name"], "event": one["event_seq"]}
        for one in holdings.files(connection, case_id)
    ]


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)
