"""Repeated activities: multi-instance (BPMN 2.0, 13.3.7) and standard loop (13.3.6).

The token at the activity stands for all of it; every instance is a token of its own at the inner node.
"""

from __future__ import annotations

from typing import Any, Final

from engine.errors import ExpressionFailed, Runaway
from engine.spiff import families
from engine.spiff.marks import APART, ITEM, OF, InternalData
from engine.spiff.nodes import Node
from engine.spiff.throwing import throw_from
from engine.spiff.tokens import Token
from engine.words import say

MAX_INSTANCES: Final = 5_000
COUNTER: Final = "loopCounter"


def _count(token: Token) -> int:
    """The number of a round or an instance, from 1."""
    count: int = token.data[COUNTER]
    return count


class StandardLoop(Node):
    """Repeats while its condition is true, at most ``loopMaximum`` times; the condition is asked before or after."""

    notes = False

    def _run_hook(self, token: Token) -> bool | None:
        token.data = {**token.data, COUNTER: 0}
        loop = self.element.loop
        assert loop is not None
        if loop.before and not self._again(token):
            return True
        self._next(token)
        return None

    def _next(self, token: Token) -> None:
        count = _count(token) + 1
        token.data = {**token.data, COUNTER: count}
        scope = token.workflow
        scope.instance.events.changed = True  # a condition may name the counter
        scope.instance.enter(scope, self.inner, data={COUNTER: count}, internal={OF: token.id})

    def _again(self, token: Token) -> bool:
        loop = self.element.loop
        assert loop is not None
        if loop.maximum and _count(token) >= int(loop.maximum):
            return False
        return not loop.condition or token.workflow.instance.host.holds(loop.condition, token)

    def completed(self, token: Token, instance: Token) -> None:
        """One round is done."""
        if self._again(token):
            self._next(token)
        else:
            token.complete()


class MultiInstance(Node):
    """One instance for each item of a list, or so many as a number says, at once or one after the other."""

    notes = False

    def _run_hook(self, token: Token) -> bool | None:
        loop = self.element.loop
        assert loop is not None
        items = self._items(token)
        inside = token.internal_data
        inside.update({"n": len(items), "done": 0, "begun": 0})
        many = len(items) > families.CROWD
        if many:
            families.of(token).begin(token)
        elif loop.output:
            inside["out"] = []
        if not items:
            return True
        if loop.sequential:
            if many:
                families.of(token).coming(token, items)
            else:
                inside["left"] = items
            self._begin(token)
        else:
            for item in items:
                self._begin(token, item)
        return None

    def completed(self, token: Token, instance: Token) -> None:
        """One instance is done: keep its output, ask the completion condition, go on or finish."""
        loop, inside = self.element.loop, token.internal_data
        assert loop is not None
        host, scope = token.workflow.instance.host, token.workflow
        if inside["n"] > families.CROWD and APART not in inside:
            families.of(token).adopt(token, instance, COUNTER)
        inside["done"] += 1
        self._keep(token, instance)
        self._throw(token, instance)
        if not token.alive:  # what an instance has thrown has cancelled the whole
            return
        if loop.completion and host.holds(loop.completion, instance, self._numbers(inside)):
            for other in scope.belonging(OF, token.id):
                other.cancel()
            inside["left"] = None
        elif inside.get("left") or (APART in inside and loop.sequential and inside["begun"] < inside["n"]):
            self._begin(token)
            return
        elif inside["done"] < inside["n"]:
            return
        token.complete()

    def _keep(self, token: Token, instance: Token) -> None:
        """Keep the output of an instance that is done."""
        loop, inside = self.element.loop, token.internal_data
        assert loop is not None
        output = None
        if loop.output:
            host, seen = token.workflow.instance.host, instance.internal_data.get("data")
            output = [_count(instance), host.value(loop.output_item or "null", instance, seen)]
        if APART in inside:
            families.of(token).done(token, instance, output)
        elif output is not None:
            inside["out"].append(output)

    def _throw(self, token: Token, instance: Token) -> None:
        """Throw what the activity says of an instance that is done (BPMN 2.0, table 10.29: behavior)."""
        loop, host = self.element.loop, token.workflow.instance.host
        assert loop is not None
        for condition, event in loop.throws:
            if token.alive and (not condition or host.holds(condition, instance, self._numbers(token.internal_data))):
                throw_from(token, event)

    def _on_complete_hook(self, token: Token) -> None:
        loop = self.element.loop
        assert loop is not None
        if loop.output:
            inside = token.internal_data
            kept = families.of(token).outputs(token) if APART in inside else inside["out"]
            done = sorted(kept, key=lambda one: one[0])  # of the instances that were completed
            token.workflow.instance.host.assign(token, loop.output, [value for _, value in done])
        super()._on_complete_hook(token)

    def _begin(self, token: Token, item: Any = None) -> None:
        loop, inside, scope = self.element.loop, token.internal_data, token.workflow
        assert loop is not None
        left = inside.get("left")
        if left:
            item, *inside["left"] = left
        inside["begun"] += 1
        apart = APART in inside
        if apart and loop.sequential:
            item = families.of(token).next(token, inside["begun"])
        internal: InternalData = {OF: token.id, ITEM: inside["begun"]} if apart else {OF: token.id}
        data = {COUNTER: inside["begun"], **({loop.item: item} if loop.item else {})}
        scope.instance.enter(scope, self.inner, data={**token.data, **data}, internal=internal)

    def _items(self, token: Token) -> list[Any]:
        """The items of the collection, or the numbers from 1. Raises ExpressionFailed, Runaway."""
        loop, host = self.element.loop, token.workflow.instance.host
        assert loop is not None
        value = host.value(loop.collection or loop.cardinality, token)
        if loop.collection and isinstance(value, list):
            size = len(value)
        elif not loop.collection and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            size = value
        else:
            reason = say("多实例的集合不是列表") if loop.collection else say("多实例的个数不是非负整数")
            raise ExpressionFailed(element=self.element.id, reason=reason)
        if size > MAX_INSTANCES:
            raise Runaway(limit=say("{most}个实例", most=MAX_INSTANCES))
        return value if loop.collection else list(range(1, size + 1))

    def _numbers(self, inside: InternalData) -> dict[str, int]:
        """The attributes of the activity that its completion condition sees (BPMN 2.0, table 10.30)."""
        return {
            "numberOfInstances": inside["begun"],
            "numberOfCompletedInstances": inside["done"],
            "numberOfActiveInstances": inside["begun"] - inside["done"],
            "numberOfTerminatedInstances": 0,
        }
