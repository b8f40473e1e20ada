"""Joins that count tokens as BPMN 2.0 says: 13.4.2 parallel, 13.4.3 inclusive. A token is used up exactly once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from SpiffWorkflow.util.task import TaskState

from engine.diagram import Flow
from engine.spiff.nodes import Node
from engine.spiff.tokens import Scope, Token


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


def waiting_joins(scope: Scope) -> Iterator[InclusiveGateway]:
    """The inclusive gateways of a scope at which tokens wait."""
    for name in sorted({name for _, name, _ in scope.standing() if name in scope.spec.joins}):
        yield scope.spec.task_specs[name]


def _oldest(scope: Scope, name: str) -> dict[str | None, int]:
    """Incoming flow to the number of the oldest token that came by it and stands at the node."""
    found: dict[str | None, int] = {}
    for number, node, flow in sorted(scope.standing()):
        if node == name:
            found.setdefault(flow, number)
    return found
