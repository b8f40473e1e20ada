"""Whose turn it is among those who are brought into a task: the same for who writes, reads and proves it. Pure.

The diagram knows nothing of it: its token stays where it is until the task is completed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from engine.cases.event_types import INVOLVING, SIGNER_REMOVED, TASK_ANSWERED, TASK_DECIDED, payload
from engine.cases.verb_types import (
    AFTER,
    ASK,
    BEFORE,
    BESIDE,
    DECISION,
    DELEGATE,
    FORWARD,
    Answered,
    InPlaceOf,
    Involved,
    Name,
    TaskDecided,
)
from engine.directory.actors import personal
from engine.words import Text, say
from storage import involvements
from storage.events import LoggedEvent
from storage.involvements import PENDING, InvolvementRow
from storage.rows import TaskRow

AGREES: Final = "agree"
DISAGREES: Final = "disagree"
_VERDICTS: Final = {AGREES: say("同意"), DISAGREES: say("不同意")}


def verdicts() -> dict[str, Text]:
    """What a signer may answer, in both languages."""
    return {name: (words.text("zh"), words.text("en")) for name, words in _VERDICTS.items()}


def pending(rows: Iterable[InvolvementRow], *kinds: str) -> list[InvolvementRow]:
    """Those who are still to answer, in order; of some kinds."""
    return [row for row in rows if row["status"] in PENDING and (not kinds or row["kind"] in kinds)]


def waits_for(rows: Iterable[InvolvementRow]) -> InvolvementRow | None:
    """Who must answer before the holder can go on, if anybody."""
    found = list(rows)
    first = next(iter(pending(found, DELEGATE, BEFORE)), None)
    if first is None and pending(found, DECISION):
        first = next(iter(pending(found, BESIDE, AFTER)), None)
    return first


def must_sign(rows: Iterable[InvolvementRow]) -> bool:
    """Whether a decision of the holder has to wait for others."""
    return bool(pending(rows, BESIDE, AFTER))


def holder_of(rows: Iterable[InvolvementRow], owner: Name | None) -> Name | None:
    """Who has a task: whoever it waits for, else its ``owner``."""
    row = waits_for(rows)
    return owner if row is None else [row["user_id"], row["user_name"]]


def changed(rows: Iterable[InvolvementRow], task: Mapping[str, object], event: LoggedEvent) -> list[InvolvementRow]:
    """The rows of a task after an event that brought people in, or by which one answered or was taken out."""
    found = [InvolvementRow(**row) for row in rows]
    if event["name"] in INVOLVING:
        found += _brought_in(event, str(task["candidate"]))
    elif event["name"] == TASK_DECIDED:
        found.append(_decided(event, str(task["candidate"])))
    elif event["name"] in (TASK_ANSWERED, SIGNER_REMOVED):
        _settle(found, payload(event, Answered), event)
    return _in_turn(found)


def gone(rows: Iterable[InvolvementRow], at: datetime) -> list[InvolvementRow]:
    """The rows of a task that was closed: nobody is to answer any longer."""
    return [InvolvementRow(**row) | _lapsed(at) if row["status"] in PENDING else row for row in rows]  # type: ignore[misc]


def _lapsed(at: datetime) -> dict[str, object]:
    return {"status": "lapsed", "settled_at": at}


def give(task: TaskRow, event: LoggedEvent) -> None:
    """Who has the task after such an event, written into its row."""
    said = payload(event, Involved)
    holder = said["held_by"]
    task["claimed_by"], task["claimed_name"] = (holder[0], holder[1]) if holder else (None, None)
    if event["name"] in INVOLVING and said["kind"] == FORWARD:
        ((user_id, name),) = said["people"]
        task["candidate"], task["organisation_name"] = personal(user_id), name


def in_right(event: LoggedEvent) -> tuple[Name | None, frozenset[int]]:
    """In whose right an act was done, of a substitute in that of who is away; and everybody who had a part in it."""
    if event["actor_id"] is None:
        return None, frozenset()
    away = payload(event, InPlaceOf).get("acted_for", [])
    own: Name = [away[0]["id"], away[0]["name"]] if away else [event["actor_id"], event["actor_name"]]
    return own, frozenset({event["actor_id"], *(one["id"] for one in away)})


def everybody(row: InvolvementRow) -> set[int]:
    """Who was brought in, and whoever has answered in his place."""
    return involvements.everybody(row["user_id"], row["settled_by"])


def _brought_in(event: LoggedEvent, candidate: str) -> list[InvolvementRow]:
    said = payload(event, Involved)
    status = "done" if said["kind"] == FORWARD else "waiting"
    return [
        _row(event, said["task"], place, said["kind"], (user_id, name), said["reason"], candidate, status)
        for place, (user_id, name) in enumerate(said["people"])
    ]


def _decided(event: LoggedEvent, candidate: str) -> InvolvementRow:
    said, who = payload(event, TaskDecided), (event["actor_id"] or 0, event["actor_name"])
    row = _row(event, said["task"], 0, DECISION, who, "", candidate, "waiting")
    row["answer"] = str(said["submission"].get("outcome", ""))
    return row


def _row(
    event: LoggedEvent,
    number: int,
    place: int,
    kind: str,
    who: tuple[int, str],
    reason: str,
    candidate: str,
    status: str,
) -> InvolvementRow:
    return {
        "case_id": event["case_id"], "seq": event["seq"], "place": place, "number": number, "kind": kind,
        "user_id": who[0], "user_name": who[1], "by_id": event["actor_id"], "by_name": event["actor_name"],
        "reason": reason, "candidate": candidate, "status": status, "opened_at": event["at"],
        "answer": "", "opinion": "", "settled_at": event["at"] if status == "done" else None, "settled_by": None,
    }  # fmt: skip


def _settle(rows: list[InvolvementRow], said: Answered, event: LoggedEvent) -> None:
    seq, place = said["involvement"]
    row = next(one for one in rows if (one["seq"], one["place"]) == (seq, place))
    answered = event["name"] == TASK_ANSWERED
    row["status"], row["settled_at"] = "done" if answered else "removed", event["at"]
    row["answer"], row["opinion"] = said["answer"], said["opinion"]
    row["settled_by"] = _settled_by(said, event) if answered else None
    if not said.get("back"):
        return
    for one in pending(rows, DECISION):
        one["status"], one["settled_at"] = "removed", event["at"]
    for one in rows:  # they agreed to a decision that is none any longer
        if one["kind"] == AFTER and one["status"] == "done" and one["answer"] != DISAGREES:
            one["status"], one["settled_at"] = "waiting", None
            one["answer"] = one["opinion"] = ""
            one["settled_by"] = None


def _settled_by(said: Answered, event: LoggedEvent) -> str | None:
    """Who has answered in the place of whoever was asked, then who stands in between; None: he himself."""
    away = said.get("acted_for", [])
    return "/".join(map(str, (event["actor_id"], *(one["id"] for one in away[1:])))) if away else None


def _in_turn(rows: list[InvolvementRow]) -> list[InvolvementRow]:
    """Before the holder one signs after another, then he decides; those beside him at any time, the others last."""
    befores, afters = pending(rows, BEFORE), pending(rows, AFTER)
    decided = bool(pending(rows, DECISION)) and not befores
    turn = {id(row) for row in (*befores[:1], *(afters[:1] if decided else ()))}
    for row in pending(rows):
        at_once = row["kind"] in (DELEGATE, BESIDE, ASK)
        row["status"] = "open" if at_once or id(row) in turn else "waiting"
    return rows
