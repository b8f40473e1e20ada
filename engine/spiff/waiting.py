"""What a case waits for: starting to wait, happening, and waiting again. Timers, messages, signals, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

from engine.calendar import timers
from engine.diagram import Element
from engine.errors import ExpressionFailed
from engine.model import Wait
from engine.semantics import STEADY_CYCLES
from engine.spiff.contract import Waited
from engine.spiff.tokens import Scope, Token

COUNTED: Final = "counted"
"""In the record of a timer whose time the working calendar gave: when the waiting began, and what was known then."""


def begin(
    place: Token | Scope, element: Element, now: datetime, value: Any, counted: Mapping[str, Any] | None = None
) -> Wait | None:
    """Wait for ``element`` at ``place``; ``value``: what its time or correlation key came to.

    ``counted``: what a time was counted from that the working calendar gave. The record in the state holds what the
    diagram does not say. Raises ExpressionFailed for a time that is none.
    """
    event = element.event
    if event is None:
        return None
    if event.kind == "timer":
        try:
            timer = timers.begin(event.timer, value, now, _steady(place))
        except timers.NoTime as error:
            raise ExpressionFailed(element=element.id, reason=error.reason) from error
        place.waits[element.id] = cast(Waited, timer.record())
        if counted is not None and not timer.every:
            place.waits[element.id][COUNTED] = [now.astimezone(UTC).isoformat(), dict(counted)]
        is_counted = COUNTED in place.waits[element.id]
        return Wait(place.number, element.id, "timer", timer.at, "", None, is_counted)
    if event.kind == "message":
        place.waits[element.id] = {"key": value} if value is not None else {}
        return Wait(place.number, element.id, "message", None, event.known_as, value)
    if event.kind == "signal":
        place.waits[element.id] = {}
        return Wait(place.number, element.id, "signal", None, event.known_as, None)
    if event.kind == "conditional":
        place.waits[element.id] = {}
    return None


def counted_from(place: Token | Scope, element: Element) -> tuple[datetime, dict[str, Any]]:
    """When ``place`` began to wait for a time that the working calendar gave, and what was known then.

    Raises KeyError for a time that it did not give.
    """
    began, known = place.waits[element.id][COUNTED]
    return datetime.fromisoformat(began), known


def timer_at(place: Token | Scope, element: Element) -> timers.Timer:
    """The timer for which ``place`` waits."""
    return timers.read(place.waits[element.id], _steady(place))


def _steady(place: Token | Scope) -> bool:
    """Whether the rounds of a cycle keep to its start."""
    scope = place if isinstance(place, Scope) else place.workflow
    return scope.instance.host.semantics >= STEADY_CYCLES


def again(place: Token | Scope, element: Element, now: datetime) -> Wait | None:
    """Wait once more after it has happened: a timer only when its cycle has rounds left, others forever.

    Returns the wait when it is a new one; what no longer waits is out of ``place.waits``.
    """
    event = element.event
    assert event is not None
    if event.kind != "timer":
        return None
    timer = timer_at(place, element).next(now)
    del place.waits[element.id]
    if timer is None:
        return None
    place.waits[element.id] = cast(Waited, timer.record())
    return Wait(place.number, element.id, "timer", timer.at, "", None)
