"""A bundle verified with the product: what its own script says, and then the case played again from what is in it.

Reads no database: nothing but the file is believed.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import orjson

from engine.definition import TABLES as FOLDER
from engine.definition import assemble, digest_of
from engine.dmn.effective import Dated, read_table
from engine.errors import Runaway
from engine.evidence.bundle import verify
from engine.evidence.bundle.building import TABLES, named_tables
from engine.evidence.rebuilding import rebuild
from engine.feel import UNHURRIED, Allowance, BudgetExceeded, step
from engine.files.apart import MEGABYTE, Limits, NotStarted, answer, ask, ready
from engine.words import Words, say
from storage import events, exact
from storage.events import LoggedEvent

LIMITS: Final = Limits(seconds=60, memory=512 * MEGABYTE, patience=180)
_PLAYED: Final = ("replay.jsonl", "events.jsonl", "manifest.json", "case.json", "definition/", TABLES)
"""The members of which a replay needs something."""
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """``said`` of a bundle that is right and what is ``wrong`` with another, both in the words of the script;
    ``replayed``: None when it was, else why not."""

    said: tuple[str, ...]
    wrong: tuple[str, ...]
    replayed: Words | None


def judge(file: Path, limits: Limits = LIMITS) -> BundleVerdict:
    """Verify a bundle and play it again within ``limits``. Raises one of ``verify.UNREADABLE`` when it is no bundle."""
    bundle = verify.Bundle(verify.members_of(file))
    wrong = list(bundle.verify())
    why: Words | None = None
    if wrong:
        why = say("核验不符，不再重做")
    elif "replay.jsonl" not in bundle.members:
        why = say("证据包已遮盖个人信息，不能重做")
    else:
        found, why = _replayed(bundle.members, limits)
        wrong += found
    return BundleVerdict((*bundle.said, *verify.CHECKED), tuple(wrong), why)


def _replayed(members: Mapping[str, bytes], limits: Limits) -> tuple[list[str], Words | None]:
    """What a process of its own, with limits, says of the replay: the diagram may be a stranger's."""
    order = {name: b64encode(data).decode() for name, data in members.items() if name.startswith(_PLAYED)}
    try:
        heard = ask(__name__, [orjson.dumps(asdict(limits)), orjson.dumps(order)], limits.patience)
    except NotStarted as fault:
        return [], say("重做的程序没有启动：{detail}", detail=str(fault))
    said = orjson.loads(heard.lines[0]) if heard.lines else None
    if said is not None:
        return list(map(str, said)), None
    if heard.out_of_memory:
        return [], say("重做所用内存超过{size}MB，没有做完", size=limits.memory // MEGABYTE)
    if heard.out_of_time or heard.lines:
        return [], say("重做用时超过{seconds}秒，没有做完", seconds=limits.seconds)
    return [f"replay: the program ended ({heard.code})"], None


def main() -> None:
    """Play again what the standard input has, and say on a line what is wrong (``engine.files.apart``)."""
    ready()
    limits = Limits(**orjson.loads(next(sys.stdin.buffer)))
    answer(lambda order: orjson.dumps(_said(order, limits.seconds)), limits)


def _said(order: bytes, seconds: float) -> list[str] | None:
    """What is wrong; None: there was no time to find out."""
    try:
        return _played({str(name): b64decode(data) for name, data in json.loads(order).items()}, seconds)
    except MemoryError:
        raise
    except (BudgetExceeded, Runaway):
        return None
    except verify.Malformed as error:
        return [verify.plain(error)]
    except Exception as error:  # whatever a bundle holds, it is the bundle that is wrong
        return [verify.plain(f"replay: {type(error).__name__} {error}")]


def _played(members: Mapping[str, bytes], seconds: float) -> list[str]:
    log = [_event(told) for told in _lines(members, "replay.jsonl")]
    wrong = [f"replay.jsonl, event {one['seq']}: not the event of the chain" for one in log if not events.holds(one)]
    if [one["hash"] for one in log] != [one.of(str, "hash") for one in _lines(members, "events.jsonl")]:
        wrong.append("replay.jsonl: not the events of events.jsonl")
    if wrong:
        return wrong
    manifest = verify.parsed(members["manifest.json"], "manifest.json")
    told = verify.parsed(members.get("case.json", b""), "case.json")
    tables = BundledTables(members, named_tables(log))
    made = replace(assemble(manifest.of(str, "process"), _under(members, "definition/"), 1), tables=tables)
    with step(Allowance(seconds, UNHURRIED, again=True)):
        built = rebuild(made, log, manifest.of(int, "case_id"))
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
    return [f"case.json: {name}: the replay gives another" for name, holds in same.items() if not holds]


def _under(members: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {name[len(folder) :]: data for name, data in members.items() if name.startswith(folder)}


@dataclass(frozen=True, slots=True)
class BundledTables:
    """The effective tables that a bundle has (``engine.dmn.effective.Tables``); ``named``: by digest, in its events."""

    members: Mapping[str, bytes]
    named: Mapping[str, str]

    @property
    def names(self) -> Collection[str]:
        return set(self.named.values())

    def version(self, digest: str, file: str) -> Dated:
        """A version of one of them; the digest that an event names must be that of the files. Raises LookupError."""
        name, files = self.named[digest], _under(self.members, f"{TABLES}{digest}/")
        if digest_of(f"{FOLDER}/{name}", files) != digest:
            raise LookupError(f"{TABLES}{digest}: not the files of its digest")
        return read_table(name, files, digest).file(file)


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
