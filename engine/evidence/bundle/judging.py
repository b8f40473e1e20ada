"""A bundle verified with the product: what its own script says, and then the case played again from what is in it.

Reads no database: nothing but the file is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from engine.definition import assemble
from engine.evidence.bundle import verify
from engine.evidence.rebuilding import rebuild
from engine.feel import UNHURRIED, Allowance, step
from engine.words import Words, say
from storage import events, exact
from storage.events import LoggedEvent

SECONDS = 60.0
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """``said`` of a bundle that is right and what is ``wrong`` with another, both in the words of the script;
    ``replayed``: None when it was, else why not."""

    said: tuple[str, ...]
    wrong: tuple[str, ...]
    replayed: Words | None


def judge(file: Path) -> BundleVerdict:
    """Verify a bundle and play it again. Raises one of ``verify.UNREADABLE`` when it is no bundle."""
    bundle = verify.Bundle(verify.members_of(file))
    wrong = list(bundle.verify())
    why: Words | None = None
    if wrong:
        why = say("核验不符，不再重做")
    elif "replay.jsonl" not in bundle.members:
        why = say("证据包已遮盖个人信息，不能重做")
    else:
        try:
            found, why = _replayed(bundle.members)
        except verify.Malformed as error:
            found = [verify.plain(error)]
        except Exception as error:  # whatever a bundle holds, it is the bundle that is wrong
            found = [verify.plain(f"replay: {type(error).__name__} {error}")]
        wrong += found
    return BundleVerdict((*bundle.said, *verify.CHECKED), tuple(wrong), why)


def _replayed(members: Mapping[str, bytes]) -> tuple[list[str], Words | None]:
    log = [_event(told) for told in _lines(members, "replay.jsonl")]
    wrong = [f"replay.jsonl, event {one['seq']}: not the event of the chain" for one in log if not events.holds(one)]
    if [one["hash"] for one in log] != [one.of(str, "hash") for one in _lines(members, "events.jsonl")]:
        wrong.append("replay.jsonl: not the events of events.jsonl")
    if wrong:
        return wrong, None
    if any(len(decided) > 4 for one in log for decided in one["data"].get("decisions", ())):
        return [], say("事项用到按日期施行的决策表，证据包里没有，不能重做")
    prefix = "definition/"
    files = {name[len(prefix) :]: data for name, data in members.items() if name.startswith(prefix)}
    manifest = verify.parsed(members["manifest.json"], "manifest.json")
    told = verify.parsed(members.get("case.json", b""), "case.json")
    with step(Allowance(SECONDS, UNHURRIED, again=True)):
        built = rebuild(assemble(manifest.of(str, "process"), files, 1), log, manifest.of(int, "case_id"))
    case, expected = (
        built.case,
        [
            {"number": one["number"], "element": one["element"], "status": one["status"], "outcome": one["outcome"]}
            for _, one in sorted(built.tasks.items())
        ],
    )
    same = {
        "number": told.of(str, "number") == case["number"],
        "status": told.of(str, "status") == case["status"],
        "end_element": _perhaps(told, str, "end_element") == case["end_element"],
        "title": told.of(str, "title") == case["title"],
        "tasks": sorted(told.of(list, "tasks"), key=verify.compact) == sorted(expected, key=verify.compact),
    }
    return [f"case.json: {name}: the replay gives another" for name, holds in same.items() if not holds], None


def _lines(members: Mapping[str, bytes], name: str) -> list[verify.Stated]:
    return [
        verify.parsed(line, f"{name}, event {number}")
        for number, line in enumerate(members[name].splitlines(), start=1)
    ]


def _event(told: verify.Stated) -> LoggedEvent:
    """An event as it stood in the database. Raises Malformed, ValueError."""
    text = told.of(str, "text")
    return {
        "case_id": told.of(int, "case_id"),
        "seq": told.of(int, "seq"),
        "format": told.of(int, "format"),
        "semantics": told.of(int, "semantics"),
        "name": told.of(str, "name"),
        "at": datetime.fromisoformat(told.of(str, "at")),
        "commitment": _perhaps(told, str, "commitment"),
        "previous": told.of(str, "previous"),
        "hash": told.of(str, "hash"),
        "actor_id": _perhaps(told, int, "actor_id"),
        "actor_name": told.of(str, "actor_name"),
        "actor_role": told.of(str, "actor_role"),
        "text": text,
        "data": exact.loads(text),
        "salts": _perhaps(told, str, "salts"),
    }


def _perhaps(told: verify.Stated, kind: type[Kind], name: str) -> Kind | None:
    return None if told.of(object, name) is None else told.of(kind, name)
