"""When the start events with timers of a definition are due next: settled as it is published. Knows no case and no job.

A timer that stays as it was keeps its rounds, so that a new version of its definition neither repeats nor forgets one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from engine.calendar import timers
from engine.calendar.days import LEGAL_ZONE
from engine.definition import Definition, Files
from engine.diagram import Element
from engine.errors import DefinitionInvalid, Problem
from engine.feel import Environment, FeelError, compile_expression, to_json
from engine.words import say
from storage import jobs, rounds
from storage.database import Connection

_HINT: Final = say("日期如2026-03-01T09:00:00+08:00，循环如R/2026-01-05T09:00/P1M。")


def has_any(files: Files) -> bool:
    """Whether the files of a definition say of a start event for what its time opens cases."""
    return any(b"forEach" in data for name, data in files.items() if name.endswith(".bpmn"))


def keep(connection: Connection, key: str, definition: Definition | None, now: datetime) -> None:
    """Begin the timers that are new in a definition, forget those that it has no longer, leave the others alone.

    ``definition``: None when it has none.     Raises DefinitionInvalid for a time that is none.
    """
    known = {row["element"]: row for row in rounds.of_key(connection, key)}
    timed = {element.id: element for element in _timed(definition)} if definition is not None else {}
    for name in known.keys() - timed.keys():
        rounds.drop(connection, key, name)
    for name, element in timed.items():
        event = element.event
        assert event is not None and definition is not None
        text = f"{event.timer}:{event.text}"
        if name in known and known[name]["text"] == text:
            continue
        timer = _begun(definition, element, now)
        fresh: rounds.TimedStartRow = {
            "key": key, "element": name, "text": text, "timer": dict(timer.record()),
            "due_at": timer.due, "last_at": None, "last_subjects": 0, "missed": 0,
        }  # fmt: skip
        rounds.put(connection, fresh)
        jobs.add(
            connection,
            {"kind": rounds.ROUND, "payload": {"key": key}, "run_at": timer.due, "element": name},
        )


def _timed(definition: Definition) -> Iterator[Element]:
    return (one for one in definition.process.elements.values() if one.opens and one.for_each is not None)


def _begun(definition: Definition, element: Element, now: datetime) -> timers.Timer:
    event = element.event
    assert event is not None
    try:
        value = event.text
        if value.startswith("="):
            environment = Environment(now.astimezone(LEGAL_ZONE))
            value = to_json(compile_expression(value).evaluate({}, environment))
        return timers.begin(event.timer, value, now)
    except (timers.NoTime, FeelError) as wrong:
        reason = wrong.reason if isinstance(wrong, timers.NoTime) else wrong.words
        what = say("“{name}”没有得出时间：{reason}", name=element.name, reason=reason)
        problem = Problem(f"{definition.key}/process.bpmn", element.id, what, _HINT)
        raise DefinitionInvalid((problem,)) from wrong
