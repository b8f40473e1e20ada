"""A bundle of one case as a ZIP file: events, what they ran by, files, the path to an anchor. Writes nothing.

Every member stands in ``manifest.json`` with its SHA-256, which is signed with the key of the anchors. Masked, what
is personal is replaced by its commitment, and the files stay at home.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from typing import Any, Final

import orjson

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


def bundle(connection: Connection, house: House, case: CaseRow, report: str, now: datetime, *, hides: bool) -> bytes:
    """The bundle of a case. ``report``: a page in HTML to read. Raises CannotMask, NotFound, OSError, ValueError."""
    log = events.of_case(connection, case["id"])
    kept = definitions.get(connection, case["digest"])
    registers = house.catalog.registers(connection).values()
    definition = house.catalog.definition(connection, case["digest"])
    shown = log
    if hides:
        if any(event["salts"] is None for event in log):
            raise CannotMask
        known = personal_texts(log, definition, registers)
        shown = [masked(event, personal_paths(event, definition, registers, known)) for event in log]
    members: dict[str, bytes] = {
        "README.txt": resources.files(__package__).joinpath("readme.txt").read_bytes(),
        "report.html": report.encode(),
        VERIFY: resources.files(__package__).joinpath(VERIFY).read_bytes(),
        "events.jsonl": b"".join(orjson.dumps(_event(one)) + b"\n" for one in shown),
        "people.json": _json(_people(log, hides)),
        "case.json": _json(_stands(connection, case, hides)),
        "calendars.json": _json({name: list(stated.as_stored(connection, name)) for name in _CALENDARS}),
        "files.json": _json(_files(connection, case["id"], hides)),
    }
    members |= {f"definition/{name}": data for name, data in (kept.files if kept else {}).items()}
    if not hides:
        members["replay.jsonl"] = b"".join(orjson.dumps(_as_written(one)) + b"\n" for one in log)
        for held in holdings.files(connection, case["id"]):
            members[f"files/{held['digest']}"] = house.files.get(held["digest"])
    return _packed(house, members, _manifest(connection, house, case, members, now, hides))


_CALENDARS: Final = ("calendar_proposals", "calendar_decisions")


def _packed(house: House, members: Mapping[str, bytes], manifest: bytes) -> bytes:
    packed = io.BytesIO()
    signed = {"manifest.json": manifest, "manifest.sig": house.book.sign(manifest).encode()}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted({**members, **signed}.items()):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _manifest(
    connection: Connection, house: House, case: CaseRow, members: Mapping[str, bytes], now: datetime, hides: bool
) -> bytes:
    told = {
        "format": FORMAT,
        "case_id": case["id"],
        "number": case["number"],
        "process": case["key"],
        "definition": case["digest"],
        "masked": hides,
        "made_at": utc_text(now),
        "key": house.book.key(),
        "anchor": _anchor(connection, house, case["id"]),
        "members": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(members.items())},
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
