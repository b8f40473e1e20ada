"""The events that an instance waits for: waiting, happening, being heard (BPMN 2.0, 10.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.diagram import CALLED_OFF, PART, Element
from engine.model import Rounds, Wait
from engine.semantics import CONDITIONS_AT_ONCE
from engine.spiff import throwing, waiting
from engine.spiff.marks import ROOT
from engine.spiff.tokens import ProcessInstance, Scope, Token

Watched = tuple[Token | Scope, Element]
"""A place that waits for the condition of an event element."""


class Events:
    """What one instance waits for, and what of that a run has changed: ``waits`` are new, ``unwaited`` are over."""

    def __init__(self, instance: ProcessInstance) -> None:
        self._instance = instance
        self.waits: dict[tuple[int, str], Wait] = {}
        self.unwaited: dict[tuple[int, str], None] = {}
        self.changed = False  # a variable was set since conditions were asked
        self._fresh: list[tuple[int, str]] = []  # conditions that nobody has asked yet
        self._watched: dict[tuple[int, str], Watched] | None = None  # every condition that is waited for

    def conditions(self) -> bool:
        """Let the first event happen whose condition has become true (BPMN 2.0, 10.5.5)."""
        if self._watched is None or self._instance.host.semantics < CONDITIONS_AT_ONCE:
            self._watched = self._conditional()
        return self._ask(list(self._watched.values()))

    def at_once(self) -> bool:
        """The same between two steps: only those conditions are asked that can have become true since the last."""
        if self.changed or self._watched is None:
            self.changed = False
            self._fresh.clear()
            happened = self.conditions()
        elif self._fresh:
            asked = [self._watched[key] for key in self._fresh if key in self._watched]
            self._fresh.clear()
            happened = self._ask(asked)
        else:
            return False
        self.changed |= happened  # the others have not been asked
        return happened

    def _ask(self, watched: list[Watched]) -> bool:
        for place, element in watched:
            record = place.waits[element.id]
            event = element.event
            assert event is not None
            holds = self._instance.host.happens(event.text, place)
            if holds and not record.get("was"):
                record["was"] = True
                self.happen(place, element, None)
                return True
            record["was"] = holds
        return False

    def _conditional(self) -> dict[tuple[int, str], Watched]:
        found: dict[tuple[int, str], Watched] = {}
        for scope in self._instance.everywhere(asking=True):
            places: list[Token | Scope] = [scope, *scope.tokens(scope.spec.conditional)]
            for place in places:
                for element in [self.element(place, name) for name in place.waits]:
                    if element.event and element.event.kind == "conditional":
                        found[place.number, element.id] = (place, element)
        return found

    def element(self, place: Token | Scope, name: str) -> Element:
        """The event element ``name`` for which ``place`` waits."""
        whole, _, part = name.partition(PART)
        if isinstance(place, Scope):
            element = next(start for start in place.spec.event_starts if start.id == whole)
        else:
            element = place.workflow.spec.task_specs[whole].element
        return element.part(name) if part else element

    def wait(self, place: Token | Scope, element: Element) -> None:
        """Wait at ``place`` for what ``element`` says. Errors and escalations are looked for when they are thrown."""
        for part in element.parts or (element,):
            self._wait(place, part)

    def _wait(self, place: Token | Scope, element: Element) -> None:
        event, host = element.event, self._instance.host
        value, counted = None, None
        if event is not None and event.kind == "timer":
            value = event.text
            if value.startswith("="):
                value, counted = host.time(value, host.known(value, place), host.now)
        elif event is not None and event.kind == "message" and element.correlation.key:
            value = host.key(element, place)
        elif event is not None and event.kind == "conditional" and self._watched is not None:
            self._watched[place.number, element.id] = (place, element)
            self._fresh.append((place.number, element.id))
        wait = waiting.begin(place, element, host.now, value, counted)
        if wait is not None:
            self.waits[wait.number, wait.element] = wait

    def recount(self, place: Token | Scope, element: Element) -> None:
        """Compute the time of ``element`` again, from what was known when ``place`` began to wait for it."""
        event = element.event
        assert event is not None
        began, known = waiting.counted_from(place, element)
        value, counted = self._instance.host.time(event.text, known, began)
        wait = waiting.begin(place, element, began, value, counted)
        assert wait is not None
        self.waits[wait.number, wait.element] = wait

    def missed(self, place: Token | Scope, element: Element) -> Rounds | None:
        """The later rounds of a cycle that are over already: its one firing stands for them, too."""
        event = element.event
        if event is None or event.timer != "cycle" or element.interrupting:
            return None
        found = waiting.timer_at(place, element).missed(self._instance.host.now)
        return found.record() if found else None

    def happen(self, place: Token | Scope, element: Element, payload: Any) -> None:
        """What ``place`` waits for has come: an event, or one of the triggers of an event with several."""
        if element.correlation.result:
            self._instance.host.assign(place, element.correlation.result, payload)
        whole = self.element(place, element.whole) if element.whole else element
        if whole.parallel and whole.parts:
            if not self._all_came(place, element, whole):
                return
        elif isinstance(place, Scope) or not element.interrupting:
            self._renew(place, element)
        if isinstance(place, Scope):
            self.begin_event(place, whole)
        elif whole.tag == "boundaryEvent":
            throwing.strike(place, whole)
        elif whole is place.task_spec.element:
            place.complete()
        else:
            place.task_spec.happened(place, whole)

    def _all_came(self, place: Token | Scope, part: Element, whole: Element) -> bool:
        """Whether every trigger of a parallel multiple event has come (BPMN 2.0, 10.5.5): none is waited for any more.

        One that does not interrupt then waits for all of them once more.
        """
        if part.id in place.waits:
            self.forget(place, part.id)
        if any(one.id in place.waits for one in whole.parts):
            return False
        if not whole.interrupting:
            self.wait(place, whole)
            for one in whole.parts:
                if one.event and one.event.kind == "conditional":
                    place.waits[one.id]["was"] = True  # it must become false before it counts again
        return True

    def call_off(self, told: Any) -> bool:
        """Start the event sub-process of the process itself that puts in order what was done; whether there is one."""
        root = self._instance.scope(ROOT)
        starts = () if root.interrupted else root.spec.event_starts
        start = next((one for one in starts if one.event and one.event.code == CALLED_OFF), None)
        if start is None:
            return False
        self.happen(root, start, told)
        return True

    def begin_event(self, scope: Scope, start: Element) -> None:
        """Start an event sub-process (BPMN 2.0, 13.5.4). An interrupting one cancels all else in its scope."""
        if start.interrupting:
            self.deafen(scope)
            self._instance.empty(scope)
            scope.broken = True
        assert start.parent is not None
        self._instance.enter(scope, start.parent)

    def hear(self, name: str) -> None:
        """Let everything here that waits for a signal have it at once (BPMN 2.0, 10.5.1: broadcast)."""
        found: list[tuple[Token | Scope, Element]] = []
        for scope in self._instance.everywhere():
            for place, own in self._subscribed(scope):
                element = self.element(place, own)
                event = element.event
                if event is not None and event.kind == "signal" and event.known_as == name:
                    found.append((place, element))
        for place, element in found:
            if element.id in place.waits and (
                place.number in self._instance.scopes if isinstance(place, Scope) else place.alive
            ):
                self.happen(place, element, None)

    def _subscribed(self, scope: Scope) -> Iterator[tuple[Token | Scope, str]]:
        yield from ((scope, name) for name in list(scope.waits))
        yield from ((scope.token(number), name) for number, name in scope.waiting())

    def _renew(self, place: Token | Scope, element: Element) -> None:
        event = element.event
        if event is None or event.kind != "timer":
            return
        wait = waiting.again(place, element, self._instance.host.now)
        if wait is None:
            self._drop(place.number, element.id)
        else:
            self.waits[place.number, element.id] = wait

    def forget(self, place: Token | Scope, name: str) -> None:
        """Wait no longer at ``place`` for the event element ``name``."""
        event = self.element(place, name).event
        del place.waits[name]
        if event is not None and event.kind == "conditional":
            if self._watched is not None:
                self._watched.pop((place.number, name), None)
        elif event is not None:
            self._drop(place.number, name)

    def _drop(self, number: int, name: str) -> None:
        if self.waits.pop((number, name), None) is None:
            self.unwaited[number, name] = None

    def deafen(self, scope: Scope) -> None:
        """No event sub-process of a scope starts any more."""
        for name in list(scope.waits):
            self.forget(scope, name)
        scope.interrupted = True
