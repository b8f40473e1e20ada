"""Ad-hoc sub-processes (BPMN 2.0, 10.3.5 and 13.3.5): people decide what is done in them, in which order, how often.

The activities that no flow leads to are enabled. Each that is completed is enabled once more, until the completion
condition holds; in sequential order, only when what follows it is done, too.
"""

from __future__ import annotations

from typing import Final

from engine.spiff.tokens import Scope, Token

_NO_ACTIVITIES: Final = ("Event", "Gateway")  # the ends of their names in BPMN


def begin(scope: Scope) -> None:
    """Enable every activity that no flow leads to."""
    for name in scope.spec.enabled:
        scope.instance.enter(scope, name)


def completed(scope: Scope, token: Token) -> None:
    """A token has left a node of the scope: ask the completion condition if it was an activity, and enable it again."""
    rule, name = scope.spec.ad_hoc, token.task_spec.name
    if rule is None or scope.over or token.task_spec.element.tag.endswith(_NO_ACTIVITIES):
        return
    again = name in scope.spec.enabled
    if scope.instance.host.happens(rule.condition, scope):
        scope.over = True
        _cancel(scope, enabled_only=not rule.cancels)
    elif again and rule.sequential:
        _cancel(scope, enabled_only=True)  # one at a time: first what follows this one
    elif again:
        scope.instance.enter(scope, name)


def goes_on(scope: Scope) -> bool:
    """Whether an empty scope begins once more, since its completion condition has not held yet."""
    if scope.spec.ad_hoc is None or scope.over:
        return False
    begin(scope)
    return True


def _cancel(scope: Scope, enabled_only: bool) -> None:
    for other in scope.tokens():
        if other.alive and not (enabled_only and other.task_spec.name not in scope.spec.enabled):
            other.cancel()
