"""Switches the guards against races off, in a process of the harness only, so that it can be seen to find the damage.

Three things keep two acts on one case apart: the lock on its row, the compare-and-set of its revision, and the key of
the log, which takes each number once. Product code has no such switch.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from storage import cases, events
from storage.events import Sealed
from storage.events import events as event_table
from storage.prepared import Prepared
from storage.rows import CaseRow
from storage.tables import cases as case_table

SETTING = "GANGWEI_CRASH_WITHOUT"
LONGEST_PAUSE = 0.002  # seconds between reading and acting, so that few acts suffice


def switch_off(guards: str) -> None:
    """``guards``: names from ``GUARDS`` in a row."""
    for name in guards.split():
        GUARDS[name]()


def _lock() -> None:
    """Read the case as if nobody else could change it."""

    def careless(connection: Connection, case_id: int) -> CaseRow | None:
        found = cases.get(connection, case_id)
        time.sleep(random.uniform(0, LONGEST_PAUSE))
        return found

    cases.lock = careless


def _compare_and_set() -> None:
    """Write the next revision over whatever stands there."""
    moved: dict[str, Any] = {name: bindparam(name) for name in cases._MOVING}
    cases._ADVANCE = Prepared(update(case_table).where(case_table.c.id == bindparam("b_id")).values(moved))


def _key() -> None:
    """Give an event whatever number is free, as a log without a key would."""
    append: Callable[[Connection, Sealed], None] = events.append
    newest = select(func.max(event_table.c.seq)).where(event_table.c.case_id == bindparam("case_id"))

    def careless(connection: Connection, event: Sealed) -> None:
        last = connection.execute(newest, {"case_id": event["link"]["case_id"]}).scalar() or 0
        link, payload = event["link"], event["payload"]
        append(connection, {"link": {**link, "seq": last + 1}, "payload": {**payload, "seq": last + 1}})

    events.append = careless


GUARDS = {"lock": _lock, "compare-and-set": _compare_and_set, "key": _key}
