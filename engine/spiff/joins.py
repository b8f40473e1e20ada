"""Joins that count tokens as BPMN 2.0 says: 13.4.1 parallel, 13.4.3 inclusive, 13.4.5 complex.

A token is used up exactly once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

from SpiffWorkflow.util.task import TaskState

from engine.diagram import Flow
from engine.errors import EngineFailed
from engine.spiff.marks import RESET
from engine.spiff.nodes import Node
from engine.spiff.tokens import Scope, Token
from engine.words import say


class ParallelGateway(Node):
    """Fires when there is a token on every incoming flow; takes one from each, the oldest first."""

    def choose(self, token: Token) -> list[Flow]:
        return list(self.flows)

    def _update_hook(self, token: Token) -> bool:
        oldest = _oldest(token.workflow, self.name)
        if set(oldest) < set(self.element.incoming):
            token._set_state(TaskState.WAITING)
            return False
        for number in oldest.values():
            if number != token.id:
                token.workflow.instance.gone(token.workflow.token(number))
        return True


class InclusiveGateway(Node):
    """Fires when no other token can still come to an incoming flow that has none.

    A token does not hold it up if it can as well reach an incoming flow that has one (BPMN 2.0, table 13.3).
    """

    reach: Mapping[str, frozenset[str]] = {}
    """Node to the incoming flows that a token there can still come by, without passing this gateway."""

    def _update_hook(self, token: Token) -> bool:
        if len(self.element.incoming) > 1:
            token._set_state(TaskState.WAITING)
            return False
        return True

    def try_to_fire(self, scope: Scope) -> bool:
        """Let the tokens that wait here go on as one, if nothing can come any more."""
        oldest = _oldest(scope, self.name)
        there = set(oldest)
        empty = set(self.element.incoming) - there
        for _, name, _ in scope.standing() if empty else ():
            ways = self.reach.get(name, frozenset()) if name != self.name else frozenset()
            if ways & empty and not ways & there:
                return False
        first, *others = sorted(oldest.values())
        for number in others:
            scope.instance.gone(scope.token(number))
        scope.token(first)._ready()
        return True


class ComplexGateway(InclusiveGateway):
    """Fires when its activation condition holds, and takes a token from each flow that has one (BPMN 2.0, 13.4.5).

    Then it waits, as a token of its own, for those that may still come by the other flows, and takes them, too: it is
    reset. Its conditions see ``waitingForStart``; a flow without one is taken when it fires, and not when it is reset.
    """

    def choose(self, token: Token) -> list[Flow]:
        starts, host = RESET not in token.internal_data, token.workflow.instance.host
        beside = {"waitingForStart": starts}
        others = [flow for flow in self.flows if flow.id != self.element.default]
        taken = [flow for flow in others if (host.holds(flow.condition, token, beside) if flow.condition else starts)]
        return taken if taken or not starts else self.otherwise()

    def _update_hook(self, token: Token) -> bool:
        if len(self.element.incoming) <= 1:
            return True
        token._set_state(TaskState.WAITING)
        return RESET not in token.internal_data and self._starts(token.workflow) is token

    def _starts(self, scope: Scope) -> Token | None:
        """Take one token from each flow that has one if that lets the gateway fire; the one that goes on."""
        standing = [scope.token(number) for number, name, _ in sorted(scope.standing()) if name == self.name]
        if any(RESET in token.internal_data or token.has_state(TaskState.READY) for token in standing):
            return None
        there = Counter(token.flow for token in standing)
        beside = {"activationCount": len(standing), **{flow: there[flow] for flow in self.element.incoming}}
        if not standing or not scope.instance.host.holds(self.element.activation, standing[-1], beside):
            return None
        last = standing[-1]
        for number in _oldest(scope, self.name).values():
            if number != last.id and scope.token(number).flow != last.flow:
                scope.instance.gone(scope.token(number))
        if len(there) < len(self.element.incoming):
            scope.instance.enter(scope, self.name, internal={RESET: sorted(filter(None, there))})
        return last

    def try_to_fire(self, scope: Scope) -> bool:
        """Reset the gateway when nothing more can come to it, or let it fire on what is left."""
        standing = [scope.token(number) for number, name, _ in sorted(scope.standing()) if name == self.name]
        mark = next((token for token in standing if RESET in token.internal_data), None)
        had = set(mark.internal_data[RESET]) if mark is not None else set()
        arrived = {token.flow: token for token in reversed(standing) if token is not mark and token.flow not in had}
        if mark is None:
            first = self._starts(scope)
            if first is not None:
                first._ready()
                return True
        if self._more_may_come(scope, had | {flow for flow in arrived if flow}):
            return False
        if mark is None:
            name, own = self.element.name, self.element.id
            raise EngineFailed(detail=say("“{name}（{id}）”的激活条件不成立，也等不到别的分支", name=name, id=own))
        for token in arrived.values():
            scope.instance.gone(token)
        mark._ready()
        return True

    def _more_may_come(self, scope: Scope, there: set[str]) -> bool:
        empty = set(self.element.incoming) - there
        ways = (self.reach.get(name, frozenset()) for _, name, _ in scope.standing() if name != self.name)
        return any(way & empty and not way & there for way in ways)


def waiting_joins(scope: Scope) -> Iterator[InclusiveGateway]:
    """The inclusive gateways of a scope at which tokens wait."""
    for name in sorted({name for _, name, _ in scope.standing() if name in scope.spec.joins}):
        yield cast(InclusiveGateway, scope.spec.task_specs[name])


def _oldest(scope: Scope, name: str) -> dict[str | None, int]:
    """Incoming flow to the number of the oldest token that came by it and stands at the node."""
    found: dict[str | None, int] = {}
    for number, node, flow in sorted(scope.standing()):
        if node == name:
            found.setdefault(flow, number)
    return found
