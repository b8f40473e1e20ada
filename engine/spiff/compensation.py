"""Compensation (BPMN 2.0, 10.7.1 and 13.5.5): what was completed is undone, the last first, one after the other.

Each scope logs its completed activities that can be compensated. Whoever throws waits until the last handler is done.
"""

from __future__ import annotations

from typing import Any

from engine.spiff.marks import FOR, IN, SEEN, UNDO
from engine.spiff.specs import ScopeSpec
from engine.spiff.tokens import Scope, Token


def record(token: Token, inner: list[Any], own: dict[str, Any]) -> None:
    """Log that an activity was completed: its node, what only it saw, what can be undone inside and was seen there."""
    token.workflow.log.append([token.task_spec.name, token.data or None, inner, own or None])


def throw(token: Token, ref: str) -> bool:
    """Undo what was completed in the scope, or the activity ``ref`` only; True when there is nothing to do."""
    scope = token.workflow
    while scope.spec.of_event and scope.owner is not None:
        scope = scope.owner.workflow
    return undo_all(token, scope, ref)


def undo_all(token: Token, scope: Scope, ref: str = "") -> bool:
    """Let ``token`` undo what the scope has logged; True when there is nothing to do."""
    chosen = [entry for entry in scope.log if not ref or scope.spec.task_specs[entry[0]].element.id == ref]
    scope.log = [entry for entry in scope.log if entry not in chosen]
    if not chosen:
        return True
    token.internal_data |= {UNDO: chosen, IN: scope.number}
    proceed(token)
    return False


def proceed(thrower: Token) -> None:
    """Start the handler of the last entry that is left; the thrower completes when there is none."""
    entries, instance = thrower.internal_data[UNDO], thrower.workflow.instance
    scope = instance.scope(thrower.internal_data[IN])
    if not entries:
        if scope.place == (thrower.workflow.number, thrower.id):
            instance.close(scope)  # the scope that was opened again to be compensated from inside
        thrower.complete()
        return
    name, data, inner, own = entries.pop()
    handler = scope.spec.task_specs[name].undone_by
    if handler:
        instance.enter(scope, handler, data=data, internal={FOR: thrower.id})
    else:
        instance.enter(scope, name, data=data, internal={FOR: thrower.id, UNDO: inner, SEEN: own or {}})


def undo_inside(token: Token, spec: ScopeSpec) -> None:
    """Compensate a completed sub-process that has no handler of its own: by its event sub-process, or from inside."""
    instance = token.workflow.instance
    scope = instance.open(spec, token, begin=False)
    scope.log = token.internal_data[UNDO]
    scope.data |= token.internal_data.pop(SEEN)
    own = next((start for start in spec.event_starts if start.event and start.event.kind == "compensate"), None)
    if own is not None and own.parent is not None:
        instance.enter(scope, own.parent)
        return
    token.internal_data |= {IN: scope.number}
    scope.log = []
    proceed(token)
