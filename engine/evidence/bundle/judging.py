"""A bundle verified with the product: what its own script says, and then the case played again from what is in it.

Reads no database: nothing but the file is believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson

from engine.definition import assemble
from engine.evidence.bundle import verify
from engine.evidence.rebuilding import rebuild
from engine.feel import UNHURRIED, Allowance, step
from engine.words import Words, say
from storage import events, exact
from storage.events import LoggedEvent

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class BundleVerdict:
    """``wrong``: what does not hold, in the words of the script; ``replayed``: None when it was, else why not."""

    bundle: verify.Bundle
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
            found, why = _replayed(bundle)
        except Exception as error:  # whatever a bundle holds, it is the bundle that is wrong
            found = [verify.plain(f"replay: {type(error).__name__} {error}")]
        wrong += found
    return BundleVerdict(bundle, tuple(wrong), why)


def _replayed(bundle: verify.Bundle) -> tuple[list[str], Words | None]:
    log = [_event(line) for line in bundle.members["replay.jsonl"].splitlines()]
    shown = [orjson.loads(line) for line in bundle.members["events.jsonl"].splitlines()]
    wrong = [f"replay.jsonl, event {one['seq']}: not the event of the chain" for one in log if not events.holds(one)]
    if [one["hash"] for one in log] != [one["hash"] for one in shown]:
        wrong.append("replay.jsonl: not the events of events.jsonl")
    if wrong:
        return wrong, None
    if any(len(decided) > 4 for one in log for decided in one["data"].get("decisions", ())):
        return [], say("事项用到按日期施行的决策表，证据包里没有，不能重做")
    prefix = "definition/"
    files = {name[len(prefix) :]: data for name, data in bundle.members.items() if name.startswith(prefix)}
    told = orjson.loads(bundle.members["case.json"])
    with step(Allowance(SECONDS, UNHURRIED, again=True)):
        built = rebuild(assemble(bundle.manifest["process"], files, 1), log, bundle.manifest["case_id"])
    tasks = [
        {"number": one["number"], "element": one["element"], "status": one["status"], "outcome": one["outcome"]}
        for _, one in sorted(built.tasks.items())
    ]
    same = tasks == sorted(told["tasks"], key=lambda one: int(one["number"])) and all(
        told[name] == built.case[name] for name in ("number", "status", "end_element", "title")
    )
    return ([] if same else ["case.json: the replay gives another case"]), None


def _event(line: bytes) -> LoggedEvent:
    told: dict[str, Any] = orjson.loads(line)
    told["at"] = datetime.fromisoformat(told["at"])
    return cast(LoggedEvent, {**told, "data": exact.loads(told["text"])})
