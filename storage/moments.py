"""The latest moment that anybody's clock has given to what was written last: a clock that says less was set back.

Knows no clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from storage.account_events import account_events
from storage.ticks import ticks

AMONG: Final = 200
"""So many of the last rows are looked at: when each was written says its number, and not its time."""


def newest(connection: Connection) -> datetime | None:
    """Of looks for due jobs and of the events of accounts, both on the machine's clock; None when there are none."""
    looks = select(ticks.c.last_at).order_by(ticks.c.id.desc()).limit(AMONG)
    told = select(account_events.c.at).order_by(account_events.c.sequence.desc()).limit(AMONG)
    found = (one for query in (looks, told) for one in connection.execute(query).scalars())
    return max((one for one in found if isinstance(one, datetime)), default=None)
