"""Thousands of sleeping cases in seconds: a case that was really started, copied row by row with a number of its own.

And what has become of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, insert, select

from storage import events
from storage.database import utc_text
from storage.events import LoggedEvent, NewEvent, Sealed
from storage.events import events as event_rows
from storage.passages import Passages, Passed
from storage.tables import cases, jobs, tasks
from tests.house import House

WORKFLOWS = Path(__file__).parent / "workflows"
PERSON, PLACE = "changan", "130102"
COPY = 1_000_000
"""Numbers of copies begin here and go by their ids: no case that is really started comes so far."""
AT_ONCE = 5_000
_DUE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
"""Due times as a state keeps them."""


def start(house: House, key: str) -> int:
    """One case, through the door; its id."""
    return int(house.application.cases.acting.start(house.actor_once(PERSON), key, PLACE, {}).case_id)


def put_to_sleep(house: House, key: str, due: Sequence[datetime]) -> list[int]:
    """A case of ``key`` for every moment of ``due``, at which its one timer is due; their ids in that order."""
    model = start(house, key)
    found: list[int] = []
    for first in range(0, len(due), AT_ONCE):
        found += _copies(house, model, due[first : first + AT_ONCE])
    house.application.cases.acting.withdraw(house.actor_once(PERSON), str(model), "只是样本")
    return found


def _copies(house: House, model: int, due: Sequence[datetime]) -> list[int]:
    with house.application.database.write() as connection:
        case = dict(connection.execute(select(cases).where(cases.c.id == model)).mappings().one())
        (event,) = events.of_case(connection, model)
        task = dict(connection.execute(select(tasks).where(tasks.c.case_id == model)).mappings().one())
        job = dict(connection.execute(select(jobs).where(jobs.c.case_id == model)).mappings().one())
        after = connection.execute(select(cases.c.id).order_by(cases.c.id.desc()).limit(1)).scalar_one()
        rows = [_copy(case, event, after + 1 + index, at - job["run_at"]) for index, at in enumerate(due)]
        connection.execute(insert(cases), [row[0] for row in rows])
        connection.execute(insert(event_rows), [row[1]["link"] for row in rows])
        connection.execute(insert(events.payloads), [row[1]["payload"] for row in rows])
        begun = [task | {"case_id": row[0]["id"], "opened_at": row[0]["opened_at"]} for row in rows]
        connection.execute(insert(tasks), begun)
        del job["id"]
        moments = zip(rows, due, strict=True)
        connection.execute(insert(jobs), [job | {"case_id": row[0]["id"], "run_at": at} for row, at in moments])
        if connection.dialect.name == "postgresql":  # its ids do not follow what was put there by hand
            connection.exec_driver_sql("SELECT setval('cases_id_seq', (SELECT max(id) FROM cases))")
    return [row[0]["id"] for row in rows]


def _copy(case: dict[str, Any], event: LoggedEvent, case_id: int, later: timedelta) -> tuple[dict[str, Any], Sealed]:
    """Case and first event under another number and so much later, with the hash that follows from it."""
    after, at = f"{case['number'][0]}{COPY + case_id}", event["at"] + later
    changes = {case["number"]: after, utc_text(event["at"]): utc_text(at)}
    said = orjson.loads(_replaced(event["text"], changes))
    moved: NewEvent = {
        "name": event["name"], "at": at, "data": said, "actor_id": event["actor_id"],
        "actor_name": event["actor_name"], "actor_role": event["actor_role"],
    }  # fmt: skip
    told = events.sealed(case_id, event["seq"], event["previous"], moved, event["semantics"])
    times = {due: (datetime.fromisoformat(due) + later).isoformat() for due in _DUE.findall(case["state"].decode())}
    state = _replaced(case["state"].decode(), changes | times).encode()
    fresh = {
        "id": case_id,
        "number": after,
        "state": state,
        "head": told["link"]["hash"],
        "opened_at": at,
        "updated_at": at,
        "passages": _passed_later(case["passages"], later),
    }
    return case | fresh, told


def _passed_later(went: Passages, later: timedelta) -> Passages:
    passed: dict[str, Passed] = {
        name: one | {"last": (datetime.fromisoformat(one["last"]) + later).isoformat()}
        for name, one in went["elements"].items()
    }
    return {**went, "elements": passed}


def _replaced(text: str, changes: dict[str, str]) -> str:
    for before, after in changes.items():
        text = text.replace(before, after)
    return text


def fired(house: House) -> Counter[int]:
    """How often a timer has fired in each case."""
    query = select(event_rows.c.case_id, func.count()).where(event_rows.c.name == "timer_fired")
    with house.application.database.read() as connection:
        return Counter({row[0]: row[1] for row in connection.execute(query.group_by(event_rows.c.case_id))})


def fired_events(house: House, case_id: int) -> list[Any]:
    with house.application.database.read() as connection:
        return [event for event in events.of_case(connection, case_id) if event["name"] == "timer_fired"]


def all_jobs(house: House, **where: Any) -> list[Any]:
    query = select(jobs).filter_by(**where).order_by(jobs.c.id)
    with house.application.database.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
