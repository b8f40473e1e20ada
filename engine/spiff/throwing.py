"""Throw and end events, and who catches what they throw (BPMN 2.0, 10.5.1 and 13.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from engine.diagram import Element, Event
from engine.spiff import compensation
from engine.spiff.nodes import Node
from engine.spiff.tokens import Token

_ENDS: Final = frozenset({"error", "terminate"})
"""What ends the scope of its thrower: of several things it is thrown last."""


class Throw(Node):
    """An intermediate throw event, an end event or a send task that does something."""

    def __init__(self, *what: Any) -> None:
        super().__init__(*what)
        event = self.element.event
        # It is passed when it throws; only an intermediate compensation waits for what it has thrown.
        self.notes = event is not None and event.kind == "compensate" and self.element.tag != "endEvent"
        thrown = self.element.parts or (self.element,)  # all that a multiple event names (BPMN 2.0, 10.5.5)
        self.thrown = sorted(thrown, key=lambda one: one.event is not None and one.event.kind in _ENDS)

    def _run_hook(self, token: Token) -> bool | None:
        if not self.notes:
            token.workflow.instance.note(self.element)
        done = True
        for one in self.thrown:
            done = token.alive and self._throw(token, one)
        return done or None

    def _throw(self, token: Token, one: Element) -> bool:
        """Throw one thing; whether the token goes on at once."""
        instance, event = token.workflow.instance, one.event
        assert event is not None
        if event.kind == "message":
            instance.host.send(one, token)
        elif event.kind == "signal":
            instance.events.hear(event.known_as)
            instance.host.broadcast(event.known_as)
        elif event.kind == "compensate":
            return compensation.throw(token, event.ref)
        elif event.kind == "terminate":
            instance.empty(token.workflow, but=token)
            token.workflow.broken = True
        elif not propagate(token, event) and event.kind == "error":
            instance.abort(self.element)
        return token.alive


class CancelEnd(Throw):
    """The cancel end event of a transaction (13.5.6): all tokens go, what was completed is undone, then it is left."""

    def _run_hook(self, token: Token) -> bool | None:
        token.workflow.instance.note(self.element)
        token.workflow.instance.empty(token.workflow, but=token)
        return compensation.undo_all(token, token.workflow) or None

    def _on_complete_hook(self, token: Token) -> None:
        owner = token.workflow.owner
        assert owner is not None
        host = token.workflow.instance.whole(owner)
        found = match(host.task_spec.boundaries, Event("cancel"))
        if found is None:  # the checks ask for one
            super()._on_complete_hook(token)
        else:
            strike(host, found)


def throw_from(token: Token, event: Event) -> None:
    """Throw a signal, an error or an escalation from a running activity: its own boundary events come first."""
    instance = token.workflow.instance
    if event.kind == "signal":
        instance.events.hear(event.known_as)
        instance.host.broadcast(event.known_as)
        return
    found = match(token.task_spec.boundaries, event)
    if found is not None:
        strike(token, found)
    elif not propagate(token, event) and event.kind == "error":
        instance.abort(token.task_spec.element)


def propagate(token: Token, event: Event) -> bool:
    """Give an error or an escalation to the innermost that catches it; whether anybody does."""
    scope, handling = token.workflow, ""
    while True:
        starts = [start for start in scope.spec.event_starts if start.parent != handling]
        start = None if scope.interrupted else match(starts, event)
        if start is not None:
            scope.instance.events.begin_event(scope, start)
            return True
        owner = scope.owner
        if owner is None:
            return False
        host = scope.instance.whole(owner)
        found = match(host.task_spec.boundaries, event)
        if found is not None:
            strike(host, found)
            return True
        scope, handling = owner.workflow, owner.task_spec.name  # what an event sub-process throws, it does not catch


def match(catchers: Iterable[Element], thrown: Event) -> Element | None:
    """The catcher of just this code, else one that catches all of its kind."""
    fits = [(one, event) for one in catchers for event in one.events if event.kind == thrown.kind]
    exact = (one for one, event in fits if event.ref and _code(event) == _code(thrown))
    return next(exact, None) or next((one for one, event in fits if not event.ref), None)


def _code(event: Event) -> str:
    return event.code or event.ref


def strike(host: Token, element: Element) -> None:
    """A boundary event has happened: an interrupting one cancels its activity; a token goes out by its flows."""
    scope = host.workflow
    if element.interrupting:
        host.cancel()
    scope.instance.enter(scope, element.id)
