"""What a task of a sealed submission asks for, and the rows that follow from it. Writes nothing, opens nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast

from engine.calendar import timers
from engine.calendar.days import LEGAL_ZONE
from engine.cases.base import stands
from engine.cases.event_types import KeptFile
from engine.cases.sealed_types import Handed, files_of
from engine.definition import Definition
from engine.errors import BadInput, NotAllowed
from engine.feel import to_json
from engine.sealing.keys import SealingKey
from engine.words import Words, dated, say
from storage import sealed as rows
from storage.database import Connection
from storage.rows import CaseRow
from storage.sealed import SealedEntryRow, SealingKeyRow

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_KEY: Final = say("密封密钥")
_MOMENT: Final = say("截止或者开启的时刻")


def key_named(definition: Definition, case: CaseRow, seen: Mapping[str, Any], text: str) -> str:
    """The id of the key that an expression names: a text, or a key itself. Raises BadInput."""
    found = stands(definition, case, seen, text)
    name = found.get("id") if isinstance(found, Mapping) else found
    if not isinstance(name, str) or not name:
        raise BadInput(field=_KEY, reason=say("{text} 没有得出密钥", text=text))
    return name


def key_of(connection: Connection, name: str, *, lock: bool = False) -> tuple[SealingKeyRow, SealingKey]:
    """A key that was made here. Raises BadInput."""
    row = rows.key(connection, name, lock=lock)
    if row is None:
        raise BadInput(field=_KEY, reason=say("没有密钥“{name}”", name=name))
    return row, cast(SealingKey, row["body"])


def moment_named(definition: Definition, case: CaseRow, seen: Mapping[str, Any], text: str) -> datetime:
    """The moment that an expression gives; a day is its end, 24:00 (Civil Code, art. 203). Raises BadInput."""
    found = to_json(stands(definition, case, seen, text))
    if not isinstance(found, str) or not found:
        raise BadInput(field=_MOMENT, reason=say("{text} 没有得出时刻", text=text))
    try:
        if _DAY.fullmatch(found):
            day = date.fromisoformat(found) + timedelta(days=1)
            return datetime.combine(day, time(), LEGAL_ZONE)
        return timers.moment(found)
    except (ValueError, OverflowError):
        raise BadInput(field=_MOMENT, reason=say("{text} 没有得出时刻", text=text)) from None


def bound_to(key: str, case_number: str, element: str) -> bytes:
    """What a box is bound to: in another place it cannot be opened."""
    return json.dumps([key, case_number, element], ensure_ascii=False).encode()


def must_be_free(connection: Connection, case: CaseRow, now: datetime) -> None:
    """Raises NotAllowed for whoever would take back what he handed in sealed, when it is too late for that."""
    over = [one["closes_at"] for one in rows.entries_of(connection, case["id"]) if one["closes_at"] < now]
    if over:
        reason = say("密封提交的截止时间{at}已过，不能再撤回", at=at_last(max(over)))
        raise NotAllowed(act=say("撤回"), reason=reason)


def at_second(moment: datetime) -> Words:
    """A moment in words, to the second."""
    here = moment.astimezone(LEGAL_ZONE)
    return say("{day} {time}", day=dated(here), time=f"{here:%H:%M:%S}")


def at_last(moment: datetime) -> Words:
    """A last moment in words: midnight is the end of the day before it."""
    here = moment.astimezone(LEGAL_ZONE)
    if here.time() != time():
        return at_second(moment)
    return say("{day} {time}", day=dated(here - timedelta(days=1)), time="24:00")


def entry_of(case_id: int, sequence: int, element: str, candidate: str, said: Handed) -> SealedEntryRow | None:
    """The row of what was handed in sealed by an event; None when nothing was."""
    if "sealed" not in said:
        return None
    one = said["sealed"]
    return {
        "case_id": case_id, "event_seq": sequence, "element": element, "candidate": candidate, "key_id": one["key"],
        "digest": one["digest"], "size": one["size"], "received_at": datetime.fromisoformat(one["received_at"]),
        "closes_at": datetime.fromisoformat(one["closes_at"]),
    }  # fmt: skip


def key_row(case_id: int, sequence: int, said: Handed) -> SealingKeyRow | None:
    """The row of the key that was made by an event; None when none was."""
    if "key" not in said:
        return None
    key, body = said["key"], dict(said["key"])
    return {
        "id": key["id"], "case_id": case_id, "event_seq": sequence, "body": body,
        "opened_case": None, "opened_seq": None,
    }  # fmt: skip


def kept_files(said: Handed) -> list[KeptFile]:
    """The files that came with a submission, as an event keeps one."""
    return [{**one} for one in files_of(said)]
