"""Damage: what stands in the database and cannot be read. Whoever meets some names it and goes on with the rest.

What a page or a worker has met is told to an operator once. Knows no page, and of tables only that of incidents.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, TypeVar

from engine.errors import DataUnreadable
from engine.model import Clock
from engine.words import Words, both, say
from storage import jobs
from storage.columns import Unreadable, UnreadableValue, unreadable
from storage.database import Database, Unreachable

logger = logging.getLogger(__name__)
R = TypeVar("R")
T = TypeVar("T")

READ: Final = "read"
"""The act of an incident that tells of damage."""


@dataclass(frozen=True, slots=True)
class Damage:
    """``what`` cannot be read; ``case_id``: the case that it is or belongs to; ``why``: for the log."""

    what: Words
    case_id: int | None = None
    why: str = field(default="", compare=False)


@dataclass(slots=True)
class Met:
    """What was met since somebody began to listen. ``values``: single values, whether or not somebody needed them."""

    values: list[Unreadable] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)

    def add(self, damage: Damage) -> None:
        """Each is told once."""
        if damage not in self.damages:
            self.damages.append(damage)


_met: ContextVar[Met | None] = ContextVar("damage", default=None)


@contextmanager
def listening() -> Iterator[Met]:
    """Everything inside, in this thread, that is found damaged."""
    met = Met()
    tokens = _met.set(met), unreadable.set(met.values)
    try:
        yield met
    finally:
        _met.reset(tokens[0])
        unreadable.reset(tokens[1])


def met() -> Met:
    """What was met so far; nothing when nobody listens."""
    return _met.get() or Met()


def note(what: Words, error: BaseException, case_id: int | None = None) -> None:
    """Let whoever listens know that something cannot be read."""
    damage = Damage(what, case_id, f"{type(error).__name__}: {error}")
    listener = _met.get()
    if listener is None:
        logger.warning("%s: %s", what.text("en"), damage.why)
    else:
        listener.add(damage)


def blamed(error: Exception, case_id: int | None) -> DataUnreadable | None:
    """What to say of a failure of a page; None when no data is to be blamed. ``case_id``: of which case it is a page.

    Of a page of a case an operator hears in any case.
    """
    if isinstance(error, Unreachable):
        return None
    what = say("这一页") if case_id is None else of_case(None, case_id)[0]
    damaged = isinstance(error, DataUnreadable) or bool(met().values)
    damaged = damaged or (case_id is not None and isinstance(error, LookupError))  # an element that no diagram has
    if damaged or case_id is not None:
        note(what, error, case_id)
    return DataUnreadable(what=what) if damaged else None


def sound(*rows: Mapping[str, object] | None) -> None:
    """Raises ValueError when a value of these rows cannot be read."""
    for row in rows:
        broken = [name for name, value in (row or {}).items() if isinstance(value, Unreadable)]
        if broken:
            raise UnreadableValue(f"{', '.join(broken)} cannot be read")


def legible(rows: Iterable[R], build: Callable[[R], T], name: Callable[[R], tuple[Words, int | None]]) -> list[T]:
    """What ``build`` makes of the rows that can be read; of others their ``name`` and case are noted.

    Raises what the database does when it is away.
    """
    found = []
    for row in rows:
        try:
            if isinstance(row, Mapping):
                sound(row)
            found.append(build(row))
        except Unreachable:
            raise
        except Exception as error:  # whatever one row holds, the others are shown
            what, case_id = name(row)
            note(what, error, case_id)
    return found


def sound_rows(rows: Iterable[R], name: Callable[[R], tuple[Words, int | None]]) -> Iterator[R]:
    """The rows of which everything can be read, one by one; of others their ``name`` and case are noted."""
    for row in rows:
        yield from legible([row], lambda one: one, name)


def of_case(number: object, case_id: object) -> tuple[Words, int | None]:
    """The name of what belongs to a case, by the case's number if it can be read."""
    known = case_id if isinstance(case_id, int) else None
    return say("事项{number}", number=str(number or case_id)), known


class Reporting:
    """Tells an operator of damage, and the log: of each once. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._told: set[tuple[str, int | None]] = set()
        self._lock = threading.Lock()

    def report(self, met: Met) -> None:
        """Open an incident for each that has none. What could not be written is told with the next look."""
        fresh = self._fresh(met.damages)
        if not fresh:
            return
        for damage in fresh:
            logger.warning("%s cannot be read, the rest goes on: %s", damage.what.text("en"), damage.why)
        try:
            with self._database.write() as connection:
                for damage in fresh:
                    zh, en = both(_MESSAGE.about(what=damage.what, why=damage.why))
                    row: jobs.IncidentFacts = {
                        "case_id": damage.case_id, "act": READ, "code": DataUnreadable.__name__,
                        "message_zh": zh, "message_en": en, "opened_at": self._clock.now(),
                    }  # fmt: skip
                    jobs.open_once(connection, row)
        except Exception:
            logger.exception("an operator could not be told of damaged data; he is with the next look")
            with self._lock:
                self._told -= {_key(one) for one in fresh}

    def _fresh(self, damages: Iterable[Damage]) -> list[Damage]:
        with self._lock:
            fresh = [one for one in damages if _key(one) not in self._told]
            self._told |= {_key(one) for one in fresh}
        return fresh


_MESSAGE = say("{what}的数据无法读取，其余照常；请按备份核对并修复，再结清本条：{why}")


def _key(damage: Damage) -> tuple[str, int | None]:
    return damage.what.text("zh"), damage.case_id
