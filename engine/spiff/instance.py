"""A process instance: its scopes and tokens, what is ready to run, and what one run has changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element, Flow
from engine.errors import Runaway
from engine.semantics import CONDITIONS_AT_ONCE
from engine.spiff import ad_hoc, compensation
from engine.spiff.contract import Host
from engine.spiff.events import Events
from engine.spiff.families import Families
from engine.spiff.joins import waiting_joins
from engine.spiff.marks import APART, CAME, EVENTS, FOR, HELD, OF, ROOT, UNDO, InternalData
from engine.spiff.specs import ScopeSpec
from engine.spiff.stored import loads
from engine.spiff.tokens import Scope, Token
from engine.words import say

MAX_DEPTH: Final = 20
"""Scopes inside each other."""


class Instance:
    """A running process: one for each run, from the stored state."""

    def __init__(self, host: Host, called: Mapping[str, ScopeSpec]) -> None:
        self.host = host
        self.called = called
        self.queue: deque[Token] = deque()
        self.next_number = 1
        self.opened: dict[int, Token] = {}
        self.closed: list[int] = []
        self.flows: list[tuple[str, str]] = []  # by which tokens went in this run, with the node to which each leads
        self.families = Families(self)
        self.events = Events(self)
        self.ended_at: str | None = None
        self.scopes: dict[int, Scope] = {}
        self.asleep: dict[str, str] = {}

    # -- scopes ------------------------------------------------------------------------------------------------

    def open(self, spec: ScopeSpec, owner: Token | None, begin: bool = True, at: str = "") -> Scope:
        """A new scope below ``owner``, which begins ``at`` an element whose message or signal has come, or plainly.

        Raises Runaway when scopes stand too deep inside each other.
        """
        place = None if owner is None else (owner.workflow.number, owner.id)
        scope = Scope(self, self._number(), spec, place)
        scope.depth = 0 if owner is None else owner.workflow.depth + 1
        if scope.depth > MAX_DEPTH:
            raise Runaway(limit=say("{most}层子流程", most=MAX_DEPTH))
        scope.data = dict.fromkeys(spec.data_names)
        if owner is not None:
            self._hand_over(owner, scope, begin)
        self.scopes[scope.number] = scope
        if begin:
            for start in spec.event_starts:
                self.events.wait(scope, start)
            if spec.ad_hoc is not None:
                ad_hoc.begin(scope)
            elif at:
                self.enter(scope, at, internal={CAME: True})
            else:
                assert spec.begin is not None
                self.enter(scope, spec.begin)
        return scope

    def _hand_over(self, owner: Token, scope: Scope, begin: bool) -> None:
        """Let a called process have what its call declares, and nothing else; one to be undone has it from before."""
        passes = owner.task_spec.element.passes
        if passes is not None:
            scope.shut = True
            if begin:
                scope.data |= {name: self.host.value(text, owner) for name, text in passes.inputs}

    def _take_back(self, scope: Scope, owner: Token) -> None:
        """Set what a call declares to take from the process that it has called."""
        passes = owner.task_spec.element.passes if scope.shut else None
        for name, text in passes.outputs if passes is not None else ():
            self.host.assign(owner, name, self.host.value(text, scope))

    def scope(self, number: int) -> Scope:
        """The scope of that number, awake. Raises KeyError."""
        if number not in self.scopes:
            if str(number) not in self.asleep:
                self.families.lay(number)
            self.wake(number, loads(self.asleep.pop(str(number))))
        return self.scopes[number]

    def wake(self, number: int, row: list[Any]) -> None:
        """Take over a scope of a stored state; its tokens sleep on."""
        place, name, texts, *more = row
        scope = Scope(self, number, self.called[name], None if place is None else cast(tuple[int, int], tuple(place)))
        scope.lay(texts)
        for key, value in (more[0] if more else {}).items():
            setattr(scope, key, value)
        self.scopes[number] = scope

    def everywhere(self, asking: bool = False) -> list[Scope]:
        """All scopes, awake, oldest first; or all that may be ``asking``: waiting for a condition."""
        if not asking or any(spec.crowds_ask for spec in self.called.values()):
            self.families.lay_everything()
        return [self.scope(number) for number in sorted([*self.scopes, *map(int, self.asleep)])]

    def inside(self, token: Token) -> Scope | None:
        """The scope that a token has opened, if it has."""
        place = (token.workflow.number, token.id)
        mark = f"[[{place[0]},{place[1]}],"
        for number in [number for number, text in self.asleep.items() if text.startswith(mark)]:
            self.scope(int(number))
        return next((scope for scope in self.scopes.values() if scope.place == place), None)

    def find(self, number: int) -> Token | Scope | None:
        """The token, or the scope, of that number."""
        found = self._find(number)
        return self._find(number) if found is None and self.families.lay(number) else found

    def _find(self, number: int) -> Token | Scope | None:
        mark = f'"{number}":'
        for own in [own for own, text in self.asleep.items() if own == str(number) or mark in text]:
            self.scope(int(own))
        if number in self.scopes:
            return self.scopes[number]
        return next((scope.token(number) for scope in self.scopes.values() if scope.holds(number)), None)

    def close(self, scope: Scope) -> None:
        """Forget a scope and what it waits for."""
        for name in list(scope.waits):
            self.events.forget(scope, name)
        self.scopes.pop(scope.number, None)

    def empty(self, scope: Scope, but: Token | None = None) -> None:
        """Cancel every token of a scope, except one."""
        for token in scope.tokens():
            if token is not but and token.alive:
                token.cancel()

    def abort(self, element: Element) -> None:
        """End the whole instance at ``element``: an error that nobody catches (BPMN 2.0, 10.5.1)."""
        root = self.scope(ROOT)
        self.empty(root)
        self.close(root)
        self.ended_at = element.id

    # -- tokens ------------------------------------------------------------------------------------------------

    def enter(
        self,
        scope: Scope,
        name: str,
        flow: str | None = None,
        data: Mapping[str, Any] | None = None,
        internal: InternalData | None = None,
    ) -> None:
        """Put a token at a node."""
        node = scope.spec.task_specs[name]
        if flow is not None:
            self.flows.append((flow, name))
        token = Token(scope, node, self._number(), flow)
        token.data = dict(data or {})
        token.internal_data = {**internal} if internal else {}
        node._update(token)

    def attach(self, token: Token) -> None:
        """A token has come to its node: wait for what its boundary events wait for."""
        for element in token.task_spec.boundaries:
            self.events.wait(token, element)

    def leave(self, token: Token, flows: Sequence[Flow]) -> None:
        """A token has completed its node: it goes out by ``flows``, or back to whom it works for."""
        node, scope, internal = token.task_spec, token.workflow, token.internal_data
        undone = FOR in internal
        if node.notes and not (undone and UNDO in internal):
            self.note(node.element)
        if node.element.tag == "endEvent":
            scope.ended_by = node.element.id
        if node.logs and not undone and not internal.get("broken"):
            node.log(token)
        self.gone(token)
        if OF in internal:
            whole = scope.token(internal[OF])
            whole.task_spec.completed(whole, token)
        elif undone:
            thrower = self.find(internal[FOR])
            assert isinstance(thrower, Token)
            compensation.proceed(thrower)
        else:
            for flow in flows if node.given == 1 else [flow for flow in flows for _ in range(node.given)]:
                self.enter(scope, flow.target, flow.id)
            if scope.spec.ad_hoc is not None:
                ad_hoc.completed(scope, token)
            self._finish(scope)

    def gone(self, token: Token) -> None:
        """Take a token out: it has gone on, or was cancelled with everything that hangs on it."""
        scope = token.workflow
        del scope.tasks[token.id]
        for name in list(token.internal_data.get(EVENTS, ())):
            self.events.forget(token, name)
        opened = token.task_spec.manual and HELD not in token.internal_data
        if opened and token.has_state(TaskState.CANCELLED) and self.opened.pop(token.id, None) is None:
            self.closed.append(token.id)
        if not token.has_state(TaskState.CANCELLED):
            self.opened.pop(token.id, None)
            self._forget(token)
            return
        below = self.inside(token)
        if below is not None:
            self.empty(below)
            self.close(below)
        helpers = scope.belonging(OF, token.id) if token.task_spec.inner else []
        for helper in helpers:
            helper.cancel()
        self._forget(token)

    def _forget(self, token: Token) -> None:
        if APART in token.internal_data:
            self.families.forget(token)

    def whole(self, token: Token) -> Token:
        """The token of the whole activity: of an instance, that of the repeated activity."""
        return token.workflow.token(token.internal_data[OF]) if OF in token.internal_data else token

    def note(self, element: Element) -> None:
        """Tell the host that a token passes."""
        self.host.passed(element)

    def _finish(self, scope: Scope) -> None:
        """A scope ends with its last token; while only event sub-processes run, no other starts (BPMN 2.0, 13.5.4)."""
        if scope.number not in self.scopes:
            return
        if len(scope):
            if scope.spec.event_starts and not scope.interrupted and scope.only_events():
                self.events.deafen(scope)
            return
        if ad_hoc.goes_on(scope):
            return
        self.close(scope)
        owner = scope.owner
        if owner is None:
            self.ended_at = scope.ended_by
            return
        if scope.spec.interrupts:
            owner.workflow.ended_by = scope.ended_by
        self._take_back(scope, owner)
        owner.internal_data |= {"log": scope.log, "data": scope.data, "broken": scope.broken}
        owner.complete()

    def _number(self) -> int:
        self.next_number += 1
        return self.next_number - 1

    # -- running -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run until people or events are needed."""
        watches = any(spec.conditional for spec in self.called.values())
        at_once = watches and self.host.semantics >= CONDITIONS_AT_ONCE
        moving = True
        while moving:
            while self.queue:
                if at_once and self.events.at_once():
                    continue
                token = self.queue.popleft()
                if token.alive and token.has_state(TaskState.READY):
                    token.run()
            moving = self._join() or (watches and self.events.conditions())

    def _join(self) -> bool:
        return any(
            join.try_to_fire(scope)
            for scope in list(self.scopes.values())
            if scope.spec.joins
            for join in list(waiting_joins(scope))
        )
